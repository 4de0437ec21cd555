import errno
from base64 import b64encode
from pathlib import Path

import pytest

from botsched.reports import Image

GIF = b"GIF89a"


@pytest.fixture
def curve(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    file = tmp_path / "curve.gif"
    file.write_bytes(GIF)
    return file


def test_the_bytes_of_a_picture_are_kept():
    assert Image(bytearray(GIF)) == Image(GIF, "image/png", "", None, None)
    image = Image(GIF, "image/gif", alt="a curve", width=300)
    assert (image.data, image.media_type, image.alt) == (GIF, "image/gif", "a curve")
    assert (image.width, image.height, image.address) == ("300", "", "")


@pytest.mark.parametrize("how", [str, Path, lambda file: file.name])
def test_a_file_is_read_when_the_item_is_made(curve, how):
    image = Image(how(curve), "a curve", 300, "50%")
    curve.unlink()
    assert image == Image(GIF, "image/gif", "a curve", "300px", "50%")


def test_a_data_address_holds_its_picture():
    address = f"data:image/gif;base64,{b64encode(GIF).decode()}"
    assert Image(address, "a curve") == Image(GIF, "image/gif", "a curve")


@pytest.mark.parametrize("address", ["https://example.org/a.png", "HTTP://example.org"])
def test_what_lies_on_another_server_is_only_named(address):
    image = Image(address, "a curve", 300, 200)
    assert (image.address, image.alt) == (address, "a curve")
    assert (image.data, image.media_type) == (b"", "")


@pytest.mark.parametrize(
    ("arguments", "error", "words"),
    [
        ((5,), TypeError, "Image: a picture is given as its bytes, the path of its file or its"),
        (("notes.txt",), ValueError, "Image: 'notes.txt' is not named like a picture"),
        (("gone.png",), ValueError, "Image: 'gone.png' cannot be read: No such file"),
        (("javascript:alert(1)",), ValueError, "is not named like a picture"),
        (("data:image/png;base64,%",), ValueError, "Image: the address has no valid base64"),
        (("data:text/html;base64,PGI+",), ValueError, "Image: media_type must be like"),
        (("curve.gif", 5), TypeError, "Image: alt must be a string, not int"),
        (("curve.gif", "", "wide"), ValueError, "Image: width must be like 300 or '50%', not"),
        ((GIF, "image/gif", "", 0), ValueError, "Image: width must be like 300"),
        ((GIF, "image/gif", "", 7, '1" onload="'), ValueError, "Image: height must be like 300"),
    ],
)
def test_something_unusable_is_refused_in_words(curve, arguments, error, words):
    with pytest.raises(error) as caught:
        Image(*arguments)
    assert words in str(caught.value)


def test_a_file_that_may_not_be_read_is_told(curve, monkeypatch):
    def refuse(_):
        raise PermissionError(errno.EACCES, "Permission denied")

    monkeypatch.setattr(Path, "read_bytes", refuse)
    with pytest.raises(ValueError, match=r"'curve.gif' cannot be read: Permission denied"):
        Image("curve.gif")
