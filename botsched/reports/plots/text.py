"""Plots as plain text, drawn with block characters."""

from collections.abc import Iterator, Sequence
from typing import Final

from botsched.reports.clean import clean
from botsched.reports.columns import display_width
from botsched.reports.plots.course import sampled, stretches
from botsched.reports.plots.item import Number, Plot
from botsched.reports.plots.scale import STEPS, Scale, fit, fit_bars, number_text, place_text
from botsched.reports.plots.words import EMPTY

_EIGHTHS: Final = " ▏▎▍▌▋▊▉█"
_HEIGHTS: Final = " ▁▂▃▄▅▆▇█"
_ROWS: Final = 2 * STEPS
_WIDEST: Final = 64
_NARROWEST: Final = 8
_LABEL: Final = 24


def plot_lines(plot: Plot, width: int) -> list[str]:
    """Draw a plot in lines of at most ``width`` columns, or a little more where that is little."""
    head = [_one_line(plot.title)] if plot.title else []
    if not plot.numbers:
        return [*head, EMPTY]
    is_bars = plot.kind == "bars"
    drawn = _bars(plot, width) if is_bars else _lines(plot, fit(plot.numbers), width)
    return [*head, *(line.rstrip() for line in drawn)]


def _bars(plot: Plot, width: int) -> Iterator[str]:
    scale, most = fit_bars(plot.numbers), _longest_label(width)
    names = [_short(each.name, most) for each in plot.series]
    labels = [_short(place_text(place), most) for place in plot.x]
    columns = [max(map(display_width, column)) for column in (labels, names)]
    values = max(display_width(_value(value, plot)) for value in plot.numbers)
    room = min(max(width - sum(columns) - values - 5, _NARROWEST), _WIDEST)
    for index, label in enumerate(labels):
        for name, series in zip(names, plot.series, strict=True):
            begin = [_pad(label if series is plot.series[0] else "", columns[0])]
            begin += [_pad(name, columns[1])] if columns[1] else []
            value = series.values[index]
            bar = "" if value is None else f"{_bar(value, scale, room)} {_value(value, plot)}"
            yield "  ".join([*begin, bar])


def _bar(value: Number, scale: Scale, room: int) -> str:
    zero, end = round(scale.share(0) * room), scale.share(value) * room
    if value < 0:
        begin = min(round(end), zero - 1)
        return " " * begin + "█" * (zero - begin)
    whole, part = divmod(max(round(8 * (end - zero)), 1 if value else 0), 8)
    return " " * zero + "█" * whole + _EIGHTHS[part].strip()


def _lines(plot: Plot, scale: Scale, width: int) -> Iterator[str]:
    low, _, middle, _, high = (_value(tick, plot) for tick in scale.ticks)
    marks = {_ROWS - 1: high, _ROWS // 2 - 1: middle, 0: low}
    margin = max(map(display_width, marks.values()))
    room = min(max(width - margin - 2, _NARROWEST), _WIDEST)
    for series in plot.series:
        if series.name:
            yield _short(series.name, width)
        heights = list(sampled(stretches(plot, series, scale), room))
        for row in reversed(range(_ROWS)):
            mark = marks.get(row, "")
            yield f"{' ' * (margin - display_width(mark))}{mark} ┤{_row(heights, row)}"
    yield " " * (margin + 2) + _ends(plot, room)


def _row(heights: Sequence[float | None], row: int) -> str:
    """One of the rows of columns, of which each is filled as far as its height says."""
    filled = ((height or 0) * _ROWS - row for height in heights)
    eighths = (
        max(min(round(8 * part), 8), 0 if row or height is None else 1)
        for part, height in zip(filled, heights, strict=True)
    )
    return "".join(_HEIGHTS[part] for part in eighths)


def _ends(plot: Plot, room: int) -> str:
    first, last = (_short(place_text(place), room // 2 - 1) for place in (plot.x[0], plot.x[-1]))
    if len(plot.x) == 1:
        return first
    return first + " " * (room - display_width(first) - display_width(last)) + last


def _value(value: Number, plot: Plot) -> str:
    return number_text(value, _one_line(plot.unit))


def _longest_label(width: int) -> int:
    return min(max(width // 4, _NARROWEST), _LABEL)


def _pad(text: str, width: int) -> str:
    return text + " " * (width - display_width(text))


def _short(text: str, most: int) -> str:
    text = _one_line(text)
    if display_width(text) <= most:
        return text
    while display_width(text) >= most:
        text = text[:-1]
    return f"{text}…"


def _one_line(text: str) -> str:
    return " ".join(clean(text).split())
