"""What happens between the fork and the end of one run."""

import gc
import json
import os
import signal
import sys
from collections.abc import Sequence
from functools import partial
from pathlib import Path
from typing import Any, NoReturn, TextIO

from botsched.catalog import Catalogue
from botsched.errors import ExecutionError
from botsched.execution.forkserver.protocol import (
    MARKER,
    NO_CLASS,
    OUTCOME_LIMIT,
    PROGRESS_RECORD,
    read_all,
)
from botsched.job.invoke import invoke
from botsched.job.outcome import Call, Outcome

_CALL_LIMIT = 64 * 1024 * 1024


def prepare_streams() -> None:
    """Make the streams of all runs to come, over the descriptors that each will find in place.

    Done in the fork server, because every page of memory that a child touches has to be copied.
    """
    sys.stdin = Path(os.devnull).open(encoding="utf-8")  # noqa: SIM115
    os.dup2(sys.stdin.fileno(), 0)
    sys.stdout = _stream(1)
    sys.stderr = _stream(2)


def run_child(
    catalogue: Catalogue, call: dict[str, Any] | None, descriptors: Sequence[int]
) -> NoReturn:
    """Run one job in this process, just forked, and leave; never returns to the fork server.

    The process becomes the leader of a session and process group of its own, so that it can be
    stopped with all that it starts.
    """
    status = 1
    try:
        os.setsid()
        output, errors, outcome_file, progress_file, *call_file = descriptors
        _take_streams(output, errors)
        os.set_inheritable(outcome_file, False)
        os.set_inheritable(progress_file, False)
        if call is None:
            call = json.loads(read_all(call_file[0], _CALL_LIMIT))
            os.close(call_file[0])
        os.environ[MARKER] = call["execution_id"]
        gc.enable()
        try:
            _hand_over(_run(catalogue, call, progress_file).to_data(), outcome_file)
        except ExecutionError as error:
            _hand_over({NO_CLASS: str(error)}, outcome_file)
        status = 0
    finally:
        # Straight out: nothing of the fork server's own clean-up may run here.
        os._exit(status)


def _run(catalogue: Catalogue, call: dict[str, Any], progress_file: int) -> Outcome:
    wanted = Call(
        call["job_id"],
        call["execution_id"],
        call["args"],
        Path(call["data_dir"]),
        call["secrets"],
        call["why_not"],
    )
    tell_progress = partial(_leave_progress, progress_file)
    job_class = catalogue.find(call["job_class"])
    outcome = invoke(job_class, wanted, tell_progress, catalogue.hooks)
    if outcome.traceback:
        sys.stderr.write(outcome.traceback.rstrip("\n") + "\n")
    elif outcome.error:
        sys.stderr.write(outcome.error + "\n")
    sys.stdout.flush()
    sys.stderr.flush()
    return outcome


def _leave_progress(progress_file: int, fraction: float | None, text: str) -> None:
    record = json.dumps([fraction, text], ensure_ascii=False).encode("utf-8", "replace")
    os.pwrite(progress_file, record.ljust(PROGRESS_RECORD), 0)


def _take_streams(output: int, errors: int) -> None:
    for number in (signal.SIGTERM, signal.SIGINT, signal.SIGCHLD):
        signal.signal(number, signal.SIG_DFL)
    os.dup2(output, 1)
    os.dup2(errors, 2)
    os.close(output)
    os.close(errors)


def _stream(descriptor: int) -> TextIO:
    return open(
        descriptor, "w", buffering=1, encoding="utf-8", errors="backslashreplace", closefd=False
    )


def _hand_over(outcome: dict[str, Any], outcome_file: int) -> None:
    # A report may hold names of files that are no UTF-8; no database takes them.
    data = json.dumps(outcome, ensure_ascii=False).encode("utf-8", "replace")
    if len(data) > OUTCOME_LIMIT:
        error = (
            f"The result and report take {len(data)} bytes; at most {OUTCOME_LIMIT} are kept. "
            "Write what is large to a file, or print it."
        )
        data = json.dumps(Outcome(False, error=error).to_data()).encode()
    os.pwrite(outcome_file, data, 0)
