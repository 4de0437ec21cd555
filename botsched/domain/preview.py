"""A look ahead: the next due instants, and what changes of the clock do to them."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from botsched.domain.schedule import Schedule
from botsched.domain.words import in_words

MOST = 1000
_HORIZON = timedelta(days=36525)


@dataclass(frozen=True, slots=True)
class Occurrence:
    """A due instant, on the clock of the schedule's zone; the remark tells of changes of it."""

    local: datetime
    instant: datetime
    remark: str

    def to_data(self) -> dict[str, Any]:
        """JSON-safe form."""
        return {
            "local": self.local.isoformat(),
            "utc": self.instant.isoformat(),
            "remark": self.remark,
        }


@dataclass(frozen=True, slots=True)
class Preview:
    """A schedule in words, and when it is due."""

    words: str
    occurrences: list[Occurrence]

    def to_data(self) -> dict[str, Any]:
        """JSON-safe form."""
        return {"schedule": self.words, "next": [each.to_data() for each in self.occurrences]}


def preview(schedule: Schedule, after: datetime, number: int) -> Preview:
    """The first ``number`` instants later than ``after``, at most ``MOST``.

    They are fewer when the next 100 years hold no more.
    """
    found: list[Occurrence] = []
    due = schedule.next_after(after)
    while due is not None and due <= after + _HORIZON and len(found) < min(number, MOST):
        local = due.astimezone(schedule.timezone)
        found.append(Occurrence(local, due, _remark(schedule, due, local)))
        due = schedule.next_after(due)
    return Preview(in_words(schedule), found)


def _remark(schedule: Schedule, due: datetime, local: datetime) -> str:
    skipped = schedule.skipped_at(due)
    if skipped is not None:
        return f"The clock skips {skipped:%H:%M:%S}; due once, at the jump."
    first, second = (local.replace(fold=fold).utcoffset() for fold in (0, 1))
    if first == second:
        return ""
    which = "second" if local.fold else "first"
    return f"The clock shows {local:%H:%M:%S} twice; this is the {which} time."
