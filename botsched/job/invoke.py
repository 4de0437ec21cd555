"""One run of a job, inside the process made for it."""

import json
from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from typing import Any

from botsched.errors import ExecutionError
from botsched.job.arguments import check_fit, data_file, prepare, secret
from botsched.job.base import JobBase, JobError
from botsched.job.declared import Kind
from botsched.job.hooks import RunHooks
from botsched.job.masking import Mask
from botsched.job.outcome import Call, Outcome
from botsched.job.progress import Teller
from botsched.job.trace import author_traceback, error_line, one_line
from botsched.reports import Report


def invoke(
    job_class: type[JobBase],
    call: Call,
    tell_progress: Teller | None = None,
    hooks: RunHooks | None = None,
) -> Outcome:
    """Run the job and tell what came of it; raises nothing, whatever the job does.

    No message tells the value of a secret, not even a part that a cut left over.
    """
    mask = Mask(call.secrets.values())
    hooks = hooks or RunHooks()
    job: JobBase | None = None
    try:
        job = _create(job_class, call)
        job.tell_progress = tell_progress
        args, kwargs = prepare(job, call.args, _replacing(call))
        hooks.before_run(job, args, kwargs)
    except BaseException as error:  # noqa: BLE001  sys.exit() and worse end a job, not us
        return _fail(job, error, mask)
    outcome = _outcome(job, args, kwargs, mask)
    try:
        hooks.after_run(job, args, kwargs, outcome)
    except BaseException as error:  # noqa: BLE001
        return _failed_after(outcome, error, mask)
    return outcome


def _outcome(job: JobBase, args: tuple[Any, ...], kwargs: dict[str, Any], mask: Mask) -> Outcome:
    try:
        returned = _call(job, args, kwargs)
        is_result = returned is not None and job.report_items is None
        result = json_data(returned if is_result else job.result_so_far)
    except BaseException as error:  # noqa: BLE001  sys.exit() and worse end a job, not us
        if isinstance(error, SystemExit) and error.code in (None, 0):
            return _succeed(job, _so_far(job), mask)
        return _fail(job, error, mask)
    return _succeed(job, result, mask)


def json_data(value: Any) -> Any:
    """Give ``value`` as plain JSON data, NaN and the infinities as strings.

    Raises ``JobError`` naming the type that JSON does not have.
    """
    try:
        text = json.dumps(value, ensure_ascii=False)
        # Names of files may hold bytes that are no UTF-8; no database takes them.
        text = text.encode("utf-8", "replace").decode("utf-8")
        return json.loads(text, parse_constant=str)
    except (TypeError, ValueError, RecursionError) as error:
        raise JobError(
            f"The result cannot be stored as JSON: {error}."
            " Return text, numbers, lists and dictionaries, or report items with @report."
        ) from None


def _call(job: JobBase, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
    try:
        return job.run(*args, **kwargs)
    except TypeError:
        check_fit(job, args, kwargs)
        raise


def _create(job_class: type[JobBase], call: Call) -> JobBase:
    job = job_class(call.job_id, call.execution_id)
    job.job_id, job.execution_id = call.job_id, call.execution_id
    return job


def _replacing(call: Call) -> dict[Kind, Callable[[Any], str]]:
    return {
        Kind.FILE: lambda name: str(data_file(name, call.data_dir)),
        Kind.SECRET: lambda name: secret(name, call.secrets, call.why_not),
    }


def _succeed(job: JobBase, result: Any, mask: Mask) -> Outcome:
    description = _description(job, mask, "get_succeeded_description", result)
    return Outcome(True, result, _report(job), description=description)


def _fail(job: JobBase | None, error: BaseException, mask: Mask) -> Outcome:
    message, traceback = _explain(error, mask)
    if job is None:
        return Outcome(False, error=message, traceback=traceback)
    description = _description(job, mask, "get_failed_description")
    return Outcome(False, _so_far(job), _report(job), message, traceback, description)


def _failed_after(outcome: Outcome, error: BaseException, mask: Mask) -> Outcome:
    """The same run with what its hook raised; its result and its own error are kept."""
    message, traceback = _explain(error, mask)
    told = f"After the run: {message}"
    return replace(
        outcome,
        succeeded=False,
        error=f"{outcome.error} {told}" if outcome.error else told,
        traceback="\n".join(filter(None, [outcome.traceback, traceback])) or None,
    )


def _explain(error: BaseException, mask: Mask) -> tuple[str, str | None]:
    """Give the message, and the traceback where it tells the author something."""
    match error:
        case JobError() | ExecutionError():
            return one_line(mask.text(str(error))) or "The job failed without a message.", None
        case SystemExit(code=int(code)):
            return f"The job ended with exit code {code}.", None
        case SystemExit(code=code):
            return one_line(mask.text(str(code))), None
        case _:
            return error_line(error, mask.text), author_traceback(error, mask.text)


def _so_far(job: JobBase) -> Any:
    """The result of a run that did not get to its end; None when it cannot be stored."""
    with suppress(JobError):
        return json_data(job.result_so_far)
    return None


def _report(job: JobBase) -> Report | None:
    return None if job.report_items is None else tuple(job.report_items)


def _description(job: JobBase, mask: Mask, method: str, *args: Any) -> str:
    """Call a method that authors override, as a class, static or plain method."""
    try:
        return one_line(mask.text(str(getattr(job, method)(*args) or "")))
    except Exception:  # noqa: BLE001  a mere description must not change the outcome
        return ""
