"""Histories of a job, and the mails that must follow. Printed as a table of Markdown:

python -m tests.support.mailcases
"""

import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Final

from botsched.domain.execution import State
from botsched.domain.job import Policy
from botsched.domain.mailforms import KIND
from botsched.domain.mailing import Owed
from botsched.domain.mailrules import MailDefaults, MailRules, Occasion
from botsched.domain.why import HeldBy
from botsched.domain.window import windows_kind
from tests.support.values import DEFAULTS, NOW

ENDS: Final = {
    ".": State.SUCCEEDED,
    "*": State.SUCCEEDED,
    "F": State.FAILED,
    "T": State.TIMEOUT,
    "L": State.LOST,
    "s": State.STOPPED,
    "m": State.MISSED,
    "k": State.SKIPPED,
}
MAILS: Final = {
    Occasion.OUTPUT: "o",
    Occasion.SUCCESS: "s",
    Occasion.FAILURE: "f",
    Occasion.TIMEOUT: "t",
    Occasion.MISSED: "m",
    Occasion.SKIPPED: "k",
    Occasion.LOST: "l",
    Occasion.BROKEN: "B",
    Occasion.STILL_FAILING: "A",
    Occasion.RECOVERED: "R",
    Occasion.CHANGED: "C",
}
_HELD: Final = {HeldBy.QUIET: "~", HeldBy.CAP: "^", None: ""}
KEY: Final = (
    "Runs, from noon on, an hour apart unless told: `.` succeeded, `*` with a new report, `F` "
    "failed, `T` timeout, `L` lost, `s` stopped, `m` missed, `k` skipped; `+` it printed "
    "something; `F>.` failed, and succeeded when tried once more. Mails: `o` "
    "output, `s` success, `f` failure, `t` timeout, `l` lost, `m` missed, `k` skipped, `B` "
    "broken, `A` still failing (again), `R` recovered, `C` changed; `~` held in quiet hours, "
    "`^` held for the digest; `-` none."
)


NIGHT: Final = windows_kind().read(
    [{"name": "night", "crontab": "0 22 * * *", "duration": 9 * 3600}]
)


@dataclass(frozen=True, slots=True)
class Run:
    """One token: the attempts' ends, whether it printed something, and when it ended."""

    ends: tuple[str, ...]
    output: bool
    at: datetime


@dataclass(frozen=True, slots=True)
class Case:
    """``runs`` and ``mails`` are of as many tokens; runs end ``step`` after each other."""

    title: str
    rules: list[dict[str, Any]] | None
    runs: str
    mails: str
    step: timedelta = timedelta(hours=1)
    defaults: MailDefaults = field(default_factory=MailDefaults)

    @property
    def own_rules(self) -> MailRules | None:
        """The rules of the job, None for those of the server."""
        return None if self.rules is None else KIND.read(self.rules)

    @property
    def policy(self) -> Policy:
        """What holds for the job, with one SMTP profile."""
        return Policy(
            DEFAULTS.missed,
            DEFAULTS.misfire,
            DEFAULTS.max_instances,
            own_mail=self.own_rules,
            mailing=self.defaults,
            profiles=("ops",),
        )

    def history(self) -> Iterator[Run]:
        """The runs, the oldest first."""
        for number, token in enumerate(self.runs.split()):
            ends = tuple(token.removesuffix("+").split(">"))
            yield Run(ends, token.endswith("+"), NOW + number * self.step)


def told(mails: list[Owed]) -> str:
    """What follows from one end, as a token."""
    assert len(mails) <= 1
    if not mails:
        return "-"
    why = mails[0].why
    return "".join(MAILS[each] for each in why.occasions) + _HELD[why.held]


HOURS = timedelta(hours=1)
OWNED = ["broken", "recovered"]

