"""Whether the record holds."""

from typing import Any

from botsched.web.formats.verdict import verdict_data
from botsched.web.handler import Handler
from botsched.web.routing import Route


class Verification(Handler):
    """The record against the schedules as they were."""

    async def get(self) -> None:
        """Verify a period, of all jobs or one."""
        query = self.query
        start, end = query.time_range(self.services.clock())
        job = query.text("job")
        query.done()

        def verified() -> dict[str, Any]:
            return verdict_data(self.services.verification.verify(start, end, job))

        await self.answer(verified)


routes = [Route("/api/v1/verify", Verification)]
