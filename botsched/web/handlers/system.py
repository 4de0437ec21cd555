"""How the parts of the program are."""

from botsched.web.formats.times import time_text
from botsched.web.handler import Handler
from botsched.web.routing import Route


class System(Handler):
    """All that an operator may want to know of the server."""

    async def get(self) -> None:
        """Ask every part."""
        self.query.done()
        now = time_text(self.services.clock())
        await self.answer(lambda: {"time": now, **self.services.system()})


routes = [Route("/api/v1/system", System)]
