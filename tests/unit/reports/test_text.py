from textwrap import dedent

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from botsched.reports import (
    Code,
    Data,
    Image,
    List,
    Section,
    Subsection,
    Table,
    Text,
    Title,
    render_text,
)
from botsched.reports.columns import display_width


def shown(*report, width=78):
    return render_text(report, width).split("\n")


@given(st.data())
@settings(deadline=None)
def test_any_report_renders_to_text_that_can_be_sent(any_report, data):
    text = render_text(data.draw(any_report))
    text.encode()
    assert "\x1b" not in text
    assert "\r" not in text


def test_headings_are_underlined_and_parted_by_blank_lines():
    lines = shown(Title("Disks"), Section("One"), Subsection("日本"), Text("x"))
    assert lines == ["Disks", "=====", "", "One", "---", "", "日本", "~~~~", "", "x"]


def test_a_line_below_a_long_word_is_no_wider_than_the_text():
    assert shown(Title("w" * 50), width=40) == ["w" * 50, "=" * 40]


def test_paragraphs_are_wrapped_and_line_breaks_kept():
    lines = shown(Text("word " * 30 + "\nnew line\n\nnew paragraph"))
    assert max(map(len, lines)) <= 78
    assert lines[-3:] == ["new line", "", "new paragraph"]


def test_long_addresses_are_not_cut():
    address = "https://example.org/" + "a-b" * 40
    assert address in shown(Text(f"See {address} there"))


def test_code_and_data_are_indented_and_untouched():
    assert shown(Code("if x:\n    y()\n")) == ["    if x:", "        y()"]
    assert shown(Data([1])) == ["    [", "      1", "    ]"]


def test_an_image_is_named():
    assert shown(Image(b"x", alt="load curve")) == ["[image: load curve]"]
    assert shown(Image(b"x")) == ["[image: image/png]"]


def test_an_image_elsewhere_is_named_with_its_address():
    address = "https://example.org/a.png"
    assert shown(Image(address, "load")) == [f"[image: load] {address}"]
    assert shown(Image(address)) == [f"[image: elsewhere] {address}"]


@pytest.mark.parametrize(
    ("tag", "lines"),
    [
        ("h1", ["a", "", "b", "="]),
        ("pre", ["    a", "", "    b"]),
        ("blockquote", ["> a", ">", "> b"]),
        ("strong", ["*a", "", "b*"]),
        ("em", ["_a", "", "b_"]),
        ("p", ["a", "", "b"]),
    ],
)
def test_text_tells_its_tag(tag, lines):
    assert shown(Text("a\n\nb", tag)) == lines


def test_lists_nest():
    lines = shown(List(["a", ["b", List(["c\nd", List(["e"])], ordered=True)], None]))
    assert lines == ["- a", "- b", "  1. c", "     d", "  2. - e", "-"]


def test_numbers_of_long_lists_line_up():
    lines = shown(List(range(10), ordered=True))
    assert lines[0] == " 1. 0"
    assert lines[9] == "10. 9"


def test_tables_are_aligned_with_numbers_to_the_right():
    table = Table([("/", 7, "ok"), ("/home/日本", 1234, List(["a", "b"]))], ("path", "MB", ""))
    assert shown(table) == dedent("""\
        path          MB
        ----------  ----  ---
        /              7  ok
        /home/日本  1234  - a
                          - b""").split("\n")


def test_a_table_has_headers_of_rows_and_footers_of_columns():
    table = Table([[443, "open"], [8080, "closed"]], ["port", ""], ["www", "db"], [2, "ports"])
    assert shown(table) == dedent("""\
             port
        ---  ----  ------
        www   443  open
        db   8080  closed
        ---  ----  ------
                2  ports""").split("\n")
    assert shown(Table([["a"]], None, None, ["b"])) == ["a", "-", "b"]


def test_row_headers_and_footers_are_records_where_the_width_is_short():
    table = Table([["long " * 20] * 9], [f"name{n}" for n in range(9)], ["www"], range(9))
    lines = shown(table, width=40)
    assert lines[:2] == ["- www", "name0:"]
    assert lines[-10:-7] == ["-", "name0: 0", "name1: 1"]


@pytest.mark.parametrize(
    "text",
    ["日本" * 60, "日本 sakura " * 9, "x" * 100 + "日本" * 9, "🎉" * 99],
    ids=["all", "words", "end", "pictures"],
)
def test_cells_of_wide_characters_leave_the_others_in_line(text):
    lines = shown(Table([("a word or two " * 6, text, "end")], ("one", "two", "three")), width=60)
    rule = lines[1]
    ends = [index for index, sign in enumerate(rule) if rule[index : index + 3] == "-  "]
    assert max(map(display_width, lines)) <= 60
    for line in lines:
        columns = "".join(sign * display_width(sign) for sign in line).ljust(60)
        assert all(columns[end + 1 : end + 3] == "  " for end in ends)


def test_a_table_that_is_too_wide_wraps_its_widest_cells():
    lines = shown(Table([("short", "word " * 30, "x" * 60)], ("a", "b", "c")))
    assert max(map(len, lines)) <= 78
    assert lines[2].startswith("short  word word")


def test_a_table_of_too_many_columns_is_shown_record_by_record():
    rows = [[f"value {n}" for n in range(12)], ["long " * 30] * 12]
    lines = shown(Table(rows, [f"name{n}" for n in range(12)]))
    assert lines[:2] == ["name0: value 0", "name1: value 1"]
    assert lines[12:15] == ["", "name0:", "    " + "long " * 14 + "long"]
    assert max(map(len, lines)) <= 78


def test_an_empty_table_shows_its_header_or_nothing():
    assert shown(Table([], ("a", "b"))) == ["a  b", "-  -"]
    assert render_text((Table([]),)) == ""
