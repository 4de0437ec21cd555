"""Checks that TCP ports accept connections."""

import socket
import time

from botscheduler import *
from jobs._values import number, port_number, several


class PortCheck(JobBase):
    info = {
        "job_class_name": "Port check",
        "notes": "Connects to each host:port and fails when one does not accept.",
        "arguments": [
            {
                "type": "list",
                "name": "targets",
                "description": "host:port; IPv6 addresses as [::1]:22",
                "required": True,
            },
            {"type": "number", "name": "timeout", "description": "seconds at most for each"},
        ],
        "example_arguments": '[["example.com:443", "[::1]:22"], 5]',
        "report_title": "Port check",
        "enabled": True,
    }

    @report
    def run(self, targets, timeout=5):
        timeout = number(timeout, "The time limit", 0.001)
        addresses = [split(target) for target in several(targets)]
        if not addresses:
            raise JobError("Give at least one host:port.")
        rows, closed = [], []
        for host, port in addresses:
            begin = time.monotonic()
            fault = connect(host, port, timeout)
            took = f"{1000 * (time.monotonic() - begin):.1f} ms"
            rows.append([f"{host}:{port}", fault or "open", took])
            closed += [f"{host}:{port} ({fault})"] if fault else []
        yield Table(rows, header=["Target", "State", "Time"])
        if closed:
            raise JobError(f"Not reachable: {', '.join(closed)}.")


def split(target):
    host, colon, port = target.rpartition(":")
    if not colon or not host:
        raise JobError(f"{target!r} must be written host:port.")
    return host.strip("[]"), port_number(port)


def connect(host, port, timeout):
    """Say why there is no connection, or None."""
    try:
        socket.create_connection((host, port), timeout).close()
    except TimeoutError:
        return f"no answer within {timeout} s"
    except OSError as error:
        return error.strerror or str(error)
    return None
