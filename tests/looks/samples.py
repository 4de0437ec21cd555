"""Mails about what a shop has its scheduler do, one of each kind, for pictures and golden files."""

import random
import re
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from botsched.domain.execution import Cause, Execution, State
from botsched.domain.mailrules import Occasion
from botsched.domain.why import HeldBy, RuleSource, Why
from botsched.notify.digest import DigestNotice
from botsched.notify.letter import Letterhead
from botsched.notify.run import RunNotice
from botsched.notify.told import Recipients, Told
from botsched.reports import Code, List, Plot, Report, Section, Table, Text, Title, to_data
from botsched.settings.model import Security, SmtpProfile

LETTERHEAD = Letterhead(ZoneInfo("Europe/Brussels"), "https://bots.shop.example")
PROFILE = SmtpProfile(
    "ops",
    hostname="mail.shop.example",
    port=587,
    security=Security.STARTTLS,
    sender="Bots <bots@shop.example>",
    recipients=("ops@shop.example", "Ann Lee <ann@shop.example>"),
)
DUE = datetime(2026, 3, 2, 3, 0, tzinfo=UTC)
DAY = timedelta(days=1)
FOLDER = Path(__file__).parent / "golden"
_PICTURE = re.compile(r"data:image/png;base64,[A-Za-z0-9+/=]*")
_DAYS = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"]

TRACEBACK = """\
Reading orders of 2026-03-01 from /srv/shop/export/orders-2026-03-01.csv
1,842 orders, 3 currencies
Traceback (most recent call last):
  File "/srv/shop/jobs/invoices.py", line 71, in run
    total = sum(price_of(row) for row in rows)
            ~~~^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^
  File "/srv/shop/jobs/invoices.py", line 44, in price_of
    return Decimal(row["price"]) * int(row["quantity"])
           ~~~~~~~^^^^^^^^^^^^^^
decimal.InvalidOperation: [<class 'decimal.ConversionSyntax'>]

The above exception was the direct cause of the following exception:

Traceback (most recent call last):
  File "/srv/shop/jobs/invoices.py", line 73, in run
    raise ValueError(f"row {number} has no price: {row}") from error
ValueError: row 1317 has no price: {'order': 'A-20931', 'price': '', 'quantity': '2'}
"""


def an_end(**changes: Any) -> Execution:
    """An execution that failed, with changes."""
    values: dict[str, Any] = {
        "id": "01K9S7XW3N",
        "job_id": "01JQ4M2BZC",
        "job_name": "Send invoices",
        "job_class": "shop.invoices.Send",
        "arguments": {"day": "yesterday", "copy_to": "archive"},
        "state": State.FAILED,
        "cause": Cause.RAISED,
        "reason": "ValueError: row 1317 has no price: {'order': 'A-20931', 'price': '', "
        "'quantity': '2'}",
        "scheduled_at": DUE,
        "updated_at": DUE + timedelta(seconds=64.2),
        "due": DUE,
        "started_at": DUE + timedelta(seconds=0.1),
        "ended_at": DUE + timedelta(seconds=64.2),
        "hostname": "web1",
        "pid": 20417,
    }
    return Execution(**values | changes)


def a_good_end(**changes: Any) -> Execution:
    """One that succeeded a day before."""
    ended = {"updated_at": DUE - DAY + timedelta(seconds=13), "ended_at": DUE - DAY}
    good = {"state": State.SUCCEEDED, "cause": Cause.RETURNED, "reason": "", "id": "01K9P0AAAA"}
    return an_end(**good | ended | changes)


def why(*on: Occasion, **changes: Any) -> Why:
    """Why a mail came."""
    return replace(Why(on, 1, RuleSource.SERVER), **changes)


def notice(told: Told, **changes: Any) -> RunNotice:
    """A mail about a run."""
    through = Recipients("ops", changes.get("to") or PROFILE.recipients)
    told = replace(told, through=through, is_named="to" in changes)
    made = RunNotice("01K9S7XZZZ", None, LETTERHEAD, told, told.execution.updated_at)
    return replace(made, **changes)


