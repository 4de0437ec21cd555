"""What happens between the fork and the end of one run."""

import gc
import json
import os
import signal
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any, NoReturn, TextIO

from botsched.catalog import Catalogue
from botsched.errors import ExecutionError
from botsched.execution.forkserver.linux import die_with_parent
from botsched.execution.forkserver.protocol import (
    MARKER,
    NO_CLASS,
    OUTCOME_LIMIT,
    read_all,
)
from botsched.job.invoke import invoke
from botsched.job.outcome import Call, Outcome

_CALL_LIMIT = 64 * 1024 * 1024


def run_child(catalogue: Catalogue, descriptors: Sequence[int], parent: int) -> NoReturn:
    """Run one job in this process, just forked, and leave; never returns to the fork server.

    The process becomes the leader of a session and process group of its own, so that it can be
    stopped with all that it starts.
    """
    status = 1
    try:
        os.setsid()
        die_with_parent(parent)
        call_file, output, errors, outcome_file = descriptors
        _take_streams(output, errors)
        request = json.loads(read_all(call_file, _CALL_LIMIT))
        os.close(call_file)
        os.set_inheritable(outcome_file, False)
        os.environ[MARKER] = request["execution_id"]
        gc.enable()
        try:
            _hand_over(_run(catalogue, request).to_data(), outcome_file)
        except ExecutionError as error:
            _hand_over({NO_CLASS: str(error)}, outcome_file)
        status = 0
    finally:
        # Straight out: nothing of the fork server's own clean-up may run here.
        os._exit(status)


def _run(catalogue: Catalogue, request: dict[str, Any]) -> Outcome:
    call = Call(
        request["job_id"], request["execution_id"], request["args"], Path(request["data_dir"])
    )
    outcome = invoke(catalogue.find(request["job_class"]), call)
    if outcome.traceback:
        sys.stderr.write(outcome.traceback.rstrip("\n") + "\n")
    elif outcome.error:
        sys.stderr.write(outcome.error + "\n")
    sys.stdout.flush()
    sys.stderr.flush()
    return outcome


def _take_streams(output: int, errors: int) -> None:
    for number in (signal.SIGTERM, signal.SIGINT, signal.SIGCHLD):
        signal.signal(number, signal.SIG_DFL)
    nothing = os.open(os.devnull, os.O_RDONLY)
    os.dup2(nothing, 0)
    os.dup2(output, 1)
    os.dup2(errors, 2)
    for descriptor in (nothing, output, errors):
        os.close(descriptor)
    sys.stdin = open(0, encoding="utf-8", closefd=False)  # noqa: SIM115
    sys.stdout = _stream(1)
    sys.stderr = _stream(2)


def _stream(descriptor: int) -> TextIO:
    return open(
        descriptor, "w", buffering=1, encoding="utf-8", errors="backslashreplace", closefd=False
    )


def _hand_over(outcome: dict[str, Any], outcome_file: int) -> None:
    data = json.dumps(outcome).encode()
    if len(data) > OUTCOME_LIMIT:
        error = (
            f"The result and report take {len(data)} bytes; at most {OUTCOME_LIMIT} are kept. "
            "Write what is large to a file, or print it."
        )
        data = json.dumps(Outcome(False, error=error).to_data()).encode()
    os.pwrite(outcome_file, data, 0)
