"""What changes is told at once, through the proxy and its login."""

import http.client
import time
from collections.abc import Iterator
from typing import Any

import pytest

from tests.support.eventstream import EventStream
from tests.support.program import Program, basic, unverified
from tests.support.waiting import PATIENCE

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def program(make_program_once) -> Iterator[Program]:
    program = make_program_once("--threadpool-size", "4").start()
    yield program
    assert program.stop() == 0


def stream(program: Program, after: str | None = None) -> EventStream:
    def connect() -> tuple[http.client.HTTPConnection, dict[str, str]]:
        connection = http.client.HTTPSConnection(
            "127.0.0.1", program.port, timeout=PATIENCE, context=unverified()
        )
        return connection, {"Authorization": basic(*program.login)}

    return EventStream(connect).open(after)


def states(news: list[Any], execution_id: str) -> list[str]:
    return [
        each["state"]
        for each in news
        if each["type"] == "execution" and each["execution_id"] == execution_id
    ]


def test_a_run_is_told_from_its_beginning_to_its_end(program: Program) -> None:
    with stream(program) as events:
        assert events.status == 200
        assert events.headers["content-type"] == "text/event-stream"
        assert "no-transform" in events.headers["cache-control"]
        assert events.next().kind == "hello"
        job_id = program.add_job("own.tests_of_it.Sleep", 600)
        events.until(lambda news: {"type": "job", "job_id": job_id, "change": "added"} in news)
        run = program.run_now(job_id)
        printed = {"type": "output", "execution_id": run, "next": 1}
        events.until(lambda news: printed in news and "running" in states(news, run))
        program.ask("DELETE", f"/api/v1/executions/{run}")
        news = events.until(lambda news: "stopped" in states(news, run))

    assert {"type": "log"} in news
    assert all(each["job_id"] == job_id for each in news if each.get("execution_id") == run
               and each["type"] == "execution")  # fmt: skip


def test_what_was_missed_is_told_after_a_cut(program: Program) -> None:
    with stream(program) as events:
        assert events.next().kind == "hello"
    job_id = program.add_job("own.tests_of_it.Greet")
    run = program.run_now(job_id)
    program.ended(run)

    with stream(program, after=events.place) as again:
        assert again.next().kind == "hello"
        news = again.until(lambda news: "succeeded" in states(news, run))
    assert {"type": "job", "job_id": job_id, "change": "added"} in news


def test_a_place_of_another_server_is_told_to_reset(program: Program) -> None:
    with stream(program, after="0123456789ab-7") as events:
        told = events.next()
        assert told.kind == "reset"
        assert not told.place.startswith("0123456789ab")
        program.ask("PUT", "/api/v1/hold", {"reason": "a test"})
        program.ask("DELETE", "/api/v1/hold")
        events.until(lambda news: {"type": "hold"} in news)


def test_a_server_with_open_streams_stops_at_once(make_program) -> None:
    program = make_program("--stop-grace", "60").start()
    opened = [stream(program) for _ in range(10)]
    for each in opened:
        assert each.next().kind == "hello"

    began = time.monotonic()
    assert program.stop() == 0
    assert time.monotonic() - began < 30  # less than any ping or grace could take
    assert "Traceback" not in program.told
    for each in opened:
        while each.next() is not None:
            pass
        each.close()


def test_a_slow_reader_hinders_nobody(program: Program) -> None:
    with stream(program) as slow, stream(program) as quick:
        assert quick.next().kind == "hello"
        slow._connection.sock.setsockopt(1, 8, 4096)
        job_id = program.add_job("own.tests_of_it.Greet")
        runs = [program.run_now(job_id) for _ in range(20)]
        quick.until(lambda news: all("succeeded" in states(news, run) for run in runs))
        assert program.answers()
        slow.until(lambda news: "succeeded" in states(news, runs[-1]))
