import struct
import zlib

from botsched.reports.plots.canvas import Canvas


def shades(png: bytes) -> list[list[int]]:
    """Read a PNG back, as strictly as a mail reader: how opaque each pixel is."""
    assert png[:8] == b"\x89PNG\r\n\x1a\n"
    chunks, place = {}, 8
    while place < len(png):
        (length,) = struct.unpack(">I", png[place : place + 4])
        kind, data = png[place + 4 : place + 8], png[place + 8 : place + 8 + length]
        (crc,) = struct.unpack(">I", png[place + 8 + length : place + 12 + length])
        assert crc == zlib.crc32(kind + data)
        chunks[kind] = data
        place += 12 + length
    assert list(chunks) == [b"IHDR", b"PLTE", b"tRNS", b"IDAT", b"IEND"]
    width, height = struct.unpack(">II", chunks[b"IHDR"][:8])
    assert len(chunks[b"PLTE"]) == 3 * len(chunks[b"tRNS"]) <= 768
    rows = zlib.decompress(chunks[b"IDAT"])
    assert len(rows) == height * (width + 1)
    lines = [rows[row * (width + 1) :][: width + 1] for row in range(height)]
    assert all(line[0] == 0 for line in lines)
    return [[chunks[b"tRNS"][pixel] for pixel in line[1:]] for line in lines]


def drawn(*points: tuple[float, float], radius: float = 1, size: int = 9) -> list[list[int]]:
    canvas = Canvas(size, size, [(255, 0, 0)])
    canvas.stroke(points, radius, 0)
    return shades(canvas.png())


def test_an_empty_canvas_is_transparent():
    assert shades(Canvas(3, 2, [(1, 2, 3)]).png()) == [[0, 0, 0], [0, 0, 0]]


def test_a_line_is_opaque_inside_and_soft_at_its_edges():
    rows = drawn((0, 4.5), (9, 4.5))
    assert rows[4] == [255] * 9
    assert rows[2] == rows[6] == [0] * 9
    assert set(rows[3]) == set(rows[5]) == {136}


def test_the_direction_does_not_matter():
    points = ((1, 1), (8, 6))
    assert drawn(*points) == drawn(*reversed(points))
    columns = list(map(list, zip(*drawn((1, 1), (6, 8)), strict=True)))
    assert drawn(*points) == columns


def test_one_point_is_a_dot():
    rows = drawn((4.5, 4.5), radius=2)
    assert rows[4][4] == 255
    assert rows[0] == rows[8] == [0] * 9
    assert rows[4][0] == rows[4][8] == 0


def test_what_leads_out_of_the_canvas_is_cut():
    rows = drawn((-20, 4.5), (40, 4.5))
    assert rows[4] == [255] * 9
    assert drawn((-9, -9), (-3, -3)) == [[0] * 9] * 9


def test_a_later_line_lies_above_an_earlier_one_without_wiping_it_out_beside():
    canvas = Canvas(9, 9, [(255, 0, 0), (0, 255, 0)])
    canvas.stroke([(0, 4.5), (9, 4.5)], 1, 0)
    canvas.stroke([(4.5, 0), (4.5, 9)], 1, 1)
    rows = shades(canvas.png())
    assert rows[4] == [255] * 9
    assert [row[4] for row in rows] == [255] * 9
