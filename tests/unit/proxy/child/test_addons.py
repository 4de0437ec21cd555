import asyncio
from typing import Any

from mitmproxy.exceptions import AddonHalt
from mitmproxy.hooks import Hook, RunningHook
from mitmproxy.master import Master
from mitmproxy.options import Options

from botsched.proxy.child.addons import Addons


class Listener:
    def __init__(self, name: str, told: list[str], error: Exception | None = None) -> None:
        self.name = name
        self._told = told
        self._error = error

    def running(self) -> None:
        self._told.append(self.name)
        if self._error is not None:
            raise self._error


class Deaf:
    pass


def told_by(*addons: Any, event: Hook | None = None) -> None:
    async def main() -> None:
        master = Master(Options())
        master.addons = Addons(master)
        for addon in addons:
            master.addons.add(addon)
            await master.addons.trigger_event(event or RunningHook())
        await master.done()

    asyncio.run(main())


def test_those_who_listen_are_told_in_their_order_and_later_ones_too() -> None:
    told: list[str] = []
    told_by(Listener("first", told), Deaf(), Listener("second", told))
    assert told == ["first", "first", "first", "second"]


def test_one_that_fails_does_not_keep_others_from_being_told() -> None:
    told: list[str] = []
    told_by(Listener("first", told, ValueError("bad")), Listener("second", told))
    assert told == ["first", "first", "second"]


def test_one_may_halt_the_event() -> None:
    told: list[str] = []
    told_by(Listener("first", told, AddonHalt()), Listener("second", told))
    assert told == ["first", "first"]
