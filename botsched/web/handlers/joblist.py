"""Many jobs at once, and the tags by which they are found."""

from typing import Any

from botsched.domain.kinds import choice
from botsched.errors import InvalidError
from botsched.scheduling.bulk import Deed, in_bulk
from botsched.web.formats.joblist import bulk_data, ids_kind
from botsched.web.handler import Handler
from botsched.web.routing import Route


class Bulk(Handler):
    """One deed on many jobs."""

    takes_body = frozenset({"POST"})

    async def post(self) -> None:
        """Pause, resume, run or delete each of them."""
        fields, user, jobs = self.fields, self.user, self.services.jobs
        deed = fields.value("action", choice(Deed), required=True) or Deed.PAUSE
        job_ids = fields.value("job_ids", ids_kind(), required=True) or []
        until = fields.moment("until")
        fields.done()
        if until is not None and deed is not Deed.PAUSE:
            raise InvalidError({"until": f"goes with pause, and not with {deed}"})
        await self.answer(lambda: bulk_data(deed, in_bulk(jobs, deed, job_ids, user, until)))


class Tags(Handler):
    """What jobs are found by."""

    async def get(self) -> None:
        """List all tags."""
        self.query.done()
        lists = self.services.jobs.lists

        def listed() -> dict[str, Any]:
            return {"tags": [{"name": tag, "jobs": n} for tag, n in lists.tags().items()]}

        await self.answer(listed)


routes = [
    Route("/api/v1/jobs/bulk", Bulk),
    Route("/api/v1/tags", Tags),
]
