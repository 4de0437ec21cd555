"""The stream of what changes."""

import http.client
import re
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from typing import Any

import pytest

from botsched.domain.news import Topic
from botsched.feed import feed as feeds
from botsched.web.server import Services, WebServer
from tests.support.eventstream import EventStream
from tests.support.waiting import PATIENCE, until

Open = Callable[..., EventStream]


@pytest.fixture
def listen(server: WebServer, ask: Any) -> Iterator[Open]:
    """Opens streams as the proxy does for a user."""
    with ExitStack() as stack:

        def opened(after: str | None = None, **headers: str) -> EventStream:
            def connect() -> tuple[http.client.HTTPConnection, dict[str, str]]:
                named = {name.replace("_", "-"): value for name, value in headers.items()}
                connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=PATIENCE)
                return connection, ask.headers | named

            return stack.enter_context(EventStream(connect)).open(after)

        yield opened


def test_a_change_is_told(listen: Open, ask: Any) -> None:
    events = listen()
    assert events.status == 200
    assert events.headers["content-type"] == "text/event-stream"
    assert events.headers["cache-control"] == "no-store, no-transform"
    assert "content-encoding" not in events.headers
    assert events.next().kind == "hello"

    job_id = ask.added()
    events.until(lambda news: {"type": "job", "job_id": job_id, "change": "added"} in news)


def test_a_stream_goes_on_where_another_was_lost(listen: Open, ask: Any) -> None:
    first = listen()
    first.next()
    first.close()
    job_id = ask.added()
    added = {"type": "job", "job_id": job_id, "change": "added"}

    by_parameter = listen(after=first.place)
    assert by_parameter.next() == (first.place, "hello", [])
    by_parameter.until(lambda news: added in news)
    listen(Last_Event_ID=first.place).until(lambda news: added in news)


def test_a_place_that_is_not_known_is_told_to_reset(listen: Open) -> None:
    events = listen(after="%0Aevent:%20changes")
    told = events.next()

    assert told.kind == "reset"
    assert told.news == []


def test_only_the_head_is_given_for_head(ask: Any) -> None:
    answer = ask("HEAD", "/api/v1/events")

    assert answer.status == 200
    assert answer.headers["content-type"] == "text/event-stream"


def test_a_page_of_another_site_is_refused(ask: Any) -> None:
    answer = ask("GET", "/api/v1/events", headers={"Sec-Fetch-Site": "cross-site"})

    assert answer.status == 403


def test_too_many_streams_of_a_user_are_refused_and_their_places_are_given_back(
    listen: Open, ask: Any, as_user: Callable[[str], Any]
) -> None:
    opened = []
    while (events := listen()).status == 200:
        assert events.next().kind == "hello"
        opened.append(events)
    assert events.status == 429
    assert events.headers["retry-after"] == "5"
    assert as_user("ben")("HEAD", "/api/v1/events").status == 200

    for each in opened:
        each.close()
    until(lambda: ask("HEAD", "/api/v1/events").status == 200, "a place is free")


def test_what_happened_since_the_page_was_made_is_told(listen: Open, ask: Any) -> None:
    found = re.search(r'data-place="([^"]+)"', ask("GET", "/").text)
    assert found
    job_id = ask.added()

    events = listen(after=found[1])
    assert events.next().kind == "hello"
    events.until(lambda news: {"type": "job", "job_id": job_id, "change": "added"} in news)


def test_a_reader_that_does_not_read_is_told_to_reset_and_not_all_that_it_missed(
    listen: Open, services: Services, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(feeds, "_GAP_SECONDS", 0.0)
    feed = services.feed
    slow = listen()
    assert slow.next().kind == "hello"
    bursts = 30
    for burst in range(bursts):
        before = feed.read(None).place
        feed.committed({(Topic.JOB, f"{burst} {each}"): "x" * 300 for each in range(3900)})
        until(lambda before=before: feed.read(None).place != before, "the burst is told")

    seen = [slow.next()]
    while seen[-1].place != feed.read(None).place:  # all is told, or a reset stands for the rest
        seen.append(slow.next())
    assert "reset" in [told.kind for told in seen]
    assert len(seen) < bursts
