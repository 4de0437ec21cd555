"""How long executions are kept."""

from dataclasses import dataclass
from datetime import datetime, timedelta


@dataclass(frozen=True, slots=True)
class Keep:
    """For how long, and how many of one job, the newest; None is without limit."""

    age: timedelta | None = None
    count: int | None = None

    def __bool__(self) -> bool:
        return self.age is not None or self.count is not None


@dataclass(frozen=True, slots=True)
class JobRecord:
    """The executions of one job, present or deleted, and what the job says about keeping them.

    ``oldest`` is when one of them was last updated; ``too_many`` is by the count of the defaults.
    """

    job_id: str
    oldest: datetime
    too_many: bool
    own: Keep

    def limits(self, defaults: Keep) -> Keep:
        """The defaults, with what the job says put in their place."""
        return Keep(self.own.age or defaults.age, self.own.count or defaults.count)

    def may_exceed(self, keep: Keep, now: datetime) -> bool:
        """Whether it is worth looking for executions beyond these limits of the job."""
        if keep.age is not None and self.oldest < now - keep.age:
            return True
        return keep.count is not None and (self.too_many or self.own.count is not None)


@dataclass(frozen=True, slots=True)
class Expired:
    """An execution to be deleted; ``due`` is the last instant that it records, if any."""

    id: str
    job_id: str
    due: datetime | None