def failure() -> RunNotice:
    """A traceback; the first of an incident."""
    told = Told(
        an_end(),
        why(Occasion.FAILURE, failures=1, since=DUE),
        TRACEBACK,
        usual=timedelta(seconds=12.4),
        good=a_good_end(arguments={"day": "yesterday"}),
        others=(Recipients("pager", ("oncall@shop.example",)), Recipients("chat")),
    )
    return notice(told, thread="01K9S7XW3N")


def still_failing() -> RunNotice:
    """A reminder, hours later."""
    at = DUE + timedelta(hours=9)
    execution = an_end(
        state=State.TIMEOUT,
        cause=Cause.TIME_LIMIT,
        reason="Ran longer than its time limit of 600 s.",
        scheduled_at=at,
        due=at,
        started_at=at,
        ended_at=at + timedelta(seconds=600),
        updated_at=at + timedelta(seconds=600),
        attempt=3,
    )
    told = Told(
        execution,
        why(Occasion.STILL_FAILING, failures=19, since=DUE, rule=2, source=RuleSource.JOB),
        "Connecting to pay.example:443\n" + "Waiting for an answer\n" * 12,
        usual=timedelta(seconds=12.4),
        good=a_good_end(arguments=execution.arguments),
    )
    return notice(told, thread="01K9S7XW3N")


def recovered() -> RunNotice:
    """The end of the incident."""
    at = DUE + timedelta(hours=10)
    execution = an_end(
        state=State.SUCCEEDED,
        cause=Cause.RETURNED,
        reason="",
        scheduled_at=at,
        due=at,
        started_at=at,
        ended_at=at + timedelta(seconds=13),
        updated_at=at + timedelta(seconds=13),
        result={"sent": 1842, "skipped": 1},
    )
    told = Told(
        execution,
        why(Occasion.RECOVERED, failures=20, since=DUE),
        "Reading orders of 2026-03-01\n1,842 invoices sent, 1 skipped (no price)\n",
        usual=timedelta(seconds=12.4),
        good=a_good_end(arguments=execution.arguments, result={"sent": 1790, "skipped": 0}),
    )
    return notice(told, thread="01K9S7XW3N")


def success() -> RunNotice:
    """A report with all kinds of items."""
    execution = an_end(
        job_name="Weekly sales report",
        job_class="shop.reports.Sales",
        arguments={"weeks": 1},
        state=State.SUCCEEDED,
        cause=Cause.RETURNED,
        reason="",
        report=to_data(_sales()),
        result={"orders": 12_904, "revenue": "418,220.10 EUR"},
        ended_at=DUE + timedelta(seconds=75),
        updated_at=DUE + timedelta(seconds=75),
    )
    told = Told(
        execution,
        why(Occasion.SUCCESS, source=RuleSource.JOB),
        "Asking the warehouse for 7 days\n",
        usual=timedelta(seconds=71),
    )
    return notice(told, to=("Reports <reports@shop.example>",))


def changed() -> RunNotice:
    """Another report than the last time."""
    before = ["22/tcp open ssh", "80/tcp open http", "443/tcp open https"]
    after = ["22/tcp open ssh", "443/tcp open https", "5432/tcp open postgresql"]
    execution = an_end(
        job_name="Scan our servers",
        job_class="shop.security.Scan",
        arguments=["web1.shop.example"],
        state=State.SUCCEEDED,
        cause=Cause.RETURNED,
        reason="",
        report=to_data(_ports(after)),
        result=3,
    )
    good = a_good_end(
        job_class="shop.security.Scan",
        arguments=["web1.shop.example"],
        report=to_data(_ports(before)),
        result=3,
    )
    told = Told(
        execution, why(Occasion.CHANGED, source=RuleSource.JOB), "", usual=timedelta(seconds=58),
        good=good,
    )  # fmt: skip
    return notice(told)


