"""The secrets that jobs may name, without what they are."""

from typing import Any

from botsched.web.handler import Handler
from botsched.web.routing import Route


class Secrets(Handler):
    """What is in the file of secrets, by name."""

    async def get(self) -> None:
        """List the names."""
        self.query.done()

        def listed() -> dict[str, Any]:
            secrets = self.services.jobs.secrets()
            return {"secrets": sorted(secrets.values), "fault": secrets.fault}

        await self.answer(listed)


routes = [Route("/api/v1/secrets", Secrets)]
