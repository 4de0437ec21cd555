import pytest
from hypothesis import given
from hypothesis import strategies as st

from botsched.reports.plots.scale import fit, fit_bars, number_text

NUMBERS = st.integers(-(10**99), 10**99) | st.floats(-1e99, 1e99)


@pytest.mark.parametrize(
    ("values", "ticks"),
    [
        ([], [0, 0.25, 0.5, 0.75, 1]),
        ([0, 0], [0, 0.25, 0.5, 0.75, 1]),
        ([3], [0, 1, 2, 3, 4]),
        ([-3], [-3, -2, -1, 0, 1]),
        ([12, 97], [0, 25, 50, 75, 100]),
        ([0.01, 0.07], [0, 0.02, 0.04, 0.06, 0.08]),
        ([-5, 5], [-5, -2.5, 0, 2.5, 5]),
        ([98.1, 99.7], [98, 98.5, 99, 99.5, 100]),
        ([-1003, -1001], [-1003, -1002.5, -1002, -1001.5, -1001]),
        ([0, 1_000_000], [0, 250_000, 500_000, 750_000, 1_000_000]),
    ],
)
def test_scales_are_round_and_near(values, ticks):
    assert fit(values).ticks == pytest.approx(ticks)


@given(st.lists(NUMBERS, min_size=1, max_size=5))
def test_whatever_the_values_they_lie_on_the_scale(values):
    for scale in (fit(values), fit_bars(values)):
        assert all(-1e-9 <= scale.share(value) <= 1 + 1e-9 for value in values)


def test_the_scale_of_bars_holds_0_and_no_more_than_is_needed():
    assert fit_bars([12, 41]).ticks == [0, 10.25, 20.5, 30.75, 41]
    assert fit_bars([-7, -3]).ticks[-1] == 0
    assert fit_bars([-10, 30]).share(0) == 0.25


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (12, "12"),
        (12.0, "12"),
        (0.1 + 0.2, "0.3"),
        (100 / 3, "33.3333"),
        (1234567.5, "1234567.5"),
        (12345678901, "12345678901"),
        (0.000012345678, "1.23457e-05"),
        (10**90, "1e+90"),
        (-0.5, "-0.5"),
    ],
)
def test_numbers_are_short(value, text):
    assert number_text(value) == text


def test_a_unit_stands_behind():
    assert number_text(5, "GB") == "5 GB"
