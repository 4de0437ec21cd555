"""One start of the proxy child: spawn it, hand it its options, wait for its answer.

The child answers with one line on its standard output, ``READY <port>`` or ``FAILED <sentence>``.
Its standard input stays open as its life line: when that closes, the child ends.
"""

import contextlib
import os
import selectors
import subprocess
import sys
import time
from pathlib import Path
from typing import IO, Final

import botsched
from botsched.errors import StartError
from botsched.proxy.options import ProxyOptions

_READY_WITHIN: Final = 15.0


def spawn() -> subprocess.Popen[bytes]:
    """A child that waits for its options. It ends with the *thread* that calls this."""
    try:
        return subprocess.Popen(
            # -P: what lies in the working folder is not imported.
            [sys.executable, "-P", "-m", "botsched.proxy.child"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            bufsize=0,
            env=_environment(),
            start_new_session=True,
        )
    except OSError as error:
        raise StartError(f"The proxy cannot be started: {error.strerror}.") from error


def hand_over(child: subprocess.Popen[bytes], options: ProxyOptions) -> int:
    """Give the child its options and return the port it then listens on.

    StartError when it cannot, or does not say so in time; the child is then gone.
    """
    assert child.stdin is not None
    assert child.stdout is not None
    try:
        with contextlib.suppress(BrokenPipeError):  # it has died, and will not answer either
            child.stdin.write(options.to_line())
        with child.stdout as answers:
            word, _, rest = _read_answer(answers).partition(" ")
        if word == "READY":
            return int(rest)
        if word == "FAILED":
            raise StartError(rest)
        raise StartError(f"The proxy {ending(child.wait(_READY_WITHIN))} before it was ready.")
    except BaseException:
        with child:
            child.kill()
        raise


def ending(code: int) -> str:
    """How a child with this return code ended, in words."""
    return f"was killed by signal {-code}" if code < 0 else f"ended with exit code {code}"


def _environment() -> dict[str, str]:
    """Flags may come from the environment; the proxy has no business with database passwords."""
    environment = {k: v for k, v in os.environ.items() if not k.startswith("BOTS_SCHEDULER_")}
    source = str(Path(botsched.__file__).parent.parent)
    before = environment.get("PYTHONPATH")
    environment["PYTHONPATH"] = f"{source}{os.pathsep}{before}" if before else source
    return environment


def _read_answer(answers: IO[bytes]) -> str:
    """The child's first line; empty when it has ended without one."""
    deadline = time.monotonic() + _READY_WITHIN
    line = b""
    with selectors.DefaultSelector() as selector:
        selector.register(answers, selectors.EVENT_READ)
        while not line.endswith(b"\n"):
            if not selector.select(max(0.0, deadline - time.monotonic())):
                raise StartError(f"The proxy was not ready within {_READY_WITHIN:g} seconds.")
            piece = os.read(answers.fileno(), 4096)
            if not piece:
                return ""
            line += piece
    return line.decode().rstrip("\n")
