"""Who gets through the proxy, and what the server learns of them."""

import json
from collections.abc import Callable

import pytest

from botsched.proxy.identity import decode_user
from tests.process.proxy.conftest import PASSWORD, SECRET, USERS, Proxy, Upstream, basic, eventually

SHA = "{SHA}NMfTLf4kql4x98PMVl16orqGin0="
pytestmark = pytest.mark.slow

FORMS = {
    "bcrypt": "$2y$04$RtXiU6.fUCNtL5MGrKTRi.Iw7gnSBwBqq8pN.3AzIpqB5i/9bQ/ei",
    "apr1": "$apr1$saltsalt$dlYe.Hj2BD6ZPtkWiilfQ1",
    "sha": SHA,
    "sha256": "$5$saltsalt$2Op9/kVAQ1GN09Eemt0wtVjmvpnHswRioMKJ4ytV927",
    "sha512": "$6$rounds=1000$salt$OkFmqsSvxclyP9r6S13vRn0argug78WDvaY54/5owF/Y0CTriEDXysnGnzL6RnYB"
    "NQ7WCFJ4ykAau2N5YQ94k1",
    "çem": SHA,
}


def headers_seen(upstream: Upstream, name: str) -> list[str]:
    return [value for key, value in upstream.seen[-1] if key.lower() == name.lower()]


def test_the_right_password_passes_and_the_server_learns_the_user(
    proxy: Proxy, upstream: Upstream
) -> None:
    assert proxy.ask("/some/path?x=1").json["path"] == "/some/path?x=1"
    assert headers_seen(upstream, "X-Bots-User") == ["ann"]
    assert headers_seen(upstream, "X-Bots-Secret") == [SECRET]
    assert headers_seen(upstream, "X-Forwarded-For") == ["127.0.0.1"]
    assert headers_seen(upstream, "X-Forwarded-Proto") == ["https"]
    assert headers_seen(upstream, "Host") == [f"127.0.0.1:{proxy.port}"]
    assert headers_seen(upstream, "Authorization") == []


def test_every_form_of_hash_logs_in(start_proxy: Callable[..., Proxy], upstream: Upstream) -> None:
    proxy = start_proxy("".join(f"{user}:{hashed}\n" for user, hashed in FORMS.items()))
    for user in FORMS:
        assert proxy.ask(login=(user, PASSWORD)).status == 200
        assert [decode_user(value) for value in headers_seen(upstream, "X-Bots-User")] == [user]


@pytest.mark.parametrize(
    "authorization",
    [
        None,
        "",
        basic("ann", "wrong"),
        basic("eve", PASSWORD),
        basic("ann", ""),
        "Basic",
        "Basic %%%",
        "Bearer x",
        "Negotiate YTpi",
    ],
)
def test_without_right_credentials_nothing_passes(
    proxy: Proxy, upstream: Upstream, authorization: str | None
) -> None:
    before = len(upstream.seen)
    headers = {} if authorization is None else {"Authorization": authorization}
    answer = proxy.ask(login=None, headers=headers)
    assert answer.status == 401
    assert answer.headers["WWW-Authenticate"] == 'Basic realm="bots-scheduler", charset="UTF-8"'
    assert list(answer.json) == ["error"]
    assert len(upstream.seen) == before


def test_a_page_whose_login_does_not_hold_any_more_is_told_so_without_a_dialogue(
    proxy: Proxy,
) -> None:
    by_script = {"Sec-Fetch-Dest": "empty"}
    wrong = {"Authorization": basic("ann", "no longer")}

    asking = {"X-Requested-With": "XMLHttpRequest"}
    assert "WWW-Authenticate" not in proxy.ask(login=None, headers=asking).headers
    # Otherwise, a browser that sent no login is to try the one it has.
    assert "WWW-Authenticate" in proxy.ask(login=None, headers=by_script).headers
    refused = proxy.ask(login=None, headers=by_script | wrong)
    assert refused.status == 401
    assert "WWW-Authenticate" not in refused.headers
    by_hand = {"Sec-Fetch-Dest": "document"} | wrong
    assert "WWW-Authenticate" in proxy.ask(login=None, headers=by_hand).headers


def test_identity_sent_by_a_client_never_reaches_the_server(
    proxy: Proxy, upstream: Upstream
) -> None:
    names = [
        "X-Bots-User", "x-bots-secret", "X_Bots_User", "X-Bots_User", "Forwarded", "X-Real-IP",
        "X-Forwarded-For", "X-Forwarded-User", "X-Forwarded-Host", "Proxy-Authorization",
    ]  # fmt: skip
    assert proxy.ask(headers=dict.fromkeys(names, "forged")).status == 200
    assert "forged" not in json.dumps(upstream.seen[-1])


