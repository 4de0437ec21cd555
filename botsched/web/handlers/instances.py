"""The servers on one database."""

from typing import Any

from botsched.web.formats.records import standing_data
from botsched.web.handler import Handler
from botsched.web.routing import Route


class Instances(Handler):
    """Who schedules, and who stands by."""

    async def get(self) -> None:
        """List the servers."""

        def found() -> dict[str, Any]:
            standings = self.services.instances.all()
            return {"instances": [standing_data(each) for each in standings]}

        await self.answer(found)


routes = [Route("/api/v1/instances", Instances)]
