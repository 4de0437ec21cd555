"""Jobs and their changes in words, for the audit log."""

import json
from typing import Any

from botsched.domain import rules
from botsched.domain.audit import FieldChange, changes_between
from botsched.domain.job import Job
from botsched.domain.words import in_words

_DEFAULT = "default"
_LABELS = {"tags", "notes", "managed by"}


def describe(job: Job) -> str:
    """A job in one line; policies that are the server's are left out."""
    facts = _facts(job) | ({"paused": "true"} if job.paused else {})
    return ", ".join(f"{name}: {value}" for name, value in facts.items())


def differences(before: Job, after: Job) -> str:
    """What changed, in one line."""
    old, new = ({**_facts(job), "paused": _json(job.paused)} for job in (before, after))
    return ", ".join(
        f"{name}: {old.get(name, _unset(name))} -> {new.get(name, _unset(name))}"
        for name in old | new
        if old.get(name) != new.get(name)
    )


def changes(before: Job, after: Job) -> tuple[FieldChange, ...] | None:
    """What changed, by the keys of requests; the schedule in words, if these differ."""
    old, new = _data(before), _data(after)
    if old["schedule"] == new["schedule"] and before.schedule != after.schedule:
        old["schedule"], new["schedule"] = before.schedule.to_data(), after.schedule.to_data()
    if old["overlap"] != new["overlap"]:
        del new["max_instances"]  # it says the same
    return changes_between(old, new)


def facts(job: Job) -> tuple[FieldChange, ...]:
    """What a new job says of itself, as changes from nothing.

    A rule that it has is said whatever it is: no mails, or 0 seconds, are no default.
    """
    data = _data(job)
    del data["name"]
    said = {
        name: value
        for name, value in data.items()
        if value or (name in rules.REQUESTED and value is not None)
    }
    if job.policy.queue is not None or job.policy.max_instances is not None:
        said.pop("max_instances", None)  # ``overlap`` says it
    return changes_between(dict.fromkeys(said), said) or ()


def _unset(name: str) -> str:
    return "none" if name in _LABELS else _DEFAULT


def pause_in_words(job: Job) -> str:
    """When a paused job goes on by itself; empty when somebody has to resume it."""
    return "" if job.paused_until is None else f"until {job.paused_until:%Y-%m-%d %H:%M:%S} UTC"


def _facts(job: Job) -> dict[str, str]:
    return {
        "name": _json(job.name),
        "class": job.job_class,
        "arguments": _json(job.arguments),
        "schedule": in_words(job.schedule),
        **rules.in_words(job.policy),
        **({"tags": ", ".join(job.tags)} if job.tags else {}),
        **({"notes": _json(job.notes)} if job.notes else {}),
        **({"managed by": job.managed_by} if job.managed_by else {}),
    }


def _data(job: Job) -> dict[str, Any]:
    policy = rules.to_data(job.policy)
    del policy["coalesce"]  # what ``missed`` says
    return {
        "name": job.name,
        "job_class_string": job.job_class,
        "pub_args": job.arguments,
        "schedule": in_words(job.schedule),
        "tags": list(job.tags),
        "notes": job.notes,
        "managed_by": job.managed_by,
        "paused": job.paused,
        "paused_until": job.paused_until and job.paused_until.isoformat(),
        **policy,
    }


def _json(value: object) -> str:
    """As it is written in a request."""
    return json.dumps(value, ensure_ascii=False)
