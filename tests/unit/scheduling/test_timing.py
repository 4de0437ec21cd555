from datetime import UTC, datetime, timedelta

import pytest

from botsched.domain.schedule import in_words, schedule_from_data
from botsched.domain.wallclock import parse_timezone
from botsched.errors import InvalidError
from botsched.scheduling.timing import Timing, timing_of

NOW = datetime(2027, 3, 1, 12, 0, 0, 500, tzinfo=UTC)
BRUSSELS = parse_timezone("Europe/Brussels")
FORMS = [
    (Timing(cron={"hour": "3"}), "hour 3 (Europe/Brussels)"),
    (Timing(crontab="30 4 * * 1-5"), "30 4 * * 1-5 (Europe/Brussels)"),
    (Timing(every=(90, "minutes")), "every 90 minutes (Europe/Brussels)"),
    (Timing(every=(1, "days")), "every day (Europe/Brussels)"),
    (Timing(at=NOW + timedelta(hours=1)), "once, at 2027-03-01 14:00:00 (Europe/Brussels)"),
]


@pytest.mark.parametrize(("timing", "words"), FORMS)
def test_a_form_becomes_a_schedule_that_survives_storage_and_is_said_again(
    timing: Timing, words: str
) -> None:
    schedule = timing.schedule(BRUSSELS, NOW)

    stored = schedule_from_data(schedule.to_data())
    assert stored == schedule
    assert stored.next_after(NOW) == schedule.next_after(NOW)
    assert timing_of(stored) == timing
    assert in_words(stored) == words


def test_an_interval_counts_from_now() -> None:
    schedule = Timing(every=(10, "minutes")).schedule(BRUSSELS, NOW)
    assert schedule.next_after(NOW) == NOW.replace(microsecond=0) + timedelta(minutes=10)


def test_an_instant_without_offset_is_on_the_clock_of_the_zone() -> None:
    schedule = Timing(at=datetime(2027, 7, 1, 9, 30)).schedule(BRUSSELS, NOW)
    assert schedule.next_after(NOW) == datetime(2027, 7, 1, 7, 30, tzinfo=UTC)


def test_an_instant_that_has_passed_is_refused() -> None:
    with pytest.raises(InvalidError, match="has passed"):
        Timing(at=NOW - timedelta(seconds=1)).schedule(BRUSSELS, NOW)


def test_exactly_one_form_must_be_given() -> None:
    with pytest.raises(InvalidError, match="none was given"):
        Timing().schedule(BRUSSELS, NOW)
    with pytest.raises(InvalidError, match="not cron and crontab"):
        Timing(cron={"hour": "3"}, crontab="@daily").schedule(BRUSSELS, NOW)
