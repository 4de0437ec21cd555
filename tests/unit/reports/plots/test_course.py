import random

from botsched.reports import Plot
from botsched.reports.plots.course import sampled, stretches, thinned
from botsched.reports.plots.scale import fit


def course(plot):
    return stretches(plot, plot.series[0], fit(plot.numbers))


def test_texts_are_evenly_spread():
    assert course(Plot([0, 4, 2], ["a", "b", "z"])) == [[(0, 0), (0.5, 1), (1, 0.5)]]


def test_numbers_stand_at_their_places():
    assert course(Plot([0, 4, 2], [10, 11, 20])) == [[(0, 0), (0.1, 1), (1, 0.5)]]


def test_one_point_stands_in_the_middle():
    assert course(Plot([4])) == [[(0.5, 1)]]
    assert course(Plot([4, 4], [7, 7])) == [[(0.5, 1), (0.5, 1)]]


def test_a_gap_breaks_the_line():
    assert course(Plot([None, 4, None, None, 2, 0])) == [[(0.2, 1)], [(0.8, 0.5), (1, 0)]]


def test_of_many_points_the_outermost_are_kept_in_order():
    drawn = random.Random(3)
    points = [(n / 999, drawn.random()) for n in range(1000)]
    points[500] = (points[500][0], 2.0)
    kept = thinned(points, 10)
    assert kept == sorted(kept)
    assert len(kept) <= 20
    assert points[500] in kept
    assert min(points, key=lambda point: point[1]) in kept
    assert thinned(points, 1000) == points


def test_columns_show_peaks_and_what_lies_between_points():
    assert list(sampled([[(0, 0), (1, 1)]], 4)) == [0, 0.375, 0.625, 1]
    assert next(iter(sampled([[(0, 0.2), (0.01, 1), (0.02, 0.1), (1, 0)]], 2))) == 1
    assert list(sampled([[(0, 1)], [(1, 1)]], 3)) == [1, None, 1]
