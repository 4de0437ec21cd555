"""What programs do with jobs."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from botsched.errors import NotFoundError
from ndscheduler.core.jobs import Job

if TYPE_CHECKING:
    from botsched.library import Jobs

_CRON = ("month", "day_of_week", "day", "hour", "minute")


class SchedulerManager:
    """The jobs of the server that runs in this process.

    Each call returns when it is done and recorded. What is refused raises an error of
    ``botsched.errors`` that says why.
    """

    def __init__(self, jobs: "Callable[[], Jobs]") -> None:
        self._jobs = jobs

    def get_jobs(self) -> list[Job]:
        """All jobs."""
        return [Job.of(each) for each in self._jobs().all()]

    def get_job(self, job_id: str) -> Job | None:
        """One job; None when there is none of this id."""
        try:
            return Job.of(self._jobs().get(job_id))
        except NotFoundError:
            return None

    def get_job_task_class(self, job: Job) -> str:
        """The class of a job."""
        return str(job.args[0])

    def add_job(
        self,
        job_class_string: str,
        name: str,
        pub_args: list[Any] | None = None,
        month: str | None = None,
        day_of_week: str | None = None,
        day: str | None = None,
        hour: str | None = None,
        minute: str | None = None,
        **kwargs: Any,
    ) -> str:
        """Add a job, and give its id; further keywords are arguments for its ``run``."""
        cron = dict(zip(_CRON, (month, day_of_week, day, hour, minute), strict=True))
        arguments: list[Any] | dict[str, Any] = list(pub_args or ())
        if kwargs:
            if arguments:
                raise TypeError(
                    f"Job {name!r}: arguments are a list or names, not both; "
                    f"put {', '.join(kwargs)} into pub_args."
                )
            arguments = kwargs
        return self._jobs().add(
            name=name, job_class_string=job_class_string, pub_args=arguments, **cron
        )

    def modify_job(self, job_id: str, **kwargs: Any) -> None:
        """Change what is given: ``name``, ``job_class_string``, ``pub_args`` and cron fields."""
        self._jobs().change(job_id, **kwargs)

    def remove_job(self, job_id: str) -> None:
        """Delete a job."""
        self._jobs().delete(job_id)

    def pause_job(self, job_id: str) -> None:
        """Skip its instants until it is resumed."""
        self._jobs().pause(job_id)

    def resume_job(self, job_id: str) -> None:
        """Go on."""
        self._jobs().resume(job_id)
