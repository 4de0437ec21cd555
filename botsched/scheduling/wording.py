"""Jobs and their changes in words, for the audit log."""

from botsched.domain.job import Job


def describe(job: Job) -> str:
    """A job in one line."""
    return ", ".join(f"{name}: {value}" for name, value in _facts(job).items())


def differences(before: Job, after: Job) -> str:
    """What changed, in one line."""
    old, new = _facts(before), _facts(after)
    return ", ".join(
        f"{name}: {old[name]} -> {new[name]}" for name in old if old[name] != new[name]
    )


def _facts(job: Job) -> dict[str, str]:
    schedule = job.schedule.to_data()
    cron = " ".join(f"{name}={value}" for name, value in schedule["fields"].items())
    policy = job.policy
    return {
        "name": repr(job.name),
        "class": job.job_class,
        "arguments": repr(job.arguments),
        "schedule": f"{cron} ({schedule['timezone']})",
        "coalesce": str(policy.coalesce),
        "misfire": str(policy.grace),
        "max_instances": str(policy.max_instances),
        "time_limit": str(policy.time_limit),
    }
