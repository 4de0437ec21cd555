import random
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from botsched.domain.crontab import CrontabSchedule
from botsched.domain.wallclock import parse_timezone
from botsched.errors import InvalidError
from botsched.moving.crontab.when import read_when

CHANCE = random.Random(7)


@pytest.mark.parametrize(
    ("text", "crontab"),
    [
        ("*/5 0 1-3 jan,FEB mon", "*/5 0 1-3 jan,feb mon"),
        ("@daily", "@daily"),
        ("@every_minute", "* * * * *"),
        ("*/60 */24 */31 */12 */7", "*/60 */24 */31 */12 */7"),
        ("01 02 03 04 05", "01 02 03 04 05"),
    ],
)
def test_what_is_the_same_here(text: str, crontab: str) -> None:
    when = read_when(text, CHANCE)
    assert (when.crontab, when.remarks) == (crontab, ())


@pytest.mark.parametrize(
    ("text", "crontab", "due"),
    [
        ("*/90 * * * *", "*/60 * * * *", ["01 00:00", "01 01:00"]),
        ("0-10/99 5 * * *", "0-10/60 5 * * *", ["01 05:00", "02 05:00"]),
        ("0 */36 * * *", "0 */24 * * *", ["01 00:00", "02 00:00"]),
        ("0 0 * * */8", "0 0 * * */7", ["03 00:00", "10 00:00"]),
        # it still begins with *, so that both days have to match: no Monday is the first soon
        ("0 0 */40 2,3 mon", "0 0 */31 2,3 mon", ["01 00:00", "01 00:00"]),
    ],
)
def test_steps_longer_than_the_field(text: str, crontab: str, due: list[str]) -> None:
    when = read_when(text, CHANCE)
    assert when.crontab == crontab
    [remark] = when.remarks
    assert "is longer than the field" in remark.text
    schedule = CrontabSchedule.of(when.crontab, parse_timezone("UTC"))
    moment, found = datetime(2027, 1, 1, tzinfo=UTC) - timedelta(seconds=1), []
    for _ in due:
        moment = schedule.next_after(moment)
        found.append(f"{moment:%d %H:%M}")
    assert found == due


@pytest.mark.parametrize(
    ("text", "first", "last"), [("0~30", 0, 30), ("~", 0, 59), ("50~", 50, 59), ("~5", 0, 5)]
)
def test_what_cron_draws_is_drawn_once(text: str, first: int, last: int) -> None:
    drawn = {
        int(read_when(f"{text} * * * *", random.Random(seed)).crontab.split()[0])
        for seed in range(50)
    }
    assert len(drawn) > 1
    assert first <= min(drawn) <= max(drawn) <= last
    [remark] = read_when(f"{text} * * * *", CHANCE).remarks
    assert f"{text!r} is drawn anew by cron" in remark.text


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("@reboot", "It names no time: cron runs it when the machine starts"),
        ("10-5 * * * *", "The minute '10-5' runs backwards"),
        ("0 0 * * fri-sun", "The day of week 'fri-sun' runs backwards"),
        ("0 0 * dec-jan *", "The month 'dec-jan' runs backwards"),
        ("0 0 1,20-10 * *", "The day of month '20-10' runs backwards"),
    ],
)
def test_what_cron_takes_and_never_runs_is_refused(text: str, why: str) -> None:
    with pytest.raises(InvalidError, match=why.replace("(", r"\(")):
        read_when(text, CHANCE)


@pytest.mark.parametrize("text", ["5#2 * * * *", "L * * * *", "60~70 * * * *", "30~10 * * * *"])
def test_what_nobody_knows_is_left_to_be_refused(text: str) -> None:
    assert read_when(text, CHANCE).crontab == text.lower()


PIECES = st.sampled_from([*"0123456789*-/,~#Lw", "jan", "mon", "sun", "99", "9" * 5000])
FIELD = st.lists(PIECES, min_size=1, max_size=6).map("".join)


@given(st.lists(FIELD, min_size=5, max_size=5).map(" ".join))
def test_whatever_the_fields_are_they_are_a_schedule_or_refused(text: str) -> None:
    try:
        CrontabSchedule.of(read_when(text, CHANCE).crontab, parse_timezone("UTC"))
    except InvalidError as error:
        assert str(error)  # noqa: PT017
