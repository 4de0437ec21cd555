"""Lines as a picture, for mail readers that show no other drawings."""

from functools import lru_cache
from typing import Final

from botsched.reports.image import Image
from botsched.reports.plots.canvas import Canvas, Colour
from botsched.reports.plots.course import stretches, thinned
from botsched.reports.plots.item import Plot
from botsched.reports.plots.scale import STEPS, Scale
from botsched.reports.plots.words import summary

WIDTH, HEIGHT = 520, 160
"""The size at which it is shown; it has twice as many pixels, for fine screens."""

# All have a contrast of at least 3:1 to white as well as to the greys of dark pages.
COLOURS: Final[tuple[Colour, ...]] = (
    (0x2B, 0x7D, 0xE0),
    (0xD0, 0x6A, 0x12),
    (0x1E, 0x94, 0x5C),
    (0xC2, 0x4F, 0xC8),
    (0xE0, 0x45, 0x4B),
    (0x7F, 0x82, 0x8A),
)
_GREY: Final = (0x80, 0x80, 0x80)
_FINE, _THIN, _THICK, _DOT = 2, 0.2, 2.0, 5.0
_PARTS: Final = 240


@lru_cache(maxsize=16)  # one mail is weighed, written and sent to several
def picture(plot: Plot, scale: Scale) -> Image:
    """Draw the lines of a plot, and four steps of its scale behind them; without any text."""
    canvas = Canvas(WIDTH * _FINE, HEIGHT * _FINE, (*COLOURS, _GREY))
    width, height = WIDTH * _FINE - 2 * _THICK, HEIGHT * _FINE - 2 * _THICK
    for step in range(STEPS + 1):
        y = _THICK + height * step / STEPS
        canvas.stroke([(0, y), (WIDTH * _FINE, y)], _THIN, len(COLOURS))
    for colour, series in enumerate(plot.series):
        for stretch in stretches(plot, series, scale):
            points = [
                (_THICK + x * width, _THICK + (1 - y) * height) for x, y in thinned(stretch, _PARTS)
            ]
            canvas.stroke(points, _THICK if len(points) > 1 else _DOT, colour)
    return Image(canvas.png(), "image/png", summary(plot))
