"""Jobs that were built from their rows before; they are frozen, so every reader may have them."""

from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import datetime

from botsched.domain.job import Job

_LIMIT = 50_000


Head = tuple[str, int, datetime, datetime | None, datetime | None]
"""Id, version, ``created_at``, ``next_due`` and ``parked_until`` of a row.

They tell whether its job is true. An id can come again, when the versions of the job that had it
before are forgotten.
"""


class KnownJobs:
    """Spares long lists most of their work: a row is built again only when it has changed.

    Every change of a row raises its version, but for these two. Only committed rows may be
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
        for job_id, version, created_at, next_due, parked in heads:
            job = known.get(job_id)
            if job is not None and (job.version, job.created_at) == (version, created_at):
                until = None if job.paused else parked
                same = (job.next_due, job.parked_until) == (next_due, until)
                moved = job if same else replace(job, next_due=next_due, parked_until=until)
                jobs[job_id] = moved
        jobs |= fetch([head[0] for head in heads if head[0] not in jobs])
        known |= jobs
        return [jobs[head[0]] for head in heads if head[0] in jobs]
