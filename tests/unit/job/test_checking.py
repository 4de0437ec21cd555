"""Arguments held against what their class declares."""

from typing import Any

import pytest

from botsched.job import JobBase
from botsched.job.checking import faults
from botsched.job.info import JobClassInfo, describe


def declaring(*arguments: Any, **members: Any) -> JobClassInfo:
    def run(self: Any, *args: Any, **kwargs: Any) -> None: ...

    given = {"run": run, "info": {"arguments": list(arguments)}, "__module__": "jobs.some"}
    return describe(type("Job", (JobBase,), given | members))


def fault(argument: dict[str, Any], value: Any) -> str | None:
    return faults(declaring({"name": "n"} | argument, {}), [value], {"known"}).get("[0]")


@pytest.mark.parametrize(
    ("argument", "value"),
    [
        ({"type": "string"}, "a"),
        ({"type": "string"}, 5),
        ({"type": "number"}, 2.5),
        ({"type": "number"}, "2.5"),
        ({"type": "int"}, 5),
        ({"type": "int"}, "5"),
        ({"type": "int"}, 5.0),
        ({"type": "bool"}, True),
        ({"type": "bool"}, "False"),
        ({"type": "bool"}, 1),
        ({"type": "list"}, ["a"]),
        ({"type": "list"}, "a, b"),
        ({"choices": [1, 2]}, 2),
        ({"choices": [1, 2]}, "2"),
        ({"choices": [True]}, True),
        ({"type": "file"}, "hosts.txt"),
        ({"type": "secret"}, "known"),
        ({"type": "seconds, or never"}, {"any": "thing"}),
        ({"type": "int"}, None),
    ],
)
def test_what_is_accepted(argument: dict[str, Any], value: Any) -> None:
    assert fault(argument, value) is None


@pytest.mark.parametrize(
    ("argument", "value", "told"),
    [
        ({"type": "string"}, ["a"], "n: ['a'] is not a text"),
        ({"type": "number"}, "many", "n: 'many' is not a number"),
        ({"type": "number"}, True, "n: True is not a number"),
        ({"type": "int"}, "2.5", "n: '2.5' is not a whole number; give one such as 10"),
        ({"type": "bool"}, "yes", "n: 'yes' is not true or false"),
        ({"type": "list"}, 5, "n: 5 is not a list"),
        ({"choices": [1, 2]}, 3, "n: 3 is none of the choices; give one of 1, 2"),
        ({"choices": [1]}, True, "n: True is none of the choices; give one of 1"),
        ({"type": "file"}, "", "n: '' is not the name of a data file"),
        ({"type": "int", "required": True}, None, "n: missing; give a value"),
    ],
)
def test_what_is_refused_and_how(argument: dict[str, Any], value: Any, told: str) -> None:
    assert str(fault(argument, value)).startswith(told)


def test_a_secret_that_is_not_there_may_be_one_itself_and_is_not_told() -> None:
    told = fault({"type": "secret"}, "hunter2hunter2")

    assert told is not None
    assert "hunter2" not in told


def test_arguments_are_found_by_name_as_well() -> None:
    info = declaring({"type": "int", "name": "a"}, {"name": "b", "required": True})

    assert set(faults(info, {"a": "x", "other": 1}, ())) == {".a", ".b"}
    assert faults(info, {"a": 1, "b": 1}, ()) == {}


def test_each_of_the_last_ones_is_checked_when_as_many_as_one_likes_may_follow() -> None:
    info = declaring({"type": "string"}, {"type": "int"})

    assert set(faults(info, ["a", 1, "x", 3, "y"], ())) == {"[2]", "[4]"}


def test_more_than_was_declared_passes() -> None:
    def run(self: Any, a: int, b: int) -> None: ...

    assert faults(declaring({"type": "int"}, run=run), [1, {}], ()) == {}


def test_words_of_a_class_with_meta_info_of_its_own_bind_nobody() -> None:
    def meta_info(cls: Any) -> Any:
        return {"arguments": [{"type": "int", "description": "seconds, or never"}]}

    info = declaring(meta_info=classmethod(meta_info))

    assert not info.checked
    assert faults(info, ["never"], ()) == {}
