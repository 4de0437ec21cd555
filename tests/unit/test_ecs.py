import sys

import pytest

from botsched import ecs
from botsched.catalog import load


def test_nothing_is_missing_where_boto3_is_installed() -> None:
    assert ecs.missing() is None


def test_without_boto3_the_job_cannot_be_loaded_and_says_what_to_install(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(ecs, "find_spec", lambda name: None)
    monkeypatch.setitem(sys.modules, "botocore.session", None)  # cannot be imported
    for name in [name for name in sys.modules if name.startswith("botsched.ecs.")]:
        if name != "botsched.ecs.trigger":
            monkeypatch.delitem(sys.modules, name)

    description = load([], ["botsched.ecs.task"]).description()

    (failure,) = description.failures
    assert failure.error == ecs.missing()
    assert "bots-scheduler[ecs], is not installed. Install it with: " in failure.error
    assert "requirements/ecs.txt" in failure.error
    assert failure.concerns("botsched.ecs.task.RunTask")
