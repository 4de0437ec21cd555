import pytest

from botsched.domain.ecstasks import calls, family, wanted


@pytest.mark.parametrize(
    ("task_count", "max_count", "called_for", "expected"),
    [
        # without a trigger
        (1, None, None, 1),
        (7, None, None, 7),
        (7, 3, None, 3),
        (50, None, None, 50),
        # a trigger: nothing to do, less than the minimum, more than that
        (1, None, 0, 0),
        (7, 10, 0, 0),
        (7, None, 1, 7),
        (7, None, 7, 7),
        (7, None, 8, 8),
        # never more than the maximum, nor than any job may have
        (1, 10, 9, 9),
        (1, 10, 11, 10),
        (1, None, 51, 50),
        (1, None, 1_000_000, 50),
        (1, 50, 1_000_000, 50),
        (20, 10, 15, 10),
        (60, 100, None, 50),
    ],
)
def test_how_many_tasks_a_job_should_have(
    task_count: int, max_count: int | None, called_for: int | None, expected: int
) -> None:
    assert wanted(task_count, max_count, called_for) == expected


@pytest.mark.parametrize(
    ("wanted", "running", "expected"),
    [
        (0, 0, []),
        (1, 0, [1]),
        (3, 3, []),
        (3, 4, []),
        (10, 0, [10]),
        (11, 0, [10, 1]),
        (30, 5, [10, 10, 5]),
        (50, 0, [10, 10, 10, 10, 10]),
    ],
)
def test_what_is_missing_is_started_ten_at_a_time(
    wanted: int, running: int, expected: list[int]
) -> None:
    assert calls(wanted, running) == expected


@pytest.mark.parametrize(
    "definition",
    [
        "sleeper-task",
        "sleeper-task:7",
        "arn:aws:ecs:eu-central-1:123456789012:task-definition/sleeper-task",
        "arn:aws-cn:ecs:cn-north-1:123456789012:task-definition/sleeper-task:7",
    ],
)
def test_the_family_of_a_task_definition(definition: str) -> None:
    assert family(definition) == "sleeper-task"
