"""Jobs of ECS as the fork server runs them, against moto's server."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from botsched.domain.execution import Execution, State
from tests.support.aws import Aws, aws_server

JOB = "botsched.ecs.task.RunTask"


@pytest.fixture(scope="module")
def aws_of_module() -> Iterator[Aws]:
    with aws_server() as aws:
        yield aws


@pytest.fixture
def aws(aws_of_module: Aws, monkeypatch, engine) -> Aws:
    """AWS, with a cluster that the engine's runs know, and credentials in the server's place."""
    aws_of_module.renew()
    told = aws_of_module.environment
    cluster = tuple((name, told.pop(name)) for name in ("ECSS_ECS_CLUSTER", "ECSS_NAME"))
    for name, value in told.items():
        monkeypatch.setenv(name, value)
    engine.start(modules=("botsched.ecs.task",), environment=cluster, stop_grace=60)
    return aws_of_module


def run(engine, **arguments) -> Execution:
    return engine.ended(engine.submit(JOB, arguments=arguments))


def test_a_run_starts_tasks_and_tells_them(engine, aws) -> None:
    ended = run(engine, taskDefinition="sleeper-task", taskCount=2)

    assert ended.state is State.SUCCEEDED, (ended.reason, engine.output(ended.id))
    assert ended.reason == "2 started; 0 of 2 ran already"
    arns = [task["taskArn"] for task in ended.result["started"]]
    assert arns == [task["taskArn"] for task in aws.tasks()]
    assert ended.report is not None
    assert engine.output(ended.id).startswith("0 of 2 tasks run; 2 to start.\nstarted ")


def test_nothing_is_kept_of_the_credentials(engine, aws) -> None:
    ended = run(engine, taskDefinition="no-such-task")

    assert ended.state is State.FAILED
    assert "Unable to describe task definition" in ended.reason
    for part in ("test.db", "test.db-wal"):
        content = (engine.folder / part).read_bytes()
        assert not any(secret in content for secret in (b"very-secret", b"AKIAEXAMPLE"))
    pid = engine.runner.starter_pid
    assert b"AKIA" not in Path(f"/proc/{pid}/cmdline").read_bytes()


def test_a_run_that_is_stopped_stops_its_tasks(engine, aws) -> None:
    wanted = {"taskDefinition": "sleeper-task", "follow": True, "stopTasks": True}
    execution = engine.submit(JOB, arguments=wanted)
    engine.printed(execution, "started ")

    engine.stop(execution)

    ended = engine.ended(execution)
    assert (ended.state, ended.reason) == (State.STOPPED, "Stopped by ann.")
    assert [task["stopRequested"] for task in ended.result["started"]] == [True]
    assert aws.tasks() == []
