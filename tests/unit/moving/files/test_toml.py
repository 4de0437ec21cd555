"""What is written is read by Python's own reader as what it was."""

import tomllib
from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from botsched.moving.files import toml

TEXTS = st.text(st.characters(exclude_categories=["Cs"]))
PLAIN = st.one_of(
    TEXTS, st.booleans(), st.integers(), st.floats(allow_nan=False, allow_infinity=False)
)
VALUES = st.recursive(
    PLAIN, lambda inner: st.lists(inner, max_size=4) | st.dictionaries(TEXTS, inner, max_size=4)
)


@settings(max_examples=50, deadline=None)
@given(st.dictionaries(TEXTS, VALUES, max_size=6))
@example({"notes": '"""\n\\"""""\n\x7f\r\n"'})
@example({"notes": "\n\n  \\\n"})
@example({"notes": 'one\n"', "more": 'two\n""', "most": '"""\n""""'})
@example({"a": [{"b": [{"c": 1, "d": {"e": []}}]}, {"b": {}}], "a.b": {"x": 1, "y": {"z": {}}}})
@example({"a": ["x" * 60, {"b": ["y" * 60]}]})
def test_all_values_come_back(members: dict[str, Any]) -> None:
    assert tomllib.loads(toml.dumps(members)) == members


def test_it_reads_well() -> None:
    members = {
        "name": 'Nacht\'s "Lauf" ☃',
        "pub_args": {"path": "/srv", "days": 7},
        "every": {"minutes": 5},
        "notes": "First.\n\nSecond.",
        "long": ["a path that is rather long /" + "x" * 40, "another one that is long as well"],
        "mail": [{"on": ["failure"], "to": ["ops@example.org"]}, {"on": ["success"]}],
    }

    assert (
        toml.dumps(members)
        == f'''name = "Nacht's \\"Lauf\\" ☃"
every = {{ minutes = 5 }}
notes = """
First.

Second."""
long = [
    "a path that is rather long /{"x" * 40}",
    "another one that is long as well",
]

[pub_args]
path = "/srv"
days = 7

[[mail]]
on = ["failure"]
to = ["ops@example.org"]

[[mail]]
on = ["success"]
'''
    )


@pytest.mark.parametrize("value", [None, float("nan"), float("inf"), [None]])
def test_what_toml_cannot_say_is_refused(value: Any) -> None:
    with pytest.raises(ValueError, match="cannot be written in TOML"):
        toml.dumps({"a": value})
