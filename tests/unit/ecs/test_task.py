"""Runs of a job of ECS against moto's server: what is started, and what is said of it."""

import re
from typing import Any

import pytest

from botsched.job import Table
from botsched.job.outcome import Outcome
from botsched.reports import render_text
from tests.support.aws import NAME, Aws
from tests.support.awsfaults import (
    AwsRelay,
    changing,
    hanging_up,
    losing,
    refusing,
    saying,
)
from tests.unit.ecs.conftest import RunJob

SLEEPY = [{"containerName": "main", "environment": {"SLEEP_SECONDS": "10"}}]


def numbers(outcome: Outcome) -> tuple[int, int, int]:
    """How many ran, were wanted, and were started."""
    result = outcome.result
    return result["running"], result["wanted"], len(result["started"])


def short(outcome: Outcome) -> list[str]:
    return [task["taskArn"].rpartition("/")[2] for task in outcome.result["started"]]


def test_what_is_missing_is_started_in_the_name_of_the_scheduler(
    aws: Aws, run_job: RunJob, capsys: pytest.CaptureFixture[str]
) -> None:
    outcome = run_job(taskCount=3)

    assert outcome.succeeded
    assert outcome.description == "3 started; 0 of 3 ran already"
    tasks = aws.tasks()
    assert {task["startedBy"] for task in tasks} == {NAME}
    assert {task["taskArn"] for task in outcome.result["started"]} == {
        task["taskArn"] for task in tasks
    }
    assert outcome.result == {
        "cluster": aws.cluster,
        "running": 0,
        "wanted": 3,
        "started": outcome.result["started"],
        "failures": [],
    }
    started = [f"started {name}" for name in short(outcome)]
    assert capsys.readouterr().out.splitlines() == ["0 of 3 tasks run; 3 to start.", *started]
    table = next(item for item in outcome.report or () if isinstance(item, Table))
    assert [row[0] for row in table.rows] == short(outcome)


def test_what_runs_already_is_not_started_again(run_job: RunJob) -> None:
    assert numbers(run_job(taskCount=2)) == (0, 2, 2)
    assert numbers(run_job(taskCount=5)) == (2, 5, 3)
    assert numbers(run_job(taskCount=5)) == (5, 5, 0)
    assert numbers(run_job(taskCount=2)) == (5, 2, 0)


def test_tasks_of_others_do_not_count(aws: Aws, run_job: RunJob) -> None:
    aws.define("other-task")
    aws.start("sleeper-task", 2, by="somebody-else")
    aws.start("other-task", 2)

    assert numbers(run_job(taskCount=2)) == (0, 2, 2)


def test_tasks_that_ecs_is_to_stop_do_not_count(aws: Aws, run_job: RunJob) -> None:
    first, _second = aws.start("sleeper-task", 2)
    aws.ecs.stop_task(cluster=aws.cluster, task=first)

    assert numbers(run_job(taskCount=2)) == (1, 2, 1)


@pytest.mark.parametrize("key", ["desiredStatus", "lastStatus"])
def test_tasks_that_ended_since_they_were_listed_do_not_count(
    aws: Aws, relay: AwsRelay, run_job: RunJob, key: str
) -> None:
    aws.start("sleeper-task", 2)
    relay.disturb("DescribeTasks", changing(lambda data: data["tasks"][0].update({key: "STOPPED"})))

    assert numbers(run_job(taskCount=2)) == (1, 2, 1)


def test_two_jobs_of_one_task_definition_have_their_own_tasks(aws: Aws, run_job: RunJob) -> None:
    assert numbers(run_job(taskCount=2)) == (0, 2, 2)
    assert numbers(run_job(taskCount=1, overrides=SLEEPY)) == (0, 1, 1)
    assert numbers(run_job(taskCount=1, overrides=SLEEPY)) == (1, 1, 0)
    assert numbers(run_job(taskCount=2)) == (2, 2, 0)

    overrides = [task["overrides"]["containerOverrides"] for task in aws.tasks()]
    variable = {"name": "SLEEP_SECONDS", "value": "10"}
    assert sorted(overrides, key=len) == [
        [],
        [],
        [{"name": "main", "environment": [variable]}],
    ]


