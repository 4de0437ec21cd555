"""Plots as HTML that every mail reader shows: tables, a picture for lines, and all text as text."""

from collections.abc import Callable
from html import escape
from typing import Final

from botsched.reports.clean import clean
from botsched.reports.image import Image
from botsched.reports.plots.item import Number, Plot
from botsched.reports.plots.picture import COLOURS, HEIGHT, WIDTH, picture
from botsched.reports.plots.scale import Scale, fit, fit_bars, number_text, place_text
from botsched.reports.plots.words import EMPTY

_TABLE: Final = (
    '<table role="presentation" cellpadding="0" cellspacing="0" border="0" width="100%"'
    f' style="border-collapse:collapse;max-width:{WIDTH + 80}px;margin:{{margin}}">'
)
_SMALL: Final = "font-size:12px;line-height:16px"
_BAR: Final = "height:14px;font-size:1px;line-height:14px"


def render_plot(plot: Plot, image_src: Callable[[Image], str]) -> str:
    """Render a block; ``image_src`` gives the address of the picture."""
    head = f'<div style="font-weight:600">{_text(plot.title)}</div>' if plot.title else ""
    if not plot.numbers:
        drawn = f"<div>{EMPTY}</div>"
    elif plot.kind == "bars":
        drawn = _bars(plot, fit_bars(plot.numbers))
    else:
        drawn = _lines(plot, fit(plot.numbers), image_src)
    return f'<div style="margin:8px 0 16px">{head}{drawn}{_legend(plot)}</div>'


def _lines(plot: Plot, scale: Scale, image_src: Callable[[Image], str]) -> str:
    low, _, middle, _, high = scale.ticks
    image = picture(plot, scale)
    shown = (
        f'<img src="{escape(image_src(image))}" alt="{_text(image.alt)}" width="{WIDTH}"'
        f' height="{HEIGHT}" style="display:block;width:100%;height:{HEIGHT}px;border:0">'
    )
    ends = (plot.x[0], plot.x[-1]) if len(plot.x) > 1 else (plot.x[0], "")
    first, last = (_text(place_text(end)) for end in ends)
    below = (
        f'{_table("0")}<tr><td align="left" style="{_SMALL}">{first}</td>'
        f'<td align="right" style="{_SMALL}">{last}</td></tr></table>'
    )
    return (
        f"{_table('4px 0')}<tr>{_tick(high, plot.unit, 'top')}"
        f'<td rowspan="3" width="100%">{shown}</td></tr>'
        f"<tr>{_tick(middle, plot.unit, 'middle')}</tr><tr>{_tick(low, plot.unit, 'bottom')}</tr>"
        f"<tr><td></td><td>{below}</td></tr></table>"
    )


def _tick(value: Number, unit: str, place: str) -> str:
    style = f"{_SMALL};padding-right:8px;white-space:nowrap"
    text = _text(number_text(value, unit))
    return f'<td align="right" valign="{place}" style="{style}">{text}</td>'


def _bars(plot: Plot, scale: Scale) -> str:
    rows = [
        _bar(place if not number else "", series.values[index], number, plot.unit, scale)
        for index, place in enumerate(plot.x)
        for number, series in enumerate(plot.series)
    ]
    return f"{_table('4px 0')}{''.join(rows)}</table>"


def _bar(label: Number | str, value: Number | None, colour: int, unit: str, scale: Scale) -> str:
    number = "" if value is None else number_text(value, unit)
    drawn = _stripe(scale, value, _hex(colour)) if value else ""
    return (
        f'<tr><td style="{_SMALL};padding:2px 8px 2px 0;min-width:72px;overflow-wrap:anywhere">'
        f'{_text(place_text(label))}</td><td width="60%">{drawn}</td>'
        f'<td align="right" style="{_SMALL};padding:2px 0 2px 8px;white-space:nowrap">'
        f"{_text(number)}</td></tr>"
    )


def _stripe(scale: Scale, value: Number, colour: str) -> str:
    """A row of blank, bar and blank; the bar is wide enough to be seen."""
    begin, end = sorted((scale.share(0), scale.share(value)))
    wide = max(round(100 * (end - begin)), 1)
    left = min(round(100 * begin), 100 - wide)
    cells = ((left, ""), (wide, f' bgcolor="{colour}"'), (100 - left - wide, ""))
    shown = (
        f'<td width="{width}%"{colour} style="{_BAR}">&nbsp;</td>'
        for width, colour in cells
        if width > 0
    )
    return f"{_table('0')}<tr>{''.join(shown)}</tr></table>"


def _legend(plot: Plot) -> str:
    if not any(series.name for series in plot.series):
        return ""
    entries = (
        f'<span style="white-space:nowrap"><span style="color:{_hex(number)}">&#9632;</span>'
        f" {_text(series.name)}</span>"
        for number, series in enumerate(plot.series)
    )
    return f'<div style="{_SMALL}">{" &nbsp; ".join(entries)}</div>'


def _table(margin: str) -> str:
    return _TABLE.format(margin=margin)


def _hex(colour: int) -> str:
    return "#{:02x}{:02x}{:02x}".format(*COLOURS[colour])


def _text(text: str) -> str:
    return escape(clean(text))
