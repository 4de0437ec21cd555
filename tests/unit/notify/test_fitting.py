import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from botsched.notify.fitting import fit, most
from botsched.notify.page import weight
from botsched.reports import Code, Data, Image, List, Section, Table, Text

ITEMS = [
    Text("word & word " * 200),
    Code("<line>\n" * 200, "sh"),
    Data({"key": ["value"] * 300}),
    List([f"entry {n}" for n in range(200)], ordered=True),
    Table([(n, "x") for n in range(200)], ("n", "x"), footer=("sum", "y")),
    Table([(n, "x") for n in range(200)], ("n", "x"), [f"row {n}" for n in range(200)]),
]


def test_what_fits_stays_as_it_is():
    report = (Section("a"), *ITEMS)
    assert fit(report, weight(report) + 1, weight) == (report, True)


@pytest.mark.parametrize("item", ITEMS)
def test_of_what_does_not_fit_the_beginning_is_kept(item):
    report = (Section("a"), item, Text("behind"))
    shown, is_all = fit(report, 3_000, weight)
    assert not is_all
    assert [type(each) for each in shown][:1] == [Section]
    assert len(shown) == 2
    assert 2_500 < weight(shown) <= 3_000


def test_a_table_keeps_its_heads():
    shown, _ = fit((ITEMS[5],), 2_000, weight)
    assert shown[0].header == (None, "n", "x")
    assert shown[0].row_headers == tuple(f"row {n}" for n in range(len(shown[0].rows)))


def test_what_cannot_be_cut_is_left_out():
    assert fit((Image(b"x"), Text("y")), 10, weight) == ((), False)


@settings(suppress_health_check=list(HealthCheck), deadline=None)
@given(st.integers(0, 300), st.integers(0, 300))
def test_the_largest_that_fits_is_found(highest, limit):
    assert most(highest, lambda number: number <= limit) == min(highest, limit)
