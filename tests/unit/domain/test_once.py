from datetime import UTC, datetime, timedelta

from botsched.domain.once import OnceSchedule
from botsched.domain.wallclock import parse_timezone

AT = datetime(2027, 6, 1, 12, tzinfo=UTC)
SCHEDULE = OnceSchedule(AT, parse_timezone("UTC"))


def test_due_at_its_instant_and_never_again() -> None:
    assert SCHEDULE.next_after(AT - timedelta(seconds=1)) == AT
    assert SCHEDULE.next_after(AT) is None


def test_counted_and_found_within_a_span_only() -> None:
    later = AT + timedelta(hours=1)
    assert SCHEDULE.count(AT, later) == 1
    assert SCHEDULE.count(later, later) == 0
    assert SCHEDULE.last_until(later, AT) == AT
    assert SCHEDULE.last_until(later, later) is None
