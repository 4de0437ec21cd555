"""Executions and lines of the audit log as ndscheduler keeps them."""

import json
import re
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from hashlib import blake2b
from typing import Any, Final
from urllib.parse import quote, quote_plus

from botsched.domain.audit import AuditEvent, Event
from botsched.domain.execution import Cause, Execution, State
from botsched.domain.job import Arguments
from botsched.moving.ndscheduler.jobs import kept_id, kept_job_id
from botsched.reports.clean import clean

_STATES: Final = {
    3: State.STOPPED,
    4: State.FAILED,
    5: State.SUCCEEDED,
    6: State.TIMEOUT,
    7: State.SCHEDULED_ERROR,
}
_UNENDED: Final = {0: "scheduled", 1: "running", 2: "stopping"}
_EVENTS: Final = (
    *(Event.ADDED, Event.MODIFIED, Event.DELETED, Event.PAUSED, Event.RESUMED, Event.CUSTOM_RUN),
)
_BREAK: Final = re.compile(r"<br\s*/?>", re.IGNORECASE)
_TAG: Final = re.compile(r"</?(?:b|font)(?:\s[^<>]*)?>", re.IGNORECASE)
_SHORTEST_SECRET: Final = 4
_HIDDEN: Final = "******"
_LONGEST_NAME: Final = 255
_LONGEST_CLASS: Final = 500
_PIDS: Final = range(1 << 31)


@dataclass(frozen=True, slots=True)
class JobFacts:
    """What is told of the job of an execution."""

    name: str
    job_class: str = "unknown"
    arguments: Arguments = field(default_factory=list)


class Scrubber:
    """Takes passwords out of texts, however they are written there."""

    def __init__(self, secrets: Iterable[str]) -> None:
        written = {
            form
            for secret in secrets
            if len(secret) >= _SHORTEST_SECRET
            for form in (
                *(secret, json.dumps(secret)[1:-1], json.dumps(secret, ensure_ascii=False)[1:-1]),
                *(quote(secret, safe=""), quote_plus(secret), repr(secret)[1:-1]),
            )
        }
        longest_first = sorted(written, key=len, reverse=True)
        self._pattern = re.compile("|".join(map(re.escape, longest_first))) if written else None

    def __call__(self, text: str) -> str:
        """The text without them, and fit to be stored."""
        text = clean(text)
        return text if self._pattern is None else self._pattern.sub(_HIDDEN, text)


def readable(row: Mapping[str, Any]) -> bool:
    """Whether the row of an execution has a time, and a state that there is."""
    known = row["state"] in _STATES or is_unended(row)
    return known and moment_of(row["scheduled_time"]) is not None


def execution_of(
    row: Mapping[str, Any], jobs: Mapping[str, JobFacts], scrubbed: Scrubber
) -> Execution:
    """The execution of a row that is readable."""
    begun, changed = moment_of(row["scheduled_time"]), moment_of(row["updated_time"])
    assert begun is not None
    state = _STATES.get(row["state"], State.LOST)
    ended = max(begun, changed or begun)
    job_id = kept_job_id(str(row["job_id"]))
    job = jobs.get(job_id) or JobFacts("unknown")
    return Execution(
        id=kept_id(str(row["eid"])),
        job_id=job_id,
        job_name=job.name,
        job_class=job.job_class,
        arguments=job.arguments,
        state=state,
        cause=Cause.IMPORTED,
        reason=scrubbed(_reason(row)),
        scheduled_at=begun,
        updated_at=ended,
        started_at=None if row["state"] in {0, 7} else begun,
        ended_at=ended,
        hostname=scrubbed(row["hostname"])[:_LONGEST_NAME] if row["hostname"] else None,
        pid=_process_id(row["pid"]),
        result=_result(row["result"], scrubbed),
    )


def is_unended(row: Mapping[str, Any]) -> bool:
    """Whether its end was not recorded."""
    return row["state"] in _UNENDED


def _process_id(value: Any) -> int | None:
    """None for what is no such number. A range looks for anything but an int one by one."""
    return value if isinstance(value, int) and value in _PIDS else None


def _reason(row: Mapping[str, Any]) -> str:
    told = ["Imported from ndscheduler."]
    if is_unended(row):
        told.append(f"There it was {_UNENDED[row['state']]!r}, and its end was never recorded.")
    if row["description"]:
        told.append(str(row["description"]))
    if row["task_id"]:
        told.append(f"Task {row['task_id']}.")
    return " ".join(told)


def _result(text: str | None, scrubbed: Scrubber) -> Any:
    """The JSON value that a job returned; else the text, which is how it failed."""
    if not text:
        return None
    text = scrubbed(text)
    try:
        value = json.loads(text, parse_constant=_no_json)
        json.dumps(value, ensure_ascii=False).encode()
    except (ValueError, RecursionError):
        return text
    return value


def _no_json(name: str) -> Any:
    raise ValueError(name)


def former_job(row: Mapping[str, Any], scrubbed: Scrubber) -> JobFacts:
    """What a line of the audit log tells of its job; one of a deletion holds the job as JSON."""
    name = scrubbed(str(row["job_name"] or ""))[:_LONGEST_NAME] or "unknown"
    if row["event"] == _EVENTS.index(Event.DELETED):
        match _result(row["description"], scrubbed):
            case {"job_class_string": str(job_class), "pub_args": list(arguments)}:
                return JobFacts(name, job_class[:_LONGEST_CLASS], arguments)
    return JobFacts(name)


class Events:
    """Lines of the audit log, each with an id made of what it says.

    Those that say the same are told apart by their number, so that an import done again finds each.
    """

    def __init__(self, scrubbed: Scrubber) -> None:
        self._scrubbed = scrubbed
        self._seen: Counter[bytes] = Counter()

    def event_of(self, row: Mapping[str, Any]) -> tuple[str, AuditEvent] | None:
        """The id and the event of a row; None when it has no time, or is no event."""
        at = moment_of(row["created_time"])
        number = row["event"]
        if at is None or number not in range(len(_EVENTS)):
            return None
        event = AuditEvent(
            _EVENTS[number],
            self._scrubbed(row["user"] or "")[:_LONGEST_NAME],
            at,
            kept_job_id(str(row["job_id"])),
            self._scrubbed(row["job_name"] or "")[:_LONGEST_NAME],
            self._scrubbed(_without_tags(row["description"] or "")),
        )
        return self._id_of(event), event

    def _id_of(self, event: AuditEvent) -> str:
        said = repr((event.event.value, event.user, event.created_at, event.job_id))
        said += repr((event.job_name, event.description))
        digest = blake2b(said.encode(), digest_size=16).digest()
        self._seen[digest] += 1
        number = self._seen[digest]
        return digest.hex() if number == 1 else kept_id(f"{digest.hex()}-{number}")


def _without_tags(text: str) -> str:
    """The text of the few elements in which ndscheduler wrote what was modified."""
    if not _BREAK.search(text):
        return text
    return _TAG.sub("", _BREAK.sub("\n", text)).strip()


def moment_of(value: Any) -> datetime | None:
    """The instant; what has no offset is in UTC, in which ndscheduler writes."""
    if isinstance(value, str):
        try:
            value = datetime.fromisoformat(value)
        except ValueError:
            return None
    if not isinstance(value, datetime):
        return None
    return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)
