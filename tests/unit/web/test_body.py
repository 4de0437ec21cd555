"""JSON bodies, and what is said of broken ones."""

from typing import Any

import pytest

from botsched.domain import kinds
from botsched.errors import InvalidError
from botsched.web.body import Fields
from botsched.web.errors import MalformedError


@pytest.mark.parametrize(
    ("body", "words"),
    [
        (b'{"a": 1,\n "b": }', "Expecting value in line 2, column 7"),
        (b"", "Expecting value in line 1, column 1"),
        (b'{"a": "\xff"}', "not UTF-8, from byte 7 on"),
        (b"[1]", "holds a list; send a JSON object"),
        (b"null", "holds null"),
        (b'"x"', "holds a text"),
        (b"1", "holds a number"),
        (b"[" * 500_000, "nested too deeply"),
        (b'{"a": NaN}', "NaN is not JSON"),
        (b'{"a": -Infinity}', "-Infinity is not JSON"),
        (b'{"a": 1e999}', "too large"),
        (b'{"a": "\\ud800"}', "half a character"),
        (b'{"a": ' + b"9" * 10_000 + b"}", "not understood"),
    ],
)
def test_a_body_that_is_no_json_object_is_refused(body: bytes, words: str) -> None:
    with pytest.raises(MalformedError, match=words):
        Fields.of(body)


def test_whole_characters_written_as_two_halves_are_fine() -> None:
    assert Fields.of(b'{"a": "\\ud83e\\udd8a"}').text("a") == "\U0001f98a"


@pytest.mark.parametrize("body", [b'{"a": "1", "a": "2"}', b'{"b": [{"a": 1, "a": 1}]}'])
def test_a_name_given_twice_is_refused(body: bytes) -> None:
    with pytest.raises(MalformedError, match="'a' is there twice in one object"):
        Fields.of(body)


def test_large_bounds_are_told_in_plain_digits() -> None:
    fields = Fields.of(b'{"a": 1e12}')
    fields.value("a", kinds.seconds(0.1, 315_360_000))

    with pytest.raises(InvalidError, match=r"give 0\.1 to 315360000$"):
        fields.done()


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ({"minute": 5, "hour": "*/2"}, {"minute": "5", "hour": "*/2"}),
        ({"minute": None}, {}),
        ({"minute": -1}, {"minute": "-1"}),
    ],
)
def test_cron_fields_come_as_text_or_number(given: Any, expected: dict[str, str]) -> None:
    fields = Fields(given)

    assert fields.cron(["hour", "minute"]) == expected
    fields.done()


def test_unknown_members_are_named() -> None:
    fields = Fields({"a": "", "extra": 1, "back": 2})
    fields.text("a")

    with pytest.raises(MalformedError) as caught:
        fields.done(ignored=frozenset({"back"}))

    assert caught.value.fields == {"extra": "no such field; there are a"}


def test_wrong_types_come_before_wrong_values() -> None:
    fields = Fields({"a": 1, "b": 99})
    fields.text("a")
    fields.whole("b", 1, 5)
    with pytest.raises(MalformedError) as caught:
        fields.done()
    assert list(caught.value.fields) == ["a"]

    fields = Fields({"b": 99})
    fields.whole("b", 1, 5)
    with pytest.raises(InvalidError, match="b: 99 is out of range; give 1 to 5"):
        fields.done()
