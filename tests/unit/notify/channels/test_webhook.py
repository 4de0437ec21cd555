"""Web hooks, against a real server."""

import base64
import hashlib
import hmac
import json
import socket
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from botsched.errors import DeliveryError
from botsched.notify.channels.webhook import WebhookChannel
from botsched.notify.delivery import Delivery
from botsched.settings.model import Webhook
from tests.support.certificates import write_self_signed
from tests.support.webreceiver import Answer, Receiver, web_receiver
from tests.unit.notify.channels.conftest import Told

NOW = 1_770_000_000
SECRET = "dGhlIGtleSBvZiBhbGwgdGhlc2UgdHJpYWxz"

Hook = Callable[..., WebhookChannel]


@pytest.fixture(autouse=True)
def no_proxy(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("no_proxy", "*")


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    with web_receiver() as receiver:
        yield receiver


@pytest.fixture
def hook(receiver: Receiver) -> Hook:
    def hook(**changes) -> WebhookChannel:
        values = {"url": f"{receiver.url}/hooks/T0KEN?key=s3same", "timeout": 30.0} | changes
        return WebhookChannel(Webhook("chat", **values), clock=lambda: NOW + 0.9)

    return hook


def sent(channel: WebhookChannel, notice: Told) -> Delivery:
    with channel.open() as line:
        return line.send(notice, ())


def failed(channel: WebhookChannel, notice: Told) -> DeliveryError:
    with pytest.raises(DeliveryError) as caught:
        sent(channel, notice)
    for secret in ("T0KEN", "s3same", SECRET, "Bearer"):
        assert secret not in str(caught.value)
    return caught.value


def test_a_notice_is_posted_as_json_with_its_id(
    hook: Hook, receiver: Receiver, notice: Told
) -> None:
    receiver.answers.append(Answer(200, body=b'{"ok": true}\nmore'))

    with hook(headers=(("Authorization", "Bearer abc"),)).open() as line:
        delivery = line.send(notice, ("ann@example.org",))

    [post] = receiver.posts
    assert (post.method, post.path) == ("POST", "/hooks/T0KEN?key=s3same")
    assert json.loads(post.body) == {
        "version": 1, "channel": "chat", "to": ["ann@example.org"], "id": "m1", "kind": "run",
        "subject": "backup: failed", "text": "It failed.\N{SNOWMAN}",
    }  # fmt: skip
    assert post.headers["content-type"] == "application/json"
    assert post.headers["authorization"] == "Bearer abc"
    assert post.headers["user-agent"].startswith("bots-scheduler/")
    assert (post.headers["webhook-id"], post.headers["webhook-timestamp"]) == ("m1", str(NOW))
    assert "webhook-signature" not in post.headers
    assert (delivery.accepted, delivery.words) == (("chat",), '200 OK ({"ok": true} more)')


@pytest.mark.parametrize(
    ("secret", "key"),
    [(SECRET, SECRET.encode()), (f"whsec_{SECRET}", base64.b64decode(SECRET))],
)
def test_the_signature_is_over_id_time_and_body(
    hook: Hook, receiver: Receiver, notice: Told, secret: str, key: bytes
) -> None:
    sent(hook(secret=secret), notice)

    [post] = receiver.posts
    signed = f"m1.{NOW}.".encode() + post.body
    expected = base64.b64encode(hmac.new(key, signed, hashlib.sha256).digest()).decode()
    assert post.headers["webhook-signature"] == f"v1,{expected}"


@pytest.mark.parametrize("status", [200, 201, 202, 204, 299])
def test_any_success_delivers(hook: Hook, receiver: Receiver, notice: Told, status: int) -> None:
    receiver.answers.append(Answer(status))

    assert sent(hook(), notice).accepted == ("chat",)


@pytest.mark.parametrize("status", [408, 425, 429, 500, 502, 503, 504, 599])
def test_what_may_pass_is_tried_again(
    hook: Hook, receiver: Receiver, notice: Told, status: int
) -> None:
    receiver.answers.append(Answer(status, {"Retry-After": "120"}, b"busy"))

    error = failed(hook(), notice)

    assert (error.permanent, error.uncertain, error.retry_after) == (False, False, 120)
    assert f"it answered {status}" in str(error)
    assert "(busy)" in str(error)


@pytest.mark.parametrize("status", [401, 403, 404, 405, 407, 410])
def test_what_is_wrong_with_the_hook_costs_no_mail(
    hook: Hook, receiver: Receiver, notice: Told, status: int
) -> None:
    receiver.answers.append(Answer(status, {"Retry-After": "120"}))

    error = failed(hook(), notice)

    assert error.is_of_server  # so that its fallback stands in
    assert error.retry_after is None
    assert str(error).endswith("; check 'url', 'headers' and 'secret'.")


@pytest.mark.parametrize("status", [400, 402, 409, 413, 415, 422])
def test_other_refusals_are_for_good(
    hook: Hook, receiver: Receiver, notice: Told, status: int
) -> None:
    receiver.answers.append(Answer(status, {"Retry-After": "120"}))

    error = failed(hook(), notice)

    assert (error.permanent, error.retry_after) == (True, None)


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_redirections_are_not_followed(
    hook: Hook, receiver: Receiver, notice: Told, status: int
) -> None:
    receiver.answers.append(Answer(status, {"Location": f"{receiver.url}/T0KEN-elsewhere"}))

    error = failed(hook(secret=SECRET), notice)

    assert error.is_of_server
    assert "put the new address into 'url'" in str(error)
    assert len(receiver.posts) == 1


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        ("0", 0),
        ("999999999", 999_999_999),
        ("Mon, 02 Feb 2026 02:41:40 GMT", 99.1),  # NOW + 100
        ("Mon, 02 Feb 2026 02:30:00 GMT", 0),
        ("soon", None),
        ("-5", None),
        (f"1 Jan {'9' * 40} 00:00:00 GMT", None),
    ],
)
def test_retry_after_is_in_seconds_or_a_date(
    hook: Hook, receiver: Receiver, notice: Told, text: str, seconds: float | None
) -> None:
    receiver.answers.append(Answer(503, {"Retry-After": text}))

    retry_after = failed(hook(), notice).retry_after

    assert retry_after == (seconds if seconds is None else pytest.approx(seconds))


