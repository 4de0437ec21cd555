"""The arguments of the job class that comes along are held to its own rules as well."""

from pathlib import Path
from typing import Any

import pytest

from botsched.catalog import CatalogueDescription
from botsched.domain.job import Arguments
from botsched.ecs.task import RunTask
from botsched.errors import InvalidError
from botsched.execution.secrets import Secrets
from botsched.job.info import describe
from botsched.scheduling.classes import check_arguments


class Known:
    """Whoever knows the classes, with no secrets."""

    def catalogue(self, timeout: float) -> CatalogueDescription:
        raise NotImplementedError

    catalogue_anew = catalogue

    def secrets(self) -> Secrets:
        return Secrets(Path("none"))


def checked(arguments: Arguments) -> None:
    check_arguments(Known(), describe(RunTask), arguments)


@pytest.mark.parametrize(
    ("arguments", "places"),
    [
        ({"taskCount": 77}, {"pub_args.taskCount", "pub_args.taskDefinition"}),
        (
            {"taskDefinition": "a", "overrides": "[{", "trigger": {"type": "sqs"}},
            {"pub_args.overrides", "pub_args.trigger"},
        ),
        (["a", 0], {"pub_args[1]"}),
    ],
)
def test_wrong_arguments_of_tasks_are_refused(arguments: Any, places: set[str]) -> None:
    with pytest.raises(InvalidError) as raised:
        checked(arguments)
    assert set(raised.value.fields) == places


def test_right_arguments_of_tasks_pass() -> None:
    checked({"taskDefinition": "a", "trigger": {"type": "spool", "folder": "/srv"}})
