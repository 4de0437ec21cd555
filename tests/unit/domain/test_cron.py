import random
from datetime import UTC, datetime, timedelta

import pytest
from apscheduler.triggers.cron import CronTrigger

from botsched.domain.cron import compile_fields, effective_fields
from botsched.domain.cronschedule import CronSchedule
from botsched.domain.wallclock import parse_timezone
from botsched.errors import InvalidError

CHOICES = {
    "year": ["*", "2027-2029", "*/2", "2031"],
    "month": ["*", "1", "2", "jan,jul", "*/5", "mar-jun", "12"],
    "day": ["*", "1", "29", "30,31", "last", "2nd fri", "5th mon", "last sun,15", "*/7"],
    "week": ["*", "1", "53", "10-20"],
    "day_of_week": ["*", "0", "mon-fri", "sat,sun", "*/3", "6"],
    "hour": ["*", "0", "23", "8-18/3", "*/6", "5/7"],
    "minute": ["*", "0", "59", "*/15", "7,38"],
    "second": ["*", "0", "30", "*/20", "59"],
}


@pytest.mark.parametrize("seed", range(60))
def test_agrees_with_apscheduler_where_the_clock_never_changes(seed: int) -> None:
    chance = random.Random(seed)
    chosen = chance.sample(sorted(CHOICES), chance.randint(1, 5))
    fields = {name: chance.choice(CHOICES[name]) for name in chosen}
    utc = parse_timezone("UTC")
    moment = datetime(2026, 1, 1, tzinfo=UTC) + timedelta(seconds=chance.randint(0, 10**8))
    theirs = CronTrigger(timezone=utc, **fields)
    try:
        ours = CronSchedule.of(fields, utc)
    except InvalidError:
        assert theirs.get_next_fire_time(None, datetime.now(UTC)) is None
        return
    for _ in range(30):
        expected = theirs.get_next_fire_time(None, moment + timedelta(microseconds=1))
        due = ours.next_after(moment)
        assert due == expected, fields
        if due is None:
            break
        moment = due


def test_unset_fields_are_lowest_when_finer_and_any_when_coarser() -> None:
    assert effective_fields({"hour": "3"}) == {
        "year": "*", "month": "*", "day": "*", "week": "*", "day_of_week": "*",
        "hour": "3", "minute": "0", "second": "0",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("field", "expression", "said"),
    [
        ("minute", "99", "'99' is out of range"),
        ("minute", "garbage", "'garbage' is not understood; minute takes 0 to 59"),
        ("hour", "22-2", "'22-2' runs backwards"),
        ("minute", "*/61", "step 61 must be between 1 and 60"),
        ("minute", "*/0", "step 0 must be"),
        ("day", "6th fri", "'6th fri' is no weekday of the month"),
        ("day_of_week", "7", "'7' is out of range"),
        ("second", "", "'' is not understood"),
        ("month", "1..3", "'1..3' is not understood"),
    ],
)
def test_a_wrong_field_is_named_with_what_it_accepts(
    field: str, expression: str, said: str
) -> None:
    with pytest.raises(InvalidError) as caught:
        compile_fields(((field, expression),))
    assert said in caught.value.fields[field]


def test_a_day_that_never_comes_is_refused() -> None:
    with pytest.raises(InvalidError, match="never comes"):
        CronSchedule.of({"month": "2", "day": "30"}, parse_timezone("UTC"))


def test_the_rarest_day_is_found() -> None:
    schedule = CronSchedule.of(
        {"month": "2", "day": "29", "day_of_week": "mon"}, parse_timezone("UTC")
    )
    due = schedule.next_after(datetime(2080, 1, 1, tzinfo=UTC))
    assert due == datetime(2112, 2, 29, tzinfo=UTC)
