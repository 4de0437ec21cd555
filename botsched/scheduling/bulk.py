"""One deed on many jobs: each by itself, so that none fails because of another."""

from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Final

from botsched.errors import BotsError, ConflictError
from botsched.scheduling.jobs import JobService

MOST: Final = 1000
_AT_ONCE: Final = 16  # what waits for the disk together is written together


class Deed(StrEnum):
    """What can be done to many jobs."""

    PAUSE = "pause"
    RESUME = "resume"
    RUN = "run"
    DELETE = "delete"


@dataclass(frozen=True, slots=True)
class Done:
    """What became of it for one job: done, unless there is an error."""

    job_id: str
    error: BotsError | None = None
    execution_id: str | None = None


def in_bulk(
    jobs: JobService, deed: Deed, job_ids: Iterable[str], user: str, until: datetime | None = None
) -> list[Done]:
    """Do it to each of these jobs, in their order as far as it matters.

    Jobs that are followed by others are deleted once those are gone that name them.
    """

    def attempt(job_id: str) -> Done:
        try:
            return Done(job_id, execution_id=_do(jobs, deed, job_id, user, until))
        except BotsError as error:
            return Done(job_id, error)

    with ThreadPoolExecutor(_AT_ONCE, thread_name_prefix="bulk") as threads:
        done = {each.job_id: each for each in threads.map(attempt, dict.fromkeys(job_ids))}
        while deed is Deed.DELETE and (again := _in_the_way(done)):
            tried = list(threads.map(attempt, again))
            done |= {each.job_id: each for each in tried}
            if all(each.error for each in tried):
                break
    return list(done.values())


def _in_the_way(done: dict[str, Done]) -> list[str]:
    return [each.job_id for each in done.values() if isinstance(each.error, ConflictError)]


def _do(jobs: JobService, deed: Deed, job_id: str, user: str, until: datetime | None) -> str | None:
    if deed is Deed.RUN:
        return jobs.run_now(job_id, user).id
    deeds: dict[Deed, Callable[[], object]] = {
        Deed.PAUSE: lambda: jobs.pause(job_id, user, until),
        Deed.RESUME: lambda: jobs.resume(job_id, user),
        Deed.DELETE: lambda: jobs.delete(job_id, user),
    }
    deeds[deed]()
    return None
