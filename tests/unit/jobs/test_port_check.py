import socket
from collections.abc import Iterator

import pytest

from tests.unit.jobs.conftest import RunJob, shown

NAME = "port_check.PortCheck"


@pytest.fixture
def listening() -> Iterator[int]:
    with socket.create_server(("127.0.0.1", 0)) as server:
        yield server.getsockname()[1]


@pytest.fixture
def closed() -> Iterator[int]:
    with socket.socket() as bound:  # bound, so that nobody else gets the port, but not listening
        bound.bind(("127.0.0.1", 0))
        yield bound.getsockname()[1]


def test_an_open_port_succeeds(run_job: RunJob, listening: int) -> None:
    outcome = run_job(NAME, f"127.0.0.1:{listening}", "2")
    assert (outcome.succeeded, outcome.error) == (True, None)
    assert "open" in shown(outcome)


def test_a_closed_port_fails_and_all_are_reported(
    run_job: RunJob, listening: int, closed: int
) -> None:
    outcome = run_job(NAME, [f"127.0.0.1:{closed}", f"localhost:{listening}"], 2)
    assert outcome.error == f"Not reachable: 127.0.0.1:{closed} (Connection refused)."
    assert "open" in shown(outcome)


def test_a_port_that_does_not_answer_fails_in_time(run_job: RunJob) -> None:
    with socket.create_server(("127.0.0.1", 0), backlog=0) as full:
        address = full.getsockname()
        with socket.create_connection(address):  # the only place in the queue is taken
            outcome = run_job(NAME, f"127.0.0.1:{address[1]}", 0.2)
    assert "no answer within 0.2 s" in str(outcome.error)


def test_ipv6_addresses_stand_in_brackets(run_job: RunJob) -> None:
    try:
        server = socket.create_server(("::1", 0), family=socket.AF_INET6)
    except OSError:
        pytest.skip("there is no IPv6 here")
    with server:
        assert run_job(NAME, f"[::1]:{server.getsockname()[1]}").succeeded


@pytest.mark.parametrize(
    ("targets", "error"),
    [
        ("localhost", "'localhost' must be written host:port."),
        (":80", "':80' must be written host:port."),
        ("localhost:http", "The port must be a number, not 'http'."),
        ("localhost:70000", "The port must be 1 to 65535, not '70000'."),
        ("localhost:80.5", "The port must be a whole number, not '80.5'."),
        ([], "Give at least one host:port."),
    ],
)
def test_wrong_targets_are_said_in_a_sentence(run_job: RunJob, targets: object, error: str) -> None:
    assert run_job(NAME, targets).error == error
