"""The output of a run in a mail: a short one whole; of a long one the end, and all as a file."""

from dataclasses import dataclass
from html import escape
from typing import Final

from botsched.notify.files import File
from botsched.notify.fitting import most
from botsched.notify.wording import size
from botsched.reports import clean

INLINE_LINES: Final = 120
INLINE_WEIGHT: Final = 24_000
"""Bytes of escaped text."""

ATTACHED_BYTES: Final = 20_000_000
"""Before they are compressed."""


@dataclass(frozen=True, slots=True)
class Excerpt:
    """What the mail shows of an output, what it says about the rest, and the file with more."""

    text: str
    note: str = ""
    file: File | None = None


def excerpt(output: str, dropped: int = 0) -> Excerpt:
    """Choose what is shown; ``dropped`` is the number of bytes that were not stored at all."""
    text = clean(output).strip("\n")
    lost = f"{size(dropped)} of output were more than is stored." if dropped else ""
    shown = _end(text)
    if shown == text:
        return Excerpt(text, lost)
    file, held = _file(text)
    note = f"This is the end of the output; {held} is attached. {lost}"
    return Excerpt(shown, note.rstrip(), file)


def _end(text: str) -> str:
    """Take the last lines; of a single huge line, its last characters."""
    tail = text[-INLINE_WEIGHT:]
    tail = tail[
        len(tail) - most(len(tail), lambda n: weight(tail[len(tail) - n :]) <= INLINE_WEIGHT) :
    ]
    lines = tail.split("\n")
    if len(tail) < len(text) and len(lines) > 1:
        del lines[0]  # cut somewhere
    return "\n".join(lines[-INLINE_LINES:])


def weight(text: str) -> int:
    """How many bytes a text takes in HTML."""
    return len(escape(text).encode())


def _file(text: str) -> tuple[File, str]:
    content = text.encode() + b"\n"
    held = f"all of it ({size(len(content))})"
    if len(content) > ATTACHED_BYTES:
        held = f"the last {size(ATTACHED_BYTES)} of its {size(len(content))}"
        content = content[-ATTACHED_BYTES:].decode(errors="ignore").encode()
    return File("output.txt", "text/plain", content), held
