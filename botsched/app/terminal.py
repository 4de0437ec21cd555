"""What the person at the terminal sees."""

import logging
import sys
from contextlib import suppress


def say(text: str) -> None:
    """Tell the person at the terminal, if still there; what is said here goes to no log."""
    with suppress(OSError):
        sys.stdout.write(text + "\n")
        sys.stdout.flush()


def log_to_terminal(*, debug: bool) -> None:
    """Log to standard error, in detail with ``debug``."""
    logging.basicConfig(
        stream=sys.stderr,
        level=logging.DEBUG if debug else logging.INFO,
        format="%(asctime)s %(levelname)-8s %(message)s",
        datefmt="%Y-%m-%d %H:%M:%S%z",
    )
    if not debug:
        for name in ("apscheduler", "asyncio", "tornado.access"):
            logging.getLogger(name).setLevel(logging.WARNING)
        # It tells with a traceback what the store tells in words: that a connection is lost.
        logging.getLogger("sqlalchemy.pool").setLevel(logging.CRITICAL)
