"""The job classes there are."""

from botsched.web.handler import Handler
from botsched.web.routing import Route


class Classes(Handler):
    """What is in the job folders."""

    async def get(self) -> None:
        """List the classes, and what could not be loaded."""
        self.query.done()
        await self.answer(lambda: self.services.jobs.catalogue().to_data())


routes = [Route("/api/v1/classes", Classes)]
