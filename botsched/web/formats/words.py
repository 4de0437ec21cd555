"""What the page says in words."""

from datetime import datetime

from botsched.domain.execution import ACTIVE, UNSUCCESSFUL, Execution, State


def when(moment: datetime | None) -> str:
    """An instant on the clock of the server's time zone."""
    return "" if moment is None else f"{moment.astimezone():%Y-%m-%d %H:%M:%S}"


def mood(state: State) -> str:
    """How a state is coloured; the word itself is always there as well."""
    if state in UNSUCCESSFUL:
        return "bad"
    if state in ACTIVE:
        return "busy"
    return "good" if state is State.SUCCEEDED else "quiet"


def took(execution: Execution) -> str:
    """How long an execution ran."""
    if execution.started_at is None or execution.ended_at is None:
        return ""
    seconds = (execution.ended_at - execution.started_at).total_seconds()
    if seconds < 60:
        return f"{seconds:.2f} s" if seconds < 10 else f"{seconds:.0f} s"
    minutes, rest = divmod(round(seconds), 60)
    if minutes < 60:
        return f"{minutes} min {rest} s"
    return f"{minutes // 60} h {minutes % 60} min"


def size(count: int) -> str:
    """A number of bytes."""
    if count < 1000:
        return f"{count} B"
    return f"{count / 1000:.1f} kB" if count < 1_000_000 else f"{count / 1_000_000:.1f} MB"
