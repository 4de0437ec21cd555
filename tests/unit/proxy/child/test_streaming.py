import asyncio

import pytest
from mitmproxy.http import HTTPFlow
from mitmproxy.test import tflow

from botsched.proxy.child.gate import USER
from botsched.proxy.child.streaming import Streaming


class Connections:
    def __init__(self) -> None:
        self.closed: list[str] = []

    def close(self, client_id: str) -> None:
        self.closed.append(client_id)


def answered(length: str | None, status: int = 200) -> HTTPFlow:
    flow = tflow.tflow(resp=True)
    assert flow.response is not None
    flow.response.status_code = status
    flow.response.headers.pop("content-length", None)
    if length is not None:
        flow.response.headers["content-length"] = length
    flow.metadata[USER] = "ann"
    return flow


@pytest.mark.parametrize(
    ("length", "streamed"), [(None, True), ("65537", True), ("65536", False), ("0", False)]
)
def test_answers_of_unknown_or_large_size_are_streamed(length: str | None, streamed: bool) -> None:
    async def main() -> None:
        flow = answered(length)
        streaming = Streaming(Connections())  # type: ignore[arg-type]
        streaming.responseheaders(flow)
        assert flow.response is not None
        assert flow.response.stream is streamed
        streaming.client_disconnected(flow.client_conn)

    asyncio.run(main())


@pytest.mark.parametrize("status", [200, 101])
def test_a_stream_ends_after_its_time(status: int) -> None:
    async def main() -> None:
        connections = Connections()
        streaming = Streaming(connections, longest=0.02)  # type: ignore[arg-type]
        flow = answered(None, status)
        streaming.responseheaders(flow)
        if status == 101:
            streaming.response(flow)  # the answer is complete, and the messages follow
        await asyncio.sleep(0.1)
        assert connections.closed == [flow.client_conn.id]

    asyncio.run(main())


@pytest.mark.parametrize("end", ["response", "client_disconnected"])
def test_a_stream_that_has_ended_is_forgotten(end: str) -> None:
    async def main() -> None:
        connections = Connections()
        streaming = Streaming(connections, longest=0.02)  # type: ignore[arg-type]
        flow = answered(None)
        streaming.responseheaders(flow)
        if end == "response":
            streaming.response(flow)
        else:
            streaming.client_disconnected(flow.client_conn)
        await asyncio.sleep(0.1)
        assert connections.closed == []
        assert not streaming._streams

    asyncio.run(main())


def test_streams_end_for_users_who_changed_and_go_on_for_others() -> None:
    async def main() -> None:
        connections = Connections()
        streaming = Streaming(connections)  # type: ignore[arg-type]
        flow = answered(None)
        streaming.responseheaders(flow)
        streaming.end_for({"ann": "1", "bob": "1"}, {"ann": "1"})
        assert connections.closed == []
        streaming.end_for({"ann": "1"}, {"ann": "2"})
        assert connections.closed == [flow.client_conn.id]
        streaming.client_disconnected(flow.client_conn)

    asyncio.run(main())
