"""Asks the parts of the program how they are, and waits for none of them long."""

import logging
import threading
import time
from collections.abc import Callable, Mapping
from concurrent.futures import Future
from typing import Any, Final

from botsched.errors import BotsError

log = logging.getLogger(__name__)

Probe = Callable[[], Any]
"""What a part says of itself, as JSON data."""

_PATIENCE_SECONDS: Final = 3.0


class Survey:
    """A part that fails, or does not answer in time, says so; the others still answer.

    A part is not asked again before it has answered, so that none that hangs gathers threads.
    """

    def __init__(self, probes: Mapping[str, Probe], patience: float = _PATIENCE_SECONDS) -> None:
        self._probes = probes
        self._patience = patience
        self._asked: dict[str, Future[Any]] = {}
        self._lock = threading.Lock()

    def __call__(self) -> dict[str, Any]:
        """What each part says, by its name; ``{"error": ...}`` where it does not."""
        end = time.monotonic() + self._patience
        with self._lock:
            asked = {name: self._ask(name, probe) for name, probe in self._probes.items()}
        return {name: self._answer(name, future, end) for name, future in asked.items()}

    def _ask(self, name: str, probe: Probe) -> Future[Any]:
        future = self._asked.get(name)
        if future is None or future.done():
            future = self._asked[name] = Future()
            work = threading.Thread(
                target=_fulfil, args=(future, probe), name=f"ask-{name}", daemon=True
            )
            work.start()
        return future

    def _answer(self, name: str, future: Future[Any], end: float) -> Any:
        try:
            return future.result(max(end - time.monotonic(), 0))
        except TimeoutError:
            return {"error": f"No answer within {self._patience:g} seconds."}
        except BotsError as error:
            return {"error": str(error)}
        except Exception:
            log.exception("What is asked of the part %r failed.", name)
            return {"error": "It could not be asked; the log of the server says more."}


def _fulfil(future: Future[Any], probe: Probe) -> None:
    try:
        future.set_result(probe())
    except BaseException as error:  # noqa: BLE001  it is raised for whoever waits
        future.set_exception(error)
