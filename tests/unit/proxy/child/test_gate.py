import asyncio
import json
from typing import cast

import pytest
from mitmproxy.addons.proxyserver import Proxyserver
from mitmproxy.http import HTTPFlow
from mitmproxy.test import tflow

from botsched.proxy.child.connections import Connections
from botsched.proxy.child.gate import Gate
from botsched.proxy.child.limits import Limits
from botsched.proxy.child.login import Login, Verdict


class BrokenLogin:
    def recall(self, header: bytes) -> None:
        return None

    async def check(self, header: bytes, address: str) -> Verdict:
        raise ModuleNotFoundError("No module named 'bcrypt'")


@pytest.fixture
def flow() -> HTTPFlow:
    flow = tflow.tflow()
    flow.client_conn.timestamp_tls_setup = 1.0
    flow.request.authority = ""
    flow.request.headers["host"] = "localhost"
    flow.request.headers["authorization"] = "Basic YTpi"
    return flow


def test_a_failure_in_the_gate_is_a_refusal(
    flow: HTTPFlow, caplog: pytest.LogCaptureFixture
) -> None:
    async def main() -> None:
        connections = Connections(Proxyserver())
        gate = Gate(cast("Login", BrokenLogin()), connections, Limits(connections), "secret")
        await gate.requestheaders(flow)

    asyncio.run(main())
    assert flow.response is not None
    assert flow.response.status_code == 500
    assert "bcrypt" not in json.loads(flow.response.content or b"")["error"]
    assert "secret" not in str(flow.request.headers)
    assert "No module named 'bcrypt'" in caplog.text
