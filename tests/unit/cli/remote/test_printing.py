"""Tables."""

from botsched.cli.remote.printing import Column, table

COLUMNS = (Column("name", flexible=True), Column("state"), Column("schedule", flexible=True))
ROWS = [
    ("Back up the shop database", "failed", "every day at 02:30 (Europe/Brussels)"),
    ("日本語のバックアップ", "succeeded", "once"),
    ("evil\x1b[2J", "-", ""),
]


def test_columns_are_aligned_and_whole_where_nobody_looks() -> None:
    assert list(table(COLUMNS, ROWS, None)) == [
        "NAME                       STATE      SCHEDULE",
        "Back up the shop database  failed     every day at 02:30 (Europe/Brussels)",
        "日本語のバックアップ       succeeded  once",
        "evil\\x1b[2J                -",
    ]


def test_on_a_narrow_terminal_the_widest_give_way() -> None:
    assert list(table(COLUMNS, ROWS, 50)) == [
        "NAME                STATE      SCHEDULE",
        "Back up the shop…   failed     every day at 02:30…",
        "日本語のバックア…   succeeded  once",
        "evil\\x1b[2J         -",
    ]


def test_no_column_vanishes() -> None:
    lines = list(table(COLUMNS, ROWS, 10))

    assert lines[1] == "Back up…  failed     every d…"


def test_a_table_of_nothing_has_its_headings() -> None:
    assert list(table(COLUMNS, [], 80)) == ["NAME  STATE  SCHEDULE"]
