"""Takes the file out of an upload. Strict and linear in time, whatever is sent."""

from email.message import Message
from typing import Final

from botsched.web.errors import MalformedError

_LONGEST_HEAD: Final = 8 * 1024
_MOST_PARTS: Final = 20
_CURE: Final = "send one file as multipart/form-data in a part named file (curl: -F file=@NAME)"


def read_file(body: bytes, content_type: str) -> tuple[str, bytes]:
    """The name and the content of the part called ``file``. Raises MalformedError."""
    boundary = _header(content_type).get_param("boundary")
    if not isinstance(boundary, str) or not 0 < len(boundary) <= 70:
        raise MalformedError(f"The upload names no boundary; {_CURE}.")
    delimiter = b"\r\n--" + boundary.encode("latin-1", "replace")
    # At most so many pieces: the text before the first part, the parts, the text after the last.
    pieces = (b"\r\n" + body).split(delimiter, _MOST_PARTS + 2)
    if len(pieces) > _MOST_PARTS + 2 or not pieces[-1].startswith(b"--"):
        raise MalformedError(f"The upload is cut short or has too many parts; {_CURE}.")
    files = []
    for part in pieces[1:-1]:
        head, blank, content = part.partition(b"\r\n\r\n")
        if not blank or len(head) > _LONGEST_HEAD:
            raise MalformedError(f"A part of the upload has no proper head; {_CURE}.")
        disposition = _disposition(head.decode("utf-8", "replace"))
        filename = disposition.get_filename()
        if disposition.get_param("name", header="content-disposition") == "file" and filename:
            files.append((filename, content))
    if len(files) != 1:
        held = f"{len(files)} files, and one at a time is taken" if files else "no file"
        raise MalformedError(f"The upload holds {held}; {_CURE}.")
    return files[0]


def _header(value: str, name: str = "content-type") -> Message:
    message = Message()
    message[name] = value
    return message


def _disposition(head: str) -> Message:
    for line in head.split("\r\n"):
        name, _, value = line.partition(":")
        if name.strip().lower() == "content-disposition":
            return _header(value.strip(), "content-disposition")
    return Message()
