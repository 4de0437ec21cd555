"""Refusals in words, and values as JSON."""

import socket
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest

from botsched.client import (
    Client,
    ClientError,
    ConfigurationError,
    ForbiddenError,
    LoginError,
    NotFoundError,
    RefusedError,
    ServerError,
    ThrottledError,
)
from botsched.errors import BotsError


@pytest.fixture
def answered(listen):
    """What is raised for an answer of a status and a body."""

    def answered(status: int, body: bytes, *headers: str, **access: Any) -> RefusedError:
        head = [f"HTTP/1.1 {status} x", f"Content-Length: {len(body)}", *headers, "", ""]

        def serve(connection: socket.socket) -> None:
            connection.recv(65536)
            connection.sendall("\r\n".join(head).encode() + body)
            connection.recv(1)

        with (
            Client(f"http://127.0.0.1:{listen(serve).port}", **access) as client,
            pytest.raises(ClientError) as raised,
        ):
            client.request("GET", "jobs")
        assert isinstance(raised.value, BotsError)
        assert isinstance(raised.value, RefusedError)
        assert raised.value.status == status
        return raised.value

    return answered


def test_a_wrong_login_is_told(answered):
    told = b'{"error": "Log in with your user name and password."}'
    error = answered(401, told, user="ann", password="secret")
    assert type(error) is LoginError
    assert "the password of 'ann' is wrong, or there is no such user" in str(error)
    assert "secret" not in str(error)


def test_a_missing_login_is_told_with_the_three_places(answered):
    message = str(answered(401, b"{}"))
    for part in (
        "wants a login",
        "user=...",
        "BOTS_SCHEDULER_USER",
        "[default], server = http://127.0.0.1:",
    ):
        assert part in message


def test_the_words_of_the_server_are_told(answered):
    throttled = answered(429, b'{"error": "Too many login tries."}', "Retry-After: 17")
    assert (type(throttled), str(throttled), throttled.retry_after) == (
        ThrottledError,
        "Too many login tries.",
        17.0,
    )
    assert type(answered(403, b'{"error": "no"}')) is ForbiddenError
    assert type(answered(503, b'{"error": "later"}')) is ServerError
    assert type(answered(308, b'{"error": "https"}')) is RefusedError


def test_the_file_that_was_read_is_named(answered, tmp_path):
    file = tmp_path / "mine.ini"
    file.write_text("[default]\nuser = ann\npassword = secret\n")
    assert f"or in {file}: [default], server = http://" in str(answered(401, b"{}", config=file))


@pytest.mark.parametrize(
    "body", [b"[]", b"null", b'{"jobs": 5, "next_cursor": null}', b'{"jobs": [{"name": "x"}]}']
)
def test_a_list_of_another_scheduler_is_noticed(answered, body):
    assert "is it bots-scheduler?" in str(answered(200, body))


@pytest.mark.parametrize(
    "ask",
    [
        lambda client: client.job("a"),
        lambda client: client.execution("a"),
        lambda client: client.output("a") and next(client.follow("a")),
        lambda client: client.files(),
        lambda client: client.upload(b"", "a"),
        lambda client: client.add_job("a", "b"),
        lambda client: client.update_job("a", name="b"),
        lambda client: client.run("a"),
    ],
)
@pytest.mark.parametrize("body", [b"[]", b'{"name": "x"}'])
def test_one_thing_of_another_scheduler_is_noticed(listen, ask, body):
    def serve(connection: socket.socket) -> None:
        head = f"HTTP/1.1 200 x\r\nContent-Length: {len(body)}\r\n\r\n".encode()
        while connection.recv(65536):
            connection.sendall(head + body)

    with (
        Client(f"http://127.0.0.1:{listen(serve).port}") as client,
        pytest.raises(ServerError, match="is it bots-scheduler"),
    ):
        ask(client)


def test_an_answer_without_end_is_no_json(answered):
    assert "is no JSON" in str(answered(200, b"[" * 100_000))
    assert "answers with status 500" in str(answered(500, b"[" * 100_000))


def test_fields_that_are_none_are_no_defect_of_the_client(answered):
    assert answered(422, b'{"error": "no", "fields": 5}').fields == {}


def test_another_server_is_noticed(answered):
    assert "answers with status 404. Is it the scheduler?" in str(answered(404, b"<html>"))
    assert "is no JSON; is it the scheduler?" in str(answered(200, b"<html>"))


def test_values_become_json(client: Client) -> None:
    job = client.add_job(
        "values",
        "web_jobs.greet.Greet",
        (Path("/srv/x"), 2),
        at=datetime(2030, 1, 1, tzinfo=UTC),
    )
    assert job.arguments == ["/srv/x", 2]
    assert job["at"] == "2030-01-01T00:00:00+00:00"
    assert list(client.executions(manual=True, time_range_start=date(2030, 1, 1))) == []
    assert list(client.executions(manual=False, state=("failed", "lost"), job_id=None)) == []
    with pytest.raises(TypeError, match="has no form in JSON"):
        client.add_job("wrong", "web_jobs.greet.Greet", [object()], hour=3)


def test_a_name_that_cannot_be_one_of_a_file_is_not_sent(client: Client) -> None:
    with pytest.raises(ValueError, match="is no name of a file"):
        client.upload(b"x", name='a"\r\nX: y')


def test_an_address_with_any_character_is_sent(client: Client) -> None:
    assert client.request("GET", "jobs?text=ü x")["jobs"] == []
    with pytest.raises(NotFoundError, match="no address"):
        client.request("GET", "nothing HTTP/1.1\r\nX: y")


@pytest.mark.parametrize("thing", [None, 5, ["id"]])
def test_what_is_no_id_is_named(client: Client, thing: object) -> None:
    with pytest.raises(TypeError, match=r"is no job: give its id"):
        client.delete_job(thing)  # type: ignore[arg-type]
    with pytest.raises(TypeError, match=r"is no execution: give its id"):
        client.stop(thing)  # type: ignore[arg-type]


@pytest.mark.parametrize("seconds", [0, -1])
def test_a_time_of_nothing_is_refused(seconds: float) -> None:
    with pytest.raises(ConfigurationError, match=f"timeout {seconds}: give"):
        Client("http://127.0.0.1:1", timeout=seconds)


def test_a_kept_client_may_be_shown() -> None:
    with Client("http://127.0.0.1:1", "ann", "secret") as client:
        assert repr(client) == "Client('http://127.0.0.1:1', user='ann')"
