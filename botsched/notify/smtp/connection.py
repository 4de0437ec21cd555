"""The standard library's SMTP, guarded against servers that talk too much or too slowly."""

import re
import smtplib
import socket
from base64 import b64encode
from time import monotonic
from typing import Any

_CHALLENGE = 334
_MOST_LINES = 1_000


class _Lines:
    """What a server says, line by line; no answer may have too many, or drip in for ever."""

    def __init__(self, sock: socket.socket) -> None:
        self._sock = sock
        self._file = sock.makefile("rb")
        self._left = 0
        self._end = 0.0

    def begin(self) -> None:
        """Expect another answer, within the time that the socket waits for a piece of it."""
        self._left = _MOST_LINES
        self._end = monotonic() + (self._sock.gettimeout() or 0)

    def readline(self, most: int) -> bytes:
        """Read a line. It is one that is too long when there were too many."""
        self._left -= 1
        line = b"" if self._left >= 0 else b" " * most
        while len(line) < most and not line.endswith(b"\n"):
            piece = self._file.peek(1)
            if not piece:
                break
            if monotonic() > self._end:
                raise TimeoutError
            length = piece.find(b"\n") + 1 or len(piece)
            line += self._file.read(min(length, most - len(line)))
        return line

    def close(self) -> None:
        self._file.close()


class Smtp(smtplib.SMTP):
    """Bounds answers, of which smtplib keeps all lines until the last one, and hides passwords."""

    _secrets: re.Pattern[bytes] | None = None
    _refusal: smtplib.SMTPAuthenticationError | None = None

    def getreply(self) -> tuple[int, bytes]:
        if self.file is None and self.sock is not None:
            self.file = _Lines(self.sock)
        if self.file is not None:
            self.file.begin()
        code, text = super().getreply()
        if self._secrets is None or code == _CHALLENGE:
            return code, text
        return code, self._secrets.sub(b"***", text)

    def hide(self, user: str, password: str) -> None:
        """From now on, leave a password out of all answers: some servers repeat what they are told.

        It is known as it is, and as it is sent.
        """
        plain = password.encode()
        forms = (plain, b64encode(plain), b64encode(f"\0{user}\0{password}".encode()))
        words = b"|".join(re.escape(form.rstrip(b"=")) for form in forms)
        self._secrets = re.compile(b"(?:" + words + b")=*", re.IGNORECASE)

    def auth(self, *given: Any, **options: Any) -> tuple[int, bytes]:
        """Log in by one mechanism. Servers that refuse one may end the session at the next."""
        try:
            return super().auth(*given, **options)
        except smtplib.SMTPAuthenticationError as error:
            self._refusal = error
            raise
        except smtplib.SMTPServerDisconnected:
            if self._refusal is not None:
                raise self._refusal from None
            raise


class SmtpOverTls(Smtp, smtplib.SMTP_SSL):
    """The same, with TLS from the first byte."""
