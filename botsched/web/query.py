"""Parameters of an address: each is read once as what it should be, and all faults are told."""

import re
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from typing import Final, TypeVar

from botsched.domain.moments import year_fault
from botsched.domain.paging import Paging
from botsched.errors import InvalidError
from botsched.web.errors import MalformedError

E = TypeVar("E", bound=StrEnum)

LARGEST_PAGE: Final = 10_000
_DEFAULT_RANGE: Final = timedelta(hours=24)
_WHOLE: Final = re.compile(r"-?[0-9]+")
_FLAGS: Final = {"true": True, "1": True, "false": False, "0": False}
_IGNORED: Final = frozenset({"_"})  # what jQuery adds against caches


class Query:
    """The parameters of one request. ``done`` is to be called when all are read."""

    def __init__(self, arguments: Mapping[str, Sequence[bytes]]) -> None:
        """Raises InvalidError for the character NUL, which no database looks for."""
        if nul := [name for name, values in arguments.items() if b"\0" in b"".join(values)]:
            raise InvalidError(dict.fromkeys(nul, "holds the character NUL (%00); leave it off"))
        self._given = {
            name: values[-1].decode("utf-8", "replace") for name, values in arguments.items()
        }
        self._read: list[str] = []
        self._faults = {
            name: "is there more than once; give it once"
            for name, values in arguments.items()
            if len(values) > 1 and name not in _IGNORED
        }

    def text(self, name: str) -> str | None:
        """A parameter as it is; None when it is missing or empty."""
        self._read.append(name)
        return self._given.get(name) or None

    def number(self, name: str, low: int, high: int) -> int | None:
        """A whole number within these bounds."""
        text = self.text(name)
        if text is None:
            return None
        if not _WHOLE.fullmatch(text):
            self._fault(name, text, f"a whole number from {low} to {high}")
        elif len(text) < 20 and low <= int(text) <= high:
            return int(text)
        else:
            self._faults[name] = f"{text:.30} is out of range; give {low} to {high}"
        return None

    def flag(self, name: str) -> bool | None:
        """True or false."""
        text = self.text(name)
        if text is not None and text.lower() not in _FLAGS:
            self._fault(name, text, "true or false")
        return None if text is None else _FLAGS.get(text.lower())

    def one_of(self, name: str, accepted: Sequence[str]) -> str | None:
        """One of these words."""
        text = self.text(name)
        if text is not None and text not in accepted:
            self._fault(name, text, " or ".join(accepted))
        return text

    def choices(self, name: str, kind: type[E]) -> frozenset[E]:
        """Any of the values of ``kind``, separated by commas; none means that all are wanted."""
        chosen = set()
        for text in (self.text(name) or "").split(","):
            if text.strip() in list(kind):
                chosen.add(kind(text.strip()))
            elif text.strip():
                self._fault(name, text.strip(), f"some of {', '.join(kind)}, with commas between")
        return frozenset(chosen)

    def instant(self, name: str) -> datetime | None:
        """A moment in ISO 8601; UTC when it has no offset."""
        text = self.text(name)
        if text is None:
            return None
        # In an address a plus means a space; many forget to write %2B.
        mended = re.sub(r"(T.*) (\d\d:?\d\d)$", r"\1+\2", text)
        try:
            moment = datetime.fromisoformat(mended)
        except ValueError:
            self._fault(name, text, "a time such as 2026-03-01T12:00:00Z or 2026-03-01")
            return None
        if fault := year_fault(moment):
            self._faults[name] = f"{text!r:.80} {fault}"
            return None
        return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).astimezone(UTC)

    def period(self) -> tuple[datetime | None, datetime | None]:
        """From ``time_range_start`` to ``time_range_end``; None where not given."""
        start, end = self.instant("time_range_start"), self.instant("time_range_end")
        if start is not None and end is not None and end < start:
            self._faults["time_range_end"] = "lies before time_range_start; exchange the two"
        return start, end

    def time_range(self, now: datetime) -> tuple[datetime, datetime | None]:
        """The same: when not given, the last 24 hours."""
        start, end = self.period()
        return start or (end or now) - _DEFAULT_RANGE, end

    def paging(self) -> Paging:
        """``limit`` and ``cursor``."""
        return Paging(self.number("limit", 1, LARGEST_PAGE), self.text("cursor"))

    def done(self) -> None:
        """Raise MalformedError for all that was wrong, and for parameters nobody asked for."""
        for name in self._given:
            if name not in self._read and name not in _IGNORED:
                known = f"there are {', '.join(self._read)}" if self._read else "there are none"
                self._faults[name] = f"no such parameter; {known}"
        if self._faults:
            raise MalformedError.of(self._faults)

    def _fault(self, name: str, given: str, accepted: str) -> None:
        self._faults[name] = f"{given!r:.80} is not understood; give {accepted}"
