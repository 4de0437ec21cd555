"""Starting, stopping, and servers of other kinds."""

import asyncio
import http.client
import json
import socket
import threading
from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from botsched.catalog import CatalogueDescription
from botsched.errors import StartError, StoreUnavailableError
from botsched.settings.model import WebSettings
from botsched.web.server import Services, WebServer
from tests.support.values import DEFAULTS
from tests.support.waiting import PATIENCE

Serving = Callable[..., AbstractContextManager[WebServer]]


def test_a_port_in_use_is_one_clear_line(services: Services) -> None:
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = other.getsockname()[1]
        server = WebServer(WebSettings(port), services, secret=None)

        with pytest.raises(StartError) as caught:
            server.start()

    assert "\n" not in str(caught.value)
    for word in (str(port), "is in use", "--port"):
        assert word in str(caught.value)


def test_only_this_machine_is_served(server: WebServer) -> None:
    with (
        pytest.raises(OSError),
        socket.create_connection(("127.0.0.2", server.port), timeout=PATIENCE),
    ):
        pass


def test_after_stop_nobody_is_let_in(services: Services) -> None:
    async def life() -> int:
        server = WebServer(WebSettings(0), services, secret=None)
        server.start()
        server.stop()
        return server.port

    port = asyncio.run(life())
    with pytest.raises(ConnectionRefusedError):
        socket.create_connection(("127.0.0.1", port), timeout=PATIENCE)


def test_without_a_proxy_the_user_is_local(
    services: Services, serving: Serving, client: Callable[..., Any]
) -> None:
    with serving(services, secret=None) as server:
        ask = client(server.port)
        job_id = ask.added()

        assert ask("GET", f"/api/v1/logs?job_id={job_id}").json["logs"][0]["user"] == "local"
        assert ask("GET", "/api/v1/logs?event=login").json["logs"] == []
        assert "local" in ask("GET", "/").text


def test_a_page_of_ones_own_takes_the_place_of_ours(
    services: Services, serving: Serving, client: Callable[..., Any], tmp_path: Path
) -> None:
    own = tmp_path / "own"
    own.mkdir()
    (own / "index.html").write_text("<p>mine")
    (own / "app.js").write_text("alert(1)")
    (tmp_path / "secret").write_text("secret")
    with serving(services, secret=None, static_dir=own) as server:
        ask = client(server.port)

        page = ask("GET", "/")
        assert (page.status, page.text) == (200, "<p>mine")
        assert page.headers["content-security-policy"] == "frame-ancestors 'none'"
        assert ask("GET", "/static/app.js").text == "alert(1)"
        for path in ("../secret", "..%2fsecret", "%2e%2e/secret", "none.js"):
            assert ask("GET", f"/static/{path}").status in (403, 404)
        assert ask("GET", "/api/v1/jobs").status == 200


def test_a_page_made_for_ndscheduler_is_filled_in_with_the_job_classes(
    services: Services, serving: Serving, client: Callable[..., Any], tmp_path: Path
) -> None:
    (tmp_path / "index.html").write_text(
        "<script id=i type='application/json'>{% raw jobs_meta_info %}</script>"
    )
    with serving(services, secret=None, static_dir=tmp_path) as server:
        page = client(server.port)("GET", "/").text

    begin, end = page.index(">") + 1, page.rindex("</script>")
    classes = {each["job_class_string"]: each for each in json.loads(page[begin:end])}
    greet = classes["web_jobs.greet.Greet"]
    assert {"notes", "arguments", "example_arguments"} <= set(greet)
    assert "<" not in page[begin:end]


def test_the_document_of_a_page_of_ones_own_may_lie_elsewhere(
    services: Services, serving: Serving, client: Callable[..., Any], tmp_path: Path
) -> None:
    (tmp_path / "templates").mkdir()
    index = tmp_path / "templates" / "start.html"
    index.write_text("<p>{{ no template }}")
    with serving(services, secret=None, static_dir=tmp_path, index_page=index) as server:
        assert client(server.port)("GET", "/").text == "<p>{{ no template }}"


def test_a_page_of_ones_own_without_a_document_is_not_found(
    services: Services, serving: Serving, client: Callable[..., Any], tmp_path: Path
) -> None:
    with serving(services, secret=None, static_dir=tmp_path) as server:
        answer = client(server.port)("GET", "/")

    assert answer.status == 404
    assert "index.html" in answer.json["error"]


def test_a_database_that_is_away_is_told_as_such_and_logged_by_the_store_alone(
    services: Services,
    serving: Serving,
    client: Callable[..., Any],
    caplog: pytest.LogCaptureFixture,
) -> None:
    class Away:
        defaults = DEFAULTS

        @property
        def lists(self) -> object:
            return self

        def find(self, *args: object) -> None:
            raise StoreUnavailableError("The database does not answer.")

        def get(self, *args: object) -> None:
            raise KeyError("the inside")

    checks = {"database": lambda: "it is away", "scheduler": lambda: None}
    broken = replace(services, jobs=Away(), checks=checks)
    with serving(broken, secret=None) as server:
        ask = client(server.port)

        answer = ask("GET", "/api/v1/jobs")
        assert (answer.status, answer.headers["retry-after"]) == (503, "5")
        assert "does not answer" not in caplog.text
        assert answer.json == {"error": "The database does not answer."}

        answer = ask("GET", "/api/v1/jobs/1")
        assert answer.status == 500
        assert "inside" not in answer.text

        answer = ask("GET", "/readyz")
        assert answer.status == 503
        assert answer.json == {
            "error": "Not ready: database: it is away",
            "checks": {"database": "it is away", "scheduler": "ok"},
        }
        assert ask("GET", "/healthz").status == 200


def test_slow_calls_do_not_hold_up_the_loop(
    services: Services, serving: Serving, client: Callable[..., Any]
) -> None:
    go = threading.Event()
    entered = threading.Semaphore(0)

    class Slow:
        defaults = DEFAULTS

        @property
        def lists(self) -> object:
            return self

        def get(self, *args: object) -> None:
            entered.release()
            go.wait(PATIENCE)
            raise StoreUnavailableError("Slow.")

    with serving(replace(services, jobs=Slow()), secret=None) as server:
        waiting = [http.client.HTTPConnection("127.0.0.1", server.port) for _ in range(8)]
        for connection in waiting:
            connection.request("GET", "/api/v1/jobs/1")
            assert entered.acquire(timeout=PATIENCE)

        assert client(server.port)("GET", "/healthz").status == 200

        go.set()
        for connection in waiting:
            assert connection.getresponse().status == 503
            connection.close()


def test_a_client_that_goes_away_is_no_defect(
    services: Services,
    serving: Serving,
    client: Callable[..., Any],
    caplog: pytest.LogCaptureFixture,
) -> None:
    go, done = threading.Event(), threading.Event()

    class Slow:
        defaults = DEFAULTS

        def catalogue(self, *args: float) -> CatalogueDescription:
            go.wait(PATIENCE)
            done.set()
            return CatalogueDescription()

    with serving(replace(services, jobs=Slow()), secret=None) as server:
        connection = http.client.HTTPConnection("127.0.0.1", server.port)
        connection.request("GET", "/api/v1/classes")
        connection.close()
        client(server.port)("GET", "/healthz")
        go.set()
        assert done.wait(PATIENCE)
        assert client(server.port)("GET", "/healthz").status == 200

    assert not [record for record in caplog.records if record.levelname in ("ERROR", "CRITICAL")]
