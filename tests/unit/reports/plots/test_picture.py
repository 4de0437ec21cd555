import struct

from botsched.reports import Plot
from botsched.reports.plots.picture import COLOURS, HEIGHT, WIDTH, picture
from botsched.reports.plots.scale import fit


def luminance(colour: tuple[int, ...]) -> float:
    parts = (part / 255 for part in colour)
    linear = [p / 12.92 if p <= 0.03928 else ((p + 0.055) / 1.055) ** 2.4 for p in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def test_the_colours_are_seen_on_light_and_on_dark_pages():
    for colour in COLOURS:
        for page in ((255, 255, 255), (33, 37, 41), (0, 0, 0)):
            low, high = sorted((luminance(colour), luminance(page)))
            assert (high + 0.05) / (low + 0.05) >= 3, (colour, page)


def test_the_picture_is_for_fine_screens_small_and_always_the_same():
    plot = Plot({"a": [1, 5, 2, None, 3], "b": [2, 2, 4, 4, 1]})
    image = picture(plot, fit(plot.numbers))
    assert struct.unpack(">II", image.data[16:24]) == (2 * WIDTH, 2 * HEIGHT)
    assert len(image.data) < 12_000
    assert image == picture(plot, fit(plot.numbers))
    assert image.alt == "a from 1 to 5, at last 3; b from 1 to 4, at last 1"
