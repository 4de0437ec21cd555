"""Delivers what is owed: one thread a channel, so that no server holds up another's mail."""

import threading
import time
from collections.abc import Mapping

from botsched.domain.clock import Clock
from botsched.notify.channel import Channel
from botsched.outbox.pace import Pace
from botsched.outbox.sender import Contents, Sender
from botsched.outbox.way import Way
from botsched.settings.model import MailSettings
from botsched.store.store import Store


class Outbox:
    """Tries each mail until it is accepted, refused for good, or too old to be of use.

    Of several servers on one database, only the one that schedules does so.

    ``channels`` are by name all that the settings speak of; some only stand in for others.
    """

    def __init__(
        self,
        settings: MailSettings,
        channels: Mapping[str, Channel],
        contents: Contents,
        store: Store,
        clock: Clock,
    ) -> None:
        self._closing = threading.Event()
        paces = {name: Pace(channel.per_minute) for name, channel in channels.items()}

        def way(name: str) -> Way:
            return Way(channels[name], paces[name])

        self._threads = []
        people = {profile.name: profile.recipients for profile in settings.profiles}
        for name in settings.names:
            fallback = channels[name].fallback
            stand_in = None if fallback is None else way(fallback)
            sender = Sender(
                *(way(name), stand_in, people.get(name, ()), contents, store, clock, self._closing)
            )
            thread = threading.Thread(target=sender.run, name=f"mail-{name}", daemon=True)
            self._threads.append(thread)

    def start(self) -> None:
        """Begin with what is owed already."""
        for thread in self._threads:
            thread.start()

    def close(self, timeout: float = 5.0) -> None:
        """End after the attempts under way; one that takes longer is repeated at the next start."""
        self._closing.set()
        end = time.monotonic() + timeout
        for thread in self._threads:
            thread.join(max(end - time.monotonic(), 0))
