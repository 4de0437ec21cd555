"""A file that goes with a report: downloaded from the page, attached to the mail."""

import mimetypes
import os
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from botsched.reports.checks import kind, require_text
from botsched.reports.image import Bytes

ANY_TYPE: Final = "application/octet-stream"
_NAME: Final = re.compile(r"(?!\.{0,2}$)[^\x00-\x1f\x7f-\x9f/\\\u2028\u2029]{1,200}")
_MEDIA_TYPE: Final = re.compile(r"[a-z0-9][a-z0-9.+-]{0,60}/[a-z0-9][a-z0-9.+-]{0,99}")


@dataclass(frozen=True, slots=True, init=False)
class File:
    """A file, kept whole."""

    name: str
    data: bytes
    media_type: str

    def __init__(
        self, source: Bytes | str | os.PathLike[str], name: str = "", media_type: str = ""
    ) -> None:
        """Take the path of a file, which is read at once; or bytes, which need a name."""
        require_text(self, "name", name)
        require_text(self, "media_type", media_type)
        if isinstance(source, str | os.PathLike):
            data, name = _read(Path(source)), name or Path(source).name
        elif isinstance(source, Bytes):
            data = bytes(source)
        else:
            raise TypeError(f"File: give the path of a file or its bytes, not {kind(source)}")
        if not _NAME.fullmatch(name):
            raise ValueError(f"File: name must be like 'figures.csv', not {name!r:.80}")
        media_type = media_type or mimetypes.guess_type(name)[0] or ANY_TYPE
        if not _MEDIA_TYPE.fullmatch(media_type):
            raise ValueError(f"File: media_type must be like 'text/csv', not {media_type!r:.80}")
        for field, value in zip(self.__slots__, (name, data, media_type), strict=True):
            object.__setattr__(self, field, value)


def _read(file: Path) -> bytes:
    try:
        return file.read_bytes()
    except (OSError, ValueError) as error:  # ValueError: a NUL in the path
        reason = error.strerror if isinstance(error, OSError) else error
        raise ValueError(f"File: {str(file)!r} cannot be read: {reason}") from None