CASES: Final = [
    Case("usual: failures, and the recovery", None, ". F F . .", "- f f R -"),
    Case("usual: what was printed is told, too", None, ".+ F+ . .", "o of R -"),
    Case("usual: each kind of bad end", None, "F T L s m k .", "f t l - - - R"),
    Case("usual: only the last attempt counts", None, "F>. F>F . F>m .", "- f R f R"),
    Case("an attempt is no incident", [{"on": OWNED}], "F>. F>F F>F . F>m .", "- B - R B R"),
    Case("silence", [], "F . F+", "- - -"),
    Case("begin and end", [{"on": OWNED}], ". F F F . . F .", "- B - - R - B R"),
    Case("a job that never worked", [{"on": OWNED}], "F F . .", "B - R -"),
    Case("neither bad nor good", [{"on": OWNED}], ". F s m k F s .", "- B - - - - - R"),
    Case("any bad end begins it", [{"on": OWNED}], ". T L F . L .", "- B - - R B R"),
    Case(
        "from the third on", [{"on": OWNED, "after": 3}], "F F . F F F F . .", "- - - - - B - R -"
    ),
    Case(
        "each from the second on", [{"on": ["failure"], "after": 2}], "F F F . F F", "- f f - - f"
    ),
    Case(
        "recovered only when it was told",
        [{"on": ["output", "failure", "recovered"], "after": 2}],
        "F+ .+ F F+ . .",
        "- o - of R -",
    ),
    Case(
        "a rate",
        [{"on": OWNED, "rate": {"failures": 3, "of": 6}}],
        "F . F . F . F . . . . F",
        "- - - - B - - - R - - -",
    ),
    Case(
        "three in a row, or a rate",
        [{"on": OWNED, "after": 3, "rate": {"failures": 2, "of": 5}}],
        ". F . F . . . . F F F",
        "- - - B - - R - - B -",
    ),
    Case(
        "reminders, once a day",
        [{"on": ["broken", "still_failing"]}],
        "F F F F F F F F F . F",
        "B - - - A - - - A - B",
        6 * HOURS,
    ),
    Case(
        "a daily job is reminded of daily",
        [{"on": ["broken", "still_failing", "recovered"]}],
        "F F F F .",
        "B A A A R",
        24 * HOURS - timedelta(seconds=20),
    ),
    Case(
        "reminders every three hours",
        [{"on": ["still_failing"], "every": 10800}],
        "F F F F F F F . F F F F",
        "- - - A - - A - - - - A",
    ),
    Case(
        "reminders from the third on",
        [{"on": ["broken", "still_failing", "recovered"], "after": 3, "every": 7200}],
        "F F F F F F F .",
        "- - B - A - A R",
    ),
    Case("success", [{"on": ["success"]}], ". F .+ s *", "s - s - s"),
    Case("missed and skipped", [{"on": ["missed", "skipped"]}], "m k . F", "m k - -"),
    Case("another report", [{"on": ["changed"]}], ". . * . F * . F .", "- - C - - C - - -"),
    Case(
        "quiet hours of the server",
        [{"on": ["failure"]}],
        "F F F F F F",
        "f f f f~ f~ f",
        4 * HOURS,
        MailDefaults(quiet=NIGHT),
    ),
    Case(
        "no quiet hours for this rule",
        [{"on": ["failure"], "quiet": []}],
        "F F F F F F",
        "f f f f f f",
        4 * HOURS,
        MailDefaults(quiet=NIGHT),
    ),
    Case(
        "two a day, the rest in the digest",
        [{"on": ["failure"], "most_a_day": 2}],
        "F F F F F F F",
        "f f f^ f f f^ f^",
        4 * HOURS,
    ),
    Case(
        "all in the digest",
        [{"on": ["output"], "most_a_day": 0}],
        ".+ . F+",
        "o^ - o^",
    ),
    Case(
        "the server's limit to the same people",
        None,
        "F F F . F",
        "f f f R^ f^",
        defaults=MailDefaults(most_a_day_to=3),
    ),
]


def table() -> str:
    """The histories and their mails, for people."""
    lines = ["| | rules | runs, and their mails |", "|---|---|---|"]
    lines += [f"| {_title(case)} | {_rules(case)} | {_aligned(case)} |" for case in CASES]
    return "\n".join(lines)


def _title(case: Case) -> str:
    hours = round(case.step / HOURS)
    return case.title if hours == 1 else f"{case.title}; a run every {hours} hours"


def _rules(case: Case) -> str:
    rules, said = case.own_rules, []
    if case.defaults.quiet:
        said.append("quiet from 22:00 to 07:00")
    if case.defaults.most_a_day_to is not None:
        said.append(f"at most {case.defaults.most_a_day_to} a day to the same people")
    own = "as usual" if rules is None else KIND.words(rules)
    return own + (f"; server: {', '.join(said)}" if said else "")


def _aligned(case: Case) -> str:
    """The tokens above each other."""
    pairs = list(zip(case.runs.split(), case.mails.split(), strict=True))
    widths = [max(map(len, pair)) for pair in pairs]
    rows = (
        " ".join(pair[row].ljust(width) for pair, width in zip(pairs, widths, strict=True)).rstrip()
        for row in (0, 1)
    )
    return "<br>".join(f"`{row}`".replace(" ", "\N{NO-BREAK SPACE}") for row in rows)


if __name__ == "__main__":
    sys.stdout.write(f"{table()}\n\n{KEY}\n")
