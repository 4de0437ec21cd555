from mitmproxy.http import HTTPFlow
from mitmproxy.test import tflow

from botsched.proxy.child.security_headers import SecurityHeaders


def answered(*, strict_transport: bool, **headers: str) -> HTTPFlow:
    flow = tflow.tflow(resp=True)
    assert flow.response is not None
    for name, value in headers.items():
        flow.response.headers[name] = value
    SecurityHeaders(strict_transport=strict_transport).responseheaders(flow)
    return flow


def test_strict_transport_is_sent_only_when_asked_for_and_without_preload() -> None:
    plain = answered(strict_transport=False).response
    strict = answered(strict_transport=True).response
    assert plain is not None
    assert strict is not None
    assert "strict-transport-security" not in plain.headers
    assert strict.headers["strict-transport-security"] == "max-age=2592000"


def test_what_the_server_says_itself_is_not_said_twice() -> None:
    response = answered(strict_transport=False, **{"x-frame-options": "SAMEORIGIN"}).response
    assert response is not None
    assert response.headers.get_all("X-Frame-Options") == ["SAMEORIGIN"]


def test_the_server_s_software_is_not_named() -> None:
    response = answered(strict_transport=False, Server="TornadoServer/6").response
    assert response is not None
    assert "server" not in response.headers
