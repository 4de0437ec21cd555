"""The composition root: builds all parts from the settings, starts them, ends them in reverse."""

import asyncio
import logging
import secrets
import signal
import socket
import sys
from collections.abc import Coroutine
from contextlib import AsyncExitStack, suppress
from dataclasses import dataclass
from datetime import timedelta
from functools import partial
from typing import Any, TypeVar

from botsched import __version__
from botsched.catalog import CatalogueDescription
from botsched.domain.clock import system_clock
from botsched.domain.job import Policy
from botsched.execution.recording import Recorder
from botsched.execution.runner import Runner
from botsched.outbox import Outbox
from botsched.proxy import htpasswd
from botsched.proxy.certificate import check_certificate
from botsched.proxy.supervisor import ProxySupervisor
from botsched.scheduling.executions import AuditService, ExecutionService
from botsched.scheduling.files import FileService
from botsched.scheduling.jobs import JobService
from botsched.scheduling.recovery import recover
from botsched.scheduling.scheduler import Scheduler
from botsched.scheduling.wakeup import WakeUp
from botsched.settings.model import ProxySettings, SchedulingSettings, Settings
from botsched.store.store import Store
from botsched.web.server import WebServer
from botsched.web.services import Services

log = logging.getLogger(__name__)

T = TypeVar("T")

_LOAD_SECONDS = 60.0
_LOOK_SECONDS = 0.1
_RECORD_SECONDS = 10.0
"""How long the last ends may take to be recorded when the server stops."""


@dataclass(frozen=True, slots=True)
class Parts:
    """What runs, as far as it has to be looked after until it is stopped."""

    store: Store
    runner: Runner
    scheduler: Scheduler
    web: WebServer
    proxy: ProxySupervisor | None
    catalogue: CatalogueDescription


def run(settings: Settings) -> int:
    """Run the server until a signal ends it; gives the exit code.

    Raises SettingsError, StartError, ExecutionError or StoreError when it cannot start; then
    nothing is left running.
    """
    _log_to_terminal(debug=settings.debug)
    return asyncio.run(_serve(settings))


async def _serve(settings: Settings) -> int:
    signals = _Signals()
    async with AsyncExitStack() as stack:
        parts = await signals.unless_one_comes(_start(settings, stack))
        if parts is not None:
            _say(_summary(settings, parts))
            await signals.reach(1)
            await _stop(parts, settings.execution.stop_grace, signals)
    _say("Stopped.")
    return 0


async def _start(settings: Settings, stack: AsyncExitStack) -> Parts:
    """Start everything; each part that runs is on the stack, to be ended in reverse."""
    secret = secrets.token_urlsafe(32) if settings.proxy is not None else None
    proxy = _prepare_proxy(settings.proxy, secret, stack)
    store = Store(settings.database)
    stack.callback(store.close)
    profiles = tuple(profile.name for profile in settings.mail.profiles)
    runner = Runner(settings.execution, Recorder(store, system_clock, profiles), system_clock)
    runner.start()
    stack.callback(runner.close)
    defaults = _defaults(settings.scheduling)
    found_again = recover(store, defaults, system_clock(), profiles)
    scheduler = Scheduler(WakeUp(store, runner, defaults))
    services = _services(settings, store, runner, scheduler, defaults)
    web = WebServer(settings.web, services, secret=secret)
    web.start()
    stack.callback(web.stop)
    if proxy is not None:
        await asyncio.to_thread(proxy.start)
        stack.callback(proxy.stop)
    catalogue = await asyncio.to_thread(runner.catalogue, _LOAD_SECONDS)
    outbox = Outbox(
        settings.mail,
        store,
        system_clock,
        settings.scheduling.timezone,
        partial(_report_title, runner),
    )
    outbox.start()
    stack.callback(outbox.close)
    runner.submit(found_again)
    scheduler.start()
    return Parts(store, runner, scheduler, web, proxy, catalogue)


def _services(
    settings: Settings, store: Store, runner: Runner, scheduler: Scheduler, defaults: Policy
) -> Services:
    zone = settings.scheduling.timezone.key
    return Services(
        jobs=JobService(store, runner, system_clock, defaults, zone, scheduler.wakeup),
        executions=ExecutionService(store, runner, system_clock),
        audit=AuditService(store, system_clock),
        files=FileService(store, system_clock, settings.execution.data_dir),
        clock=system_clock,
        checks={
            "database": partial(_check_database, store),
            "scheduler": partial(_check_scheduler, scheduler),
            "jobs": partial(_check_starter, runner),
        },
    )


def _check_database(store: Store) -> None:
    store.read(lambda session: session.jobs.next_due())


def _check_scheduler(scheduler: Scheduler) -> str | None:
    return None if scheduler.alive else "The scheduler's thread does not run."


def _check_starter(runner: Runner) -> str | None:
    return None if runner.starter_pid else "The process that starts jobs is not there."


def _prepare_proxy(
    settings: ProxySettings | None, secret: str | None, stack: AsyncExitStack
) -> ProxySupervisor | None:
    """Check what the proxy needs and let it load meanwhile; it listens after the server does."""
    if settings is None or secret is None:
        return None
    _prepare_login(settings)
    proxy = ProxySupervisor(settings, secret, _proxy_gave_up)
    stack.callback(proxy.stop)
    proxy.prepare()
    return proxy


def _proxy_gave_up(reason: str) -> None:
    """Jobs go on without the proxy; only nobody can log in."""
    log.critical("%s Nobody can log in until the server is restarted; jobs go on.", reason)


