"""Adds function jobs."""

from GroundControl.functions import CRON_FIELDS, FunctionJob, function_class


class AddJob(FunctionJob):
    """A function job to add; see ``FunctionJob`` for its arguments."""

    def commit(self) -> str:
        """Add it to the server; its job id. Raises the errors of ``botsched.client``."""
        schedule = self.schedule or dict.fromkeys(CRON_FIELDS, "*")
        with self.connection.opened() as client:
            job = client.add_job(self.job_name, function_class(client), self.arguments, **schedule)
        print(f"Added {job.name!r} as job {job.job_id}: {job.schedule}.")
        return job.job_id
