"""Pictures: bytes, files and ``data:`` addresses are kept whole; what is remote is never loaded."""

import binascii
import mimetypes
import os
import re
from base64 import b64decode
from dataclasses import dataclass
from pathlib import Path
from typing import Final, TypeAlias, overload

from botsched.reports.checks import kind, require_text
from botsched.reports.styling import styled_elsewhere

_MEDIA_TYPE: Final = re.compile(r"image/[a-z0-9][a-z0-9.+-]{0,60}")
_REMOTE: Final = re.compile(r"https?://[!-~]+", re.IGNORECASE)
_EMBEDDED: Final = re.compile(r"data:([^;,]*);base64,(.*)", re.IGNORECASE | re.DOTALL)
_SIZE: Final = re.compile(r"[1-9][0-9]{0,4}%?")

Bytes: TypeAlias = bytes | bytearray | memoryview
Size: TypeAlias = int | str | None


@styled_elsewhere
@dataclass(frozen=True, slots=True, init=False)
class Image:
    """A picture; ``alt`` stands for it where it cannot be shown.

    ``width`` and ``height`` are pixels or, with ``%``, shares; empty where nothing was said. One
    with an ``address`` lies elsewhere: it has neither data nor type.
    """

    data: bytes
    media_type: str
    alt: str
    width: str
    height: str
    address: str

    @overload
    def __init__(
        self,
        source: Bytes,
        media_type: str = "image/png",
        alt: str = "",
        width: Size = None,
        height: Size = None,
    ) -> None: ...

    @overload
    def __init__(
        self,
        source: str | os.PathLike[str],
        alt: str = "",
        width: Size = None,
        height: Size = None,
    ) -> None: ...

    def __init__(self, source: object, *words: object, **named: object) -> None:
        """Take the bytes of a picture and their media type; or a file, or an address."""
        make = self._of_bytes if isinstance(source, Bytes) else self._of_source
        make(source, *words, **named)  # type: ignore[arg-type]

    def _of_bytes(
        self,
        source: Bytes,
        media_type: str = "image/png",
        alt: str = "",
        width: Size = None,
        height: Size = None,
        address: str = "",
    ) -> None:
        require_text(self, "media_type", media_type)
        if not address and not _MEDIA_TYPE.fullmatch(media_type):
            raise ValueError(f"Image: media_type must be like 'image/png', not {media_type!r}")
        require_text(self, "alt", alt)
        if not source and not address:
            raise ValueError("Image: data is empty")
        values = bytes(source), media_type, alt, _size("width", width), _size("height", height)
        for field, value in zip(self.__slots__, (*values, address), strict=True):
            object.__setattr__(self, field, value)

    def _of_source(
        self, source: object, alt: str = "", width: Size = None, height: Size = None
    ) -> None:
        if not isinstance(source, str | os.PathLike):
            raise TypeError(
                "Image: a picture is given as its bytes, the path of its file or its address,"
                f" not as {kind(source)}"
            )
        if isinstance(source, str) and is_remote(source):
            self._of_bytes(b"", "", alt, width, height, source)
        elif isinstance(source, str) and (embedded := _EMBEDDED.fullmatch(source)):
            self._of_bytes(_decoded(embedded[2]), embedded[1].lower(), alt, width, height)
        else:
            data, media_type = _read(Path(source))
            self._of_bytes(data, media_type, alt, width, height)


def is_remote(address: str) -> bool:
    """Tell addresses of pictures that lie elsewhere from paths of files."""
    return bool(_REMOTE.fullmatch(address))


def _read(file: Path) -> tuple[bytes, str]:
    media_type, _ = mimetypes.guess_type(file.name, strict=False)
    if media_type is None or not media_type.startswith("image/"):
        raise ValueError(
            f"Image: {str(file)!r} is not named like a picture, as curve.png is;"
            " give the bytes and the media type"
        )
    try:
        return file.read_bytes(), media_type
    except OSError as error:
        raise ValueError(f"Image: {str(file)!r} cannot be read: {error.strerror}") from None


def _decoded(text: str) -> bytes:
    try:
        return b64decode(text, validate=True)
    except binascii.Error as error:
        raise ValueError(f"Image: the address has no valid base64: {error}") from None


def _size(field: str, value: Size) -> str:
    text = "" if value is None else str(value).removesuffix("px")
    if text and not _SIZE.fullmatch(text):
        raise ValueError(f"Image: {field} must be like 300 or '50%', not {value!r}")
    return text
