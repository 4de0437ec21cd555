"""What the file of a job says: the keys with which the REST API adds one, as far as need be."""

import json
from collections.abc import Mapping
from enum import StrEnum
from typing import Any, Final

from botsched.domain import rules
from botsched.domain.cron import FIELDS
from botsched.moving.files import toml


class Form(StrEnum):
    """How files are written."""

    TOML = "toml"
    JSON = "json"


_RULES: Final = tuple(name for name in rules.REQUESTED if name != "coalesce")  # ``missed`` says it
KEYS: Final = (
    *("job_id", "name", "job_class_string", "pub_args"),
    *("crontab", *FIELDS, "ecs", "every", "anchor", "at", "schedules"),
    *("timezone", "start_date", "end_date", "jitter"),
    *(*_RULES, "tags", "notes", "paused"),
)
"""The keys of a file, in their order."""

_USUAL: Final[Mapping[str, Any]] = {
    "pub_args": [],
    "jitter": 0,
    "tags": [],
    "notes": "",
    "paused": False,
}


def members_of(job: Mapping[str, Any]) -> dict[str, Any]:
    """What the file of a job says that is as the REST API gives it; what is as usual is left out.

    A job that is paused until some time is paused: until when is no affair of files.
    """
    given = {name: job[name] for name in KEYS if job.get(name) not in (None, _USUAL.get(name))}
    given |= {name: _said(value) for name, value in given.items() if name != "pub_args"}
    if given.get("second") == "0":  # unless told, it is
        del given["second"]
    for name in FIELDS:
        if given.get(name) == "*" and name != "minute":
            del given[name]
    if "overlap" in given and not _is_beside_queue(given):
        given.pop("max_instances", None)
    return given


def _said(value: Any) -> Any:
    """A value of a rule; to leave a member of an object off says the same as null."""
    if isinstance(value, dict):
        return {name: _said(each) for name, each in value.items() if each is not None}
    return [_said(each) for each in value] if isinstance(value, list) else value


def _is_beside_queue(given: Mapping[str, Any]) -> bool:
    """Whether ``overlap`` does not say how many run at a time, and that is not 1."""
    overlap = given["overlap"]
    return isinstance(overlap, dict) and "queue" in overlap and given.get("max_instances") != 1


def text_of(members: Mapping[str, Any], form: Form) -> str:
    """The text of a file. Raises ValueError for TOML when null is among the arguments."""
    if form is Form.TOML:
        return toml.dumps(members)
    return json.dumps(members, indent=2, ensure_ascii=False) + "\n"
