"""A plot as a frozen value, checked when it is made."""

import math
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from itertools import pairwise
from numbers import Integral, Real
from typing import Final, TypeAlias

from botsched.reports.checks import kind as kind_of
from botsched.reports.checks import require_text

KINDS: Final = ("lines", "bars")
MOST_SERIES: Final = 6  # as many as there are colours that can be told apart
MOST_VALUES: Final = 10_000
MOST_BARS: Final = 60
LARGEST: Final = 1e100  # differences of larger ones would not be numbers any more

Number: TypeAlias = int | float
Values: TypeAlias = Iterable[Real | float | None]
Place: TypeAlias = str | Real | float | date


@dataclass(frozen=True, slots=True)
class Series:
    """Numbers that belong together; None where one is missing."""

    name: str
    values: tuple[Number | None, ...]


@dataclass(frozen=True, slots=True, init=False)
class Plot:
    """Numbers drawn as lines, or as bars; ``x`` says what each of them belongs to.

    ``x`` holds numbers, in ascending order for lines, or texts only.
    """

    series: tuple[Series, ...]
    x: tuple[Number | str, ...]
    kind: str
    title: str
    unit: str

    def __init__(
        self,
        series: Values | Mapping[str, Values] | tuple[Series, ...],
        x: Iterable[Place] | None = None,
        kind: str = "lines",
        title: str = "",
        unit: str = "",
    ) -> None:
        """Take one list of numbers, or several by their names.

        Without ``x`` they are counted from 1. NaN and the infinities count as missing.
        """
        if kind not in KINDS:
            raise ValueError(
                f"Plot: kind must be {' or '.join(map(repr, KINDS))}, not {kind!r:.80}"
            )
        require_text(self, "title", title)
        require_text(self, "unit", unit)
        drawn = tuple(_series(series))
        count = max((len(each.values) for each in drawn), default=0)
        places = tuple(range(1, count + 1)) if x is None else _places(x)
        for field, value in zip(self.__slots__, (drawn, places, kind, title, unit), strict=True):
            object.__setattr__(self, field, value)
        _check(self)

    @property
    def numbers(self) -> list[Number]:
        """All numbers that are there."""
        return [value for each in self.series for value in each.values if value is not None]

    @property
    def has_numeric_x(self) -> bool:
        """Whether what ``x`` holds are numbers."""
        return all(not isinstance(place, str) for place in self.x)


def _series(given: object) -> Iterator[Series]:
    if isinstance(given, Mapping):
        for name, values in given.items():
            yield _one_series(name, values)
        return
    parts = tuple(_iterate(given, "series"))
    if any(isinstance(part, Series) for part in parts):
        for part in parts:
            yield _one_series(part.name, part.values)  # type: ignore[attr-defined]
    elif parts:
        yield _one_series("", parts)


def _one_series(name: object, values: object) -> Series:
    if not isinstance(name, str):
        raise TypeError(f"Plot: the name of a series must be a string, not {kind_of(name)}")
    field = f"series {name!r:.80}" if name else "series"
    parts = enumerate(_iterate(values, field), 1)
    return Series(name, tuple(_number(part, f"{field}, value {place}") for place, part in parts))


def _places(given: object) -> tuple[Number | str, ...]:
    places = [_place(part, number) for number, part in enumerate(_iterate(given, "x"), 1)]
    if any(isinstance(place, str) for place in places):
        return tuple(map(str, places))
    return tuple(places)


def _place(given: object, number: int) -> Number | str:
    if isinstance(given, str | date):
        return str(given)
    place = _number(given, f"x, value {number}")
    if place is None:
        raise ValueError(f"Plot: x, value {number} is missing; give a text or a number")
    return place


def _number(given: object, field: str) -> Number | None:
    if given is None:
        return None
    if isinstance(given, bool) or not isinstance(given, Real):
        raise TypeError(
            f"Plot: {field} must be a number or None, not {kind_of(given)}; use float(...)"
        )
    if isinstance(given, Integral):
        number: Number = int(given)
    else:
        number = float(given)
    if not isinstance(number, int) and not math.isfinite(number):
        return None
    if abs(number) > LARGEST:
        raise ValueError(f"Plot: {field} is larger than {LARGEST:g}")
    return number


def _iterate(value: object, field: str) -> Iterable[object]:
    if isinstance(value, str | bytes | Mapping) or not isinstance(value, Iterable):
        raise TypeError(f"Plot: {field} must be a list, not {kind_of(value)}")
    return value


def _check(plot: Plot) -> None:
    if len(plot.series) > MOST_SERIES:
        raise ValueError(
            f"Plot: at most {MOST_SERIES} series can be told apart, not {len(plot.series)};"
            " make several plots"
        )
    for each in plot.series:
        if len(each.values) != len(plot.x):
            name = f"series {each.name!r:.80}" if each.name else "the series"
            raise ValueError(
                f"Plot: {name} has {len(each.values)} values, but x has {len(plot.x)};"
                " write None where one is missing"
            )
    most = MOST_BARS if plot.kind == "bars" else MOST_VALUES
    if (count := len(plot.series) * len(plot.x)) > most:
        cure = "use kind='lines'" if plot.kind == "bars" else "leave some out"
        raise ValueError(f"Plot: {plot.kind} are for at most {most} values, not {count}; {cure}")
    if plot.kind == "lines" and plot.has_numeric_x and any(b < a for a, b in pairwise(plot.x)):  # type: ignore[operator]
        raise ValueError("Plot: the numbers in x must ascend; sort them, or make texts of them")
