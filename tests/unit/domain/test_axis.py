"""Due instants on the axis: one by one, or as bands."""

from datetime import timedelta

from botsched.domain.axis import SLOTS, Due, due_between
from tests.support.values import NOW, cron

HOUR, MINUTE = timedelta(hours=1), timedelta(minutes=1)


def test_few_instants_are_told_one_by_one() -> None:
    dues = due_between(cron(minute="*/30"), NOW, NOW + HOUR, HOUR / SLOTS)

    assert dues == [Due(NOW + n * MINUTE, NOW + n * MINUTE) for n in (0, 30, 60)]


def test_few_instants_are_told_one_by_one_however_near_each_other() -> None:
    dues = due_between(cron(second="*/5", minute="0"), NOW, NOW + MINUTE, 24 * HOUR / SLOTS)

    assert [due.count for due in dues] == [1] * 12


def test_an_instant_a_second_is_one_band() -> None:
    dues = due_between(cron(second="*", minute="*"), NOW, NOW + HOUR, HOUR / SLOTS)

    assert [(due.start, due.count) for due in dues] == [(NOW, 3601)]
    assert NOW + HOUR - timedelta(seconds=1) <= dues[0].end <= NOW + HOUR


def test_a_band_ends_where_nothing_is_due() -> None:
    schedule = cron(second="*", minute="0-4")

    dues = due_between(schedule, NOW, NOW + 6 * HOUR, 6 * HOUR / SLOTS)

    assert [due.start for due in dues] == [NOW + n * HOUR for n in range(7)]
    assert [due.count for due in dues] == [300] * 6 + [1]


def test_no_instant_is_lost_in_bands() -> None:
    schedule = cron(minute="*/3", hour="8-17", day_of_week="mon-fri")
    last = NOW + 7 * 24 * HOUR

    dues = due_between(schedule, NOW, last, (last - NOW) / SLOTS)

    assert sum(due.count for due in dues) == schedule.count(NOW, last)
    assert all(due.start <= due.end for due in dues)


def test_instants_too_far_apart_for_bands_stay_single() -> None:
    last = NOW + 100 * HOUR

    dues = due_between(cron(hour="*", minute="0"), NOW, last, (last - NOW) / SLOTS)

    assert [due.count for due in dues] == [1] * 101


def test_nothing_is_due_in_a_period_that_is_over() -> None:
    assert due_between(cron(minute="*"), NOW, NOW - MINUTE, MINUTE) == []
