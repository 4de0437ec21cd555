"""Tells the parent whether the proxy accepts connections."""

import os
from collections.abc import Callable

from mitmproxy.addons.proxyserver import Proxyserver

from botsched.proxy.child.lifeline import answer


class Readiness:
    """Answers once all addresses are listened on, or one of them cannot be."""

    def __init__(self, proxyserver: Proxyserver, give_up: Callable[[], None]) -> None:
        self._proxyserver = proxyserver
        self._give_up = give_up
        self.failed = False

    def running(self) -> None:
        faults = [s.last_exception for s in self._proxyserver.servers if s.last_exception]
        if faults:
            self.failed = True
            answer(f"FAILED {_sentence(faults[0], self._proxyserver)}")
            self._give_up()
        else:
            answer(f"READY {self._proxyserver.listen_addrs()[0][1]}")


def _sentence(fault: Exception, proxyserver: Proxyserver) -> str:
    mode = next(iter(proxyserver.servers)).mode
    where = f"{mode.listen_host() or '*'}:{mode.listen_port()}"
    why = os.strerror(fault.errno) if isinstance(fault, OSError) and fault.errno else str(fault)
    return (
        f"The proxy cannot listen on {where}: {why}. "
        "End the program that uses the port, or choose another with --port."
    )
