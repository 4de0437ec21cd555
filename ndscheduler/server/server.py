"""The server of a program written for ndscheduler."""

import sys
from textwrap import fill
from typing import ClassVar, NoReturn

from botsched.app.terminal import say
from botsched.cli.program import concluded
from botsched.library import Server
from ndscheduler import settings
from ndscheduler.core.scheduler_manager import SchedulerManager
from ndscheduler.server.translation import Translation, translated


class SchedulerServer:
    """Derive from it, and call ``run()`` of the derived class."""

    singleton: ClassVar["SchedulerServer | None"] = None

    def __init__(self, scheduler_instance: SchedulerManager) -> None:
        self.scheduler_manager = scheduler_instance

    @property
    def application(self) -> NoReturn:
        """Handlers of one's own have no place here. Raises NotImplementedError."""
        raise NotImplementedError(
            "There is no Tornado application to add handlers to. A page of one's own is set by "
            "STATIC_DIR_PATH; what else is to be served needs a server of its own."
        )

    def post_scheduler_start(self) -> None:
        """Override it to do something once all runs; what it raises ends the server."""

    def post_scheduler_stop(self) -> None:
        """Override it to do something when no job runs any more."""

    @classmethod
    def run(cls) -> None:
        """Run until a signal ends it, and leave with the exit code unless that is 0."""
        if cls.singleton is None and (code := concluded(cls._run)):
            sys.exit(code)

    @classmethod
    def _run(cls) -> int:
        translation = translated(settings)
        for note in translation.notes:
            say(_hanging(f"ndscheduler: {note}"))
        return _Program(cls, translation).run()


def _hanging(text: str) -> str:
    return fill(text, 80, subsequent_indent="    ", break_long_words=False, break_on_hyphens=False)


class _Program(Server):
    """Our server, which tells theirs when it has started and stopped."""

    def __init__(self, theirs: type[SchedulerServer], translation: Translation) -> None:
        super().__init__(
            database=translation.database,
            index_page=translation.index_page,
            **translation.settings,
        )
        self._theirs = theirs(SchedulerManager(lambda: self.jobs))
        theirs.singleton = self._theirs

    def after_start(self) -> None:
        self._theirs.post_scheduler_start()

    def after_stop(self) -> None:
        self._theirs.post_scheduler_stop()
