"""How many event streams may be open."""

from contextlib import ExitStack

import pytest

from botsched.web.errors import BusyError, TooManyError
from botsched.web.streams import Streams


def test_one_user_cannot_take_all() -> None:
    streams = Streams(most=5, most_of_user=2)
    with streams.place("ann"), streams.place("ann"):
        with pytest.raises(TooManyError, match="'ann' has 2 event streams open"), \
                streams.place("ann"):  # fmt: skip
            pass
        with streams.place("ben"):
            pass
    with streams.place("ann"):
        pass


def test_all_together_cannot_take_more_than_there_are() -> None:
    streams = Streams(most=3, most_of_user=2)
    with ExitStack() as stack:
        for user in ("ann", "ann", "ben"):
            stack.enter_context(streams.place(user))
        with pytest.raises(BusyError, match="3 event streams are open"), streams.place("cat"):
            pass
    with streams.place("cat"):
        pass
