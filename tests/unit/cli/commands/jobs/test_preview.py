import json

import pytest

from tests.unit.cli.conftest import Bots

SPRING = ("--timezone", "Europe/Brussels", "--from", "2027-03-28", "--count", "2")


def test_a_schedule_is_said_and_looked_ahead(bots: Bots) -> None:
    ended = bots("jobs", "preview", "--crontab", "30 2 * * *", *SPRING)

    assert (ended.code, ended.err) == (0, "")
    assert ended.out.splitlines() == [
        "every day at 02:30 (Europe/Brussels)",
        "",
        "Sun 2027-03-28 03:00:00+02:00  2027-03-28 01:00:00Z",
        "    The clock skips 02:30:00; due once, at the jump.",
        "Mon 2027-03-29 02:30:00+02:00  2027-03-29 00:30:00Z",
    ]


def test_all_forms_make_one_schedule(bots: Bots) -> None:
    ended = bots(
        *("jobs", "preview", "--crontab", "@daily", "--cron", "hour=3 day=2nd fri,last minute=5"),
        *("--ecs", "0 15 2 * * last_sun", "--every", "1 day", "--anchor", "2027-01-01T09:00"),
        *("--at", "2090-01-01T10:00", "--start-date", "2027-01-01", "--end-date", "2099-01-01"),
        *("--jitter", "60", "--json", *SPRING),
    )

    shown = json.loads(ended.out)
    assert shown["schedule"] == (
        "every day at 00:00; at 03:05 on the 2nd Friday and the last day of the month; "
        "at 02:15 on the last Sunday of the month; every day at 09:00; "
        "once, at 2090-01-01 10:00:00 (Europe/Brussels), from 2027-01-01 00:00:00, "
        "until 2099-01-01 00:00:00, each up to 60 s later"
    )
    assert [set(each) for each in shown["next"]] == [{"local", "utc", "remark"}] * 2


@pytest.mark.parametrize(
    ("arguments", "code", "said"),
    [
        ((), 2, "Give a schedule: --crontab, --cron, --ecs, --every or --at."),
        (("--cron", "hour"), 2, "--cron 'hour': write for example"),
        (("--cron", "x hour=3"), 2, "--cron 'x hour=3': write for example"),
        (("--every", "soon"), 2, "--every 'soon': write for example"),
        (("--every", "3 weeks"), 2, "every: unit 'weeks' is unknown"),
        (("--at", "soon"), 2, "'soon' is no time; write for example"),
        (("--crontab", "61 * * * *"), 2, "'61' is out of range"),
        (("--crontab", "@daily", "--timezone", "Mars"), 2, "'Mars' is no known time zone"),
        (("--crontab", "@daily", "--end-date", "2001-01-01"), 2, "end_date: 2001-01-01T00:00:00"),
        (("--crontab", "@daily", "--from", "9999-12-31"), 2, "a year from 1970 to 2999."),
        (("--crontab", "@daily", "--anchor", "2027-01-01"), 2, "--every is counted from"),
        (("--crontab", "@daily", "--count", "1001"), 2, "1001 is not in the range"),
    ],
)
def test_what_is_wrong_is_one_line(
    bots: Bots, arguments: tuple[str, ...], code: int, said: str
) -> None:
    ended = bots("jobs", "preview", *arguments)

    assert ended.code == code
    assert ended.err.count("\n") == 1
    assert said in ended.err