@pytest.mark.parametrize("raw", [b"", b"HTTP/1.1 2", b"220 mail.example.org ESMTP\r\n"])
def test_an_end_without_an_answer_is_uncertain(
    hook: Hook, receiver: Receiver, notice: Told, raw: bytes
) -> None:
    receiver.answers.append(Answer(raw=raw))

    error = failed(hook(), notice)

    assert (error.permanent, error.uncertain) == (False, True)
    assert "without an answer" in str(error)


def test_silence_is_uncertain_and_bounded(hook: Hook, receiver: Receiver, notice: Told) -> None:
    receiver.answers.append(Answer(hangs=True))

    error = failed(hook(timeout=0.2), notice)

    assert (error.permanent, error.uncertain) == (False, True)
    assert "did not answer within 0.2 seconds" in str(error)


def test_a_server_that_echoes_secrets_does_not_get_them_told(
    hook: Hook, receiver: Receiver, notice: Told
) -> None:
    echo = f"bad {SECRET} Bearer-xyz /hooks/T0KEN key=s3same bearer-wxyz\r\n\x1b[31m" + "x" * 5000
    receiver.answers.append(Answer(400, body=echo.encode()))
    headers = (("X-Key", "Bearer-xyz"), ("Authorization", "Key bearer-wxyz"))

    error = failed(hook(secret=SECRET, headers=headers), notice)

    assert "bad *** *** *** *** ***" in str(error)
    assert "\x1b" not in str(error)
    assert len(str(error)) < 500


@pytest.mark.parametrize("echo", ["s3same%2Bsecret%3D", "s3same+secret="])
def test_what_is_encoded_in_the_address_is_not_told_decoded(
    hook: Hook, receiver: Receiver, notice: Told, echo: str
) -> None:
    receiver.answers.append(Answer(400, body=f"bad key {echo}!".encode()))

    error = failed(hook(url=f"{receiver.url}/hooks?key=s3same%2Bsecret%3D"), notice)

    assert "bad key ***" in str(error)


def test_who_is_not_there_is_tried_again(hook: Hook, notice: Told) -> None:
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]

    error = failed(hook(url=f"http://127.0.0.1:{port}/T0KEN"), notice)

    assert (error.permanent, error.uncertain) == (False, False)
    assert str(error).startswith(f"Web hook 'chat' (127.0.0.1:{port}): it refuses connections;")


@pytest.mark.parametrize("name", ["hooks.invalid", f"{'h' * 64}.invalid"])
def test_a_name_that_does_not_exist_is_told(hook: Hook, notice: Told, name: str) -> None:
    error = failed(hook(url=f"http://{name}/T0KEN"), notice)

    assert not error.permanent
    assert "its name cannot be resolved" in str(error)


def test_certificates_are_verified(
    hook: Hook, notice: Told, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    certificate = write_self_signed(tmp_path / "server.pem")
    with web_receiver(certificate) as receiver:
        error = failed(hook(url=f"{receiver.url}/T0KEN"), notice)
        assert (error.permanent, error.uncertain) == (False, False)
        assert "its certificate is not trusted" in str(error)
        assert "SSL_CERT_FILE" in str(error)

        monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
        assert sent(hook(url=f"{receiver.url}/T0KEN"), notice).accepted == ("chat",)

        assert len(receiver.posts) == 1


def test_tls_where_there_is_none_is_told(hook: Hook, receiver: Receiver, notice: Told) -> None:
    error = failed(hook(url=receiver.url.replace("http:", "https:")), notice)

    assert "TLS could not be established" in str(error)
    assert receiver.posts == []


def test_it_goes_by_the_proxy_of_the_variables(
    hook: Hook, receiver: Receiver, notice: Told, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("no_proxy")
    monkeypatch.setenv("http_proxy", receiver.url)

    assert sent(hook(url="http://hooks.invalid/T0KEN"), notice).accepted == ("chat",)

    assert receiver.posts[0].path == "http://hooks.invalid/T0KEN"
