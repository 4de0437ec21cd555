"""The output of a run in a mail: short ones whole, of long ones the end and an attachment."""

import gzip
from dataclasses import dataclass

from botsched.notify.wording import size
from botsched.reports import clean

INLINE_CHARACTERS = 20_000  # mail readers cut bodies of about 100 kB
INLINE_LINES = 400
PLAIN_BYTES = 1_000_000
ATTACHED_BYTES = 5_000_000  # servers refuse mails of commonly 10 MB


@dataclass(frozen=True, slots=True)
class Attachment:
    """A file of a mail; ``media_type`` is like ``text/plain``."""

    name: str
    media_type: str
    content: bytes


@dataclass(frozen=True, slots=True)
class Excerpt:
    """What the body shows of an output, what it says about the rest, and the file with more."""

    text: str
    note: str = ""
    attachment: Attachment | None = None


def excerpt(output: str, dropped: int = 0) -> Excerpt:
    """Choose what is shown; ``dropped`` is the number of bytes that were not stored at all."""
    text = clean(output).strip("\n")
    lost = f"{size(dropped)} of output were more than is stored." if dropped else ""
    shown = _end(text)
    if shown == text:
        return Excerpt(text, lost)
    attachment, held = _attach(text)
    note = f"This is the end of the output; {held} is attached as {attachment.name}. {lost}"
    return Excerpt(shown, note.rstrip(), attachment)


def _end(text: str) -> str:
    """Take the last lines; of a single huge line, its last characters."""
    tail = text[-INLINE_CHARACTERS:]
    lines = tail.split("\n")
    if len(tail) < len(text) and len(lines) > 1:
        del lines[0]  # cut somewhere
    return "\n".join(lines[-INLINE_LINES:])


def _attach(text: str) -> tuple[Attachment, str]:
    content = text.encode() + b"\n"
    held = f"all of it ({size(len(content))})"
    if len(content) > ATTACHED_BYTES:
        held = f"the last {size(ATTACHED_BYTES)} of its {size(len(content))}"
        content = content[-ATTACHED_BYTES:].decode(errors="ignore").encode()
    if len(content) <= PLAIN_BYTES:
        return Attachment("output.txt", "text/plain", content), held
    packed = gzip.compress(content, mtime=0)  # the same mail has the same bytes on each attempt
    return Attachment("output.txt.gz", "application/gzip", packed), held
