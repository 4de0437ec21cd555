from datetime import date, datetime
from decimal import Decimal
from fractions import Fraction

import pytest

from botsched.reports import Plot
from botsched.reports.plots.item import Series


def test_one_list_is_a_series_without_a_name_counted_from_1():
    plot = Plot(n * n for n in (1, 2, 3))
    assert plot.series == (Series("", (1, 4, 9)),)
    assert (plot.x, plot.kind, plot.title, plot.unit) == ((1, 2, 3), "lines", "", "")


def test_several_series_have_names():
    plot = Plot({"in": [1, 2], "out": (3, None)}, ["a", "b"], "bars", title="Mails", unit="mails")
    assert plot.series == (Series("in", (1, 2)), Series("out", (3, None)))
    assert plot.numbers == [1, 2, 3]


def test_a_plot_may_be_without_values():
    assert Plot([]).series == Plot({}).series == ()
    assert Plot({"a": []}).x == ()


@pytest.mark.parametrize("gap", [None, float("nan"), float("inf"), -float("inf")])
def test_what_is_no_number_is_a_gap(gap):
    assert Plot([1, gap]).series[0].values == (1, None)


def test_numbers_of_other_kinds_become_plain_ones():
    values = Plot([Fraction(1, 2)]).series[0].values
    assert (values, type(values[0])) == ((0.5,), float)


def test_days_and_times_become_texts():
    assert Plot([1, 2], [date(2026, 3, 1), datetime(2026, 3, 1, 8, 30)]).x == (
        *("2026-03-01", "2026-03-01 08:30:00"),
    )


def test_one_text_makes_texts_of_all_places():
    plot = Plot([1, 2], [2026, "now"])
    assert (plot.x, plot.has_numeric_x) == (("2026", "now"), False)
    assert Plot([1, 2], [2, 2.5]).has_numeric_x


@pytest.mark.parametrize(
    ("make", "error", "words"),
    [
        (lambda: Plot(5), TypeError, "Plot: series must be a list, not int"),
        (lambda: Plot("12"), TypeError, "Plot: series must be a list, not str"),
        (lambda: Plot([1, "2"]), TypeError, "series, value 2 must be a number or None, not str"),
        (lambda: Plot([True]), TypeError, "series, value 1 must be a number or None, not bool"),
        (lambda: Plot([Decimal(1)]), TypeError, "not Decimal; use float(...)"),
        (lambda: Plot([[1]]), TypeError, "series, value 1 must be a number or None, not list"),
        (lambda: Plot({"a": 5}), TypeError, "Plot: series 'a' must be a list, not int"),
        (lambda: Plot({1: [5]}), TypeError, "the name of a series must be a string, not int"),
        (lambda: Plot({"a": [1], "b": [1, 2]}), ValueError, "series 'a' has 1 values, but x has 2"),
        (lambda: Plot([1, 2], ["a"]), ValueError, "the series has 2 values, but x has 1"),
        (lambda: Plot([1], [None]), ValueError, "x, value 1 is missing; give a text or a number"),
        (lambda: Plot([1], [b"a"]), TypeError, "x, value 1 must be a number or None, not bytes"),
        (lambda: Plot([1], 7), TypeError, "Plot: x must be a list, not int"),
        (lambda: Plot([1, 2], [3, 2]), ValueError, "the numbers in x must ascend; sort them"),
        (lambda: Plot([10**101]), ValueError, "series, value 1 is larger than 1e+100"),
        (lambda: Plot([1], kind="pie"), ValueError, "kind must be 'lines' or 'bars', not 'pie'"),
        (lambda: Plot([1], title=5), TypeError, "Plot: title must be a string, not int"),
        (lambda: Plot([1], unit=None), TypeError, "Plot: unit must be a string, not None"),
        (lambda: Plot({str(n): [1] for n in range(7)}), ValueError, "at most 6 series can be told"),
        (lambda: Plot([1] * 61, kind="bars"), ValueError, "at most 60 values, not 61; use kind="),
        (lambda: Plot([1] * 10_001), ValueError, "at most 10000 values, not 10001; leave some out"),
    ],
)
def test_something_unusable_is_refused_when_the_plot_is_made(make, error, words):
    with pytest.raises(error) as caught:
        make()
    assert words in str(caught.value)


def test_bars_need_no_order():
    assert Plot([1, 2], [2, 1], "bars").x == (2, 1)
