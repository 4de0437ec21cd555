"""A channel as a thread uses it: lines that are kept, ended and spared."""

from contextlib import suppress

import pytest

from botsched.errors import DeliveryError
from botsched.outbox.pace import Pace
from botsched.outbox.way import Way
from tests.support.channels import FakeChannel, FakeNotice, fails

AWAY = DeliveryError("It is away.", permanent=False, retry_after=7)


class Clock:
    now = 0.0

    def __call__(self) -> float:
        return self.now


def a_way(channel: FakeChannel, clock=None) -> Way:
    return Way(channel, Pace(channel.per_minute), clock or Clock())


def test_a_line_serves_several_mails_and_then_another_is_opened() -> None:
    channel = FakeChannel(per_connection=3)
    way = a_way(channel)

    for _ in range(7):
        way.send(FakeNotice(), ())

    assert (len(channel.sent), channel.opened, channel.closed) == (7, 3, 2)
    way.close()
    assert channel.closed == 3


@pytest.mark.parametrize("error", [AWAY, ValueError("quite unexpected")])
def test_a_line_that_failed_is_not_used_again(error: Exception) -> None:
    channel = FakeChannel(answer=fails(None, error, None))
    way = a_way(channel)

    way.send(FakeNotice(), ())
    with pytest.raises(type(error)):
        way.send(FakeNotice(), ())
    assert (channel.opened, channel.closed) == (1, 1)
    way.send(FakeNotice(), ())

    assert channel.opened == 2
    way.close()


def test_a_server_that_is_away_is_not_asked_for_each_mail() -> None:
    channel, clock = FakeChannel(connect=fails(AWAY, AWAY, None)), Clock()
    way = a_way(channel, clock)

    for at, opened in ((0, 1), (14.9, 1), (15, 2), (20, 2)):
        clock.now = at
        with pytest.raises(DeliveryError, match="It is away") as caught:
            way.send(FakeNotice(), ())
        assert (caught.value.permanent, caught.value.retry_after) == (False, 7)
        assert channel.opened == opened
    assert channel.sent == []
    way.close()
    way.send(FakeNotice(), ())

    assert channel.opened == 3
    way.close()


def test_a_server_that_fails_mail_after_mail_is_spared() -> None:
    """As one that hangs, and lets each mail wait."""
    channel, clock = FakeChannel(answer=fails(AWAY, None, AWAY, AWAY, AWAY, None)), Clock()
    way, came = a_way(channel, clock), []

    for at in (0, 1, 2, 3, 4, 17.9, 18, 19, 33):
        clock.now = at
        with suppress(DeliveryError):
            way.send(FakeNotice(), ())
        came.append((at, len(channel.sent)))

    assert came == [(0, 1), (1, 2), (2, 3), (3, 4), (4, 4), (17.9, 4), (18, 5), (19, 5), (33, 6)]
    way.close()


@pytest.mark.parametrize(
    "changes", [{"permanent": True}, {"uncertain": True}, {"refused": {"a": True}}]
)
def test_a_mail_that_is_refused_spares_nobody(changes) -> None:
    refusal = DeliveryError("No.", **{"permanent": False, **changes})
    channel = FakeChannel(answer=fails(refusal))
    way = a_way(channel)

    for _ in range(4):
        with pytest.raises(DeliveryError):
            way.send(FakeNotice(), ())

    assert len(channel.sent) == 4


def test_each_use_counts_for_the_pace() -> None:
    way = a_way(FakeChannel(per_minute=2))

    assert way.pace.has_room
    way.send(FakeNotice(), ())
    assert way.pace.has_room
    way.send(FakeNotice(), ())

    assert not way.pace.has_room
    way.close()
