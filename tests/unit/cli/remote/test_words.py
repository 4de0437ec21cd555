"""Times, and texts as a terminal takes them."""

from datetime import UTC, datetime

import pytest

from botsched.cli.remote import words

NOW = datetime(2027, 3, 1, 12, tzinfo=UTC)


@pytest.mark.parametrize(
    ("time", "short", "brief", "full"),
    [
        (None, "-", "-", "-"),
        ("2027-03-01T11:58:55+00:00", "11:58:55", "11:58", "11:58:55 UTC (1 min 05 s ago)"),
        ("2027-03-01T22:30:00+00:00", "22:30:00", "22:30", "22:30:00 UTC (in 10 h 30 min)"),
        ("2027-02-27T11:00:00+01:00", "Feb 27 10:00", "Feb 27", "10:00:00 UTC (2 days ago)"),
        ("2030-03-01T12:00:00+00:00", "2030-03-01", "2030-03-01", "12:00:00 UTC (in 1096 days)"),
    ],
)
def test_a_time_is_as_short_as_it_can_be(utc, time, short, brief, full) -> None:
    assert words.short(time, NOW) == short
    assert words.brief(time, NOW) == brief
    assert words.full(time, NOW) == (f"{time[:10]} {full}" if time else full)


@pytest.mark.parametrize(
    ("text", "width", "cut"),
    [
        ("backup", 6, "backup"),
        ("backups", 6, "backu…"),
        ("back up", 6, "back…"),
        ("日本語", 6, "日本語"),
        ("日本語です", 6, "日本…"),
        ("e\u0301e\u0301e\u0301", 3, "e\u0301e\u0301e\u0301"),
    ],
)
def test_a_text_is_cut_by_the_columns_that_it_takes(text: str, width: int, cut: str) -> None:
    assert words.cut(text, width) == cut
    assert words.width(cut) <= width
