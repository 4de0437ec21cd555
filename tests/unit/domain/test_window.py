"""When maintenance windows are open."""

import json
from datetime import UTC, datetime, timedelta

import pytest

from botsched.domain.window import Window, window_data, windows_kind
from tests.support.values import NOW

KIND = windows_kind()
NIGHTLY = {"name": "Backup", "crontab": "0 2 * * *", "duration": 10800, "timezone": "UTC"}
ONCE = {"name": "Move", "from": "2027-03-01T10:00+00:00", "to": "2027-03-02T08:00+00:00"}


def window(**data) -> Window:
    return KIND.read([data])[0]


def at(text: str) -> datetime:
    return datetime.fromisoformat(f"2027-03-{text}Z")


TIMES = [
    ("01T00:00", "01T01:59", []),
    ("01T00:00", "01T02:00", [("01T02:00", "01T05:00")]),
    ("01T03:00", "01T04:00", [("01T02:00", "01T05:00")]),
    ("01T04:59:59.999999", "01T05:30", [("01T02:00", "01T05:00")]),
    ("01T05:00", "01T05:30", []),
    ("01T04:00", "02T03:00", [("01T02:00", "01T05:00"), ("02T02:00", "02T05:00")]),
]


@pytest.mark.parametrize(("first", "last", "times"), TIMES)
def test_a_recurring_window_is_open_from_each_instant_for_its_duration(first, last, times) -> None:
    found = window(**NIGHTLY).latest_times(at(first), at(last), 9)

    assert found == [(at(start), at(end)) for start, end in times]


def test_a_window_may_be_open_once() -> None:
    once = window(**ONCE)
    start, end = datetime(2027, 3, 1, 10, tzinfo=UTC), datetime(2027, 3, 2, 8, tzinfo=UTC)

    assert once.latest_times(NOW, NOW, 9) == [(start, end)]
    assert once.latest_times(end, end, 9) == []


def test_only_the_latest_of_very_many_times_are_given() -> None:
    often = window(name="often", crontab="* * * * *", duration=30)

    found = often.latest_times(NOW - timedelta(days=3650), NOW, 3)

    assert [start for start, _ in found] == [NOW - timedelta(minutes=ago) for ago in (2, 1, 0)]


def test_the_hour_is_that_of_the_zone_and_the_duration_is_real_time() -> None:
    brussels = window(**NIGHTLY | {"timezone": "Europe/Brussels"})
    jump = datetime(2027, 3, 28, 1, tzinfo=UTC)  # 02:00 becomes 03:00

    assert brussels.latest_times(jump, jump, 9) == [(jump, jump + timedelta(hours=3))]


@pytest.mark.parametrize("data", [NIGHTLY, ONCE | {"timezone": "UTC"}])
def test_windows_are_given_as_they_are_taken(data) -> None:
    (read,) = KIND.read([data])

    back = json.loads(json.dumps(window_data(read)))
    assert KIND.read([back]) == (read,)
    assert back.keys() == data.keys()


def test_times_without_an_offset_are_on_the_clock_of_the_zone() -> None:
    once = window(
        **{"name": "x", "from": "2027-07-01T10:00", "to": "2027-07-01T11:00"},
        timezone="Europe/Brussels",
    )

    start = datetime(2027, 7, 1, 8, tzinfo=UTC)
    assert once.latest_times(start, start, 1) == [(start, start + timedelta(hours=1))]
    assert window_data(once)["from"] == "2027-07-01T10:00:00+02:00"


def test_words_tell_all_that_may_be_changed() -> None:
    assert KIND.words(KIND.read([NIGHTLY, ONCE])) == (
        "'Backup' (0 2 * * *, 10800 s, UTC), "
        "'Move' (2027-03-01T10:00:00+00:00 to 2027-03-02T08:00:00+00:00, UTC)"
    )
    assert KIND.words(()) == "none"


def test_none_is_none() -> None:
    assert KIND.read([]) is None
    assert KIND.data(None) == []


WRONG = [
    (3, TypeError, "a list of objects or null"),
    ([3], TypeError, "a list of objects or null"),
    ([NIGHTLY] * 51, ValueError, "give at most 50"),
    ([NIGHTLY, {}], ValueError, "window 2: give name, crontab and duration"),
    ([NIGHTLY | {"crontab": "99 * * * *"}], ValueError, "window 1: crontab: minute: '99' is out"),
    ([NIGHTLY | {"timezone": "Mars/Phobos"}], ValueError, "no known time zone"),
    (
        [NIGHTLY | {"duration": 0}],
        ValueError,
        "window 1: duration: 0 is out of range; give 1 to 26784",
    ),
    ([ONCE | {"to": "9999-12-31"}], ValueError, "a year from 1970 to 2999"),
    ([NIGHTLY | {"colour": "red"}], ValueError, "window 1: colour does not go with crontab"),
    ([ONCE | {"duration": 60}], ValueError, "window 1: duration does not go with from and to"),
    ([NIGHTLY | {"duration": "60"}], ValueError, "window 1: give duration as a number of seconds"),
    ([NIGHTLY | {"timezone": 1}], ValueError, "window 1: timezone is no text"),
    ([NIGHTLY | {"name": " "}], ValueError, "window 1: give a name of 1 to 100 characters"),
    ([ONCE | {"from": "soon"}], ValueError, "window 1: 'soon' is no time"),
    ([ONCE | {"to": ONCE["from"]}], ValueError, "window 1: it ends before it begins"),
]


@pytest.mark.parametrize(("value", "error", "words"), WRONG)
def test_what_makes_no_sense_is_refused(value, error, words) -> None:
    with pytest.raises(error) as caught:
        KIND.read(value)

    assert words in str(caught.value)
