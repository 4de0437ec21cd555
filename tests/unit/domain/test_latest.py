from datetime import UTC, datetime, timedelta

import pytest

from botsched.domain.cronschedule import CronSchedule
from botsched.domain.latest import latest
from botsched.domain.wallclock import parse_timezone

START = datetime(2027, 1, 1, tzinfo=UTC)
SECONDS_OF_JANUARY = CronSchedule.of({"month": "1", "second": "*"}, parse_timezone("UTC"))


def test_far_back_and_dense_is_found_in_few_steps() -> None:
    asked = []

    def next_after(instant: datetime) -> datetime | None:
        asked.append(instant)
        return SECONDS_OF_JANUARY.next_after(instant)

    found = latest(next_after, START.replace(month=12), START)

    assert found == START.replace(month=1, day=31, hour=23, minute=59, second=59)
    assert len(asked) < 150


@pytest.mark.parametrize(("back", "found"), [(0, START), (1, START), (86400, START)])
def test_both_ends_are_included(back: int, found: datetime) -> None:
    since = START - timedelta(seconds=back)
    assert latest(SECONDS_OF_JANUARY.next_after, START, since) == found


def test_what_lies_before_is_not_found() -> None:
    march = START.replace(month=3)
    assert latest(SECONDS_OF_JANUARY.next_after, march, march - timedelta(days=1)) is None
