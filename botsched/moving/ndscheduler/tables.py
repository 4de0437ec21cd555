"""Which tables of a database are those of ndscheduler, whatever their names are."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final

from botsched.errors import InvalidError

JOB_COLUMNS: Final = ("id", "next_run_time", "job_state")
EXECUTION_COLUMNS: Final = (
    *("eid", "state", "scheduled_time", "updated_time", "hostname", "pid"),
    *("description", "result", "job_id", "task_id"),
)
EVENT_COLUMNS: Final = ("created_time", "job_id", "job_name", "event", "user", "description")
_FILES: Final = ("scheduler_files", "files")
_OURS: Final = {"job_class", "schedule"}


@dataclass(frozen=True, slots=True)
class Tables:
    """Names of tables; None for what is not there."""

    jobs: str | None = None
    executions: str | None = None
    logs: str | None = None
    files: str | None = None


def find(present: Mapping[str, Iterable[str]], chosen: Tables) -> Tables:
    """Those that were ``chosen``, and else those that have the columns of ndscheduler's.

    Raises InvalidError when there is none, when there are several, and when one that was chosen
    has other columns.
    """
    found = Tables(
        _found("jobs", JOB_COLUMNS, present, chosen.jobs),
        _found("executions", EXECUTION_COLUMNS, present, chosen.executions),
        _found("logs", EVENT_COLUMNS, present, chosen.logs),
        next((name for name in _FILES if name in present), None),
    )
    if found.jobs is None and found.executions is None and found.logs is None:
        raise InvalidError({"SOURCE": _nothing(present)})
    return found


def _found(
    what: str, columns: Iterable[str], present: Mapping[str, Iterable[str]], chosen: str | None
) -> str | None:
    fitting = sorted(name for name, has in present.items() if set(columns) <= set(has))
    flag = f"--source-{what}-table"
    if chosen is not None and chosen not in fitting:
        raise InvalidError(
            {flag: f"{chosen!r} is no such table of ndscheduler; there are: {_list(fitting)}"}
        )
    if chosen is None and len(fitting) > 1:
        raise InvalidError({flag: f"is needed to choose one of {_list(fitting)}"})
    return chosen or (fitting[0] if fitting else None)


def _nothing(present: Mapping[str, Iterable[str]]) -> str:
    if any(set(has) >= _OURS for has in present.values()):
        return "is a database of this program itself, which backup and restore carry elsewhere"
    return f"has no table of ndscheduler; its tables: {_list(sorted(present))}"


def _list(names: Iterable[str]) -> str:
    return ", ".join(names) or "none"
