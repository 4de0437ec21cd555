"""Looking ahead: when a job will be due, or one that is not there yet would be."""

from datetime import UTC, datetime

from botsched.domain.preview import MOST, preview
from botsched.web.formats.schedules import read_wanted, required_timing
from botsched.web.handler import Handler
from botsched.web.routing import Route

_DEFAULT = 10


class SchedulePreview(Handler):
    """Any schedule."""

    takes_body = frozenset({"POST"})
    reading = frozenset({"POST"})

    async def post(self) -> None:
        """Tell when a schedule is due, and in words; nothing is changed."""
        fields = self.fields
        wanted = read_wanted(fields)
        number = fields.whole("count", 1, MOST) or _DEFAULT
        after = fields.moment("from")
        fields.done()
        required_timing(wanted)
        jobs = self.services.jobs
        begin = self.services.clock() if after is None else _aware(after)
        await self.answer(lambda: preview(jobs.schedule(wanted), begin, number).to_data())


class JobPreview(Handler):
    """The schedule of a job."""

    async def get(self, job_id: str) -> None:
        """Tell when the job is due, be it paused or not."""
        query = self.query
        number = query.number("count", 1, MOST) or _DEFAULT
        begin = query.instant("from") or self.services.clock()
        query.done()
        jobs = self.services.jobs
        await self.answer(lambda: preview(jobs.get(job_id).schedule, begin, number).to_data())


def _aware(moment: datetime) -> datetime:
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


routes = [
    Route("/api/v1/schedules/preview", SchedulePreview),
    Route("/api/v1/jobs/{job_id}/preview", JobPreview),
]
