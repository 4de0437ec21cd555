"""How AWS is reached, and what is told when it is not."""

import pytest

from botsched.ecs.aws import new_client, told
from botsched.job import JobError
from tests.support.aws import Aws
from tests.support.awsfaults import AwsRelay, refusing, saying
from tests.unit.ecs.conftest import RunJob


def test_without_credentials_the_run_says_where_they_are_looked_for(
    aws: Aws, run_job: RunJob, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("AWS_ACCESS_KEY_ID")
    monkeypatch.delenv("AWS_SECRET_ACCESS_KEY")

    error = run_job().error or ""

    assert error.startswith("There are no credentials to list the tasks of the cluster ")
    assert "AWS_ACCESS_KEY_ID, or the role of this machine." in error


def test_without_a_region_the_run_says_how_to_choose_one(
    aws: Aws, run_job: RunJob, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("AWS_DEFAULT_REGION")
    monkeypatch.delenv("AWS_ENDPOINT_URL")

    assert run_job().error == "No region is chosen to use the service ecs; set AWS_DEFAULT_REGION."


def test_a_profile_that_is_nowhere_is_told(
    aws: Aws, run_job: RunJob, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AWS_PROFILE", "night")

    assert run_job().error == (
        "AWS could not use the service ecs: The config profile (night) could not be found"
    )


def test_nobody_there_is_told_with_the_address(aws: Aws, relay: AwsRelay, run_job: RunJob) -> None:
    relay.close()

    error = run_job().error or ""

    assert error.startswith("AWS could not list the tasks of the cluster ")
    assert error.endswith(f'Could not connect to the endpoint URL: "{relay.address}/"')


def test_a_page_that_keeps_coming_is_told(relay: AwsRelay, run_job: RunJob) -> None:
    relay.always("ListTasks", saying({"taskArns": [], "nextToken": "again"}))

    assert "The same next token was received twice" in (run_job().error or "")


@pytest.mark.parametrize(
    ("operation", "lacks"),
    [
        ("ListTasks", "taskArns"),
        ("DescribeTasks", "tasks"),
        ("RunTask", "tasks"),
        ("GetQueueAttributes", "Attributes"),
    ],
)
def test_an_answer_that_is_not_of_aws_is_told(
    aws: Aws, relay: AwsRelay, run_job: RunJob, operation: str, lacks: str
) -> None:
    queue = aws.queue(1)
    aws.start("sleeper-task")
    relay.always(operation, saying({}))

    outcome = run_job(trigger={"type": "sqs", "queueName": queue}, taskCount=2)

    assert not outcome.succeeded
    assert f"what answered gave no {lacks}, so it is not AWS." in (outcome.error or "")
    assert len(aws.tasks()) == 1


@pytest.mark.parametrize(("status", "body"), [(200, None), (200, ["x"]), (400, None)])
def test_a_body_that_is_no_object_is_told(
    relay: AwsRelay, run_job: RunJob, status: int, body: object
) -> None:
    relay.always("ListTasks", saying(body, status))

    error = run_job().error or ""

    assert "what answered gave no object of JSON, so it is not AWS. See AWS_ENDPOINT_" in error


def test_the_environment_may_choose_how_often_aws_is_asked(
    relay: AwsRelay, run_job: RunJob, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AWS_MAX_ATTEMPTS", "2")
    relay.always("ListTasks", refusing("ThrottlingException"))

    assert not run_job().succeeded
    assert len(relay.asked("ListTasks")) == 2


def test_throttling_is_met_patiently(aws: Aws) -> None:
    retries = new_client("ecs").meta.config.retries

    assert retries == {"mode": "standard", "total_max_attempts": 6}


def test_what_is_no_fault_of_aws_passes() -> None:
    with pytest.raises(ZeroDivisionError), told("divide"):
        _ = 1 / 0
    with pytest.raises(JobError, match="mine"), told("raise"):
        raise JobError("mine")
