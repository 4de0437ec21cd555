"""What web hooks, commands and extensions are handed."""

from collections.abc import Sequence
from typing import Any

from botsched.notify.channel import Notice

VERSION = 1
"""Grows when a key changes its meaning or goes; new keys may come at any time."""


def payload(notice: Notice, channel: str, recipients: Sequence[str]) -> dict[str, Any]:
    """All of a notice as JSON data; ``to`` is empty when nobody is named."""
    return notice.data() | {
        "version": VERSION,
        "channel": channel,
        "to": list(recipients or notice.to or ()),
    }