def test_more_tasks_than_one_answer_holds_are_all_counted(
    aws: Aws, relay: AwsRelay, run_job: RunJob
) -> None:
    arns = aws.start("sleeper-task", 7)

    def page(begin: int, end: int, token: str | None) -> Any:
        def change(data: dict[str, Any]) -> None:
            data["taskArns"] = arns[begin:end]
            if token:
                data["nextToken"] = token

        return changing(change)

    relay.disturb("ListTasks", page(0, 3, "one"), page(3, 6, "two"), page(6, 7, None))

    assert numbers(run_job(taskCount=9)) == (7, 9, 2)
    assert [call.get("nextToken") for call in relay.asked("ListTasks")] == [None, "one", "two"]


def test_fifty_tasks_are_started_ten_at_a_time(relay: AwsRelay, run_job: RunJob) -> None:
    assert numbers(run_job("run7", taskCount=50)) == (0, 50, 50)

    calls = relay.asked("RunTask")
    assert [call["count"] for call in calls] == [10] * 5
    assert [call["clientToken"] for call in calls] == [f"run7-{number}" for number in range(5)]


@pytest.mark.parametrize(
    ("messages", "more", "wanted"),
    [
        (0, {"messagesPerTask": 2}, 0),
        (1, {"messagesPerTask": 2}, 1),
        (2, {"messagesPerTask": 2}, 1),
        (5, {"messagesPerTask": 2}, 3),
        (5, {}, 1),
        (0, {}, 0),
    ],
)
def test_a_queue_decides_how_many(
    aws: Aws, run_job: RunJob, messages: int, more: dict[str, int], wanted: int
) -> None:
    trigger = {"type": "sqs", "queueName": aws.queue(messages)}

    outcome = run_job(trigger=trigger | more)

    assert numbers(outcome) == (0, wanted, wanted)


def test_a_queue_decides_within_the_bounds_of_the_job(aws: Aws, run_job: RunJob) -> None:
    trigger = {"type": "sqs", "queueName": aws.queue(9), "messagesPerTask": 1}

    assert numbers(run_job(trigger=trigger, maxCount=4)) == (0, 4, 4)
    assert numbers(run_job(trigger=trigger | {"messagesPerTask": 9}, taskCount=6)) == (4, 6, 2)


def test_tasks_that_find_no_room_fail_the_run_which_keeps_those_that_were_started(
    aws: Aws, relay: AwsRelay, run_job: RunJob
) -> None:
    def full(data: dict[str, Any]) -> None:
        arn = "arn:aws:ecs:eu-central-1:123456789012:container-instance/shop/1"
        del data["tasks"][6:]
        data["failures"] = [
            *({"arn": arn, "reason": "RESOURCE:CPU"} for _ in range(3)),
            {"arn": arn, "reason": "AGENT", "detail": "gone"},
        ]

    relay.disturb("RunTask", lambda passing: passing(), changing(full))

    outcome = run_job(taskCount=25)

    assert not outcome.succeeded
    assert numbers(outcome) == (0, 25, 16)
    assert len(outcome.result["failures"]) == 4
    assert outcome.error == (
        "16 of 25 tasks were started: 3 times RESOURCE:CPU (no machine of the cluster has enough "
        "CPU left), AGENT (the agent of the machine is not connected)"
    )
    assert len(relay.asked("RunTask")) == 2
    report = render_text(outcome.report or (), 200)
    assert "Not started" in report
    assert "gone" in report
    assert report.count("RUNNING") == 16


def test_tasks_that_are_not_started_without_a_word_fail_the_run(
    relay: AwsRelay, run_job: RunJob
) -> None:
    relay.disturb("RunTask", saying({"tasks": [], "failures": []}))

    outcome = run_job(taskCount=2)

    assert not outcome.succeeded
    assert outcome.error == (
        "0 of 2 tasks were started: ECS started fewer than it was asked for, and gave no reason"
    )


