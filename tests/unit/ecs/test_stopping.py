"""Runs that are told to stop, by the signal that does so."""

import os
import signal
from typing import Any

import pytest

from botsched.ecs.stopping import StopSignal
from tests.support.aws import Aws
from tests.support.awsfaults import AwsRelay, Passing, refusing
from tests.unit.ecs.conftest import RunJob


def then_stop(passing: Passing) -> Any:
    """While AWS answers, the run is told to stop."""
    answer = passing()
    os.kill(os.getpid(), signal.SIGTERM)
    return answer


def test_waiting_ends_when_the_signal_comes() -> None:
    before = signal.getsignal(signal.SIGTERM)
    with StopSignal() as stop:
        assert not stop.wait(0)
        os.kill(os.getpid(), signal.SIGTERM)
        os.kill(os.getpid(), signal.SIGTERM)
        assert stop.wait(3600)
        assert stop.wait(3600)
    assert signal.getsignal(signal.SIGTERM) == before


def test_its_tasks_are_stopped_with_it_on_wish(
    aws: Aws, relay: AwsRelay, run_job: RunJob, capsys: pytest.CaptureFixture[str]
) -> None:
    others = aws.start("sleeper-task", 1)
    relay.disturb("DescribeTasks", lambda passing: passing(), then_stop)

    outcome = run_job("run5", taskCount=3, follow=True, stopTasks=True)

    assert [task["taskArn"] for task in aws.tasks()] == others
    assert [task["stopRequested"] for task in outcome.result["started"]] == [True, True]
    arns = [task["taskArn"] for task in outcome.result["started"]]
    told = aws.ecs.describe_tasks(cluster=aws.cluster, tasks=arns)["tasks"]
    assert {task["stoppedReason"] for task in told} == {"The execution run5 was stopped."}
    assert capsys.readouterr().out.count("stopping ") == 2


def test_its_tasks_go_on_otherwise(aws: Aws, relay: AwsRelay, run_job: RunJob) -> None:
    relay.disturb("DescribeTasks", then_stop)

    outcome = run_job(taskCount=2, follow=True)

    assert len(outcome.result["started"]) == 2
    assert len(aws.tasks()) == 2
    assert relay.asked("StopTask") == []


def test_a_run_that_is_stopped_starts_no_more(aws: Aws, relay: AwsRelay, run_job: RunJob) -> None:
    relay.disturb("RunTask", then_stop)

    outcome = run_job(taskCount=20, follow=True, stopTasks=True)

    assert outcome.error == "10 of 20 tasks were started: the run was stopped"
    assert len(outcome.result["started"]) == 10
    assert aws.tasks() == []


def test_the_others_are_stopped_when_one_cannot_be(
    aws: Aws, relay: AwsRelay, run_job: RunJob
) -> None:
    relay.disturb("DescribeTasks", then_stop)
    relay.disturb("StopTask", refusing("AccessDeniedException", "Not you."))

    outcome = run_job(taskCount=3, follow=True, stopTasks=True)

    first, *others = outcome.result["started"]
    assert "stopRequested" not in first
    assert [task["taskArn"] for task in aws.tasks()] == [first["taskArn"]]
    assert len(others) == 2
    assert (outcome.error or "").startswith(f"AWS refused to stop the task {first['taskArn']}: ")
