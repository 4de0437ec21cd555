"""Jobs and their changes in words, for the audit log."""

import json
from datetime import timedelta

from botsched.domain.job import Job
from botsched.domain.schedule import in_words

_DEFAULT = "default"


def describe(job: Job) -> str:
    """A job in one line; policies that are the server's are left out."""
    facts = _facts(job).items()
    return ", ".join(f"{name}: {value}" for name, value in facts if value != _DEFAULT)


def differences(before: Job, after: Job) -> str:
    """What changed, in one line."""
    old, new = _facts(before), _facts(after)
    return ", ".join(
        f"{name}: {old[name]} -> {new[name]}" for name in old if old[name] != new[name]
    )


def _facts(job: Job) -> dict[str, str]:
    policy = job.policy
    return {
        "name": _json(job.name),
        "class": job.job_class,
        "arguments": _json(job.arguments),
        "schedule": in_words(job.schedule),
        "coalesce": _policy(policy.coalesce),
        "misfire": _policy(policy.grace),
        "max_instances": _policy(policy.max_instances),
        "time_limit": _policy(policy.time_limit),
    }


def _json(value: object) -> str:
    """As it is written in a request."""
    return json.dumps(value, ensure_ascii=False)


def _policy(value: bool | int | timedelta | None) -> str:
    match value:
        case None:
            return _DEFAULT
        case timedelta():
            return f"{value.total_seconds():.15g} s"
        case bool():
            return "yes" if value else "no"
        case _:
            return str(value)
