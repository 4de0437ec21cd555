"""The program from its start to its end."""

import asyncio
import logging
import secrets
from contextlib import AsyncExitStack
from typing import TYPE_CHECKING, Protocol

from botsched.app.signals import Signals
from botsched.app.terminal import log_to_terminal, say
from botsched.proxy.supervisor import ProxySupervisor
from botsched.settings.model import ProxySettings, Settings

if TYPE_CHECKING:
    from botsched.app.parts import Parts
    from botsched.execution.runner import Runner
    from botsched.web.services import Services

log = logging.getLogger(__name__)

_LOOK_SECONDS = 0.1
_RECORD_SECONDS = 10.0
"""How long the last ends may take to be recorded when the server stops."""


class Companion(Protocol):
    """What goes along with the server; both are called in a thread of their own."""

    def started(self, services: "Services") -> None:
        """Everything runs. What is raised here ends the server."""

    def stopped(self) -> None:
        """No job runs any more; the database is still there."""


def run(settings: Settings, companion: Companion | None = None) -> int:
    """Run the server until a signal ends it; gives the exit code.

    Raises SettingsError, StartError, ExecutionError or StoreError when it cannot start, and what
    the companion raises; then nothing is left running.
    """
    log_to_terminal(debug=settings.debug)
    return asyncio.run(_serve(settings, companion))


async def _serve(settings: Settings, companion: Companion | None) -> int:
    signals = Signals()
    async with AsyncExitStack() as stack:
        secret = secrets.token_urlsafe(32) if settings.proxy is not None else None
        proxy = _prepare_proxy(settings.proxy, secret, stack)
        # Imported only now: it takes as long as the proxy takes to load, and goes on beside it.
        from botsched.app.parts import start
        from botsched.app.summary import summary

        parts = await signals.unless_one_comes(start(settings, proxy, secret, stack))
        if parts is not None:
            try:
                if companion is not None:
                    starting = asyncio.to_thread(companion.started, parts.services)
                    await signals.unless_one_comes(starting)
                say(summary(settings, parts))
                await signals.reach(1)
            finally:
                await _stop(parts, settings.execution.stop_grace, signals)
            if companion is not None:
                await asyncio.to_thread(companion.stopped)
    say("Stopped.")
    return 0


def _prepare_proxy(
    settings: ProxySettings | None, secret: str | None, stack: AsyncExitStack
) -> ProxySupervisor | None:
    """Let the proxy load what it needs; it listens when the server does."""
    if settings is None or secret is None:
        return None
    proxy = ProxySupervisor(settings, secret, _proxy_gave_up)
    stack.callback(proxy.stop)
    proxy.prepare()
    return proxy


def _proxy_gave_up(reason: str) -> None:
    """Jobs go on without the proxy; only nobody can log in."""
    log.critical("%s Nobody can log in until the server is restarted; jobs go on.", reason)


async def _stop(parts: "Parts", grace: float, signals: Signals) -> None:
    """Let running jobs end, then make them; each further signal goes one step further at once."""
    parts.leadership.retire()
    await asyncio.to_thread(parts.duty.close)
    await asyncio.to_thread(parts.scheduler.shutdown)
    parts.runner.drain()
    if count := parts.runner.running_count:
        jobs = "1 running job" if count == 1 else f"{count} running jobs"
        say(f"Stopping: waiting up to {grace:g} s for {jobs}. Ctrl-C hurries.")
    if await _idle(parts.runner, grace, signals, 2):
        return
    say(f"What still runs is told to end, and killed after {grace:g} s. Ctrl-C kills it now.")
    parts.runner.stop_all()
    if await _idle(parts.runner, grace + _RECORD_SECONDS, signals, 3):
        return
    say("What still runs is killed.")
    parts.runner.kill_all()
    await asyncio.to_thread(parts.runner.wait_idle, _RECORD_SECONDS)


async def _idle(runner: "Runner", seconds: float, signals: Signals, hurry: int) -> bool:
    """Wait until nothing runs; False after so many seconds, or with the ``hurry``-th signal."""
    end = asyncio.get_running_loop().time() + seconds
    while not await asyncio.to_thread(runner.wait_idle, _LOOK_SECONDS):
        if signals.count >= hurry or asyncio.get_running_loop().time() > end:
            return False
    return True
