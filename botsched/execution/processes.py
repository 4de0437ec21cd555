"""Processes of runs: what tells them apart, and how to end what is left of them."""

import os
import platform
import signal
from collections.abc import Iterable, Iterator
from contextlib import suppress
from pathlib import Path

from botsched.domain.instance import Instance
from botsched.execution.forkserver.protocol import MARKER


def start_time(pid: int) -> int | None:
    """When a process started, in clock ticks since boot; None when there is no such process.

    A pid may be used again; pid and start time together name one process of one boot.
    """
    try:
        stat = Path(f"/proc/{pid}/stat").read_text(encoding="ascii", errors="replace")
    except OSError:
        return None
    return int(stat.rpartition(")")[2].split()[19])


def boot_id() -> str:
    """The kernel's identifier of this boot."""
    return Path("/proc/sys/kernel/random/boot_id").read_text(encoding="ascii").strip()


def this_instance(identity: str) -> Instance:
    """This process, as a server among others."""
    pid = os.getpid()
    started = start_time(pid) or 0
    return Instance(identity, platform.node(), pid, started, boot_id(), _pid_namespace())


def has_ended(instance: Instance) -> bool:
    """Whether a server is known to have ended: only those of this machine can be looked for."""
    if (instance.boot_id, instance.pid_namespace) != (boot_id(), _pid_namespace()):
        return False
    try:
        os.kill(instance.pid, 0)
    except ProcessLookupError:
        return True
    except PermissionError:
        pass  # another user's
    try:
        stat = Path(f"/proc/{instance.pid}/stat").read_text(encoding="ascii", errors="replace")
    except OSError:
        return False
    fields = stat.rpartition(")")[2].split()
    return fields[0] in {"Z", "X"} or int(fields[19]) != instance.pid_started


def _pid_namespace() -> str:
    return str(Path("/proc/self/ns/pid").readlink())


def group_lives(pid: int) -> bool:
    """Whether any process of the group that this process leads, or led, is still at work.

    Those that ended and only wait for their parent to notice do not count.
    """
    for stat in Path("/proc").glob("[0-9]*/stat"):
        with suppress(OSError):
            state, _parent, group = stat.read_text(errors="replace").rpartition(")")[2].split()[:3]
            if int(group) == pid and state not in "ZX":
                return True
    return False


def kill_group(pid: int) -> None:
    """Kill all processes of the group that this process leads, if it is still there."""
    with suppress(ProcessLookupError, PermissionError):
        os.killpg(pid, signal.SIGKILL)


def kill_strays(execution_ids: Iterable[str]) -> int:
    """Kill all processes that these executions left behind; gives how many there were.

    Processes of other users cannot be looked at, and are left alone.
    """
    marks = {f"{MARKER}={execution_id}".encode() for execution_id in execution_ids}
    killed = 0
    for pid, environment in _environments() if marks else ():
        if not marks.isdisjoint(environment) and pid != os.getpid():
            with suppress(ProcessLookupError, PermissionError):
                os.kill(pid, signal.SIGKILL)
                killed += 1
    return killed


def _environments() -> Iterator[tuple[int, list[bytes]]]:
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            with suppress(OSError):
                yield int(entry.name), (entry / "environ").read_bytes().split(b"\0")