def lost() -> RunNotice:
    """The server was gone; it was found later."""
    execution = an_end(
        job_name="Back up the shop database",
        job_class="jobs.shell_command.ShellCommand",
        arguments=["pg_dump shop | zstd > /backup/shop.zst"],
        state=State.LOST,
        cause=Cause.REBOOT,
        reason="The machine was restarted while it ran.",
        ended_at=DUE + timedelta(hours=1),
        updated_at=DUE + timedelta(hours=1),
    )
    told = Told(execution, why(Occasion.LOST, failures=1, held=HeldBy.QUIET), "")
    return notice(told)


def missed() -> RunNotice:
    """Instants that were not run; the link to the page is not known."""
    execution = an_end(
        job_name="Check the front page",
        job_class="jobs.http_check.HttpCheck",
        arguments=["https://shop.example/"],
        state=State.MISSED,
        cause=Cause.GRACE,
        reason="Found more than 60 s late: the scheduler did not run, or could not keep up.",
        due_last=DUE + timedelta(minutes=11),
        due_count=12,
        started_at=None,
        ended_at=DUE + timedelta(minutes=12),
        updated_at=DUE + timedelta(minutes=12),
        pid=None,
    )
    told = Told(execution, why(Occasion.MISSED))
    return notice(told, letterhead=replace(LETTERHEAD, public_url=""))


def hostile() -> RunNotice:
    """Names, outputs and reports of somebody who wishes us ill."""
    name = "</h1><script>alert(1)</script>\r\nBcc: eve@evil.example \u202etxt.exe " + "W" * 120
    output = (
        "\x1b[31mred\x1b[0m \x00\x07 <img src=x onerror=alert(1)> &lt; \udcff\n"
        + "no_break_" * 60
        + "\n-->]]></pre></td></table><style>*{display:none}</style>\n"
        + "日本語 العربية ✓ 🚀 \u202eright to left\n"
    )
    report = (
        Title("<b>Title</b> & " + "X" * 90),
        Table([("<td>", "=cmd|' /C calc'!A0"), ("a\nb", "y" * 140)], ("'\"><a href=x>", "n")),
        List(['"><script>', ["nested", Code("</code></pre>", 'x" onload="y')]]),
    )
    execution = an_end(
        job_name=name,
        job_class="x.y<Z>",
        arguments=["<script>", "'; DROP TABLE jobs; --", "\u2028"],
        reason="Error: </p><h1>gone</h1>\n\nSubject: fake " + "z" * 200,
        hostname="web1</td>\nX-Evil: 1",
        report=to_data(report),
        result={"</pre>": "<!-- ]]>"},
        user="ann\r\nBcc: eve@evil.example",
    )
    told = Told(execution, why(Occasion.FAILURE, failures=2), output, good=a_good_end())
    return notice(told)


def long_output() -> RunNotice:
    """More than a mail can show."""
    chance = random.Random(1)
    lines = [
        f"{n:>6}  copied /srv/photos/{chance.randrange(16**8):08x}.jpg <{chance.random():.6f}>"
        for n in range(60_000)
    ]
    table = Table([(n, f"shelf {n % 40}", chance.randrange(900)) for n in range(1, 2000)],
                  ("item", "where", "stock"))  # fmt: skip
    execution = an_end(
        job_name="Copy photos to the edge",
        job_class="jobs.shell_command.ShellCommand",
        arguments=["rsync -a /srv/photos edge:/photos"],
        cause=Cause.RAISED,
        reason="JobError: The command ended with exit code 137.",
        report=to_data((Title("Photos and stock"), Text("All of it, item by item."), table)),
        output_dropped=4_200_000,
    )
    told = Told(
        execution, why(Occasion.FAILURE, failures=3, since=DUE - DAY), "\n".join(lines),
        usual=timedelta(minutes=41),
    )  # fmt: skip
    return notice(told)


