from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from botsched.notify.wording import duration, instant, one_line, size


@pytest.mark.parametrize(
    ("seconds", "words"),
    [
        (-1, "0.00 s"),
        (0.254, "0.25 s"),
        (12.3, "12 s"),
        (59.6, "1 min 00 s"),
        (65, "1 min 05 s"),
        (3599.9, "1 h 00 min"),
        (97_380, "27 h 03 min"),
    ],
)
def test_durations_are_as_fine_as_they_are_short(seconds, words):
    assert duration(timedelta(seconds=seconds)) == words


def test_instants_show_the_offset_that_held_then():
    paris = ZoneInfo("Europe/Paris")
    winter, summer = (datetime(2026, month, 1, 12, 0, 0, 999, UTC) for month in (1, 7))
    assert instant(winter, paris) == "2026-01-01 13:00:00 +01:00 (Europe/Paris)"
    assert instant(summer, paris) == "2026-07-01 14:00:00 +02:00 (Europe/Paris)"
    assert instant(None, paris) == ""


def test_sizes_are_short():
    assert [size(n) for n in (1, 999, 1000, 5_000_000)] == [
        "1 byte",
        "999 bytes",
        "1.0 kB",
        "5.0 MB",
    ]


def test_all_white_space_is_folded():
    assert one_line(" a\r\n b\t\x0bc\u2028d ") == "a b c d"
