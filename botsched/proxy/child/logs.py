"""The child's log: lines on the standard error that it shares with its parent."""

import logging
import time
from typing import Final

_LINES_A_MINUTE: Final = 60
TIME_FORMAT: Final = "%Y-%m-%d %H:%M:%S%z"
_LEVELS: Final = {
    "mitmproxy": logging.WARNING,  # below this it tells of each connection, at a cost
    "mitmproxy.certs": logging.ERROR,  # its warnings of an authority's certificate: ours say it
    "mitmproxy.proxy.server": logging.ERROR,  # its warnings are strangers' failed handshakes
    "mitmproxy.addons.proxyserver": logging.CRITICAL,  # the parent says why it cannot listen
    "passlib": logging.ERROR,  # old mitmproxy loads its bcrypt part, which warns and is not used
}


class Format(logging.Formatter):
    """Of mitmproxy's exceptions only the last line: any stranger's connection can cause them."""

    def format(self, record: logging.LogRecord) -> str:
        if record.exc_info and record.name.startswith("mitmproxy"):
            record.msg = f"{record.getMessage()} {record.exc_info[1]!r}"
            record.args = record.exc_info = None
        return super().format(record)


class FloodFilter(logging.Filter):
    """Drops what exceeds so many lines a minute, and then says how many those were."""

    def __init__(self, lines_a_minute: int = _LINES_A_MINUTE) -> None:
        super().__init__()
        self._most = lines_a_minute
        self._minute = 0
        self._lines = 0

    def filter(self, record: logging.LogRecord) -> bool:
        minute = int(time.monotonic() // 60)
        if minute != self._minute:
            if (dropped := self._lines - self._most) > 0:
                record.msg = f"{record.getMessage()} ({dropped} earlier lines were dropped.)"
                record.args = None
            self._minute, self._lines = minute, 0
        self._lines += 1
        return self._lines <= self._most


def set_up() -> None:
    """To be called before mitmproxy installs handlers of its own, or errors would vanish."""
    handler = logging.StreamHandler()
    handler.setFormatter(Format("%(asctime)s %(levelname)-8s proxy: %(message)s", TIME_FORMAT))
    handler.addFilter(FloodFilter())
    logging.basicConfig(level=logging.INFO, handlers=[handler])
    for name, level in _LEVELS.items():
        logging.getLogger(name).setLevel(level)
