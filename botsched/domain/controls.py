"""What holds for all jobs at once: the hold, and windows."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Self

from botsched.domain.window import Window, windows_kind


@dataclass(frozen=True, slots=True)
class Hold:
    """Nothing is started by schedule: who wants it so, since when, and why."""

    user: str
    since: datetime
    reason: str

    @property
    def words(self) -> str:
        """One sentence."""
        why = f": {self.reason}" if self.reason else ""
        return f"All jobs are held by {self.user} since {self.since:%Y-%m-%d %H:%M:%S} UTC{why}"


@dataclass(frozen=True, slots=True)
class Controls:
    """The present ones; ``hold`` is None when nothing is held."""

    hold: Hold | None = None
    windows: tuple[Window, ...] = ()

    @classmethod
    def from_data(cls, data: Mapping[str, Any]) -> Self:
        """Read again what ``to_data`` gave."""
        hold = data.get("hold")
        return cls(
            hold and Hold(hold["user"], datetime.fromisoformat(hold["since"]), hold["reason"]),
            windows_kind().read(data.get("windows", [])) or (),
        )

    def to_data(self) -> dict[str, Any]:
        """By name, JSON values; what is not set has none."""
        data: dict[str, Any] = {}
        if self.hold is not None:
            since = self.hold.since.isoformat()
            data["hold"] = {"user": self.hold.user, "since": since, "reason": self.hold.reason}
        if self.windows:
            data["windows"] = windows_kind().data(self.windows)
        return data
