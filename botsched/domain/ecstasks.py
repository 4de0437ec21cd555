"""Jobs that start tasks of Amazon ECS: their class, and how many tasks."""

from typing import Final

MODULE: Final = "botsched.ecs.task"
"""The module of their class, which comes along; it is loaded only with a cluster."""

RUN_TASK: Final = f"{MODULE}.RunTask"
"""Their class."""

MOST_TASKS: Final = 50
"""No job has more tasks than this, whatever it says."""

MOST_IN_A_CALL: Final = 10
"""ECS starts no more with one call."""


def wanted(task_count: int, max_count: int | None, called_for: int | None) -> int:
    """How many tasks of a job should run.

    ``called_for`` is how many its trigger calls for, None without a trigger: for none, there are
    none; otherwise at least ``task_count``. There are never more than ``max_count``.
    """
    if called_for == 0:
        return 0
    most = MOST_TASKS if max_count is None else min(max_count, MOST_TASKS)
    return min(max(task_count, called_for or 0), most)


def calls(wanted: int, running: int) -> list[int]:
    """How many tasks to start with each call, so that as many run as are wanted."""
    missing = max(wanted - running, 0)
    return [min(missing - done, MOST_IN_A_CALL) for done in range(0, missing, MOST_IN_A_CALL)]


def family(task_definition: str) -> str:
    """The family of a task definition that is given by it, with a revision, or by an ARN."""
    return task_definition.rpartition("/")[2].partition(":")[0]
