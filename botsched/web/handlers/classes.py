"""The job classes there are."""

from typing import Any

from botsched.web.handler import Handler
from botsched.web.routing import Route


class Classes(Handler):
    """What is in the job folders."""

    async def get(self) -> None:
        """List the classes, and what could not be loaded."""
        self.query.done()

        def operation() -> dict[str, Any]:
            data = self.services.jobs.catalogue().to_data()
            return {"classes": data["classes"], "failures": data["failures"]}

        await self.answer(operation)


routes = [Route("/api/v1/classes", Classes)]
