"""What holds for every route."""

from typing import Any

import pytest

from botsched.web.gate import EVENTS_PATH
from botsched.web.handlers import ROUTES
from botsched.web.routing import METHODS

CALLS = [
    (method, route.path.replace("{", "").replace("}", ""))
    for route in ROUTES
    for method in route.methods
]
PATHS = sorted({path for _, path in CALLS})


@pytest.mark.parametrize(
    ("method", "path"), [*CALLS, ("GET", f"/static/v-{16 * chr(48)}/app/main.js"), ("GET", "/no")]
)
def test_every_route_refuses_whoever_lacks_the_secret(
    stranger: Any, method: str, path: str
) -> None:
    for headers in ({}, {"X-Bots-Secret": "guess", "X-Bots-User": "administrator"}):
        answer = stranger(method, path, headers=headers)

        assert answer.status == 403
        assert "the scheduler's own proxy" in answer.told


@pytest.mark.parametrize(("method", "path"), CALLS)
def test_every_route_answers_in_one_shape(ask: Any, method: str, path: str) -> None:
    method = "HEAD" if path == EVENTS_PATH else method  # its answer to GET does not end
    answer = ask(method, path)  # the client holds the answer to what all answers promise

    assert answer.status < 500


@pytest.mark.parametrize("path", PATHS)
def test_a_wrong_method_is_told_the_right_ones(ask: Any, path: str) -> None:
    allowed = [method for method, known in CALLS if known == path]
    wrong = [method for method in METHODS if method not in allowed]
    for method in [*wrong, "TRACE", "BREW"]:
        answer = ask(method, path)

        assert answer.status == 405
        assert set(answer.headers["allow"].split(", ")) >= set(allowed)
        assert allowed[0] in answer.told


@pytest.mark.parametrize("path", ["/no", "/api/v1", "/api/v2/jobs", "/api/v1/jobs/1/2/3"])
def test_an_unknown_address_is_named(ask: Any, path: str) -> None:
    for method in METHODS:
        answer = ask(method, path)

        assert answer.status == 404
        assert repr(path) in answer.told


@pytest.mark.parametrize("path", ["/static/../../server.py", "/static/..%2f..%2fserver.py"])
def test_static_files_lead_nowhere_else(ask: Any, path: str) -> None:
    assert ask("GET", path).status in (403, 404)


def test_bytes_that_are_no_text_are_refused(ask: Any) -> None:
    assert ask("GET", "/api/v1/jobs/%ff").status == 400


def test_head_is_get_without_a_body(ask: Any) -> None:
    answer = ask("HEAD", "/healthz")

    assert (answer.status, answer.body) == (200, b"")
    assert answer.headers["content-length"] == str(len(ask("GET", "/healthz").body))
