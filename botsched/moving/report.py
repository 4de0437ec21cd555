"""What an import found, what becomes of it, and what will not be as it was.

These are values: each source of jobs makes them, the commands print them.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Self

from botsched.domain.job import Job
from botsched.scheduling.drafts import same_arguments


@dataclass(frozen=True, slots=True)
class Remark:
    """Something that a user has to know, in sentences; ``cure`` is what helps where it matters."""

    text: str
    cure: str = ""


class Standing(StrEnum):
    """What becomes of something that was found."""

    NEW = "new"
    """It will be added."""
    PRESENT = "present"
    """It is there already, by an earlier import, and stays."""
    CHANGED = "changed"
    """So it is, but it is not what would be added now; it stays as it is."""
    REFUSED = "refused"
    """It cannot become a job."""


@dataclass(frozen=True, slots=True)
class Item:
    """One thing that was found, and the ``job`` that it becomes, or why it becomes none.

    ``place`` is where it stands (``/etc/crontab:17``), ``text`` what stands there. ``remarks`` are
    what changes in its meaning.
    """

    place: str
    text: str
    job: Job | None = None
    refusal: Remark | None = None
    remarks: tuple[Remark, ...] = ()
    standing: Standing = Standing.NEW

    @classmethod
    def refused(cls, place: str, text: str, why: str, cure: str = "") -> Self:
        """Something that cannot become a job."""
        return cls(place, text, refusal=Remark(why, cure), standing=Standing.REFUSED)


@dataclass(frozen=True, slots=True)
class Report:
    """All of an import.

    ``read`` says how the sources were read, ``remarks`` what changes in meaning for all that is
    imported, and ``afterwards`` what is left to be done; each is sentences. ``besides`` says what
    is added beside jobs ("40 executions").
    """

    items: tuple[Item, ...]
    read: tuple[str, ...] = ()
    remarks: tuple[Remark, ...] = ()
    besides: tuple[str, ...] = ()
    afterwards: tuple[str, ...] = ()

    def those(self, standing: Standing) -> list[Item]:
        """The items of which this becomes."""
        return [item for item in self.items if item.standing is standing]

    @property
    def new_jobs(self) -> list[Job]:
        """What is to be added."""
        return [item.job for item in self.those(Standing.NEW) if item.job is not None]

    @property
    def is_refused(self) -> bool:
        """Whether something was found, and nothing of it can be taken over."""
        refused = self.those(Standing.REFUSED)
        return bool(refused) and len(refused) == len(self.items) and not self.besides

    def beside(self, present: Mapping[str, Job]) -> Self:
        """The same, as jobs of these ids are there already."""
        return replace(self, items=tuple(_beside(item, present) for item in self.items))


def _beside(item: Item, present: Mapping[str, Job]) -> Item:
    there = present.get(item.job.id) if item.job is not None else None
    if item.job is None or there is None:
        return item
    same = _does_the_same(item.job, there)
    return replace(item, standing=Standing.PRESENT if same else Standing.CHANGED)


def _does_the_same(one: Job, other: Job) -> bool:
    """Whether they run the same at the same times, whatever they are called."""
    return (
        one.job_class == other.job_class
        and same_arguments(one.arguments, other.arguments)
        and one.schedule == other.schedule
        and one.policy == other.policy
    )
