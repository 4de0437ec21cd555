"""How far a run is, as its job tells it."""

import math
from collections.abc import Callable

from botsched.job.trace import one_line

MAX_TEXT = 255

Teller = Callable[[float | None, str], None]
"""Is told a fraction from 0 to 1, None where nobody can say, and what the job is doing."""


def checked(fraction: float | None, text: str) -> tuple[float | None, str]:
    """What was told, within its bounds: an estimate may well be passed.

    Raises TypeError or ValueError for a fraction that is no number.
    """
    if fraction is not None:
        fraction = _number(fraction)
        if math.isnan(fraction):
            raise ValueError("progress: the fraction must be a number from 0 to 1, not nan")
        fraction = min(max(fraction, 0.0), 1.0)
    return fraction, one_line(str(text))[:MAX_TEXT]


def _number(value: object) -> float:
    if not isinstance(value, int | float) or isinstance(value, bool):
        kind = type(value).__name__
        raise TypeError(f"progress: the fraction must be a number from 0 to 1, not {kind}")
    return float(value)
