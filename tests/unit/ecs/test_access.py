import pytest

from botsched.ecs.access import state_of
from botsched.errors import ExecutionError
from tests.support.aws import Aws


def test_a_cluster_tells_its_state(aws: Aws) -> None:
    aws.start("sleeper-task", 2)

    assert state_of(aws.cluster) == "ACTIVE, 2 tasks run there"


def test_a_cluster_that_is_nowhere_is_told(aws: Aws) -> None:
    with pytest.raises(ExecutionError, match="no active cluster 'gone'"):
        state_of("gone")


def test_that_nobody_answers_is_told(aws: Aws, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_MAX_ATTEMPTS", "1")
    monkeypatch.setenv("AWS_ENDPOINT_URL", "http://127.0.0.1:1")

    with pytest.raises(ExecutionError, match="Could not connect"):
        state_of(aws.cluster)
