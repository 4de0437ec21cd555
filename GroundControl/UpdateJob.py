"""Updates function jobs, by id or by name."""

from typing import Any

from botsched.client import Client
from GroundControl.functions import FunctionJob, FunctionJobError, function_class

_FAILED = "FAILED! UpdateJob.update_job(): "


class UpdateJob(FunctionJob):
    """A function job as it shall be: that of ``job_id``, or else the one of the name ``job_name``.

    Without anything about its cron fields it keeps its schedule. See ``FunctionJob`` for the other
    arguments.
    """

    def __init__(self, *args: Any, job_id: str | None = None, **keywords: Any) -> None:
        super().__init__(*args, **keywords)
        self.job_id = job_id

    def commit(self, new_name: bool = False) -> str:
        """Update it on the server; its job id. Raises the errors of ``botsched.client``.

        With ``new_name`` the job of ``job_id`` is renamed to ``job_name``.
        """
        if new_name and self.job_id is None:
            raise FunctionJobError(f"{_FAILED}A new name needs the job ID.")
        with self.connection.opened() as client:
            return self.update_job(client, new_name=new_name)

    def update_job(self, client: Client, *, new_name: bool) -> str:
        """Do it with this client."""
        job = client.update_job(
            self.job_id or self._only_one(client),
            job_class=function_class(client),
            arguments=self.arguments,
            **({"name": self.job_name} if new_name else {}),
            **self.schedule,
        )
        print(f"Updated {job.name!r}, job {job.job_id}: {job.schedule}.")
        return job.job_id

    def _only_one(self, client: Client) -> str:
        found = client.jobs_named(self.job_name)
        if not found:
            raise FunctionJobError(f"{_FAILED}There is no job of this name ({self.job_name}).")
        if len(found) > 1:
            raise FunctionJobError(
                f"{_FAILED}Job name is not unique ({self.job_name}). Use job ID."
            )
        return found[0].job_id
