"""Channels that know no connection: each notice is handed over by itself."""

from abc import ABC, abstractmethod
from collections.abc import Sequence
from contextlib import AbstractContextManager, nullcontext
from typing import Self

from botsched.notify.channel import Notice
from botsched.notify.delivery import Delivery
from botsched.settings.model import Outlet


class DirectChannel(ABC):
    """It is its own line."""

    def __init__(self, outlet: Outlet) -> None:
        self.name = outlet.name
        self.fallback = outlet.fallback
        self.per_minute = outlet.per_minute
        self.per_connection = outlet.per_connection

    def open(self) -> AbstractContextManager[Self]:
        """Nothing to be opened."""
        return nullcontext(self)

    @abstractmethod
    def send(self, notice: Notice, recipients: Sequence[str]) -> Delivery:
        """Hand over a notice. Raises DeliveryError."""

    def accepted(self, words: str) -> Delivery:
        """It was, with these words of the other side."""
        return Delivery((self.name,), words=words)
