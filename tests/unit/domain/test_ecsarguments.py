"""What the jobs of ECS take, and what they are told."""

from typing import Any

import pytest

from botsched.domain.ecsarguments import ARGUMENTS, environments, faults, flag, whole


@pytest.mark.parametrize(("value", "number"), [(1, 1), (50, 50), ("7", 7), (3.0, 3)])
def test_whole_numbers(value: object, number: int) -> None:
    assert whole(value, "taskCount", 50) == number


@pytest.mark.parametrize("value", [0, -1, 51, 1.5, "", "x", "1.5", None, True, [1], float("inf")])
def test_what_is_no_such_number(value: object) -> None:
    with pytest.raises(ValueError, match="taskCount: give a whole number from 1 to 50, not "):
        whole(value, "taskCount", 50)


@pytest.mark.parametrize(
    ("value", "expected"), [(True, True), (False, False), ("True", True), ("0", False), (1, True)]
)
def test_flags(value: object, expected: bool) -> None:
    assert flag(value, "follow") is expected


@pytest.mark.parametrize("value", [None, "", "yes", 2, []])
def test_what_is_no_flag(value: object) -> None:
    with pytest.raises(ValueError, match="follow: give true or false, not "):
        flag(value, "follow")


def test_the_variables_of_each_container_are_texts() -> None:
    overrides = [
        {"containerName": "a", "environment": {"X": "1", "Y": 2}},
        {"containerName": "b", "environment": {}},
        {"containerName": "c"},
        {"containerName": "a", "environment": {"Y": 2.5, "Z": ""}},
    ]

    assert environments(overrides) == {"a": {"X": "1", "Y": "2.5", "Z": ""}}


@pytest.mark.parametrize(
    ("overrides", "fault"),
    [
        ({"a": 1}, "overrides: give a list"),
        ([1], r"overrides\[0\]: give an object"),
        ([{"environment": {}}], r"overrides\[0\].containerName: give a text, not None"),
        ([{"containerName": "a", "environment": []}, 1], r"overrides\[1\]: give an object"),
        (
            [{"containerName": "a", "environment": ["X"]}],
            r"overrides\[0\].environment: give an object",
        ),
        (
            [{"containerName": "a", "environment": {"X": None}}],
            r"overrides\[0\].environment.X: give a text, not None",
        ),
    ],
)
def test_wrong_overrides_are_told_with_their_place(overrides: Any, fault: str) -> None:
    with pytest.raises(ValueError, match=fault):
        environments(overrides)


@pytest.mark.parametrize(
    ("name", "value", "fault"),
    [
        ("taskDefinition", "", "taskDefinition: give a text, not ''"),
        ("taskCount", 77, "taskCount: give a whole number from 1 to 50, not 77"),
        ("maxCount", "0", "maxCount: give a whole number from 1 to 50, not '0'"),
        ("overrides", '[{"containerName": ', "overrides: give a list, not '[{"),
        ("trigger", "sqs", "trigger: give an object as "),
        ("trigger", {"queueName": "q"}, "trigger.type: give a text, not None"),
        ("trigger", {"type": "sqs"}, "trigger.queueName: give a text, not None"),
        ("trigger", {"type": "sqs", "queueName": "q", "x": 1}, "trigger: a queue has no field 'x'"),
        ("follow", "perhaps", "follow: give true or false, not 'perhaps'"),
        ("stopTasks", 2, "stopTasks: give true or false, not 2"),
    ],
)
def test_what_is_wrong_is_told_with_its_place(name: str, value: object, fault: str) -> None:
    (by_name,) = faults({"taskDefinition": "sleeper-task"} | {name: value}).items()
    position = list(ARGUMENTS).index(name)
    given: list[Any] = ["sleeper-task", 1, None, None, None, False, False]
    given[position] = value
    (by_position,) = faults(given).items()

    assert by_name[0] == f".{name}"
    assert by_name[1].startswith(fault)
    assert by_position == (f"[{position}]", by_name[1])


def test_what_a_run_takes_passes() -> None:
    everything: dict[str, Any] = {
        "taskDefinition": "sleeper-task:3",
        "taskCount": "7",
        "maxCount": 50,
        "overrides": [{"containerName": "a", "environment": {"X": 1}}],
        "trigger": {"type": "sqs", "queueName": "orders", "messagesPerTask": "10"},
        "follow": "true",
        "stopTasks": 0,
    }

    assert faults(everything) == {}
    assert faults(list(everything.values())) == {}
    assert faults({"maxCount": None, "overrides": None, "trigger": None, "unknown": 1}) == {}


def test_of_other_triggers_only_their_class_knows_the_fields() -> None:
    assert faults({"trigger": {"type": "spool", "queueName": 1}}) == {}
