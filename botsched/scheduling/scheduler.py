"""APScheduler as our guest: it wakes up and asks; our rows answer, our runner runs.

Its own job store and executors are not used: an error in them would end its thread for good, and
an import error would delete the job.
"""

import logging
from datetime import UTC, datetime
from typing import Any

from apscheduler.executors.base import BaseExecutor
from apscheduler.job import Job as GuestJob
from apscheduler.jobstores.base import BaseJobStore
from apscheduler.schedulers.background import BackgroundScheduler
from apscheduler.triggers.base import BaseTrigger

from botsched.domain.job import Job
from botsched.domain.schedule import Schedule
from botsched.errors import BotsError, FencedError, StoreUnavailableError
from botsched.scheduling.wakeup import WakeUp

log = logging.getLogger(__name__)

_RETRY_SECONDS = 2.0
_LONGEST_SLEEP_SECONDS = 30.0
"""However far the next instant is, so that a clock that was set is noticed soon."""

# Whether a job may run once more is decided by our own rules.
_NO_LIMIT = 2**31


def due() -> None:
    """Stands in for a job's function, which APScheduler wants to know and never calls here."""


class ScheduleTrigger(BaseTrigger):  # type: ignore[misc]
    """Our schedules as APScheduler's triggers."""

    def __init__(self, schedule: Schedule) -> None:
        self._schedule = schedule

    def get_next_fire_time(
        self, previous_fire_time: datetime | None, now: datetime
    ) -> datetime | None:
        """The first instant still to come.

        Instants between the previous one and now are not given one by one: there may be very
        many after an outage. They are settled together.
        """
        return self._schedule.next_after(max(previous_fire_time or now, now))


class RowJobStore(BaseJobStore):  # type: ignore[misc]
    """Our job rows as APScheduler's job store, for looking what is due and moving on."""

    def __init__(self, wake_up: WakeUp) -> None:
        super().__init__()
        self._wake_up = wake_up

    def get_due_jobs(self, now: datetime) -> list[GuestJob]:
        """The jobs that are due."""
        try:
            return [self._guest(job, now) for job in self._wake_up.begin(now)]
        except (StoreUnavailableError, FencedError):
            # APScheduler would log this each time. Asked for the next instant, the store says it
            # again, to where it is known what to do.
            return []

    def update_job(self, job: GuestJob) -> None:
        """Note when a job is due next."""
        self._wake_up.move_on(job.id, job.next_run_time)

    def remove_job(self, job_id: str) -> None:
        """Note that a job is never due again; its row stays."""
        self._wake_up.move_on(job_id, None)

    def get_next_run_time(self) -> datetime | None:
        """When to look again. APScheduler asks at the end of each wake-up: all is recorded then."""
        return self._wake_up.commit()

    def lookup_job(self, job_id: str) -> GuestJob | None:
        """Nothing: jobs are looked up in our own rows."""

    def get_all_jobs(self) -> list[GuestJob]:
        """Nothing: jobs are listed from our own rows."""
        return []

    def add_job(self, job: GuestJob) -> None:
        """Not used: jobs are added to our own rows."""
        raise NotImplementedError

    def remove_all_jobs(self) -> None:
        """Not used."""
        raise NotImplementedError

    def _guest(self, job: Job, now: datetime) -> GuestJob:
        """A job to be looked at is due in the eyes of APScheduler, be it only to end its pause."""
        guest = GuestJob.__new__(GuestJob)
        guest.__setstate__(
            {
                "id": job.id,
                "name": job.name,
                "func": "botsched.scheduling.scheduler:due",
                "args": (),
                "kwargs": {},
                "trigger": ScheduleTrigger(job.schedule),
                "executor": "default",
                "misfire_grace_time": None,
                "coalesce": False,
                "max_instances": _NO_LIMIT,
                "next_run_time": min(job.next_due or now, now),
            }
        )
        guest._scheduler = self._scheduler  # noqa: SLF001  (as every job store has to)
        guest._jobstore_alias = self._alias  # noqa: SLF001
        return guest


class RecordingExecutor(BaseExecutor):  # type: ignore[misc]
    """Takes due jobs from APScheduler into the wake-up; the runner runs them once recorded."""

    def __init__(self, wake_up: WakeUp) -> None:
        super().__init__()
        self._wake_up = wake_up

    def submit_job(self, job: GuestJob, run_times: list[datetime]) -> None:  # noqa: ARG002
        """Have a due job settled."""
        self._wake_up.add(job.id)

    def _do_submit_job(self, job: GuestJob, run_times: list[datetime]) -> None:
        raise NotImplementedError


class Scheduler(BackgroundScheduler):  # type: ignore[misc]
    """APScheduler in a thread of its own, which no error can end."""

    def __init__(self, wake_up: WakeUp) -> None:
        super().__init__(
            timezone=UTC,
            jobstores={"default": RowJobStore(wake_up)},
            executors={"default": RecordingExecutor(wake_up)},
        )
        self._wake_up = wake_up

    @property
    def alive(self) -> bool:
        """Whether its thread works."""
        thread = getattr(self, "_thread", None)
        return bool(thread and thread.is_alive())

    def wakeup(self) -> None:
        """Look again for what is due; before the start, that is done by starting."""
        if self.running:
            super().wakeup()

    def resume(self) -> None:
        """Work, or work again after another server did."""
        self._wake_up.begin_anew()
        super().resume()

    def expect(self, next_due: datetime | None) -> None:
        """Look again when an instant comes sooner than known: a job was changed elsewhere."""
        known = self._wake_up.next_due
        if next_due is not None and (known is None or next_due < known):
            self.wakeup()

    def _process_jobs(self) -> float:
        try:
            wait: Any = super()._process_jobs()
        except (StoreUnavailableError, FencedError):
            return _RETRY_SECONDS  # logged where it is known what it means
        except BotsError as error:
            log.warning("%s", error)
            return _RETRY_SECONDS
        except Exception:
            log.exception("A wake-up failed; it is tried again.")
            return _RETRY_SECONDS
        return _LONGEST_SLEEP_SECONDS if wait is None else min(wait, _LONGEST_SLEEP_SECONDS)
