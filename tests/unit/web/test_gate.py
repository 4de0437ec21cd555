"""What is refused before anything of a body is read."""

import http.client
import json
import socket
import time
from typing import Any

import pytest
from tornado.httputil import HTTPHeaders

from botsched.errors import TooLargeError
from botsched.proxy.identity import SECRET_HEADER, USER_HEADER
from botsched.web.errors import ForbiddenError, MediaTypeError
from botsched.web.gate import LARGEST_BODY, LARGEST_UPLOAD, Gate
from tests.support.waiting import PATIENCE

SECRET = "s3cret"
PROXY = {SECRET_HEADER: SECRET, USER_HEADER: "ann", "Host": "host:8888"}
JOB = b'{"name": "x"}'


def admit(method: str = "GET", path: str = "/", **headers: str) -> int:
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    gate = Gate(SECRET, lambda user, address: None)
    return gate.admit(method, path, HTTPHeaders(PROXY | named))


def post(path: str = "/api/v1/jobs", **headers: str) -> int:
    return admit("POST", path, **({"Content_Length": "2"} | headers))


@pytest.mark.parametrize("secret", [None, "", "wrong", SECRET[:-1], SECRET + " ", "ä"])
def test_only_who_knows_the_secret_passes(secret: str | None) -> None:
    given = HTTPHeaders(PROXY)
    del given[SECRET_HEADER]
    if secret is not None:
        given[SECRET_HEADER] = secret

    with pytest.raises(ForbiddenError, match="for the scheduler's own proxy"):
        Gate(SECRET, lambda user, address: None).admit("GET", "/", given)


def unguarded() -> Gate:
    hosts = frozenset({"localhost", "127.0.0.1", "::1", "bots.example.com"})
    return Gate(None, lambda user, address: pytest.fail("that is no login"), hosts)


def test_without_a_secret_everybody_is_local() -> None:
    gate = unguarded()
    headers = HTTPHeaders({USER_HEADER: "mallory", "Host": "localhost:8889"})

    assert gate.admit("GET", "/", headers) == LARGEST_BODY
    assert gate.user(headers) == "local"


@pytest.mark.parametrize(
    "host", ["localhost", "LOCALHOST:8889", "127.0.0.1:8889", "[::1]:8889", "bots.example.com"]
)
def test_without_a_proxy_our_own_names_are_answered(host: str) -> None:
    unguarded().admit("GET", "/", HTTPHeaders({"Host": host}))


@pytest.mark.parametrize(
    "host",
    ["evil.example:8889", "localhost.evil.example", "evil.example@x", "[::1", "", "a, localhost"],
)
def test_a_foreign_name_that_leads_here_is_refused_without_a_proxy(host: str) -> None:
    with pytest.raises(ForbiddenError, match=r"for 127\.0\.0\.1, .*--public-url"):
        unguarded().admit("GET", "/", HTTPHeaders({"Host": host}))


@pytest.mark.parametrize("user", ["", "%ff"])
def test_a_request_without_a_user_is_refused(user: str) -> None:
    with pytest.raises(ForbiddenError, match="did not say who"):
        admit(X_Bots_User=user)


def test_whoever_passes_is_told_with_address() -> None:
    seen: list[tuple[str, str]] = []
    gate = Gate(SECRET, lambda *who: seen.append(who))
    gate.admit("GET", "/", HTTPHeaders(PROXY | {"X-Forwarded-For": "192.0.2.1"}))

    assert seen == [("ann", "192.0.2.1")]


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"Sec_Fetch_Site": "same-origin", "Origin": "https://host:8888"},
        {"Sec_Fetch_Site": "none"},
        {"Origin": "https://HOST:8888"},
    ],
)
def test_our_own_page_and_programs_may_write(headers: dict[str, str]) -> None:
    for method in ("POST", "PUT", "PATCH", "DELETE", "OPTIONS"):
        admit(method, "/api/v1/jobs/1", **headers)


@pytest.mark.parametrize(
    "headers",
    [
        {"Sec_Fetch_Site": "cross-site"},
        {"Sec_Fetch_Site": "same-site"},
        {"Sec_Fetch_Site": "same-origin", "Origin": "https://evil.example"},
        {"Origin": "https://evil.example"},
        {"Origin": "https://host:8889"},
        {"Origin": "https://host"},
        {"Origin": "null"},
        {"Origin": ""},
        {"Origin": "https://[host:8888"},
    ],
)
def test_pages_of_other_sites_may_not_write(headers: dict[str, str]) -> None:
    for method in ("POST", "PUT", "PATCH", "DELETE", "OPTIONS"):
        with pytest.raises(ForbiddenError, match="page of another site"):
            admit(method, "/api/v1/jobs/1", **headers)
    admit("GET", "/", **headers)


@pytest.mark.parametrize(
    "kind",
    [
        "application/x-www-form-urlencoded",
        "multipart/form-data; boundary=x",
        "Multipart/Mixed",
        "text/plain",
        "text/json",
    ],
)
def test_bodies_that_are_not_json_are_refused_with_the_cure(kind: str) -> None:
    for method in ("POST", "PUT", "GET"):
        with pytest.raises(MediaTypeError, match="Content-Type: application/json"):
            admit(method, "/api/v1/jobs", Content_Type=kind, Content_Length="5")
    with pytest.raises(MediaTypeError):
        admit("POST", "/api/v1/jobs", Content_Type=kind, Transfer_Encoding="chunked")


