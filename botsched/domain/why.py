"""Why a mail came: the reasons that are told to whoever gets it."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from botsched.domain.mailrules import Occasion


class RuleSource(StrEnum):
    """Whose rule it was: the job's own, or one that counts for jobs that have none."""

    JOB = "job"
    SERVER = "server"


class HeldBy(StrEnum):
    """What kept a mail waiting: hours in which none is sent, or a number of mails a day."""

    QUIET = "quiet"
    CAP = "cap"


@dataclass(frozen=True, slots=True)
class Why:
    """``rule`` counts the rules from 1. ``failures`` are the bad runs in a row up to this one, the
    first of which ended at ``since``.
    """

    occasions: tuple[Occasion, ...]
    rule: int
    source: RuleSource
    failures: int = 0
    since: datetime | None = None
    held: HeldBy | None = None

    def to_data(self) -> dict[str, Any]:
        """As JSON."""
        return {
            "occasions": [str(each) for each in self.occasions],
            "rule": self.rule,
            "source": str(self.source),
            "failures": self.failures,
            "since": None if self.since is None else self.since.isoformat(),
            "held": None if self.held is None else str(self.held),
        }


def why_from_data(data: dict[str, Any]) -> Why:
    """From what ``to_data`` gave."""
    return Why(
        tuple(map(Occasion, data["occasions"])),
        data["rule"],
        RuleSource(data["source"]),
        data["failures"],
        None if data["since"] is None else datetime.fromisoformat(data["since"]),
        None if data["held"] is None else HeldBy(data["held"]),
    )
