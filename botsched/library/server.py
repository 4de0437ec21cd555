"""The server, as a class to derive from."""

import logging
import os
import threading
from collections.abc import Callable, Mapping
from dataclasses import replace
from difflib import get_close_matches
from pathlib import Path

from botsched.app import run
from botsched.cli.login import login_name
from botsched.cli.program import concluded
from botsched.errors import SettingsError, StartError
from botsched.job.trace import author_traceback, error_line
from botsched.library.jobs import Jobs
from botsched.settings.database import database_of
from botsched.settings.load import load_settings
from botsched.settings.model import Settings
from botsched.settings.options import BY_NAME
from botsched.web.services import Services

log = logging.getLogger(__name__)


class Server:
    """A scheduler with settings, and what is done when it has started and stopped.

    Settings are the flags of ``bots-scheduler run``, by their names with ``_`` for ``-``:
    ``Server(jobs=["nightly"], port=9443, job_coalesce=False)``. As with flags, what is not given
    is taken from the environment, else as usual, and relative paths begin in the working folder.

    ``database`` holds the fields of a section of ``conf/db.ini`` and stands in its place.
    ``index_page`` is the document of a page of one's own, unless it is the ``index.html`` of
    ``static_dir``.
    """

    def __init__(
        self,
        *,
        database: Mapping[str, object] | None = None,
        index_page: str | Path | None = None,
        **settings: object,
    ) -> None:
        self._database = database
        self._index_page = index_page
        self._settings = settings
        self._jobs: Jobs | None = None

    @property
    def jobs(self) -> Jobs:
        """The jobs. Raises RuntimeError before the server has started."""
        if self._jobs is None:
            raise RuntimeError("The server has not started; use jobs in after_start() or later.")
        return self._jobs

    def after_start(self) -> None:
        """Override it to do something once all runs; what it raises ends the server."""

    def after_stop(self) -> None:
        """Override it to do something when no job runs any more; the jobs can still be read."""

    def settings(self) -> Settings:
        """All settings in effect. Raises SettingsError with every fault."""
        _check_names(self._settings)
        page = None if self._index_page is None else _path(self._index_page)
        settings = load_settings(self._settings, index_page=page)
        if self._database is not None:
            fields = _fields(self._database)
            database = database_of(fields, Path.cwd(), settings.database.tables)
            settings = replace(settings, database=database)
        return settings

    def run(self) -> int:
        """Run until a signal ends it; gives the exit code.

        Errors are told at the terminal as ``bots-scheduler`` tells them.
        """
        return concluded(self._run, debug=True)

    def _run(self) -> int:
        if threading.current_thread() is not threading.main_thread():
            raise StartError(
                f"{type(self).__name__}.run() was called in a thread; call it in the main thread "
                "of the program, the only one that signals can end."
            )
        return run(self.settings(), self)

    # The server calls these two.

    def started(self, services: Services) -> None:
        """Take up the services, and do what is to be done then. Raises StartError."""
        self._jobs = Jobs(services, f"{login_name()} (program)")
        self._call(self.after_start)

    def stopped(self) -> None:
        """Do what is to be done then. Raises StartError."""
        self._call(self.after_stop)

    def _call(self, method: Callable[[], None]) -> None:
        """Call what a derived class overrides. Raises StartError, after telling where it failed."""
        try:
            method()
        except (Exception, SystemExit) as error:
            log.error("%s", author_traceback(error) or "")  # noqa: TRY400  only the author's part
            name = f"{type(self).__name__}.{method.__name__}()"
            raise StartError(f"{name} failed: {error_line(error)}") from error


def _check_names(settings: Mapping[str, object]) -> None:
    faults = []
    for name in settings:
        if name not in BY_NAME:
            near = get_close_matches(name, BY_NAME, n=1)
            cure = f"did you mean {near[0]}?" if near else "bots-scheduler run --help names them."
            faults.append(f"{name}: there is no such setting; {cure}")
    if faults:
        raise SettingsError(*faults)


def _fields(database: object) -> Mapping[str, object]:
    """A value that is none is not told: it may hold a password."""
    if isinstance(database, Mapping):
        return database
    raise SettingsError(
        f"database: a value of type {type(database).__name__} was given; a dictionary is accepted, "
        "as {'file_path': 'nightly.db'}."
    )


def _path(page: object) -> Path:
    if isinstance(page, str | os.PathLike):
        return Path(page)
    raise SettingsError(f"index_page {page!r}: the path of a file is accepted.")
