"""Values in the bodies of ECS Scheduler's clients, as they are kept in the arguments of a job."""

import re
from typing import Any, Final

from botsched.domain.ecsarguments import QUEUE
from botsched.domain.ecstasks import MOST_TASKS
from botsched.domain.kinds import Kind, whole

MOST_MESSAGES: Final = 2**31 - 1
TASK_PATTERN: Final = (
    r"(arn:aws[a-z-]*:ecs:[a-z0-9-]+:[0-9]{12}:task-definition/)?"
    r"[A-Za-z0-9_-]{1,255}(:[1-9][0-9]{0,9})?"
)
_MESSAGES: Final = whole(1, MOST_MESSAGES)


def _read_task(value: Any) -> str:
    if not isinstance(value, str):
        raise TypeError("a text")
    if re.fullmatch(TASK_PATTERN, value) is None:
        raise ValueError(
            f"{value!r:.100} is no task definition; give a name of letters, digits, hyphens and "
            "underscores, with :REVISION if need be, or its ARN"
        )
    return value


def _read_trigger(value: Any) -> dict[str, Any]:
    """Of types other than ``sqs``, only those who wrote them know the fields."""
    if not isinstance(value, dict):
        raise TypeError('an object such as {"type": "sqs", "queueName": "orders"}, or null')
    if not value.get("type") or not isinstance(value["type"], str):
        raise ValueError("type: missing; give a text, such as sqs")
    if value["type"] == QUEUE:
        _check_sqs(value)
    return value


def _check_sqs(trigger: dict[str, Any]) -> None:
    queue, messages = trigger.get("queueName"), trigger.get("messagesPerTask")
    if not queue or not isinstance(queue, str):
        raise ValueError("queueName: missing; give the name of the SQS queue")
    if messages is not None:
        try:
            _MESSAGES.read(messages)
        except (TypeError, ValueError) as error:
            accepted = "" if isinstance(error, ValueError) else "give "
            raise ValueError(f"messagesPerTask: {accepted}{error}") from None
    if unknown := sorted(trigger.keys() - {"type", "queueName", "messagesPerTask"}):
        raise ValueError(f"{unknown[0]:.80}: no such field; sqs takes queueName, messagesPerTask")


def _read_overrides(value: Any) -> list[dict[str, Any]]:
    if not isinstance(value, list):
        raise TypeError('a list of objects such as {"containerName": "web"}, or null')
    for index, override in enumerate(value):
        if fault := _override_fault(override):
            raise ValueError(f"[{index}]{fault}")
    return value


def _override_fault(override: Any) -> str | None:
    if not isinstance(override, dict):
        return ": give an object"
    container, environment = override.get("containerName"), override.get("environment", {})
    if not container or not isinstance(container, str):
        return ".containerName: missing; give the name of a container of the task"
    if unknown := sorted(override.keys() - {"containerName", "environment"}):
        return f".{unknown[0]:.80}: no such field; there are containerName, environment"
    if not isinstance(environment, dict):
        return ".environment: give an object of names and values"
    if wrong := [name for name, each in environment.items() if not isinstance(each, str)]:
        return f".environment.{wrong[0]:.80}: give a text, in quotes"
    return None


ARGUMENTS: Final[dict[str, Kind[Any]]] = {
    "taskDefinition": Kind(_read_task, str),
    "taskCount": whole(1, MOST_TASKS),
    "maxCount": whole(1, MOST_TASKS),
    "trigger": Kind(_read_trigger, dict),
    "overrides": Kind(_read_overrides, list),
}
"""Those fields that are arguments of the job, with what they take."""
