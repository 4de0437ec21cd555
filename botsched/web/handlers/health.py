"""For monitoring: does the server answer, and can it do its work."""

import logging
from contextlib import suppress
from typing import Any

from botsched.errors import BotsError, StoreError
from botsched.web.encoding import to_bytes
from botsched.web.errors import RETRY_SECONDS
from botsched.web.formats.metrics import MEDIA_TYPE, metrics_text
from botsched.web.handler import Handler
from botsched.web.headers import JSON
from botsched.web.routing import Route
from botsched.web.services import Check

log = logging.getLogger(__name__)


class Health(Handler):
    """Answers while the process does, whatever becomes of the rest."""

    async def get(self) -> None:
        """Say that all is well here."""
        self.set_header("Content-Type", JSON)
        self.finish(to_bytes({"status": "ok", "role": self.services.instances.role}))


class Ready(Handler):
    """Answers 503 while a part that is needed for running jobs does not work."""

    async def get(self) -> None:
        """Ask every part."""

        def asked() -> dict[str, str]:
            return {name: ask(check) or "ok" for name, check in self.services.checks.items()}

        parts = await self.in_worker(asked)
        faults = [f"{name}: {fault}" for name, fault in parts.items() if fault != "ok"]
        role = self.services.instances.role
        body: dict[str, Any] = {"status": "ok", "role": role, "checks": parts}
        if faults:
            body = {"error": f"Not ready: {'; '.join(faults)}", "checks": parts}
            self.set_header("Retry-After", str(RETRY_SECONDS))
        else:
            body["held"] = await self.in_worker(self._held)
        await self.answer(lambda: body, 503 if faults else 200)

    def _held(self) -> bool | None:
        """Whether all jobs are held; None when the database does not tell."""
        with suppress(StoreError):
            return self.services.controls.get().hold is not None
        return None


class Metrics(Handler):
    """All figures, for collectors of time series."""

    async def get(self) -> None:
        """Ask every part."""
        self.query.done()
        await self.answer(lambda: metrics_text(self.services.figures()), media_type=MEDIA_TYPE)


def ask(check: Check) -> str | None:
    """What is wrong with a part, if anything."""
    try:
        return check()
    except BotsError as error:
        return str(error)
    except Exception:
        log.exception("A check of readiness failed.")
        return "its check failed; the log says more"


routes = [Route("/healthz", Health), Route("/readyz", Ready), Route("/metrics", Metrics)]
