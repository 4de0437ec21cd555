"""Jobs of ECS, run in this process against moto's server; ``relay`` disturbs their calls."""

from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import pytest

from botsched.ecs import following
from botsched.ecs.task import RunTask
from botsched.job.invoke import invoke
from botsched.job.outcome import Call, Outcome
from tests.support.aws import Aws, aws_server
from tests.support.awsfaults import AwsRelay

RunJob = Callable[..., Outcome]


@pytest.fixture(scope="package")
def aws_of_package() -> Iterator[Aws]:
    with aws_server() as aws:
        yield aws


@pytest.fixture
def aws(aws_of_package: Aws, monkeypatch: pytest.MonkeyPatch) -> Aws:
    """AWS, with a cluster of one's own."""
    aws_of_package.renew()
    for name, value in aws_of_package.environment.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setattr(following, "_FIRST_SECONDS", 0.0)
    monkeypatch.setattr(following, "_LONGEST_SECONDS", 0.01)
    return aws_of_package


@pytest.fixture
def relay(aws: Aws, monkeypatch: pytest.MonkeyPatch) -> Iterator[AwsRelay]:
    """What stands between the jobs and AWS; nobody waits long before trying again."""
    backoff = "botocore.retries.standard.ExponentialBackoff.delay_amount"
    monkeypatch.setattr(backoff, lambda self, context: 0)
    with closing(AwsRelay(aws.address)) as relay:
        monkeypatch.setenv("AWS_ENDPOINT_URL", relay.address)
        yield relay


@pytest.fixture
def run_job(aws: Aws, tmp_path: Path) -> RunJob:
    """Run a job for ``sleeper-task`` with these arguments."""

    def run(execution_id: str = "run1", **arguments: object) -> Outcome:
        arguments = {"taskDefinition": "sleeper-task"} | arguments
        outcome = invoke(RunTask, Call("job1", execution_id, arguments, tmp_path))
        assert outcome.traceback is None, outcome.traceback
        return outcome

    return run
