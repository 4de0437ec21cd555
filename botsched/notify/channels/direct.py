"""What channels have in common, and those that know no connection."""

from abc import ABC, abstractmethod
from collections.abc import Sequence
from contextlib import AbstractContextManager, nullcontext
from typing import Self

from botsched.notify.channel import Notice
from botsched.notify.delivery import Delivery
from botsched.settings.model import Outlet


class OutletChannel:
    """What the settings say of any."""

    def __init__(self, outlet: Outlet) -> None:
        self.name = outlet.name
        self.fallback = outlet.fallback
        self.per_minute = outlet.per_minute
        self.per_connection = outlet.per_connection


class DirectChannel(OutletChannel, ABC):
    """It is its own line."""

    def open(self) -> AbstractContextManager[Self]:
        """Nothing to be opened."""
        return nullcontext(self)

    @abstractmethod
    def send(self, notice: Notice, recipients: Sequence[str]) -> Delivery:
        """Hand over a notice. Raises DeliveryError."""

    def accepted(self, words: str) -> Delivery:
        """It was, with these words of the other side."""
        return Delivery((self.name,), words=words)
