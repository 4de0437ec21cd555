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


class Reload(Handler):
    """The job folders, loaded anew."""

    async def post(self) -> None:
        """Load them, and tell whether it was done, and what is there."""
        user = self.user

        def reloaded() -> dict[str, Any]:
            done = self.services.jobs.reload(user)
            data = self.services.jobs.catalogue().to_data()
            return {"loaded": done, "classes": data["classes"], "failures": data["failures"]}

        await self.answer(reloaded)


routes = [Route("/api/v1/classes", Classes), Route("/api/v1/classes/reload", Reload)]
