"""The hold and windows as JSON."""

from typing import Any

from botsched.domain.controls import Controls
from botsched.domain.window import Window, window_data
from botsched.web.formats.times import time_text


def hold_data(controls: Controls) -> dict[str, Any]:
    """Whether all jobs are held, by whom, since when and why."""
    hold = controls.hold
    return {
        "held": hold is not None,
        "user": None if hold is None else hold.user,
        "since": None if hold is None else time_text(hold.since),
        "reason": None if hold is None else hold.reason,
    }


def windows_data(windows: tuple[Window, ...]) -> dict[str, Any]:
    """The windows of all jobs."""
    return {"windows": [window_data(window) for window in windows]}
