"""mitmproxy's addon manager without its cost for addons that do not listen."""

from typing import Any

from mitmproxy.addonmanager import AddonManager, safecall
from mitmproxy.exceptions import AddonHalt
from mitmproxy.hooks import Hook


class Addons(AddonManager):
    """Asks only those addons that have a method for the event.

    The original asks every addon eight times for each request: a sixth of the time of all.
    """

    def __init__(self, master: Any) -> None:
        super().__init__(master)  # type: ignore[no-untyped-call]
        self._listeners: dict[str, list[Any]] = {}

    def add(self, *addons: Any) -> None:
        super().add(*addons)  # type: ignore[no-untyped-call]
        self._listeners.clear()

    async def trigger_event(self, event: Hook) -> None:
        for addon in self._listening_to(event.name):
            try:
                with safecall():
                    await self.invoke_addon(addon, event)
            except AddonHalt:
                return

    def _listening_to(self, name: str) -> list[Any]:
        if name not in self._listeners:
            self._listeners[name] = [a for a in self.chain if getattr(a, name, None)]
        return self._listeners[name]
