"""Jobs that were built from their rows before; they are frozen, so every reader may have them."""

from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import datetime

from botsched.domain.job import Job

_LIMIT = 50_000


Head = tuple[str, int, datetime | None]
"""Id, version and next due instant of a row: they tell whether the job built from it is true."""


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
        for job_id, version, next_due in heads:
            job = known.get(job_id)
            if job is not None and job.version == version:
                same = job.next_due == next_due
                jobs[job_id] = job if same else replace(job, next_due=next_due)
        jobs |= fetch([head[0] for head in heads if head[0] not in jobs])
        known |= jobs
        return [jobs[head[0]] for head in heads if head[0] in jobs]
