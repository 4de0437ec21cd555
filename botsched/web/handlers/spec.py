"""The OpenAPI document of all this, and the page that shows it."""

from functools import cache
from hashlib import blake2b

from botsched.web.encoding import to_bytes
from botsched.web.handler import Handler
from botsched.web.headers import HTML, PAGE_POLICY
from botsched.web.pages import render
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


class Reference(Handler):
    """Shows the document, and lets people try what it tells of."""

    async def get(self) -> None:
        """Give the page."""
        self.set_header("Content-Security-Policy", PAGE_POLICY)
        assets = self.context.assets
        await self.answer(lambda: render("reference.html", assets=assets), media_type=HTML)


@cache
def encoded() -> bytes:
    """The document, which is large, and rarely asked for."""
    from botsched.web.spec.document import document

    return to_bytes(document())


routes = [Route("/api", Reference), Route("/api/v1/spec", Spec)]
