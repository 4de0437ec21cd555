"""What has been going on, and what comes."""

from datetime import datetime, timedelta
from typing import Any

from botsched.domain.statistics import LONGEST_PERIOD
from botsched.errors import InvalidError
from botsched.scheduling.timelines import MOST_LANES
from botsched.web.formats.statistics import axis_data, job_statistics_data, overview_data
from botsched.web.handler import Handler
from botsched.web.routing import Route

_LANES = 30
_RUNS = 100
_BEFORE, _AFTER = timedelta(hours=6), timedelta(hours=6)
_LONGEST_AXIS = timedelta(days=31)


class Statistics(Handler):
    """A period in numbers."""

    async def get(self) -> None:
        """Count executions of a period; tell what runs now, what failed and what comes next."""
        query = self.query
        now = self.services.clock()
        start, end = query.time_range(now)
        asked = query.text("time_range_start"), query.text("time_range_end")
        query.done()
        _check_period(start, end or now, LONGEST_PERIOD, "time_range_start")
        if start > now:
            raise InvalidError({"time_range_start": "has not come; give an instant that was"})
        statistics = self.services.statistics

        def found() -> dict[str, Any]:
            until = None if end is None or end > now else end
            return overview_data(statistics.overview(start, until, asked))

        await self.answer(found)


class JobStatistics(Handler):
    """A job in numbers."""

    async def get(self, job_id: str) -> None:
        """Tell how long the latest runs of a job took, and how they ended."""
        query = self.query
        count = query.number("count", 1, 500) or _RUNS
        query.done()
        statistics = self.services.statistics
        await self.answer(lambda: job_statistics_data(statistics.of_job(job_id, count)))


class Timeline(Handler):
    """Past and future on one axis."""

    async def get(self) -> None:
        """Place executions and due instants of some jobs between two moments."""
        query = self.query
        now = self.services.clock()
        start = query.instant("from") or now - _BEFORE
        end = query.instant("to") or now + _AFTER
        lanes = query.number("jobs", 1, MOST_LANES) or _LANES
        query.done()
        _check_period(start, end, _LONGEST_AXIS, "from")
        timeline = self.services.timeline
        await self.answer(lambda: axis_data(timeline.axis(start, end, lanes)))


def _check_period(start: datetime, end: datetime, longest: timedelta, name: str) -> None:
    if end <= start:
        raise InvalidError({name: "does not lie before the end of the period; exchange the two"})
    if end - start > longest:
        told = f"the period is longer than {longest.days} days; give a later instant"
        raise InvalidError({name: told})


routes = [
    Route("/api/v1/statistics", Statistics),
    Route("/api/v1/timeline", Timeline),
    Route("/api/v1/jobs/{job_id}/statistics", JobStatistics),
]