def test_two_authorization_headers_are_refused(proxy: Proxy, upstream: Upstream) -> None:
    before = len(upstream.seen)
    good = basic("ann", PASSWORD)
    answer = proxy.send(
        f"GET / HTTP/1.1\r\nHost: h\r\nConnection: close\r\nAuthorization: {good}\r\n"
        f"authorization: {good}\r\n\r\n".encode()
    )
    assert answer.startswith(b"HTTP/1.1 401 ")
    assert len(upstream.seen) == before


def test_plain_http_is_sent_to_https_and_its_password_is_not_even_looked_at(
    proxy: Proxy, upstream: Upstream
) -> None:
    before = len(upstream.seen)
    for method in ("GET", "HEAD"):
        answer = proxy.send(
            f"{method} /a?b HTTP/1.1\r\nHost: example.org:8888\r\nConnection: close\r\n"
            f"Authorization: {basic('ann', PASSWORD)}\r\n\r\n".encode(),
            encrypted=False,
        )
        assert answer.startswith(b"HTTP/1.1 308 Permanent Redirect\r\n")
        assert b"\r\nLocation: https://example.org:8888/a?b\r\n" in answer
    assert len(upstream.seen) == before


@pytest.mark.parametrize(
    "request_line_and_host",
    [
        "POST / HTTP/1.1\r\nHost: example.org",
        "GET / HTTP/1.1\r\nHost: evil/?x",
        "GET http://evil/ HTTP/1.1\r\nHost: ",
    ],
)
def test_other_plain_http_is_refused(proxy: Proxy, request_line_and_host: str) -> None:
    answer = proxy.send(
        f"{request_line_and_host}\r\nConnection: close\r\nContent-Length: 0\r\n\r\n".encode(),
        encrypted=False,
    )
    assert answer.startswith(b"HTTP/1.1 400 ")
    assert b"evil" not in answer


def test_answers_bear_security_headers_and_not_the_server_s_name(proxy: Proxy) -> None:
    for answer in (proxy.ask(), proxy.ask(login=None)):
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        assert answer.headers["Referrer-Policy"] == "same-origin"
        assert answer.headers["X-Frame-Options"] == "DENY"
        assert "frame-ancestors" in answer.headers["Content-Security-Policy"]
        assert "Server" not in answer.headers
        assert "Strict-Transport-Security" not in answer.headers


def test_what_the_server_says_of_its_own_security_stays(proxy: Proxy) -> None:
    headers = proxy.ask("/framed").headers
    assert headers["X-Frame-Options"] == "SAMEORIGIN"
    assert headers["Content-Security-Policy"] == "default-src 'self'"


def test_an_edit_of_the_users_is_effective_at_once_for_cached_logins_too(
    start_proxy: Callable[..., Proxy],
) -> None:
    proxy = start_proxy()
    assert proxy.ask().status == 200
    proxy.users.write_text(f"bob:{SHA}\n")
    eventually(lambda: proxy.ask().status == 401)
    assert proxy.ask(login=("bob", PASSWORD)).status == 200


def test_a_broken_edit_leaves_the_users_as_they_were(
    start_proxy: Callable[..., Proxy], capfd: pytest.CaptureFixture[str]
) -> None:
    proxy = start_proxy()
    proxy.users.write_text(f"bob:{SHA}\nann:hunter2\n")
    log = ""

    def told() -> bool:
        nonlocal log
        log += capfd.readouterr().err
        return "line 2" in log

    eventually(told)
    assert proxy.ask().status == 200
    assert proxy.ask(login=("bob", PASSWORD)).status == 401
    assert log.count("line 2") == 1
    assert "hunter2" not in log
    proxy.users.write_text(USERS + f"bob:{SHA}\n")
    eventually(lambda: proxy.ask(login=("bob", PASSWORD)).status == 200, every=0.3)


def test_guessing_is_answered_429_while_the_logged_in_user_works_on(
    start_proxy: Callable[..., Proxy],
) -> None:
    proxy = start_proxy()
    assert proxy.ask().status == 200
    answers = [proxy.ask(login=("ann", str(number))) for number in range(10)]
    assert [answer.status for answer in answers] == [401] * 10
    while (refused := proxy.ask(login=("ann", "again"))).status == 401:
        answers.append(refused)  # of every six seconds that all this took, one more is let pass
        assert len(answers) < 20
    assert refused.status == 429
    assert int(refused.headers["Retry-After"]) > 0
    assert proxy.ask().status == 200


def test_an_ordinary_answer_in_one_piece_passes_for_every_method(
    proxy: Proxy, upstream: Upstream
) -> None:
    for method in ("GET", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"):
        answer = proxy.ask("/x", method=method, body=b"{}" if method != "GET" else None)
        assert answer.json["method"] == method
    assert proxy.ask("/x", method="HEAD").status == 200
