"""Where the jobs are that files describe: in a database, or behind the REST API of a server."""

import json
import random
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, Protocol

from botsched.catalog import CatalogueDescription
from botsched.cli.lock import is_running
from botsched.cli.remote.connecting import connected
from botsched.client import Client
from botsched.domain.clock import system_clock
from botsched.domain.job import Job
from botsched.errors import StartError
from botsched.execution.secrets import Secrets, SecretsFile
from botsched.scheduling.applying import JobSets
from botsched.scheduling.defaults import default_policy
from botsched.scheduling.sets import Planner
from botsched.settings.model import Settings
from botsched.store.reader import reader_if_made
from botsched.store.store import Store
from botsched.web.body import Fields
from botsched.web.formats.jobs import job_data
from botsched.web.formats.sets import plan_data, read_asked

Data = dict[str, Any]
"""A JSON object, as the REST API has it."""


class Place(Protocol):
    """Jobs and plans are told as the REST API tells them.

    Plans raise InvalidError or MalformedError, or the errors of the client, with all faults.
    """

    def jobs(self) -> list[Data]:
        """All jobs, by name."""

    def plan(self, body: Data) -> Data:
        """What is to be done for what a body of ``POST /apply`` asks."""

    def require_free(self) -> None:
        """Raise StartError when nothing can be applied now, before anybody is asked."""

    def apply(self, body: Data) -> Data:
        """Do it."""


class ServerPlace:
    """Jobs of a server, which may be anywhere."""

    def __init__(self, client: Client) -> None:
        self._client = client

    def jobs(self) -> list[Data]:
        """See Place."""
        listed: list[Data] = self._client.request("GET", "jobs")["jobs"]
        return listed

    def plan(self, body: Data) -> Data:
        """See Place."""
        return self.apply(body | {"dry_run": True})

    def require_free(self) -> None:
        """See Place; what keeps a server from it, the server tells."""

    def apply(self, body: Data) -> Data:
        """See Place."""
        plan: Data = self._client.request("POST", "apply", body)
        return plan


class DatabasePlace:
    """Jobs of a database. It is only read before ``apply``, and a server may be running on it.

    While one does, a database that is a file cannot be written by anybody else.
    """

    def __init__(self, settings: Settings, user: str) -> None:
        self._settings = settings
        self._user = user
        scheduling = settings.scheduling
        self._planner = Planner(
            _JobFolders(settings),
            system_clock,
            default_policy(settings),
            scheduling.timezone.key,
            random.SystemRandom(),
        )

    def jobs(self) -> list[Data]:
        """See Place."""
        return [job_data(job, self._planner.defaults) for job in self._present().values()]

    def plan(self, body: Data) -> Data:
        """See Place."""
        wanted = read_asked(_fields(body)).wanted
        return plan_data(self._planner.plan(wanted, self._present(), self._user))

    def require_free(self) -> None:
        """See Place: a server keeps a database to itself that is a file."""
        path = self._settings.database.path
        if path is not None and is_running(path):
            raise StartError(
                f"A server is running on {path}, and keeps it to itself. Have it do this "
                "(--server https://HOST:PORT), or stop it first."
            )

    def apply(self, body: Data) -> Data:
        """See Place. Raises InUseError when a running server holds the database."""
        asked = read_asked(_fields(body))
        store = Store(self._settings.database)
        try:
            # What is to be run at once is found by the server, now or when it starts.
            sets = JobSets(store, self._planner, lambda _orders: None)
            return plan_data(sets.apply(asked.wanted, self._user, asked.seen))
        finally:
            store.close()

    def _present(self) -> dict[str, Job]:
        with reader_if_made(self._settings.database) as reader:
            return {} if reader is None else reader.read(lambda session: session.jobs.all())


class _JobFolders:
    """The classes in the job folders, loaded when they are first asked for."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._loaded: CatalogueDescription | None = None

    def catalogue(self, timeout: float) -> CatalogueDescription:  # noqa: ARG002
        """See Classes; loaded by this process itself, however long that takes."""
        from botsched.catalog.loader import load  # noqa: PLC0415  runs the code of all jobs

        folders = self._settings.execution.job_folders
        if self._loaded is None:
            self._loaded = load(folders, self._settings.execution.modules).description()
        return self._loaded

    def catalogue_anew(self, timeout: float) -> CatalogueDescription:
        """See Classes."""
        return self.catalogue(timeout)

    def secrets(self) -> Secrets:
        """See Classes."""
        return SecretsFile(self._settings.execution.secrets).read()


@contextmanager
def place_of(
    server: str | None, user: str | None, settings: Callable[[], Settings], who: str
) -> Iterator[Place]:
    """The server that is named, as this user, or else the database of the settings.

    ``who`` is told in the audit log of the latter.
    """
    if server is None:
        yield DatabasePlace(settings(), who)
        return
    with connected(server, user) as client:
        yield ServerPlace(client)


def _fields(body: Data) -> Fields:
    return Fields.of(json.dumps(body).encode())
