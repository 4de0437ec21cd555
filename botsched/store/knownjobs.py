"""Jobs that were built from their rows before; they are frozen, so every reader may have them."""

from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import datetime
from typing import NamedTuple

from botsched.domain.job import Job

_LIMIT = 50_000


class Head(NamedTuple):
    """What tells of a row whether the job built from it is still true."""

    id: str
    version: int
    next_due: datetime | None


class KnownJobs:
    """Spares long lists most of their work: a row is built again only when it has changed.

    Every change of a row raises its version, but for ``next_due``. Only committed rows may be
    asked for: the version of a change that is rolled back comes again with another content.
    """

    def __init__(self) -> None:
        self._jobs: dict[str, Job] = {}

    def complete(
        self, heads: list[Head], fetch: Callable[[Iterable[str]], dict[str, Job]]
    ) -> list[Job]:
        """The jobs of these heads, in their order, without those that were deleted meanwhile."""
        if len(self._jobs) > _LIMIT:
            self._jobs = {}  # most are long deleted; the others come back by themselves
        known, jobs = self._jobs, {}
        for head in heads:
            job = known.get(head.id)
            if job is not None and job.version == head.version:
                same = job.next_due == head.next_due
                jobs[head.id] = job if same else replace(job, next_due=head.next_due)
        jobs |= fetch([head.id for head in heads if head.id not in jobs])
        known |= jobs
        return [jobs[head.id] for head in heads if head.id in jobs]
