"""Until when mails wait."""

from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest

from botsched.domain.crontab import CrontabSchedule
from botsched.domain.mailforms import read_rule
from botsched.domain.mailholding import (
    LONGEST,
    MOST_JOINED,
    Held,
    day_begin,
    hold,
    next_digest,
    quiet_until,
)
from botsched.domain.mailrules import MailDefaults
from botsched.domain.why import HeldBy
from botsched.domain.window import Window, windows_kind

BRUSSELS = ZoneInfo("Europe/Brussels")
RULE = read_rule({"on": ["failure"]})


def windows(*given: tuple[str, int], zone: str = "UTC") -> tuple[Window, ...]:
    """Windows of (crontab, hours)."""
    data = [
        {"name": text, "crontab": text, "duration": hours * 3600, "timezone": zone}
        for text, hours in given
    ]
    return windows_kind().read(data) or ()


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).astimezone(UTC)


NIGHTS = windows(("0 22 * * *", 9), ("0 0 * * 6,0", 24))


@pytest.mark.parametrize(
    ("moment", "until"),
    [
        ("2027-03-01T12:00Z", "2027-03-01T12:00Z"),
        ("2027-03-01T22:00Z", "2027-03-02T07:00Z"),
        ("2027-03-02T06:59Z", "2027-03-02T07:00Z"),
        ("2027-03-02T07:00Z", "2027-03-02T07:00Z"),
        ("2027-03-05T23:00Z", "2027-03-08T07:00Z"),  # Friday night: with the week-end behind it
    ],
)
def test_quiet_hours_end_when_none_follows_at_once(moment: str, until: str) -> None:
    assert quiet_until(NIGHTS, at(moment)) == at(until)


@pytest.mark.parametrize("day", ["2027-03-28", "2027-10-31", "2027-11-01"])
def test_quiet_hours_end_by_the_clock_when_it_is_changed_meanwhile(day: str) -> None:
    night = windows(("0 22 * * *", 9), zone="Europe/Brussels")
    morning = datetime.fromisoformat(f"{day}T07:00").replace(tzinfo=BRUSSELS).astimezone(UTC)
    minute = timedelta(minutes=1)

    assert quiet_until(night, morning - 8 * 60 * minute) == morning
    assert quiet_until(night, morning - minute) == morning
    assert quiet_until(night, morning) == morning


def test_quiet_hours_between_two_moments_end_at_the_second() -> None:
    times = {"name": "x", "from": "2027-10-30T22:00", "to": "2027-10-31T07:00"}
    once = windows_kind().read([{**times, "timezone": "Europe/Brussels"}]) or ()

    assert quiet_until(once, at("2027-10-31T05:59Z")) == at("2027-10-31T06:00Z")
    assert quiet_until(once, at("2027-10-31T06:00Z")) == at("2027-10-31T06:00Z")


def test_windows_that_never_end_do_not_hold_for_ever() -> None:
    always = windows(("0 0 * * *", 24))

    assert quiet_until(always, at("2027-03-01T12:00Z")) == at("2027-03-01T12:00Z") + LONGEST


def test_of_openings_without_end_not_each_is_looked_at(monkeypatch) -> None:
    """A user may write such windows, and each mail is held within the transaction of its run."""
    looked: list[datetime] = []
    next_after = CrontabSchedule.next_after

    def counted(schedule: CrontabSchedule, moment: datetime) -> datetime | None:
        looked.append(moment)
        return next_after(schedule, moment)

    monkeypatch.setattr(CrontabSchedule, "next_after", counted)
    noon = at("2027-03-01T12:00Z")

    assert quiet_until(windows(("* * * * *", 24 * 31)), noon) == noon + LONGEST
    by_the_minute = windows_kind().read(
        [{"name": "a minute", "crontab": "* * * * *", "duration": 60}]
    )
    assert quiet_until(by_the_minute, noon) == noon + timedelta(minutes=MOST_JOINED)
    assert len(looked) < 5 * MOST_JOINED


@pytest.mark.parametrize(
    ("moment", "digest"),
    [
        ("2027-03-01T07:59+01:00", "2027-03-01T08:00+01:00"),
        ("2027-03-01T08:00+01:00", "2027-03-02T08:00+01:00"),
        ("2027-03-27T23:30+01:00", "2027-03-28T08:00+02:00"),  # the clock goes forward in between
        ("2027-02-28T23:30Z", "2027-03-01T08:00+01:00"),  # is the next day there
    ],
)
def test_the_digest_goes_out_at_its_hour_of_the_servers_zone(moment: str, digest: str) -> None:
    assert next_digest(MailDefaults(timezone=BRUSSELS), at(moment)) == at(digest)


def test_a_day_begins_at_midnight_of_the_servers_zone() -> None:
    assert day_begin(BRUSSELS, at("2027-03-01T00:30+01:00")) == at("2027-03-01T00:00+01:00")
    assert day_begin(BRUSSELS, at("2027-02-28T22:30Z")) == at("2027-02-28T00:00+01:00")


def test_what_holds_a_mail() -> None:
    noon, night = at("2027-03-01T12:00Z"), at("2027-03-01T23:00Z")
    quiet = MailDefaults(quiet=NIGHTS, digest_at=time(6))

    assert hold(RULE, quiet, noon, too_many=False) is None
    assert hold(RULE, quiet, night, too_many=False) == Held(at("2027-03-02T07:00Z"), HeldBy.QUIET)
    # a digest whose hour is quiet waits for its end
    assert hold(RULE, quiet, noon, too_many=True) == Held(at("2027-03-02T07:00Z"), HeldBy.CAP)
    loud = MailDefaults(digest_at=time(6))
    assert hold(RULE, loud, noon, too_many=True) == Held(at("2027-03-02T06:00Z"), HeldBy.CAP)


def test_a_rule_may_have_quiet_hours_of_its_own_or_none() -> None:
    noon = at("2027-03-01T12:00Z")
    always = {"name": "x", "from": "2027-01-01T00:00", "to": "2027-03-02T00:00"}
    own, none = (read_rule({"on": ["lost"], "quiet": given}) for given in ([always], []))

    assert hold(own, MailDefaults(), noon, too_many=False) == Held(
        at("2027-03-02T00:00Z"), HeldBy.QUIET
    )
    assert hold(none, MailDefaults(quiet=own.quiet or ()), noon, too_many=False) is None


def test_no_mail_is_held_for_longer_than_a_month() -> None:
    noon = at("2027-03-01T12:00Z")
    year = {"name": "x", "from": "2027-01-01T00:00", "to": "2028-01-01T00:00"}
    rule = read_rule({"on": ["lost"], "quiet": [year]})

    held = hold(rule, MailDefaults(), noon, too_many=False)
    assert held is not None
    assert held.until - noon <= timedelta(days=31)
