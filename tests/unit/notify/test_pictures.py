import struct

import pytest

from botsched.notify import pictures as module
from botsched.notify.files import File
from botsched.notify.pictures import WIDEST, Pictures, width_of
from botsched.reports import File as ReportFile
from botsched.reports import Image, List, Table, Text


def png(width: int, more: bytes = b"") -> bytes:
    return b"\x89PNG\r\n\x1a\n" + struct.pack(">I4sII", 13, b"IHDR", width, 9) + more


def jpeg(width: int) -> bytes:
    other = b"\xff\xe0\x00\x04ab"
    return b"\xff\xd8" + other + b"\xff\xc2\x00\x11\x08" + struct.pack(">HH", 7, width) + b"\x03"


@pytest.mark.parametrize(
    ("data", "width"),
    [
        (png(700), 700),
        (b"GIF89a" + struct.pack("<HH", 700, 3), 700),
        (jpeg(700), 700),
        (b"\x89PNG\r\n\x1a\n", None),
        (b"GIF89a", None),
        (b"\xff\xd8\xff", None),
        (b"anything", None),
    ],
)
def test_the_width_of_a_picture_is_read_from_it(data, width):
    assert width_of(Image(data)) == width


@pytest.mark.parametrize(
    ("image", "width"),
    [
        (Image(png(2000)), str(WIDEST)),
        (Image(png(200)), ""),
        (Image(png(2000), width=300), "300"),
        (Image(png(20), width=3000, height=9), str(WIDEST)),
        (Image(png(2000), width="50%"), "50%"),
        (Image(b"?"), ""),
    ],
)
def test_no_picture_is_wider_than_the_mail(image, width):
    (shown,) = Pictures().prepared((image,))
    assert shown.width == width
    assert shown.data == image.data


def test_pictures_are_found_wherever_they_are():
    svg = Image(b"<svg/>", "image/svg+xml", "load")
    pictures = Pictures()
    shown = pictures.prepared(
        (List(["a", [svg, 1]]), Table([(svg, 2)], ("", "n"), footer=(svg, 3)))
    )
    words = [Text(f"[Picture, load: see the file picture-{n}.svg]") for n in (1, 2, 3)]
    assert shown == (
        List(["a", [words[0], 1]]),
        Table([(words[1], 2)], ("", "n"), footer=(words[2], 3)),
    )
    assert [file.name for file in pictures.files] == [f"picture-{n}.svg" for n in (1, 2, 3)]


def test_pictures_elsewhere_stay_what_they_are():
    image = Image("https://example.org/x.png", alt="x")
    assert Pictures().prepared((image,)) == (image,)


def test_pictures_that_are_too_much_in_all_become_files(monkeypatch):
    monkeypatch.setattr(module, "_MOST_BYTES", 100)
    first, second = Image(png(9, b"1" * 40)), Image(png(9, b"2" * 40))
    pictures = Pictures()
    shown = pictures.prepared((first, first, second))
    assert shown == (first, first, Text("[Picture: see the file picture-1.png]"))
    assert (pictures.shown_bytes, len(pictures.files)) == (len(first.data), 1)


def test_files_of_a_report_go_with_the_mail():
    pictures = Pictures()

    shown = pictures.prepared((List(ReportFile(b"a;b", "figures.csv")), Image(b"x", "image/webp")))

    assert shown[0] == List(Text("[File: see figures.csv]"))
    assert pictures.files[0] == File("figures.csv", "text/csv", b"a;b")
    assert len(pictures.files) == 2


def test_the_name_of_a_file_is_what_it_looks_like():
    pictures = Pictures()
    pictures.prepared((ReportFile(b"MZ", "\u202egpj.exe"), ReportFile(b"MZ", "\u202e")))
    assert [file.name for file in pictures.files] == ["gpj.exe", "file"]
