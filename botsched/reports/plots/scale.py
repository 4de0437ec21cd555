"""The scale of a plot: round numbers in four equal steps, and how they are written."""

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import count
from typing import Final

from botsched.reports.plots.item import Number

STEPS: Final = 4
_ROUND: Final = (1.0, 2.0, 2.5, 5.0)
_SMALLEST: Final = 1e-90  # less of a difference is none


@dataclass(frozen=True, slots=True)
class Scale:
    """From ``low`` upwards, in steps."""

    low: float
    step: float

    @property
    def ticks(self) -> list[float]:
        """The round numbers, from the lowest to the highest."""
        return [self.low + number * self.step for number in range(STEPS + 1)]

    def share(self, value: Number) -> float:
        """Where a number stands: 0 at the lower end of the scale, 1 at the upper one."""
        return (value - self.low) / (STEPS * self.step)


def fit(values: Sequence[Number]) -> Scale:
    """Find the finest scale for these values.

    It begins or ends at 0, unless they are far away from 0 for how much they differ.
    """
    low, high = min(values, default=0), max(values, default=0)
    span = high - low
    if low > 0 and (low <= span or not span):
        low = 0
    elif high < 0 and (-high <= span or not span):
        high = 0
    if high - low < _SMALLEST:
        high = low + 1
    return next(scale for scale in _scales(low, high) if scale.share(high) <= 1)


def fit_bars(values: Sequence[Number]) -> Scale:
    """Find the scale that ends at the outermost of these values, and holds 0."""
    low, high = min(values, default=0), max(values, default=0)
    low, high = min(low, 0), max(high, 0)
    return Scale(low, (high - low if high - low > _SMALLEST else 1) / STEPS)


def _scales(low: Number, high: Number) -> Iterator[Scale]:
    begin = math.floor(math.log10((high - low) / STEPS))
    for exponent in count(begin):
        for factor in _ROUND:
            step = factor * 10.0**exponent
            yield Scale(math.floor(low / step) * step, step)


def place_text(place: Number | str) -> str:
    """Write what stands below a value."""
    return place if isinstance(place, str) else number_text(place)


def number_text(value: Number, unit: str = "") -> str:
    """Write a number with as many digits as are of use, and its unit."""
    if isinstance(value, int) and abs(value) < 10**15:
        text = str(value)
    else:
        text = format(value, ".6g" if abs(value) < 1e6 else ".15g")
    return f"{text} {unit}" if unit else text
