"""Exceptions of job code, told to people: one line, and a traceback of the author's frames."""

import importlib
from collections.abc import Callable
from pathlib import Path
from traceback import FrameSummary, StackSummary, TracebackException

from botsched.reports import clean

MAX_ERROR = 1_000
MAX_TRACEBACK = 20_000

_PACKAGE = str(Path(__file__).resolve().parents[1])
_SHARED = f"{_PACKAGE}/share/"  # the jobs shipped inside an installed package
_IMPORT_MACHINERY = ("<frozen importlib", importlib.__file__)


def one_line(text: str) -> str:
    """Put a message on one line, at most ``MAX_ERROR`` characters long."""
    line = " ".join(clean(text).split())
    return line if len(line) <= MAX_ERROR else line[: MAX_ERROR - 3] + "..."


def error_line(error: BaseException, hide: Callable[[str], str] = str) -> str:
    """Name the exception and its message on one line; ``hide`` masks what is not to be told."""
    try:
        message = str(error)
    except Exception:  # noqa: BLE001  the author's __str__ may do anything
        message = "(its message cannot be shown)"
    name = type(error).__qualname__
    return one_line(hide(f"{name}: {message}" if message else name))


def author_traceback(error: BaseException, hide: Callable[[str], str] = str) -> str | None:
    """Format the traceback without our own frames; None when the author had no part in it."""
    summary = TracebackException.from_exception(error)
    _keep_author_frames(summary)
    lines = list(summary.format() if summary.stack else summary.format_exception_only())
    text = clean(hide("".join(lines)))
    if not summary.stack and text.count("\n") < 2:
        return None
    return _shorten(text)


def _keep_author_frames(summary: TracebackException) -> None:
    following = [*summary.stack[1:], None]
    summary.stack = StackSummary.from_list(
        frame
        for frame, after in zip(summary.stack, following, strict=True)
        if not _is_ours(frame) and not _is_generated(frame, after)
    )
    for linked in (summary.__cause__, summary.__context__, *(summary.exceptions or ())):
        if linked is not None:
            _keep_author_frames(linked)


def _is_ours(frame: FrameSummary) -> bool:
    if frame.filename.startswith(_IMPORT_MACHINERY):
        return True
    return frame.filename.startswith(f"{_PACKAGE}/") and not frame.filename.startswith(_SHARED)


def _is_generated(frame: FrameSummary, after: FrameSummary | None) -> bool:
    """Tell the ``__init__`` that a dataclass of ours was given, which lies in no file."""
    return frame.filename == "<string>" and after is not None and _is_ours(after)


def _shorten(text: str) -> str:
    if len(text) <= MAX_TRACEBACK:
        return text
    half = MAX_TRACEBACK // 2
    return f"{text[:half]}\n  [... {len(text) - 2 * half} characters left out ...]\n{text[-half:]}"
