"""The audit log."""

from typing import Any

from botsched.domain.audit import Event
from botsched.domain.paging import AuditFilter
from botsched.web.formats.records import event_data
from botsched.web.handler import Handler
from botsched.web.routing import Route


class Logs(Handler):
    """Who did what."""

    async def get(self) -> None:
        """List events, the newest first."""
        query = self.query
        start, end = query.time_range(self.services.clock())
        wanted = AuditFilter(
            start,
            end,
            query.text("job_id"),
            query.one_of("event", list(Event)),
            query.text("user"),
            query.text("text"),
        )
        paging = query.paging()
        query.done()

        def found() -> dict[str, Any]:
            page = self.services.audit.find(wanted, paging)
            data = [event_data(event) for event in page.items]
            return {"logs": data, "next_cursor": page.next_cursor}

        await self.answer(found)


routes = [Route("/api/v1/logs", Logs)]
