from pathlib import Path

import pytest

from botsched.reports import File, render_html, render_text


@pytest.fixture
def sheet(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    file = tmp_path / "figures.csv"
    file.write_bytes(b"a,b\n")
    return file


@pytest.mark.parametrize("how", [str, Path, lambda file: file.name])
def test_a_file_is_read_when_the_item_is_made(sheet, how):
    file = File(how(sheet))
    sheet.unlink()
    assert file == File(b"a,b\n", "figures.csv", "text/csv")


def test_a_file_may_be_named_otherwise(sheet):
    assert File(sheet, "October.dat2").name == "October.dat2"
    assert File(sheet, "October.dat2").media_type == "application/octet-stream"


def test_bytes_need_a_name_and_may_be_none():
    assert File(bytearray(b"x"), "a.pdf").media_type == "application/pdf"
    assert File(b"", "empty.txt").data == b""


@pytest.mark.parametrize(
    ("arguments", "error", "words"),
    [
        ((5,), TypeError, "File: give the path of a file or its bytes, not int"),
        ((b"x",), ValueError, "File: name must be like 'figures.csv', not ''"),
        ((b"x", 5), TypeError, "File: name must be a string, not int"),
        ((b"x", "../a.csv"), ValueError, "name must be like 'figures.csv', not '../a.csv'"),
        ((b"x", ".."), ValueError, "name must be like"),
        ((b"x", "a\r\nX: b"), ValueError, "name must be like"),
        ((b"x", "a\0b"), ValueError, "name must be like"),
        ((b"x", "x" * 201), ValueError, "name must be like"),
        ((b"x", "a.csv", "text"), ValueError, "media_type must be like 'text/csv', not 'text'"),
        ((b"x", "a.csv", "text/csv; charset=x"), ValueError, "media_type must be like"),
        (("gone.csv",), ValueError, "File: 'gone.csv' cannot be read: No such file"),
        (("a\0b",), ValueError, "cannot be read: embedded null"),
        ((".",), ValueError, "cannot be read: Is a directory"),
    ],
)
def test_something_unusable_is_refused_in_words(sheet, arguments, error, words):
    with pytest.raises(error) as caught:
        File(*arguments)
    assert words in str(caught.value)


def test_a_file_is_named_in_text_and_linked_in_html():
    file = File(b"<b>", "a & b.html")
    assert render_text((file,)) == "[file: a & b.html, 3 bytes]"
    assert render_html((file,)) == (
        '<p><a href="data:application/octet-stream;base64,PGI+" download="a &amp; b.html">'
        "a &amp; b.html</a> (3 bytes)</p>"
    )
