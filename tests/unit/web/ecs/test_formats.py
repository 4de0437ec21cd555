from datetime import UTC, datetime

from botsched.scheduling.timing import Timing
from botsched.web.body import Fields
from botsched.web.ecs.formats import read_draft


def test_times_are_in_utc_wherever_nothing_else_is_said() -> None:
    body = {
        "taskDefinition": "sleeper:3", "id": "s", "schedule": "0 0 4",
        "scheduleStart": "2027-01-01T12:00", "scheduleEnd": "2028-01-01T12:00+02:00",
    }  # fmt: skip

    plain, zoned = (read_draft(Fields(body | more)) for more in ({}, {"timezone": "Asia/Tokyo"}))

    assert (plain.timezone, zoned.timezone) == ("UTC", "Asia/Tokyo")
    for draft in (plain, zoned):
        assert draft.bounds["start"] == datetime(2027, 1, 1, 12, tzinfo=UTC)
        assert draft.bounds["end"] == datetime(2028, 1, 1, 10, tzinfo=UTC)
        assert draft.timing == Timing(ecs="0 0 4")
        assert (draft.job_id, draft.arguments) == ("s", {"taskDefinition": "sleeper:3"})
