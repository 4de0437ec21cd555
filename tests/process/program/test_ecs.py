"""ECS Scheduler's documented calls, to a whole program, with moto's server for AWS."""

from collections.abc import Iterator
from typing import Any

import pytest

from tests.process.program.conftest import MakeProgram
from tests.support.aws import Aws, aws_server
from tests.support.program import Program, until

pytestmark = pytest.mark.slow

SLEEPER = {"taskDefinition": "sleeper-task", "schedule": "25 */5"}
LONG = {
    "taskDefinition": "sleeper-task", "id": "long-sleep-task", "schedule": "? */7",
    "overrides": [{"containerName": "main", "environment": {"SLEEP_SECONDS": "10"}}],
}  # fmt: skip
CONSUMER = {
    "taskDefinition": "consumer-task", "schedule": "0 0 0 * * 1 2",
    "trigger": {"type": "sqs", "messagesPerTask": 100},
}  # fmt: skip


@pytest.fixture(scope="module")
def aws() -> Iterator[Aws]:
    with aws_server() as aws:
        aws.define("consumer-task")
        yield aws


@pytest.fixture(scope="module")
def program(make_program_once: MakeProgram, aws: Aws) -> Program:
    made = make_program_once("--no-proxy", environment=aws.environment)
    made.direct = True
    return made.start()


@pytest.fixture
def held(program: Program) -> Iterator[None]:
    """Jobs run when asked to alone: those of the guide are due every few minutes."""
    program.ask("PUT", "/api/v1/hold", {"reason": "a test"})
    yield
    program.ask("DELETE", "/api/v1/hold")


@pytest.mark.usefixtures("held")
def test_the_calls_of_its_guide_do_what_they_did(program: Program, aws: Aws) -> None:
    def ask(method: str, path: str, body: Any = None) -> tuple[int, Any]:
        answer = program.ask(method, f"/ecs{path}", body)
        return answer.status, answer.json

    consumer = CONSUMER | {"trigger": CONSUMER["trigger"] | {"queueName": aws.queue(3)}}
    for body in (SLEEPER, LONG, consumer):
        status, answer = ask("POST", "/jobs", body)
        assert (status, answer["id"]) == (201, body.get("id", body["taskDefinition"]))
    conflict = {"message": "Job sleeper-task already exists"}
    assert ask("POST", "/jobs", SLEEPER) == (409, conflict)
    assert ask("PUT", "/jobs/consumer-task", {"maxCount": 10})[0] == 200
    _, found = ask("GET", "/jobs")
    assert [job["id"] for job in found["jobs"]] == [
        "consumer-task", "long-sleep-task", "sleeper-task",
    ]  # fmt: skip

    for job in found["jobs"]:
        assert program.ran(job["id"])["state"] == "succeeded"
        (_, after) = ask("GET", f"/jobs/{job['id']}")
        assert [len(after["lastRunTasks"]), after["taskCount"]] == [1, 1]
    started = {arn for job in ask("GET", "/jobs")[1]["jobs"] for arn in arns(job)}
    assert started == {task["taskArn"] for task in aws.tasks()}

    assert ask("DELETE", "/jobs/long-sleep-task") == (200, {"id": "long-sleep-task"})
    assert ask("GET", "/jobs/long-sleep-task")[0] == 404


def arns(job: dict[str, Any]) -> list[str]:
    return [task["taskId"] for task in job["lastRunTasks"]]


def test_a_job_runs_when_it_is_due(program: Program) -> None:
    body = {"taskDefinition": "sleeper-task", "id": "often", "schedule": "*", "maxCount": 1}
    program.ask("POST", "/ecs/jobs", body)

    def ran() -> Any:
        return program.ask("GET", "/ecs/jobs/often").json.get("lastRunTasks")

    until(ran, lambda tasks: tasks is not None)
