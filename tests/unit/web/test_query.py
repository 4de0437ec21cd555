"""Parameters of addresses."""

from datetime import UTC, datetime
from urllib.parse import parse_qs

import pytest

from botsched.domain.execution import State
from botsched.errors import InvalidError
from botsched.web.errors import MalformedError
from botsched.web.query import Query

NOW = datetime(2026, 3, 2, 12, tzinfo=UTC)


def query(text: str) -> Query:
    parsed = parse_qs(text, keep_blank_values=True)
    return Query({name: [value.encode() for value in values] for name, values in parsed.items()})


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2026-03-01T12:00:00Z", datetime(2026, 3, 1, 12, tzinfo=UTC)),
        ("2026-03-01T12:00:00", datetime(2026, 3, 1, 12, tzinfo=UTC)),
        ("2026-03-01 12:00", datetime(2026, 3, 1, 12, tzinfo=UTC)),
        ("2026-03-01T12:00:00%2B02:00", datetime(2026, 3, 1, 10, tzinfo=UTC)),
        ("2026-03-01T12:00:00+02:00", datetime(2026, 3, 1, 10, tzinfo=UTC)),
        ("2026-03-01T12:00:00.5+0200", datetime(2026, 3, 1, 10, 0, 0, 500_000, tzinfo=UTC)),
        ("2026-03-01", datetime(2026, 3, 1, tzinfo=UTC)),
    ],
)
def test_times_are_read_with_and_without_offset(text: str, expected: datetime) -> None:
    asked = query(f"at={text}")

    assert asked.instant("at") == expected
    asked.done()


@pytest.mark.parametrize("text", ["yesterday", "2026-13-01", "12"])
def test_what_is_no_time_is_refused(text: str) -> None:
    asked = query(f"at={text}")
    assert asked.instant("at") is None
    with pytest.raises(MalformedError, match=r"at: .* is not understood; give a time such as"):
        asked.done()


@pytest.mark.parametrize("text", ["0001-01-01T00:00:00%2B05:00", "1969-12-31", "9999-12-31"])
def test_years_have_bounds(text: str) -> None:
    asked = query(f"time_range_start={text}")
    asked.time_range(NOW)
    with pytest.raises(MalformedError, match=r"time_range_start: .* a year from 1970 to 2999"):
        asked.done()


def test_the_default_range_is_the_last_24_hours() -> None:
    assert query("").time_range(NOW) == (datetime(2026, 3, 1, 12, tzinfo=UTC), None)
    assert query("time_range_end=2026-01-02").time_range(NOW) == (
        datetime(2026, 1, 1, tzinfo=UTC),
        datetime(2026, 1, 2, tzinfo=UTC),
    )
    start, _ = query("time_range_end=1970-01-01").time_range(NOW)
    assert start.year == 1969


def test_a_range_that_runs_backwards_is_refused() -> None:
    asked = query("time_range_start=2026-01-02&time_range_end=2026-01-01")
    asked.time_range(NOW)
    with pytest.raises(MalformedError, match="time_range_end: lies before time_range_start"):
        asked.done()


def test_several_states_are_chosen_with_commas() -> None:
    asked = query("state=failed, scheduled error,")
    assert asked.choices("state", State) == {State.FAILED, State.SCHEDULED_ERROR}
    asked.done()

    asked = query("state=failed,broken")
    asked.choices("state", State)
    with pytest.raises(MalformedError, match="'broken' is not understood; give some of scheduled"):
        asked.done()


@pytest.mark.parametrize("text", ["-", "1e3", "\u00b2", "\u0663", "1_0"])
def test_what_is_no_number_is_refused(text: str) -> None:
    asked = query(f"limit={text}")
    assert asked.number("limit", 1, 9) is None
    with pytest.raises(MalformedError, match="a whole number from 1 to 9"):
        asked.done()


def test_unknown_parameters_are_named_but_for_those_against_caches() -> None:
    query("_=123").done()
    with pytest.raises(MalformedError, match="stat: no such parameter; there are none"):
        query("stat=x").done()


@pytest.mark.parametrize("text", ["limit=1&limit=2", "limit=1&limit=1", "limit=1&limit="])
def test_a_parameter_given_twice_is_refused(text: str) -> None:
    asked = query(text)
    asked.paging()

    with pytest.raises(MalformedError, match="limit: is there more than once"):
        asked.done()


@pytest.mark.parametrize("text", ["1000000000", "0", "-3", "9" * 4000])
def test_a_number_out_of_range_is_told_the_range(text: str) -> None:
    asked = query(f"limit={text}")
    asked.paging()

    with pytest.raises(MalformedError, match=r"limit: .*out of range; give 1 to 10000$"):
        asked.done()


def test_the_character_nul_is_refused_by_the_name_of_its_parameter() -> None:
    with pytest.raises(InvalidError) as caught:
        query("text=a%00b&user=c&job_id=%00")

    assert sorted(caught.value.fields) == ["job_id", "text"]
