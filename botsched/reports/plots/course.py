"""The course of a series: where its points stand in a square of side 1, and where it is broken."""

from collections.abc import Iterator, Sequence
from itertools import groupby, pairwise
from typing import TypeAlias

from botsched.reports.plots.item import Number, Plot, Series
from botsched.reports.plots.scale import Scale

Point: TypeAlias = tuple[float, float]
Stretch: TypeAlias = Sequence[Point]
"""Points without a gap between them, from left to right."""


def stretches(plot: Plot, series: Series, scale: Scale) -> list[list[Point]]:
    """Give the stretches of a series; (0, 0) is the left lower corner."""
    points = zip(_across(plot), series.values, strict=True)
    return [
        [(x, scale.share(value)) for x, value in group if value is not None]
        for is_there, group in groupby(points, key=lambda point: point[1] is not None)
        if is_there
    ]


def thinned(stretch: Stretch, parts: int) -> list[Point]:
    """Keep, of the points within each of so many parts of the width, the outermost ones."""
    if len(stretch) <= parts:
        return list(stretch)
    kept: list[Point] = []
    for _, group in groupby(stretch, key=lambda point: min(int(point[0] * parts), parts - 1)):
        points = list(group)
        kept += sorted({min(points, key=_height), max(points, key=_height)})
    return kept


def sampled(drawn: Sequence[Stretch], columns: int) -> Iterator[float | None]:
    """Give the height in each column: that of the highest point there, else of the line."""
    for column in range(columns):
        left, right = column / columns, (column + 1) / columns
        inside = [
            y for stretch in drawn for x, y in stretch if left <= x < right or x == right == 1
        ]
        yield max(inside) if inside else _between(drawn, (left + right) / 2)


def _across(plot: Plot) -> list[float]:
    count = len(plot.x)
    places: Sequence[Number] = plot.x if plot.has_numeric_x else range(count)  # type: ignore[assignment]
    span = places[-1] - places[0] if count else 0
    return [(place - places[0]) / span if span else 0.5 for place in places]


def _between(drawn: Sequence[Stretch], place: float) -> float | None:
    for stretch in drawn:
        for (x0, y0), (x1, y1) in pairwise(stretch):
            if x0 <= place < x1:
                return y0 + (y1 - y0) * (place - x0) / (x1 - x0)
    return None


def _height(point: Point) -> float:
    return point[1]
