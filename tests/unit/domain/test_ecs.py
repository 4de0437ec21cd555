import random
from datetime import UTC, datetime, timedelta

import pytest

from botsched.domain.cronschedule import CronSchedule
from botsched.domain.ecs import EcsSchedule, text_of
from botsched.domain.schedule import schedule_from_data
from botsched.domain.wallclock import parse_timezone
from botsched.errors import InvalidError

BRUSSELS = parse_timezone("Europe/Brussels")
START = datetime(2027, 1, 1, tzinfo=UTC)


class Third(random.Random):
    """Draws the value at a third of the range."""

    def randrange(self, stop: int) -> int:  # type: ignore[override]
        return stop // 3


@pytest.mark.parametrize(
    ("text", "fields"),
    [
        ("*/10", {"second": "*/10"}),
        ("0 5", {"second": "0", "minute": "5"}),
        ("0 30 2 mon-fri", {"hour": "2", "minute": "30", "day_of_week": "mon-fri"}),
        ("0 0 12 0", {"hour": "12", "day_of_week": "mon"}),
        ("0 0 12 * 10-20", {"hour": "12", "week": "10-20"}),
        ("0 0 0 * * 2nd_fri,last_sun", {"day": "2nd fri,last sun"}),
        ("0 0 0 * * last 2,3 2096", {"day": "last", "month": "2-3", "year": "2096"}),
    ],
)
def test_the_fields_mean_what_they_do_as_cron_fields(text: str, fields: dict[str, str]) -> None:
    ours = EcsSchedule.of(text, BRUSSELS, Third())
    theirs = CronSchedule.of(fields, BRUSSELS)
    moment = START
    for _ in range(10):
        due = ours.next_after(moment)
        assert due == theirs.next_after(moment)
        if due is None:
            break
        moment = due
    later = START + timedelta(days=60)
    assert ours.count(START, later) == theirs.count(START, later)
    assert ours.last_until(later, START) == theirs.last_until(later, START)
    assert schedule_from_data(ours.to_data()) == ours


@pytest.mark.parametrize(
    ("fields", "text"),
    [
        ({"minute": "*/5"}, "0 */5"),
        ({"hour": "2", "minute": "30", "day_of_week": "mon-fri"}, "0 30 2 mon-fri"),
        ({"day": "2nd fri, last sun", "second": "7"}, "7 * * * * 2nd_fri,_last_sun"),
        ({"month": "1, 3"}, "0 0 0 * * 1 1,3"),
        ({"year": "2098", "week": "5"}, "0 0 0 * 5 * * 2098"),
        ({"second": "*"}, "*"),
    ],
)
def test_cron_fields_can_be_said_in_this_form(fields: dict[str, str], text: str) -> None:
    schedule = CronSchedule.of(fields, BRUSSELS)

    assert text_of(schedule) == text
    said = EcsSchedule.of(text, BRUSSELS, Third())
    assert [said.next_after(START), said.count(START, START + timedelta(days=90))] == [
        schedule.next_after(START),
        schedule.count(START, START + timedelta(days=90)),
    ]


def test_question_marks_are_drawn_once_and_kept() -> None:
    schedule = EcsSchedule.of("? ? ? mon", BRUSSELS, Third())

    assert schedule.text == "20 20 8 mon"
    assert schedule_from_data(schedule.to_data()) == schedule


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "has 0 fields; give 1 to 8: second, minute"),
        ("0 0 0 * * * * * *", "has 9 fields"),
        ("0 60", "minute: '60' is out of range"),
        ("0 0 0 ?", r"day_of_week: '\?' can stand for second, minute, hour only"),
        ("0 0 0 * * 6th_fri", "'6th fri' is no weekday of the month"),
        ("0 0 0 * * 30 2", "never comes"),
        ("0 0 0 * * * * 1999", "never comes"),
    ],
)
def test_a_wrong_text_is_refused_with_the_cure(text: str, said: str) -> None:
    with pytest.raises(InvalidError, match=said) as caught:
        EcsSchedule.of(text, BRUSSELS, Third())
    assert list(caught.value.fields) == ["ecs"]
