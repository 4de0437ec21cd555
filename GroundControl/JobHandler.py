"""Handles jobs by their ids."""

from collections.abc import Iterator
from contextlib import suppress
from typing import Final

from botsched.client import Client, ConflictError, Execution, Job
from GroundControl.connection import Connection

_ACTIVE: Final = ("scheduled", "running")
_EVER: Final = "1970-01-01"


class JobHandler:
    """Does with jobs, whatever their class, what the page does.

    Server and login are those of ``client``, or found as ``Client`` finds them. All methods raise
    the errors of ``botsched.client``.
    """

    def __init__(
        self,
        server: str | None = None,
        user: str | None = None,
        password: str | None = None,
        *,
        client: Client | None = None,
    ) -> None:
        self._connection = Connection(client, server, user, password)

    def remove_job(self, job_id: str) -> str:
        """Delete a job; its id. What it did so far is still told."""
        with self._connection.opened() as client:
            client.delete_job(job_id)
        print(f"Removed job {job_id}.")
        return job_id

    def pause_job(self, job_id: str) -> str:
        """Run it no more, until it is resumed; its id."""
        with self._connection.opened() as client:
            client.pause(job_id)
        print(f"Paused job {job_id}.")
        return job_id

    def resume_job(self, job_id: str) -> str:
        """Let a paused job go on; its id."""
        with self._connection.opened() as client:
            client.resume(job_id)
        print(f"Resumed job {job_id}.")
        return job_id

    def run_job(
        self, job_id: str, *, wait: bool = False, timeout: float | None = None
    ) -> Execution:
        """Run it now; with ``wait``, until the run has ended, for at most ``timeout`` seconds."""
        with self._connection.opened() as client:
            return client.run(job_id, wait=wait, timeout=timeout)

    def stop_job(self, job_id: str) -> list[Execution]:
        """Stop what runs of it, or waits to run: those executions as they were."""
        with self._connection.opened() as client:
            stopped = []
            for execution in list(client.executions(job_id, state=_ACTIVE, time_range_start=_EVER)):
                with suppress(ConflictError):  # it has ended meanwhile
                    client.stop(execution)
                    stopped.append(execution)
        print(f"Stopped {len(stopped)} run(s) of job {job_id}.")
        return stopped

    def list_jobs(self, job_name: str | None = None) -> list[Job]:
        """All jobs, or those of exactly this name."""
        with self._connection.opened() as client:
            return list(client.jobs()) if job_name is None else client.jobs_named(job_name)

    def list_executions(self, job_id: str) -> list[Execution]:
        """Its executions of the last 24 hours, the newest first."""
        with self._connection.opened() as client:
            return list(client.executions(job_id))

    def follow_job(self, job_id: str) -> Iterator[str]:
        """What its latest run prints, as it comes, until that has ended."""
        with self._connection.opened() as client:
            latest = client.executions(job_id, time_range_start=_EVER, limit=1)
            for execution in latest:
                yield from map(str, client.follow(execution))
