"""The page: one document for all its addresses, the files it loads, and a page of one's own."""

from pathlib import Path

from tornado.web import StaticFileHandler

from botsched.errors import NotFoundError
from botsched.web import compression
from botsched.web.handler import Answering, Context, Handler
from botsched.web.headers import HTML, OWN_PAGE_POLICY, PAGE_POLICY
from botsched.web.pages import is_template, render, render_own
from botsched.web.routing import Route


class Page(Handler):
    """What is shown at an address, the page's own script decides."""

    async def get(self, **_: str) -> None:
        """Give the document."""
        self.set_header("Content-Security-Policy", PAGE_POLICY)
        user, address = self.user, self.request.path

        def rendered() -> bytes:
            return render(
                "page.html",
                user=user,
                place=self.services.feed.expect(),
                assets=self.context.assets,
                address=address,
                timezone=self.services.jobs.timezone,
                held=self.services.controls.get().hold is not None,
            )

        await self.answer(rendered, media_type=HTML)


class OwnPage(Handler):
    """The document of a page of the operator's own."""

    def initialize(self, context: Context, index: Path) -> None:  # type: ignore[override]
        """Called by tornado."""
        super().initialize(context)
        self._index = index

    async def get(self) -> None:
        """Give it, filled in where it is a template."""
        self.set_header("Content-Security-Policy", OWN_PAGE_POLICY)
        await self.answer(self._document, media_type=HTML)

    def _document(self) -> bytes:
        try:
            document = self._index.read_bytes()
        except OSError as error:
            raise NotFoundError("file of the page", str(self._index)) from error
        if not is_template(document):
            return document
        return render_own(self._index, self.services.jobs.catalogue().classes)


class OwnFile(Answering, StaticFileHandler):
    """Files of the operator's own page."""

    def set_extra_headers(self, path: str) -> None:  # noqa: ARG002
        """Called by tornado: a browser may keep these, and ask whether they are still true."""
        self.set_header("Cache-Control", "no-cache")

    def set_default_headers(self) -> None:
        """As everywhere, but what the page may load is its own affair."""
        super().set_default_headers()
        self.set_header("Content-Security-Policy", OWN_PAGE_POLICY)


class VersionedFile(Handler):
    """Files whose address changes with their content, so that a browser need never ask again."""

    async def get(self) -> None:
        """Give one, mostly compressed."""
        file = self.context.assets.find(self.request.path)
        smaller = compression.is_accepted(self.request.headers)
        body = await self.in_worker(lambda: file.compressed if smaller else file.content)
        self.set_header("Cache-Control", "public, max-age=31536000, immutable")
        self.send(body, file.media_type, compressed=smaller)


routes = [
    Route(path, Page)
    for path in (
        "/",
        "/jobs",
        "/jobs/{name}",
        "/jobs/{name}/edit",
        "/executions",
        "/executions/{name}",
        "/mails",
        "/mails/{name}",
        "/files",
        "/files/{name}",
        "/logs",
        "/system",
    )
]
