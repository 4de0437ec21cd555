from typing import Any

import pytest

from botsched.ecs.values import environments, flag, whole
from botsched.job import JobError


@pytest.mark.parametrize(("value", "number"), [(1, 1), (50, 50), ("7", 7), (3.0, 3)])
def test_whole_numbers(value: object, number: int) -> None:
    assert whole(value, "taskCount", 50) == number


@pytest.mark.parametrize("value", [0, -1, 51, 1.5, "", "x", "1.5", None, True, [1], float("inf")])
def test_what_is_no_such_number(value: object) -> None:
    with pytest.raises(JobError, match="taskCount: give a whole number from 1 to 50, not "):
        whole(value, "taskCount", 50)


@pytest.mark.parametrize(
    ("value", "expected"), [(True, True), (False, False), ("True", True), ("0", False), (1, True)]
)
def test_flags(value: object, expected: bool) -> None:
    assert flag(value, "follow") is expected


@pytest.mark.parametrize("value", [None, "", "yes", 2, []])
def test_what_is_no_flag(value: object) -> None:
    with pytest.raises(JobError, match="follow: give true or false, not "):
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
        ({}, "overrides: give a list"),
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
    with pytest.raises(JobError, match=fault):
        environments(overrides)
