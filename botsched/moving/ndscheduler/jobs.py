"""Jobs as ndscheduler keeps them: rows of APScheduler's table."""

import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from hashlib import blake2b
from typing import Any, Final

from botsched.domain.ids import job_id_fault
from botsched.domain.job import Arguments
from botsched.moving.ndscheduler.pickles import RefusedError, read
from botsched.moving.ndscheduler.plain import plain, text_of, whole
from botsched.moving.ndscheduler.shapes import KNOWN, Trigger, trigger_of

_ID: Final = re.compile(r"[0-9A-Za-z]{1,32}")
_CLASS: Final = re.compile(r"[^\W\d]\w*(\.[^\W\d]\w*)+")
_RUN: Final = re.compile(r"[\w.]+:([\w.]+\.)?run_job")
_TABLES: Final = re.compile(r"\w+_?tablename")
_MOST: Final = 10_000
_LONGEST: Final = 10**9


@dataclass(frozen=True, slots=True)
class SourceJob:
    """A job as it is there; ``misfire`` None is however late.

    ``next_run`` is when it was to run next, None when it is paused.
    """

    id: str
    name: str
    job_class: str
    arguments: Arguments
    trigger: Trigger
    coalesce: bool
    max_instances: int
    misfire: timedelta | None
    next_run: datetime | None


class JobReader:
    """Reads jobs, and remembers which passwords of databases it saw on the way."""

    def __init__(self) -> None:
        self.passwords: set[str] = set()

    def read(self, job_id: str, next_run: float | None, pickled: bytes) -> SourceJob:
        """The job of a row. Raises RefusedError with half a sentence that says why not."""
        state = read(pickled, KNOWN)
        if not isinstance(state, dict) or not {"func", "args", "trigger"} <= state.keys():
            raise RefusedError("it is no job of APScheduler 3")
        job_class, arguments = self._what(job_id, state)
        misfire = state.get("misfire_grace_time")
        return SourceJob(
            job_id,
            " ".join(text_of(state.get("name")).split()),
            job_class,
            arguments,
            trigger_of(state["trigger"]),
            coalesce=state.get("coalesce") is not False,
            max_instances=whole(state.get("max_instances", 1), 1, _MOST),
            misfire=None if misfire is None else timedelta(seconds=whole(misfire, 1, _LONGEST)),
            next_run=None if next_run is None else _instant(next_run),
        )

    def _what(self, job_id: str, state: dict[str, Any]) -> tuple[str, Arguments]:
        """The class, and what users gave it; ndscheduler's own arguments stand between."""
        positional, named = state["args"], state.get("kwargs") or {}
        if not isinstance(positional, list | tuple) or not isinstance(named, dict):
            raise RefusedError("it has no arguments as APScheduler keeps them")
        given = self._without_database(list(positional[2:]))
        func = text_of(state["func"])
        if not _RUN.fullmatch(func) or len(positional) < 2:
            raise RefusedError(
                f"it runs the function {func[:100]!a} by APScheduler alone, and no job class"
            )
        job_class = text_of(positional[0])
        if not _CLASS.fullmatch(job_class) or text_of(positional[1]) != job_id:
            raise RefusedError("it names no job class, or another job")
        if named and given:
            raise RefusedError("it has arguments by position and by name, and a job here has one")
        return job_class, plain(named) if named else plain(given)

    def _without_database(self, values: list[Any]) -> list[Any]:
        """What follows the description of the database, which later versions put before.

        That is the path of a class, the profile with its password, and the names of tables.
        """
        while len(values) >= 2 and _is_path(values[0]) and _is_profile(values[1]):
            if isinstance(values[1], dict):
                self._remember(values[1].get("password"))
            has_tables = len(values) > 2 and _is_tables(values[2])
            values = values[3 if has_tables else 2 :]
        return values

    def _remember(self, password: Any) -> None:
        if password:
            self.passwords.add(str(password))


def kept_job_id(text: str) -> str:
    """The id as it is, when a job can have it; else one that is always made of it."""
    return text if job_id_fault(text) is None else _made_of(text)


def kept_id(text: str) -> str:
    """The same of an execution."""
    return text if _ID.fullmatch(text) else _made_of(text)


def _made_of(text: str) -> str:
    return blake2b(text.encode("utf-8", "replace"), digest_size=16).hexdigest()


def _is_path(value: Any) -> bool:
    text = str(value)
    return _CLASS.fullmatch(text) is not None and "datastore" in text.lower()


def _is_profile(value: Any) -> bool:
    return value is None or isinstance(value, dict)


def _is_tables(value: Any) -> bool:
    return value is None or (isinstance(value, dict) and all(map(_TABLES.fullmatch, value)))


def _instant(seconds: float) -> datetime | None:
    try:
        return datetime.fromtimestamp(float(seconds), UTC)
    except (ValueError, OverflowError, OSError):
        raise RefusedError("it is due at a time that there is not") from None
