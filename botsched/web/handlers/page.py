"""The page: ours, or one of the operator's own."""

from dataclasses import dataclass
from typing import Final

from tornado.web import StaticFileHandler

from botsched.catalog import CatalogueDescription
from botsched.domain.controls import Hold
from botsched.domain.execution import Execution
from botsched.domain.job import Job
from botsched.domain.paging import ExecutionFilter, JobFilter, Page, Paging
from botsched.errors import ExecutionError
from botsched.web.handler import Answering, Handler
from botsched.web.headers import HTML, OWN_PAGE_POLICY, PAGE_POLICY
from botsched.web.pages import render
from botsched.web.routing import Route
from botsched.web.services import Services

_JOBS: Final = Paging(limit=200)
_EXECUTIONS: Final = Paging(limit=50)


@dataclass(frozen=True, slots=True)
class Overview:
    """What the page shows; ``catalogue`` is None while the job folders are being loaded."""

    jobs: Page[Job]
    executions: Page[Execution]
    catalogue: CatalogueDescription | None
    hold: Hold | None


def look(services: Services) -> Overview:
    """Gather what the page shows."""
    try:
        catalogue = services.jobs.catalogue(timeout=0.5)
    except ExecutionError:
        catalogue = None
    return Overview(
        jobs=services.jobs.find(JobFilter(), _JOBS),
        executions=services.executions.find(ExecutionFilter(), _EXECUTIONS),
        catalogue=catalogue,
        hold=services.controls.get().hold,
    )


class FrontPage(Handler):
    """Jobs, last executions and what could not be loaded."""

    async def get(self) -> None:
        """Show them as HTML that needs no script."""
        self.set_header("Content-Security-Policy", PAGE_POLICY)
        user, address = self.user, f"{self._scheme}://{self.request.host}"

        def rendered() -> bytes:
            it, now = look(self.services), self.services.clock()
            return render("page.html", user=user, now=now, it=it, address=address)

        await self.answer(rendered, media_type=HTML)

    @property
    def _scheme(self) -> str:
        return self.request.headers.get("X-Forwarded-Proto", "http")


class StaticFile(Answering, StaticFileHandler):
    """Files that the page needs."""

    def set_extra_headers(self, path: str) -> None:  # noqa: ARG002
        """Called by tornado: a browser may keep these, and ask whether they are still true."""
        self.set_header("Cache-Control", "no-cache")


class OwnFile(StaticFile):
    """Files of the operator's own page."""

    def set_default_headers(self) -> None:
        """As everywhere, but what the page may load is its own affair."""
        super().set_default_headers()
        self.set_header("Content-Security-Policy", OWN_PAGE_POLICY)


routes = [Route("/", FrontPage)]