async def _stop(parts: Parts, grace: float, signals: "_Signals") -> None:
    """Let running jobs end, then make them; each further signal goes one step further at once."""
    await asyncio.to_thread(parts.scheduler.shutdown)
    parts.runner.drain()
    if count := parts.runner.running_count:
        jobs = "1 running job" if count == 1 else f"{count} running jobs"
        _say(f"Stopping: waiting up to {grace:g} s for {jobs}. Ctrl-C hurries.")
    if await _idle(parts.runner, grace, signals, 2):
        return
    _say(f"What still runs is told to end, and killed after {grace:g} s. Ctrl-C kills it now.")
    parts.runner.stop_all()
    if await _idle(parts.runner, grace + _RECORD_SECONDS, signals, 3):
        return
    _say("What still runs is killed.")
    parts.runner.kill_all()
    await asyncio.to_thread(parts.runner.wait_idle, _RECORD_SECONDS)


async def _idle(runner: Runner, seconds: float, signals: "_Signals", hurry: int) -> bool:
    """Wait until nothing runs; False after so many seconds, or with the ``hurry``-th signal."""
    end = asyncio.get_running_loop().time() + seconds
    while not await asyncio.to_thread(runner.wait_idle, _LOOK_SECONDS):
        if signals.count >= hurry or asyncio.get_running_loop().time() > end:
            return False
    return True


class _Signals:
    """Counts the signals to stop from now on: SIGTERM, SIGINT, and SIGHUP unless under nohup."""

    def __init__(self) -> None:
        self.count = 0
        self._came = asyncio.Event()
        loop = asyncio.get_running_loop()
        for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
            if signal.getsignal(number) is not signal.SIG_IGN:
                loop.add_signal_handler(number, self._take)

    async def reach(self, count: int) -> None:
        """Wait until so many have come."""
        while self.count < count:
            self._came.clear()
            await self._came.wait()

    async def unless_one_comes(self, work: Coroutine[Any, Any, T]) -> T | None:
        """What the work comes to; None when a signal came first, and the work was cancelled."""
        working = asyncio.ensure_future(work)
        coming = asyncio.ensure_future(self.reach(1))
        await asyncio.wait({working, coming}, return_when=asyncio.FIRST_COMPLETED)
        coming.cancel()
        if working.done():
            return working.result()
        working.cancel()
        await asyncio.wait({working})
        return None

    def _take(self) -> None:
        self.count += 1
        self._came.set()


def _defaults(settings: SchedulingSettings) -> Policy:
    return Policy(
        coalesce=settings.coalesce,
        grace=timedelta(seconds=settings.misfire),
        max_instances=settings.max_instances,
    )


def _report_title(runner: Runner, job_class: str) -> str:
    """The report title of a job class, by the job folders as they are at this moment."""
    for known in runner.catalogue(_LOAD_SECONDS).classes:
        if known.job_class_string == job_class:
            return known.report_title
    return ""


def _prepare_login(settings: ProxySettings) -> None:
    """Check certificate and logins before anything is started; make a first login if allowed."""
    if settings.certificate is not None:
        check_certificate(settings.certificate)
    if settings.create_htpasswd and not settings.htpasswd.exists():
        password = htpasswd.create(settings.htpasswd)
        _say(
            "First start: a login was made.\n"
            f"  user      {htpasswd.FIRST_USER}\n"
            f"  password  {password}\n"
            "Write the password down, it is not shown again. To change it:\n"
            f"  bots-scheduler user passwd {htpasswd.FIRST_USER}\n"
        )
    htpasswd.read(settings.htpasswd)


def _summary(settings: Settings, parts: Parts) -> str:
    """What was started, for the terminal."""
    if settings.proxy is None or parts.proxy is None:
        address = f"http://127.0.0.1:{parts.web.port}/"
        notes = ["  login     none, and no TLS: for this machine only"]
    else:
        host = "localhost" if settings.proxy.host else socket.gethostname()
        address = f"https://{host}:{parts.proxy.port}/"
        notes = []
    catalogue = parts.catalogue
    folders = ", ".join(str(folder) for folder in settings.execution.job_folders)
    jobs = parts.store.read(lambda session: session.jobs.count())
    mails = ", ".join(profile.name for profile in settings.mail.profiles)
    lines = [
        f"bots-scheduler {__version__} is ready: {address}",
        *notes,
        f"  jobs      {jobs} scheduled, {len(catalogue.classes)} job classes in {folders}",
        *(f"  FAULT     {fault.file}:\n            {fault.error}" for fault in catalogue.failures),
        f"  database  {parts.store.name}",
        f"  mail      {f'through {mails}' if mails else 'none (see --smtp-profile)'}",
        "Ctrl-C stops it.",
    ]
    return "\n".join(lines)


def _log_to_terminal(*, debug: bool) -> None:
    logging.basicConfig(
        stream=sys.stderr,
        level=logging.DEBUG if debug else logging.INFO,
        format="%(asctime)s %(levelname)-8s %(message)s",
        datefmt="%Y-%m-%d %H:%M:%S",
    )
    if not debug:
        for name in ("apscheduler", "asyncio", "tornado.access"):
            logging.getLogger(name).setLevel(logging.WARNING)


def _say(text: str) -> None:
    """Tell the person at the terminal, if still there; what is said here goes to no log."""
    with suppress(OSError):
        sys.stdout.write(text + "\n")
        sys.stdout.flush()
