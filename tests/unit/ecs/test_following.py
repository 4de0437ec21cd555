"""Runs that follow their tasks to the end."""

from typing import Any

import pytest

from botsched.ecs import following
from botsched.ecs.task import RunTask
from botsched.job.outcome import Outcome
from botsched.reports import render_text
from tests.support.aws import Aws
from tests.support.awsfaults import AwsRelay, changing, hanging_up, refusing
from tests.unit.ecs.conftest import RunJob

ALWAYS = refusing("ServerException", "Out of order.", 500)


@pytest.fixture(autouse=True)
def ending(aws: Aws) -> None:
    """Tasks end after a few looks."""
    aws.let_tasks_end(after=1)


def stopped(**containers: dict[str, Any]) -> Any:
    """A change of what is told of tasks: all ended so."""

    def change(data: dict[str, Any]) -> None:
        for task in data["tasks"]:
            task |= {"lastStatus": "STOPPED", "stopCode": "EssentialContainerExited"}
            task["containers"] = [{"name": name, **each} for name, each in containers.items()]

    return changing(change)


def test_tasks_are_followed_to_their_end_with_their_exit_codes(
    run_job: RunJob, capsys: pytest.CaptureFixture[str]
) -> None:
    outcome = run_job(follow=True, taskCount=2)

    assert outcome.succeeded
    tasks = outcome.result["started"]
    assert [task["lastStatus"] for task in tasks] == ["STOPPED"] * 2
    assert [task["containers"][0]["exitCode"] for task in tasks] == [0, 0]
    lines = capsys.readouterr().out.splitlines()
    names = [task["taskArn"].rpartition("/")[2] for task in tasks]
    for name in names:
        told = [line.removeprefix(f"{name} ") for line in lines if line.startswith(name)]
        assert told == ["DEACTIVATING", "STOPPING", "DEPROVISIONING", "STOPPED (main: 0)"]
    assert "Exit codes" in render_text(outcome.report or (), 200)


def test_how_many_have_ended_is_told_as_progress(
    aws: Aws,
) -> None:
    told: list[tuple[float | None, str]] = []
    job = RunTask("job1", "run1")
    job.tell_progress = lambda fraction, text: told.append((fraction, text))
    job.run("sleeper-task", taskCount=2, follow=True)

    assert told[0] == (0.0, "starting tasks")
    assert told[1] == (0.0, "0 of 2 ended")
    assert told[-1] == (1.0, "2 of 2 ended")


def test_only_tasks_that_go_on_are_looked_at_again(relay: AwsRelay, run_job: RunJob) -> None:
    def first_ended(data: dict[str, Any]) -> None:
        data["tasks"][0]["lastStatus"] = "STOPPED"

    relay.disturb("DescribeTasks", changing(first_ended))

    assert run_job(follow=True, taskCount=3).succeeded
    first, second, *_ = [len(call["tasks"]) for call in relay.asked("DescribeTasks")]
    assert (first, second) == (3, 2)


@pytest.mark.parametrize(
    ("containers", "codes"),
    [
        ({"main": {"exitCode": 3}}, "main: 3"),
        ({"main": {"reason": "CannotPullContainerError"}}, "main: none"),
    ],
)
def test_a_task_whose_container_fails_fails_the_run(
    relay: AwsRelay, run_job: RunJob, containers: dict[str, Any], codes: str
) -> None:
    relay.disturb("DescribeTasks", stopped(**containers))

    outcome = run_job(follow=True)

    [task] = outcome.result["started"]
    name = task["taskArn"].rpartition("/")[2]
    assert outcome.error == f"The task {name} failed ({codes})."
    assert task["containers"] == [{"name": "main", **containers["main"]}]


@pytest.mark.parametrize(("main", "succeeded"), [(0, True), (1, False)])
def test_the_exit_codes_of_essential_containers_count(
    aws: Aws, relay: AwsRelay, run_job: RunJob, main: int, succeeded: bool
) -> None:
    aws.define("with-agent", "agent")
    relay.disturb("DescribeTasks", stopped(main={"exitCode": main}, agent={"exitCode": 137}))

    outcome = run_job(taskDefinition="with-agent", follow=True)

    assert outcome.succeeded is succeeded
    assert succeeded or (outcome.error or "").endswith(" failed (main: 1, agent: 137).")


def test_all_exit_codes_count_where_nobody_may_ask_which_do(
    aws: Aws, relay: AwsRelay, run_job: RunJob
) -> None:
    aws.define("with-agent", "agent")
    relay.disturb("DescribeTasks", stopped(main={"exitCode": 0}, agent={"exitCode": 137}))
    relay.disturb("DescribeTaskDefinition", refusing("AccessDeniedException"))

    assert not run_job(taskDefinition="with-agent", follow=True).succeeded


def test_a_task_that_was_stopped_by_somebody_fails_the_run(
    relay: AwsRelay, run_job: RunJob
) -> None:
    def change(data: dict[str, Any]) -> None:
        task = {"stopCode": "UserInitiated", "stoppedReason": "By ann", "lastStatus": "STOPPED"}
        data["tasks"][0] |= task

    relay.disturb("DescribeTasks", changing(change))

    outcome = run_job(follow=True)

    name = outcome.result["started"][0]["taskArn"].rpartition("/")[2]
    assert outcome.error == f"The task {name} was stopped: By ann"


def test_a_fault_on_the_way_does_not_end_the_following(
    relay: AwsRelay, run_job: RunJob, capsys: pytest.CaptureFixture[str]
) -> None:
    relay.disturb("DescribeTasks", *[ALWAYS] * 12, hanging_up)  # two looks, of six attempts each

    assert run_job(follow=True).succeeded
    assert capsys.readouterr().err.count("AWS refused to look at tasks") == 2


def test_the_following_ends_when_nothing_is_to_be_learned_any_more(
    relay: AwsRelay, run_job: RunJob, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(following, "_PATIENCE", 2)
    relay.always("DescribeTasks", ALWAYS)

    outcome = run_job(follow=True)

    assert len(outcome.result["started"]) == 1
    assert (outcome.error or "").startswith("AWS refused to look at tasks of the cluster")


def test_only_faults_in_a_row_count(
    relay: AwsRelay, run_job: RunJob, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(following, "_PATIENCE", 2)
    relay.disturb("DescribeTasks", *[ALWAYS] * 6, lambda passing: passing(), *[ALWAYS] * 6)

    assert run_job(follow=True).succeeded


def missing(number: int) -> Any:
    """Answers without one of the tasks, with a failure in its place or without."""

    def change(data: dict[str, Any]) -> None:
        arn = data["tasks"].pop()["taskArn"]
        data["failures"] = [{"arn": arn, "reason": "MISSING"}]

    def leave_out(data: dict[str, Any]) -> None:
        data["tasks"].pop()

    return [changing(change if turn % 2 else leave_out) for turn in range(number)]


def test_a_task_that_ecs_does_not_know_yet_is_waited_for(relay: AwsRelay, run_job: RunJob) -> None:
    relay.disturb("DescribeTasks", *missing(9))

    assert run_job(follow=True).succeeded


def test_a_task_that_ecs_has_forgotten_fails_the_run(relay: AwsRelay, run_job: RunJob) -> None:
    relay.disturb("DescribeTasks", *missing(10))

    outcome: Outcome = run_job(follow=True, taskCount=2)

    assert (outcome.error or "").endswith("was stopped: ECS does not know it any more.")
    assert [task["lastStatus"] for task in outcome.result["started"]] == ["STOPPED"] * 2
