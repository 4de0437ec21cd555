"""Lists that may be long: what is asked for, and one page of the answer."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Final, Generic, TypeVar

from botsched.domain.execution import Cause, State

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Page(Generic[T]):
    """Items in order; ``next_cursor`` asks for the following page, None when this is the last.

    Where few rows match, a page may have fewer items than wanted, or none, and not be the last.
    """

    items: list[T]
    next_cursor: str | None = None


@dataclass(frozen=True, slots=True)
class Paging:
    """How much of a list is wanted: ``limit`` None means all of it.

    ``offset`` leaves out so many first, counted anew each time; a cursor tells the very place.
    """

    limit: int | None = None
    cursor: str | None = None
    offset: int = 0


class JobState(StrEnum):
    """How a job stands; several may hold of one.

    Failing: its last run went wrong, or its last instant was missed. Over: never due again.
    """

    ACTIVE = "active"
    PAUSED = "paused"
    RUNNING = "running"
    SUCCEEDING = "succeeding"
    FAILING = "failing"
    NEVER_RAN = "never_ran"
    OVER = "over"


class JobSort(StrEnum):
    """By what jobs are sorted."""

    NAME = "name"
    CLASS = "class"
    CREATED = "created"
    NEXT_RUN = "next_run"
    LAST_RUN = "last_run"


@dataclass(frozen=True, slots=True)
class JobFilter:
    """Which jobs are wanted; ``text`` is looked for in name, class, arguments, notes and tags.

    Of ``states`` one is enough, ``tags`` are all to be there. ``leads_to`` is the id of a job that
    may run after them, ``managed_by`` the set that manages them.
    """

    text: str | None = None
    job_class: str | None = None
    paused: bool | None = None
    states: frozenset[JobState] = frozenset()
    tags: frozenset[str] = frozenset()
    leads_to: str | None = None
    managed_by: str | None = None


@dataclass(frozen=True, slots=True)
class JobOrder:
    """How jobs are sorted. Those without a next or a last run come behind, or first descending."""

    by: JobSort = JobSort.NAME
    descending: bool = False


BY_NAME: Final = JobOrder()


@dataclass(frozen=True, slots=True)
class ExecutionFilter:
    """Which executions are wanted, by their last update.

    ``text`` is looked for in the job's name, class and arguments, and in the reason.
    ``retry_of`` asks for all attempts of the run whose first one it names, and ``caused_by`` for
    what the end of that execution had recorded. ``manual`` tells those that a user asked for, and
    ``longer_than`` those that ended after more than so many seconds.
    """

    start: datetime | None = None
    end: datetime | None = None
    job_id: str | None = None
    states: frozenset[State] = frozenset()
    text: str | None = None
    retry_of: str | None = None
    caused_by: str | None = None
    causes: frozenset[Cause] = frozenset()
    user: str | None = None
    manual: bool | None = None
    longer_than: float | None = None


@dataclass(frozen=True, slots=True)
class OutputPart:
    """Which pieces of an output are wanted: those behind ``after``, of one stream if it is named.

    With ``before``, the last ones in front of it. At most ``limit`` pieces, and none more once
    there are ``size`` characters.
    """

    after: int = 0
    before: int | None = None
    stream: str | None = None
    limit: int | None = None
    size: int | None = None


@dataclass(frozen=True, slots=True)
class AuditFilter:
    """Which audit events are wanted; ``text`` is looked for in job name, user and description."""

    start: datetime | None = None
    end: datetime | None = None
    job_id: str | None = None
    event: str | None = None
    user: str | None = None
    text: str | None = None
