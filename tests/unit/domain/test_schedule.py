import pytest

from botsched.domain.cronschedule import CronSchedule
from botsched.domain.schedule import schedule_from_data
from botsched.domain.wallclock import parse_timezone
from botsched.errors import InvalidError


def test_a_schedule_survives_its_stored_form() -> None:
    schedule = CronSchedule.of({"minute": "*/5", "day": "last"}, parse_timezone("Europe/Brussels"))
    assert schedule_from_data(schedule.to_data()) == schedule


def test_a_form_of_a_later_version_is_refused() -> None:
    with pytest.raises(InvalidError, match="'lunar' is unknown to this version"):
        schedule_from_data({"type": "lunar"})
