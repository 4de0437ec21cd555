"""A channel as one thread uses it: a line that is kept open for the mails that follow."""

import time
from collections.abc import Callable, Sequence
from contextlib import ExitStack

from botsched.errors import DeliveryError
from botsched.notify.channel import Channel, Line, Notice
from botsched.notify.delivery import Delivery
from botsched.outbox.pace import Pace

_SPARED_SECONDS = 15.0
_PATIENCE = 2
"""Mails in a row that a server may fail at before it is spared."""


class Way:
    """Opens a line when one is needed, and another when it was used often enough or broke.

    When none could be opened, or mails failed one after another, the server is spared for a moment,
    and mails fail at once: else each of thousands would wait for one that is away, or hangs.
    ``close`` when there is nothing to do.
    """

    def __init__(
        self, channel: Channel, pace: Pace, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self.name = channel.name
        self.pace = pace
        self._channel = channel
        self._clock = clock
        self._open = ExitStack()
        self._line: Line | None = None
        self._uses = 0
        self._failures = 0
        self._fault: tuple[float, DeliveryError] | None = None

    def send(self, notice: Notice, recipients: Sequence[str]) -> Delivery:
        """Hand over a notice, as a line does. Raises DeliveryError."""
        line = self._ready_line()
        self._uses += 1
        self.pace.use()
        try:
            delivery = line.send(notice, recipients)
        except BaseException as error:
            self._hang_up()
            if isinstance(error, DeliveryError) and error.is_of_server:
                self._note(error)
            raise
        self._failures = 0
        return delivery

    def close(self) -> None:
        """Close the line; the next mail opens another, whatever was found before."""
        self._fault, self._failures = None, 0
        self._hang_up()

    def _ready_line(self) -> Line:
        if self._line is not None and self._uses < self._channel.per_connection:
            return self._line
        self._hang_up()
        if self._fault is not None and self._clock() - self._fault[0] < _SPARED_SECONDS:
            known = self._fault[1]
            raise DeliveryError(
                str(known), permanent=known.permanent, retry_after=known.retry_after
            )
        try:
            self._line = self._open.enter_context(self._channel.open())
        except DeliveryError as error:
            self._note(error, failures=_PATIENCE)
            raise
        return self._line

    def _note(self, error: DeliveryError, failures: int = 1) -> None:
        self._failures += failures
        if self._failures >= _PATIENCE:
            self._fault = self._clock(), error

    def _hang_up(self) -> None:
        self._line, self._uses = None, 0
        self._open.close()
