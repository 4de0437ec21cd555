"""Uploads."""

import pytest

from botsched.web.errors import MalformedError
from botsched.web.multipart import read_file

TYPE = "multipart/form-data; boundary=xyz"


def part(disposition: str, content: bytes = b"content") -> bytes:
    head = f"--xyz\r\nContent-Disposition: form-data; {disposition}\r\n"
    return head.encode() + b"Content-Type: text/plain\r\n\r\n" + content + b"\r\n"


@pytest.mark.parametrize(
    "content", [b"", b"a\r\nb\r\n", b"\r\n", b"--xy\r\n--xyy", bytes(range(256)), b"\r\n\r\n"]
)
def test_the_content_comes_out_as_it_went_in(content: bytes) -> None:
    body = part('name="file"; filename="a.txt"', content) + b"--xyz--\r\n"

    assert read_file(body, TYPE) == ("a.txt", content)


@pytest.mark.parametrize(
    ("given", "name"),
    [
        ('"übung.txt"', "übung.txt"),
        ('"a b.txt"', "a b.txt"),
        ("plain", "plain"),
        ('"../../etc/passwd"', "../../etc/passwd"),
        (r'"quo\"ted"', 'quo"ted'),
    ],
)
def test_the_name_is_given_as_it_was_sent(given: str, name: str) -> None:
    body = part(f'name="file"; filename={given}') + b"--xyz--"

    assert read_file(body, TYPE)[0] == name


def test_other_parts_are_passed_over() -> None:
    body = part('name="note"') + part('name="file"; filename="f"', b"1") + b"--xyz--"

    assert read_file(body, 'multipart/form-data; boundary="xyz"') == ("f", b"1")


@pytest.mark.parametrize(
    ("body", "media_type", "words"),
    [
        (part('name="file"; filename="f"'), TYPE, "cut short"),
        (part('name="file"; filename="f"') + b"--xyz--", "multipart/form-data", "no boundary"),
        (part('name="other"; filename="f"') + b"--xyz--", TYPE, "holds no file"),
        (part('name="file"') + b"--xyz--", TYPE, "holds no file"),
        (part('name="file"; filename=""') + b"--xyz--", TYPE, "holds no file"),
        (part('name="file"; filename="f"') * 2 + b"--xyz--", TYPE, "2 files, and one at a time"),
        (b"--xyz\r\nno head--xyz--", TYPE, "cut short"),
        (b"--xyz\r\nno head\r\n--xyz--", TYPE, "no proper head"),
        (part('name="x"') * 30 + b"--xyz--", TYPE, "too many parts"),
        (part(f'name="{"x" * 9000}"') + b"--xyz--", TYPE, "no proper head"),
    ],
)
def test_a_broken_upload_is_refused_with_the_cure(body: bytes, media_type: str, words: str) -> None:
    with pytest.raises(MalformedError, match=f"{words}.*curl: -F file=@NAME"):
        read_file(body, media_type)
