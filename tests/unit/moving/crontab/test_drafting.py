from dataclasses import replace
from typing import Any

import pytest

from botsched.domain.mailrules import MailRules
from botsched.domain.schedule import bounds_of
from botsched.domain.words import in_words
from botsched.moving.crontab.drafting import Drafting, Machine
from botsched.moving.crontab.lines import Dialect, parse
from botsched.moving.crontab.sources import Source
from botsched.moving.report import Item, Standing
from tests.support.values import NOW

MACHINE = Machine(
    zone="Europe/Brussels",
    dialect=Dialect.DEBIAN,
    job_class="jobs.cron_command.CronCommand",
    user="root",
    superuser=True,
    profiles=True,
    knows_user={"root", "ann", "www-data"}.__contains__,
    now=NOW,
)
MAILS = "Cron mailed what was printed to the user's mailbox on this machine."


def items(
    text: str, machine: Machine = MACHINE, *, owner: str | None = "ann", paused: bool = False
) -> list[Item]:
    """What becomes of the lines of a crontab; a system's where it has no owner."""
    name = "/etc/crontab" if owner is None else f"/var/spool/cron/crontabs/{owner}"
    source = Source(name, b"", owner is None, owner, "")
    drafting = Drafting(machine, "root (import)" if paused else None)
    lines = parse(text.encode(), machine.dialect, user_column=source.user_column).lines
    return [drafting.item(source, line) for line in lines]


def only(text: str, machine: Machine = MACHINE, **how: Any) -> Item:
    [item] = items(f"{text}\n", machine, **how)
    return item


def told(item: Item) -> list[str]:
    """What changes in meaning, but for the mailbox."""
    return [each.text for each in item.remarks if not each.text.startswith(MAILS)]


def test_all_of_a_job() -> None:
    text = "# Tell ann\nPATH=/bin\nMAILTO=''\n\n# Why: she asked\n*/5 8-18 * * 1-5 cat%Hello%ann\n"
    item = only(text)
    job = item.job

    assert job is not None
    assert item.place == "/var/spool/cron/crontabs/ann:6"
    assert item.text == "*/5 8-18 * * 1-5 cat%Hello%ann"
    assert job.id.startswith("crontab:var.spool.cron.crontabs.ann:")
    assert (job.name, job.tags) == ("Why: she asked", ("crontab",))
    assert job.job_class == "jobs.cron_command.CronCommand"
    assert job.arguments == {
        "command": "cat",
        "user": "ann",
        "environment": ["PATH=/bin"],
        "stdin": "Hello\nann\n",
    }
    assert in_words(job.schedule) == (
        "every 5 minutes from 08:00 to 18:55 on Monday to Friday (Europe/Brussels)"
    )
    assert job.policy.mail == MailRules(())
    assert job.notes == (
        "From /var/spool/cron/crontabs/ann, line 6:\n\n"
        "    */5 8-18 * * 1-5 cat%Hello%ann\n\nWhy: she asked"
    )
    assert (job.created_at, job.paused) == (NOW, False)
    assert item.remarks == ()


@pytest.mark.parametrize(
    ("text", "arguments"),
    [
        ("* * * * * x", {"command": "x", "user": "ann"}),
        ("LOGNAME=bob\n* * * * * x", {"command": "x", "user": "ann"}),
        ("MAILTO=a@example.com\nMAILFROM=b\nCONTENT_TYPE=c\nRANDOM_DELAY=5\n* * * * * x",
         {"command": "x", "user": "ann"}),
        ("MAILTO=a@example.com\n* * * * * x | mail $MAILTO",
         {"command": "x | mail $MAILTO", "user": "ann", "environment": ["MAILTO=a@example.com"]}),
        ("A=1\nA=2\nB=\n* * * * * x",
         {"command": "x", "user": "ann", "environment": ["A=2", "B="]}),
    ],
)  # fmt: skip
def test_arguments(text: str, arguments: dict[str, Any]) -> None:
    job = only(text).job
    assert job is not None
    assert job.arguments == arguments


def test_what_pam_gives_comes_before_the_variables_of_the_crontab() -> None:
    machine = replace(MACHINE, variables={"http_proxy": "p", "A": "0"})
    job = only("A=1\n* * * * * x", machine).job
    assert job is not None
    assert isinstance(job.arguments, dict)
    assert job.arguments["environment"] == ["http_proxy=p", "A=1"]


