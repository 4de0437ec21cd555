"""A small canvas: smooth strokes in a few colours on a transparent ground, saved as PNG."""

import math
import struct
import zlib
from collections.abc import Sequence
from itertools import pairwise
from typing import Final

from botsched.reports.plots.course import Point

_LEVELS: Final = 15
"""Shades from hardly covered to fully covered, for smooth edges."""

Colour = tuple[int, int, int]


class Canvas:
    """Pixels; (0, 0) is the left upper corner of the first one. At most 16 colours."""

    def __init__(self, width: int, height: int, colours: Sequence[Colour]) -> None:
        self._width, self._height = width, height
        self._colours = colours
        self._pixels = bytearray(width * height)  # 0, or 1 + colour * _LEVELS + how much covered

    def stroke(self, points: Sequence[Point], radius: float, colour: int) -> None:
        """Draw a line with round ends and corners through the points; one alone is a dot."""
        for begin, end in pairwise(points if len(points) > 1 else [*points, *points]):
            self._segment(begin, end, radius, 1 + colour * _LEVELS)

    def png(self) -> bytes:
        """Save it."""
        width = self._width
        rows = (self._pixels[row : row + width] for row in range(0, len(self._pixels), width))
        header = struct.pack(">IIBBBBB", width, self._height, 8, 3, 0, 0, 0)
        palette = b"\0\0\0" + b"".join(bytes(colour) * _LEVELS for colour in self._colours)
        shades = bytes(round(255 * level / _LEVELS) for level in range(1, _LEVELS + 1))
        return b"\x89PNG\r\n\x1a\n" + b"".join(
            [
                _chunk(b"IHDR", header),
                _chunk(b"PLTE", palette),
                _chunk(b"tRNS", b"\0" + shades * len(self._colours)),
                _chunk(b"IDAT", zlib.compress(b"".join(b"\0" + row for row in rows))),
                _chunk(b"IEND", b""),
            ]
        )

    def _segment(self, begin: Point, end: Point, radius: float, ink: int) -> None:
        """Go along the longer side of the segment, and across it as far as it covers pixels."""
        (x0, y0), (x1, y1) = begin, end
        if abs(x1 - x0) >= abs(y1 - y0):
            self._walk((x0, y0), (x1, y1), radius, ink, (1, self._width))
        else:
            self._walk((y0, x0), (y1, x1), radius, ink, (self._width, 1))

    def _walk(
        self, begin: Point, end: Point, radius: float, ink: int, strides: tuple[int, int]
    ) -> None:
        (a0, b0), (a1, b1) = sorted((begin, end))
        along, across = a1 - a0, b1 - b0
        square = along * along + across * across or 1.0
        reach = radius * math.hypot(1, across / along if along else 0) + 1
        most_a, most_b = self._width, self._height
        if strides[0] != 1:
            most_a, most_b = most_b, most_a
        for a in range(max(int(a0 - radius), 0), min(int(a1 + radius) + 1, most_a)):
            middle = b0 + across * min(max((a + 0.5 - a0) / along if along else 0, 0), 1)
            for b in range(max(int(middle - reach), 0), min(int(middle + reach) + 1, most_b)):
                u, v = a + 0.5 - a0, b + 0.5 - b0
                share = min(max((u * along + v * across) / square, 0), 1)
                distance = math.hypot(u - share * along, v - share * across)
                level = round(_LEVELS * min(radius + 0.5 - distance, 1))
                if level > 0:
                    self._put(a * strides[0] + b * strides[1], level, ink)

    def _put(self, place: int, level: int, ink: int) -> None:
        """What covers more of a pixel wins it."""
        present = (self._pixels[place] - 1) % _LEVELS + 1 if self._pixels[place] else 0
        if level >= present:
            self._pixels[place] = ink + level - 1


def _chunk(kind: bytes, data: bytes) -> bytes:
    whole = kind + data
    return struct.pack(">I", len(data)) + whole + struct.pack(">I", zlib.crc32(whole))
