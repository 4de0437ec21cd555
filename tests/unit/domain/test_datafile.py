"""Names of data files, and what is told of their content."""

import io

import pytest

from botsched.domain.datafile import check_filename, summarize
from botsched.errors import InvalidError


@pytest.mark.parametrize(
    "name", ["hosts.txt", "Ma liste.csv", "über.txt", "a", "x" * 200, "a..b", "-rf", "名前.txt"]
)
def test_a_plain_name_is_taken_as_it_is(name: str) -> None:
    assert check_filename(name) == name


@pytest.mark.parametrize(
    "name",
    [
        *(
            "",
            ".",
            "..",
            ".htpasswd",
            "../x",
            "/etc/passwd",
            "a/b",
            "a\\b",
            "a\0b",
            "a\nb",
            "a\x7f",
        ),
        *(" a", "a ", "a\t", "x" * 201, "é" * 126, "broken \udcff"),
    ],
)
def test_any_other_name_is_refused_naming_the_field(name: str) -> None:
    with pytest.raises(InvalidError) as caught:
        check_filename(name)

    assert list(caught.value.fields) == ["filename"]


@pytest.mark.parametrize(
    ("content", "entries", "description"),
    [
        (b"", 0, ""),
        (b"one\ntwo", 2, ""),
        (b"# The hosts\n\nweb1\n  # not this one\n  web2  \n", 2, "The hosts"),
        (b"\n\n## Deep ##\nx\n", 1, "Deep ##"),
        (b"x\n# later, so no description\n", 1, ""),
        (b"#\nx\r\ny\rz", 3, ""),
        (b"\xff\xfe\n# no text\n", 1, ""),
        (b"#\x00\x01binary\n", 0, ""),
        (b"# " + b"d" * 600, 0, "d" * 500),
    ],
)
def test_entries_and_description(content: bytes, entries: int, description: str) -> None:
    lines = io.TextIOWrapper(io.BytesIO(content), "utf-8", "replace")

    assert summarize(lines) == (entries, description)