@pytest.mark.parametrize(
    ("text", "machine", "remark"),
    [
        ("* * * * * root x", MACHINE, None),
        ("* * * * * www-data x", MACHINE, None),
        ("* * * * * olduser x", MACHINE, "There is no user olduser on this machine"),
        ("* * * * * www-data x", replace(MACHINE, user="ann", superuser=False),
         "It is to run as www-data, which only a server of root can do; if yours is of ann"),
        ("* * * * * ann x", replace(MACHINE, user="ann", superuser=False), None),
        ("* * * * * root test -x /usr/sbin/anacron || run-parts /etc/cron.daily", MACHINE,
         "Where anacron is installed this does nothing"),
        ("* * * * * root [ -x /usr/sbin/anacron ] || x", MACHINE, "Where anacron is installed"),
        ("* * * * * root ls /usr/sbin/anacron", MACHINE, None),
        ("*/90 * * * * root x", MACHINE, "The step of the minute '*/90' is longer"),
        ("0~9 * * * * root x", MACHINE, "The minute '0~9' is drawn anew by cron"),
    ],
)  # fmt: skip
def test_changes_in_meaning(text: str, machine: Machine, remark: str | None) -> None:
    found = told(only(text, machine, owner=None))
    assert [each[: len(remark or "")] for each in found] == ([remark] if remark else [])


def test_a_zone_of_the_crontab_counts_where_cron_knows_it() -> None:
    text = "CRON_TZ=Asia/Tokyo\n0 9 * * * x"
    debian, cronie = only(text), only(text, replace(MACHINE, dialect=Dialect.CRONIE))

    assert debian.job is not None
    assert in_words(debian.job.schedule) == "every day at 09:00 (Europe/Brussels)"
    [remark] = told(debian)
    assert remark == (
        "CRON_TZ=Asia/Tokyo means nothing to Debian's cron: the times are on the clock of "
        "Europe/Brussels, as they were."
    )
    assert cronie.job is not None
    assert in_words(cronie.job.schedule) == "every day at 09:00 (Asia/Tokyo)"
    assert told(cronie) == []


def test_a_zone_that_nobody_knows_is_refused() -> None:
    item = only("CRON_TZ=Mars\n0 9 * * * x", replace(MACHINE, dialect=Dialect.CRONIE))
    assert item.refusal is not None
    assert "'Mars' is no known time zone" in item.refusal.text


@pytest.mark.parametrize(("delay", "seconds"), [("10", 600), ("0", 0), ("x", 0), ("99999", 43_200)])
def test_the_delay_of_cronie_is_jitter(delay: str, seconds: int) -> None:
    text = f"RANDOM_DELAY={delay}\n0 9 * * * x"
    cronie, again = (only(text, replace(MACHINE, dialect=Dialect.CRONIE)) for _ in range(2))

    assert cronie.job is not None
    assert again.job is not None
    assert bounds_of(cronie.job.schedule).jitter == seconds
    assert cronie.job.schedule == again.job.schedule
    assert [each.startswith(f"RANDOM_DELAY={delay}: each") for each in told(cronie)] == (
        [True] if seconds else []
    )
    assert told(only(text)) == []


@pytest.mark.parametrize(
    ("text", "why", "cure"),
    [
        ("@reboot x", "It names no time: cron runs it when the machine starts.", "Leave the line"),
        ("0 0 L * * x", "Day: 'l' is not understood;", "Cron knows no such thing either."),
        ("0 0 * * 5#2 x", "Weekday '5#2' is not understood;", "Cron knows no such thing either."),
        ("0 25 * * * x", "Hour: '25' is out of range;", "Mend the line"),
        ("0 0 31 2 * x", "'0 0 31 2 *' never comes: none of its months", "Mend the line"),
        ("@fortnightly x", "'@fortnightly' has 1 fields;", "Mend the line"),
        ("0 0 * * sat-mon x", "The day of week 'sat-mon' runs backwards", "Mend the line"),
        ("* * * *", "It is neither a variable nor times", "Give five fields"),
    ],
)
def test_what_cannot_be_imported(text: str, why: str, cure: str) -> None:
    item = only(text)
    assert (item.standing, item.job) == (Standing.REFUSED, None)
    assert item.refusal is not None
    assert item.refusal.text.startswith(why)
    assert item.refusal.text.endswith(".")
    assert item.refusal.cure.startswith(cure)


def test_the_same_line_twice_is_two_jobs_of_two_names() -> None:
    one, other = (each.job for each in items("* * * * * x\n* * * * * x\n"))
    assert one is not None
    assert other is not None
    assert (one.name, other.name) == ("x", "x (2)")
    assert other.id == f"{one.id}.2"


def test_a_moved_line_is_the_same_job() -> None:
    one, other = only("* * * * * x").job, only("# more\n\nA=1\n* * * * * x").job
    assert one is not None
    assert other is not None
    assert one.id == other.id


def test_paused_jobs_say_by_whom() -> None:
    job = only("* * * * * x", paused=True).job
    assert job is not None
    assert (job.paused_at, job.paused_by) == (NOW, "root (import)")


def test_very_long_lines_are_whole() -> None:
    job = only(f"* * * * * echo {'x' * 50_000}").job
    assert job is not None
    assert isinstance(job.arguments, dict)
    assert len(job.arguments["command"]) == 50_005
    assert len(job.name) < 255
    assert len(job.notes) < 20_000
