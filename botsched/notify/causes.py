"""What an end may come from, in words for who has to act on it."""

import re
import signal
from typing import Final

from botsched.domain.execution import Cause, Execution

_EXIT_CODE: Final = re.compile(r"exit (?:code|status) (\d+)")
_SIGNAL: Final = re.compile(r"\b(?:signal (?P<number>\d+)|ended by (?P<name>SIG[A-Z0-9]+))\b")

_EXIT_CODES: Final = {
    126: "Exit code 126 commonly means that the command was found and may not be run.",
    127: "Exit code 127 commonly means that a command was not found: look at its name and PATH.",
    137: "Exit code 137 commonly means that it was killed (SIGKILL), often for lack of memory.",
    143: "Exit code 143 commonly means that somebody had it end (SIGTERM).",
}
_SIGNALS: Final = {
    "SIGKILL": "SIGKILL without anybody here stopping it: often the kernel for lack of memory, "
    "which its log then tells (dmesg).",
    "SIGSEGV": "SIGSEGV: it touched memory that is not its own, a defect of a compiled library.",
    "SIGABRT": "SIGABRT: the program, or a library it uses, gave up on itself.",
    "SIGTERM": "SIGTERM: somebody or something on the machine had it end.",
    "SIGBUS": "SIGBUS: memory or a file that it had mapped went away, such as on a full disk.",
    "SIGXCPU": "SIGXCPU: it used more processor time than it may.",
}
_CAUSES: Final = {
    Cause.RAISED: "The job's code ended with this error.",
    Cause.TIME_LIMIT: "It was ended then; what it had printed by then is below.",
    Cause.NOT_STARTED: "Its code was not run.",
    Cause.CRASH: "The end of the run was not seen: it may or may not have done its work.",
    Cause.REBOOT: "The end of the run was not seen: it may or may not have done its work.",
    Cause.GRACE: "It was not run for that reason.",
    Cause.OVERLAP: "It was not run for that reason.",
    Cause.LIMIT: "It was not run for that reason.",
}


def hint(execution: Execution) -> str:
    """A sentence beyond the recorded reason; empty where there is none to add."""
    reason = execution.reason
    if code := _EXIT_CODE.search(reason):
        known = _EXIT_CODES.get(int(code[1][:9]))
        return known or _killed_by(int(code[1][:9])) or _CAUSES.get(execution.cause, "")
    if (ended := _SIGNAL.search(reason)) and execution.cause in (Cause.KILLED, Cause.RAISED):
        name = ended["name"] or _name(int(ended["number"][:9]))
        meaning = f"Signal {ended['number']} is {name}." if ended["number"] and name else ""
        return _SIGNALS.get(name, meaning)
    return _CAUSES.get(execution.cause, "")


def _killed_by(code: int) -> str:
    """What shells say by exit codes above 128."""
    name = _name(code - 128) if 128 < code < 192 else ""
    return f"Exit code {code} commonly means that it was ended by {name}." if name else ""


def _name(number: int) -> str:
    try:
        return signal.Signals(number).name
    except ValueError:
        return ""