def digest() -> DigestNotice:
    """A night in which much went wrong, and some of it right again."""
    quiet = {"held": HeldBy.QUIET}
    check = {
        "job_id": "01JQ4M2CHK", "job_name": "Check the payment gateway",
        "job_class": "jobs.http_check.HttpCheck", "reason": "https://pay.example/ping did not "
        "answer within 10 s.",
    }  # fmt: skip
    index = {
        "job_id": "01JQ4M2IDX", "job_name": "Rebuild the search index", "state": State.SUCCEEDED,
        "reason": "",
    }  # fmt: skip
    stock = {
        "job_id": "01JQ4M2STK", "job_name": "Update stock levels", "state": State.LOST,
        "reason": "The machine was restarted while it ran.",
    }  # fmt: skip
    ends = [
        (index, {"hours": 2.5}, why(Occasion.RECOVERED, failures=2, **quiet)),
        *((check, {"hours": 2.4 - n / 12}, why(Occasion.FAILURE, **quiet)) for n in range(7)),
        (stock, {"hours": 1.2}, why(Occasion.LOST, **quiet)),
        (index | {"state": State.TIMEOUT, "reason": "Ran longer than its time limit of 1800 s."},
         {"hours": 1}, why(Occasion.TIMEOUT, **quiet)),
        (index | {"state": State.FAILED, "reason": "MemoryError: the index did not fit."},
         {"hours": 0.5}, why(Occasion.FAILURE, **quiet)),
    ]  # fmt: skip
    told = tuple(
        Told(
            an_end(
                **values, id=f"01K9S8{number:04}",
                ended_at=DUE + timedelta(**after), updated_at=DUE + timedelta(**after),
            ),
            reason,
        )
        for number, (values, after, reason) in enumerate(ends)
    )  # fmt: skip
    at = datetime(2026, 3, 2, 6, 0, tzinfo=UTC)
    return DigestNotice("01K9S9DIGE", None, LETTERHEAD, told, at, len(told))


SAMPLES: dict[str, Callable[[], RunNotice | DigestNotice]] = {
    "failure": failure,
    "still-failing": still_failing,
    "recovered": recovered,
    "success": success,
    "changed": changed,
    "lost": lost,
    "missed": missed,
    "digest": digest,
    "hostile": hostile,
    "long": long_output,
}

GOLDEN = {name: FOLDER / name for name in set(SAMPLES) - {"long"}}
"""Of all but the longest, the files that hold how they looked when somebody looked at them."""


def normal(html: str) -> str:
    """The page without the bytes of its pictures, which differ between versions of zlib."""
    return _PICTURE.sub("data:…", html)


def _sales() -> Report:
    countries = [("Belgium", 4120, 131_208.40), ("Germany", 5377, 190_021.15),
                 ("France", 2098, 61_440.00), ("Netherlands", 1309, 35_550.55)]  # fmt: skip
    total = ("All", sum(row[1] for row in countries), round(sum(row[2] for row in countries), 2))
    return (
        Title("Sales of week 9"),
        Text("Orders are up by 4 % on the week before; Germany leads for the third week in a row."),
        Table(countries, ("Country", "Orders", "Revenue in EUR"), footer=total),
        Section("Orders a day"),
        Plot(
            {
                "this week": [1504, 1622, 1588, 1691, 2104, 2480, 1915],
                "last week": [1498, 1540, 1571, 1602, 1988, 2301, 1876],
            },
            _DAYS,
        ),
        Section("Revenue by country"),
        Plot([row[2] for row in countries], [row[0] for row in countries], "bars", unit="EUR"),
        Section("To be looked at"),
        List("12 orders without an address", "3 payments that were booked twice", ordered=True),
        Code("select * from orders where address is null;", "sql"),
    )


def _ports(lines: list[str]) -> Report:
    rows = [line.split() for line in lines]
    return (Title("Open ports of web1"), Table(rows, ("port", "state", "service")))