def test_the_report_has_no_empty_columns(run_job: RunJob) -> None:
    report = render_text(run_job().report or (), 200)

    assert "Status" in report
    assert "Exit codes" not in report


def test_an_error_half_way_fails_the_run_which_keeps_those_that_were_started(
    relay: AwsRelay, run_job: RunJob
) -> None:
    relay.disturb("RunTask", lambda passing: passing())
    relay.always("RunTask", refusing("ThrottlingException", "Rate exceeded"))

    outcome = run_job(taskCount=20)

    assert numbers(outcome) == (0, 20, 10)
    assert (outcome.error or "").startswith("10 of 20 tasks were started: AWS refused to start")
    assert "ThrottlingException: Rate exceeded" in (outcome.error or "")
    assert len(relay.asked("RunTask")) == 1 + 6


@pytest.mark.parametrize(
    "fault",
    [
        refusing("ThrottlingException", "Rate exceeded"),
        refusing("ServerException", status=500),
        losing,
        hanging_up,
    ],
)
def test_a_call_that_is_tried_again_starts_no_task_twice(
    aws: Aws, relay: AwsRelay, run_job: RunJob, fault: Any
) -> None:
    relay.disturb("RunTask", fault, fault)

    outcome = run_job("run9", taskCount=4)

    assert outcome.succeeded
    assert numbers(outcome) == (0, 4, 4)
    assert len(aws.tasks()) == 4
    assert [call["clientToken"] for call in relay.asked("RunTask")] == ["run9-0"] * 3


@pytest.mark.parametrize("operation", ["ListTasks", "DescribeTasks", "GetQueueUrl"])
def test_other_calls_are_tried_again_as_well(
    aws: Aws, relay: AwsRelay, run_job: RunJob, operation: str
) -> None:
    queue = aws.queue(1)
    aws.start("sleeper-task")
    relay.disturb(operation, refusing("ThrottlingException"), hanging_up)

    outcome = run_job(trigger={"type": "sqs", "queueName": queue}, taskCount=2)

    assert numbers(outcome) == (1, 2, 1)
    assert len(relay.asked(operation)) >= 3


def test_without_a_cluster_the_run_says_what_to_do(
    aws: Aws, run_job: RunJob, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("ECSS_ECS_CLUSTER")

    assert run_job().error == ("There is no cluster of ECS; start the server with --ecs-cluster.")


@pytest.mark.parametrize(
    ("arguments", "error"),
    [
        ({"taskDefinition": ""}, "taskDefinition: give a text, not ''."),
        ({"taskCount": 0}, "taskCount: give a whole number from 1 to 50, not 0."),
        ({"maxCount": 51}, "maxCount: give a whole number from 1 to 50, not 51."),
        ({"follow": "perhaps"}, "follow: give true or false, not 'perhaps'."),
        ({"overrides": {"A": "1"}}, "overrides: give a list, not {'A': '1'}."),
        ({"trigger": "sqs"}, """trigger: give an object as {"type": "sqs", ...}, not 'sqs'."""),
    ],
)
def test_a_wrong_argument_is_told_before_anything_is_done(
    aws: Aws, run_job: RunJob, arguments: dict[str, Any], error: str
) -> None:
    assert run_job(**arguments).error == error
    assert aws.tasks() == []


def test_nothing_of_the_credentials_is_told(
    aws: Aws, relay: AwsRelay, run_job: RunJob, capsys: pytest.CaptureFixture[str]
) -> None:
    secret = aws.environment["AWS_SECRET_ACCESS_KEY"]
    canonical = f"Wrong signature.\n\nThe Canonical String was\nx-amz-security-token:{secret}"
    relay.disturb("ListTasks", refusing("SignatureDoesNotMatch", canonical))

    outcome = run_job()

    assert "SignatureDoesNotMatch: Wrong signature. The credentials" in (outcome.error or "")
    told = f"{outcome}{capsys.readouterr()}"
    assert not re.search(f"{secret}|AKIAEXAMPLE", told)