@pytest.mark.parametrize(
    "kind", ["", "application/json", "Application/JSON; charset=utf-8", "application/merge+json"]
)
def test_json_is_taken_and_so_is_what_does_not_say(kind: str) -> None:
    assert post(Content_Type=kind) == LARGEST_BODY


def test_an_empty_form_is_no_form() -> None:
    post(Content_Type="application/x-www-form-urlencoded", Content_Length="0")


def test_multipart_is_for_uploads_and_uploads_are_multipart() -> None:
    form = "multipart/form-data; boundary=x"
    assert post("/api/v1/files", Content_Type=form) > LARGEST_UPLOAD
    with pytest.raises(MediaTypeError, match="curl: -F file=@NAME"):
        post("/api/v1/files", Content_Type="application/json")
    with pytest.raises(MediaTypeError):
        admit("PUT", "/api/v1/files", Content_Type=form, Content_Length="2")
    with pytest.raises(MediaTypeError):
        post("/api/v1/files/x", Content_Type=form)


def test_what_is_stated_too_long_is_refused() -> None:
    post(Content_Length=str(LARGEST_BODY))
    with pytest.raises(TooLargeError, match="1 MiB"):
        post(Content_Length=str(LARGEST_BODY + 1))
    with pytest.raises(TooLargeError):
        post("/api/v1/files", Content_Type="multipart/form-data", Content_Length=str(10**9))


def send(server: Any, head: str, body: bytes = b"") -> socket.socket:
    connection = socket.create_connection(("127.0.0.1", server.port), timeout=PATIENCE)
    connection.sendall(head.replace("\n", "\r\n").encode() + b"\r\n" + body)
    return connection


def read_answer(connection: socket.socket) -> tuple[int, Any]:
    response = http.client.HTTPResponse(connection)
    response.begin()
    return response.status, json.loads(response.read())


HEAD = "Host: h\nX-Bots-User: ann\nX-Bots-Secret: the secret of this run\n"


def test_a_long_body_is_refused_before_it_is_sent(server: Any) -> None:
    with send(
        server, f"POST /api/v1/jobs HTTP/1.1\n{HEAD}Content-Length: 52428800\n"
    ) as connection:
        status, told = read_answer(connection)

    assert status == 413
    assert told == {"error": "The body is too large; here at most 1 MiB are taken."}


def test_whoever_waits_for_leave_to_send_is_not_asked_to(server: Any) -> None:
    head = f"POST /api/v1/jobs HTTP/1.1\n{HEAD}Content-Length: 52428800\nExpect: 100-continue\n"
    with send(server, head) as connection:
        assert connection.recv(12) == b"HTTP/1.1 413"
        connection.shutdown(socket.SHUT_WR)
        rest = b"".join(iter(lambda: connection.recv(65536), b""))

    assert b"100" not in rest


def test_50_megabytes_sent_all_the_same_get_their_answer(ask: Any) -> None:
    answer = ask("POST", "/api/v1/jobs", b"x" * 50_000_000)

    assert answer.status == 413


def test_50_megabytes_from_a_stranger_get_their_answer(stranger: Any) -> None:
    assert stranger("POST", "/api/v1/jobs", b"x" * 50_000_000).status == 403


@pytest.mark.parametrize(
    ("path", "kind", "size"),
    [
        ("/api/v1/jobs", "application/json", 2 * LARGEST_BODY),
        ("/api/v1/files", "multipart/form-data; boundary=x", LARGEST_UPLOAD + 2 * LARGEST_BODY),
    ],
)
def test_a_body_of_unstated_length_is_counted(server: Any, path: str, kind: str, size: int) -> None:
    head = f"POST {path} HTTP/1.1\n{HEAD}Content-Type: {kind}\nTransfer-Encoding: chunked\n"
    chunk = b"10000\r\n" + b"x" * 65536 + b"\r\n"
    with send(server, head) as connection:
        for _ in range(size // 65536):
            connection.sendall(chunk)
        connection.sendall(b"0\r\n\r\n")
        status, told = read_answer(connection)

    assert status == 413
    assert "too large" in told["error"]


def test_a_connection_serves_on_after_a_refusal_that_was_short(server: Any) -> None:
    head = f"POST /api/v1/jobs HTTP/1.1\n{HEAD}Content-Type: text/plain\nContent-Length: 5\n"
    with send(server, head, b"hello") as connection:
        assert read_answer(connection)[0] == 415
        connection.sendall(f"GET /healthz HTTP/1.1\n{HEAD}\n".replace("\n", "\r\n").encode())
        status, told = read_answer(connection)
        assert (status, told["status"]) == (200, "ok")


def test_a_refused_head_request_has_no_body(server: Any) -> None:
    with send(server, "HEAD / HTTP/1.1\nHost: h\nConnection: close\n") as connection:
        answer = b"".join(iter(lambda: connection.recv(65536), b""))

    assert answer.startswith(b"HTTP/1.1 403 Forbidden\r\n")
    assert answer.endswith(b"\r\n\r\n")


@pytest.mark.parametrize(
    "body",
    [
        b"--x\r\n" * 500_000,
        b"--x\r\nContent-Disposition: form-data; name=file; filename=a\r\n\r\n" * 60_000,
        b'--x\r\nContent-Disposition: form-data; name="a"' + b";" * 4_000_000,
        b"\r\n" * 2_000_000,
        b"",
    ],
)
def test_hostile_uploads_do_not_hold_the_others_up(ask: Any, body: bytes) -> None:
    began = time.monotonic()
    answer = ask("POST", "/api/v1/files", body, {"Content-Type": "multipart/form-data; boundary=x"})

    assert answer.status == 400
    assert time.monotonic() - began < 30
