import asyncio
from collections.abc import Awaitable, Callable

from mitmproxy.connection import Client
from mitmproxy.test import tflow

from botsched.proxy.child.limits import Limits
from tests.support.waiting import PATIENCE


class Connections:
    """Notes which connections were closed."""

    def __init__(self) -> None:
        self.closed: list[str] = []

    def close(self, client_id: str) -> None:
        self.closed.append(client_id)

    def release(self, client_id: str) -> None:
        pass


def client(address: str = "192.0.2.1") -> Client:
    made = tflow.tclient_conn()
    made.peername = (address, 50000)
    made.error = None
    return made


def run(test: Callable[[Limits, Connections], Awaitable[None]]) -> None:
    async def main() -> None:
        connections = Connections()
        await test(Limits(connections, most_strangers=2, login_within=0.05), connections)  # type: ignore[arg-type]

    asyncio.run(main())


def test_a_stranger_is_closed_after_the_deadline_and_a_user_is_not() -> None:
    async def test(limits: Limits, connections: Connections) -> None:
        stranger, user = client(), client()
        await limits.client_connected(stranger)
        await limits.client_connected(user)
        limits.welcome(user)
        await asyncio.sleep(0.1)
        assert connections.closed == [stranger.id]

    run(test)


def test_further_strangers_wait_until_one_logs_in_or_leaves() -> None:
    async def test(limits: Limits, connections: Connections) -> None:
        first, second = client(), client()
        await limits.client_connected(first)
        await limits.client_connected(second)
        third = asyncio.create_task(limits.client_connected(client()))
        fourth = asyncio.create_task(limits.client_connected(client()))
        await asyncio.sleep(0)
        assert not third.done()
        limits.welcome(first)
        await asyncio.wait_for(third, PATIENCE)
        assert not fourth.done()
        limits.client_disconnected(second)
        await asyncio.wait_for(fourth, PATIENCE)

    run(test)


def test_strangers_of_other_addresses_do_not_wait() -> None:
    async def test(limits: Limits, connections: Connections) -> None:
        for _ in range(2):
            await limits.client_connected(client())
        await asyncio.wait_for(limits.client_connected(client("192.0.2.2")), PATIENCE)

    run(test)


def test_an_address_has_a_most_of_connections() -> None:
    async def test(limits: Limits, connections: Connections) -> None:
        for _ in range(256):
            welcome = client()
            await limits.client_connected(welcome)
            limits.welcome(welcome)
        refused = client()
        await limits.client_connected(refused)
        assert refused.error
        limits.client_disconnected(refused)
        other = client("192.0.2.2")
        await limits.client_connected(other)
        assert not other.error

    run(test)


def test_nothing_is_kept_of_those_who_have_left() -> None:
    async def test(limits: Limits, connections: Connections) -> None:
        for number in range(100):
            visitor = client(f"192.0.2.{number}")
            await limits.client_connected(visitor)
            limits.client_disconnected(visitor)
        assert not limits._open
        assert not limits._places
        assert not limits._deadlines

    run(test)
