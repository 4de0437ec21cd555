from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from botsched.notify.wording import (
    bad_runs,
    counted,
    duration,
    instant,
    later_instant,
    listed,
    one_line,
    ordinal,
    short_instant,
    size,
)


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


def test_characters_that_turn_others_around_are_left_out():
    assert one_line("a\u202egpj.exe\u2066\ufeffb") == "agpj.exeb"


def test_what_is_too_long_is_cut():
    assert one_line("abc  def", 7) == "abc def"
    assert one_line("abc  def", 6) == "abc d…"


def test_later_instants_of_a_day_are_short():
    paris = ZoneInfo("Europe/Paris")
    noon = datetime(2026, 3, 29, 0, 30, tzinfo=UTC)
    assert later_instant(noon + timedelta(minutes=5), noon, paris) == "01:35:00"
    summer = later_instant(noon + timedelta(hours=1), noon, paris)
    assert summer == "2026-03-29 03:30:00 +02:00 (Europe/Paris)"
    assert later_instant(noon, None, paris) == instant(noon, paris)
    assert later_instant(None, noon, paris) == ""
    assert short_instant(noon, paris) == "Sun 2026-03-29 01:30"


def test_numbers_have_their_words():
    assert [counted(n, "mail") for n in (0, 1, 2000)] == ["0 mails", "1 mail", "2,000 mails"]
    assert [bad_runs(n) for n in (1, 2)] == ["1 bad run", "2 bad runs in a row"]
    assert [ordinal(n) for n in (1, 2, 3, 4, 11, 12, 13, 21, 112)] == [
        "1st", "2nd", "3rd", "4th", "11th", "12th", "13th", "21st", "112th",
    ]  # fmt: skip


def test_lists_read_as_sentences():
    assert listed([]) == ""
    assert listed(["a"]) == "a"
    assert listed(["a", "b", "c"], "or") == "a, b or c"
    assert listed([str(n) for n in range(9)], most=3) == "0, 1 and 7 more"
