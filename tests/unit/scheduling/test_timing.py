import random
from datetime import UTC, datetime, timedelta

import pytest

from botsched.domain.forms import Form
from botsched.domain.schedule import schedule_from_data
from botsched.domain.wallclock import parse_timezone
from botsched.errors import InvalidError
from botsched.scheduling.timing import Making, Timing, timing_of

NOW = datetime(2027, 3, 1, 12, 0, 0, 500, tzinfo=UTC)
BRUSSELS = parse_timezone("Europe/Brussels")
FORMS = [
    Timing(cron={"hour": "3"}),
    Timing(crontab="30 4 * * 1-5"),
    Timing(ecs="0 30 2 * * last_sun"),
    Timing(every=(90, "minutes"), anchor=NOW.replace(microsecond=0)),
    Timing(at=NOW + timedelta(hours=1)),
]


def form(timing: Timing, begin: datetime = NOW) -> Form:
    return Making(BRUSSELS, NOW, begin, random.Random(0)).form(timing)


@pytest.mark.parametrize("timing", FORMS)
def test_a_form_becomes_a_schedule_that_survives_storage_and_is_said_again(timing: Timing) -> None:
    schedule = form(timing)

    stored = schedule_from_data(schedule.to_data())
    assert stored == schedule
    assert stored.next_after(NOW) == schedule.next_after(NOW)
    assert timing_of(stored) == timing


def test_an_interval_counts_from_now() -> None:
    schedule = form(Timing(every=(10, "minutes")))
    assert schedule.next_after(NOW) == NOW.replace(microsecond=0) + timedelta(minutes=10)


def test_an_instant_without_offset_is_on_the_clock_of_the_zone() -> None:
    schedule = form(Timing(at=datetime(2027, 7, 1, 9, 30)))
    assert schedule.next_after(NOW) == datetime(2027, 7, 1, 7, 30, tzinfo=UTC)


def test_an_instant_that_has_passed_is_refused() -> None:
    with pytest.raises(InvalidError, match="has passed"):
        form(Timing(at=NOW - timedelta(seconds=1)))


def test_exactly_one_form_must_be_given() -> None:
    with pytest.raises(InvalidError, match="none was given"):
        form(Timing())
    with pytest.raises(InvalidError, match="not hour and crontab"):
        form(Timing(cron={"hour": "3"}, crontab="@daily"))
