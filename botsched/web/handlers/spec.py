"""The OpenAPI document of all this."""

from functools import cache
from hashlib import blake2b

from botsched.web.encoding import to_bytes
from botsched.web.handler import Handler
from botsched.web.routing import Route


class Spec(Handler):
    """The same for everybody until the program is another one: browsers keep it, and ask."""

    async def get(self) -> None:
        """Describe the API."""
        self.query.done()
        self.set_header("Cache-Control", "no-cache")
        await self.answer(encoded)

    def compute_etag(self) -> str:
        """Called by tornado before it answers; what the client has already, it need not get."""
        return f'W/"{blake2b(encoded(), digest_size=8).hexdigest()}"'


@cache
def encoded() -> bytes:
    """The document, which is large, and rarely asked for."""
    from botsched.web.spec.document import document

    return to_bytes(document())


routes = [Route("/api/v1/spec", Spec)]
