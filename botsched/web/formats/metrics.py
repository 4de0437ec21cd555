"""Figures of the server in the text format that Prometheus collects."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

MEDIA_TYPE: Final = "text/plain; version=0.0.4; charset=utf-8"

Sample = tuple[Mapping[str, str], float | None]
"""Labels and a value; None when it is not known."""

_ESCAPES: Final = str.maketrans({"\\": r"\\", '"': r"\"", "\n": r"\n"})


@dataclass(frozen=True, slots=True)
class Metric:
    """``samples`` takes what a part says of itself, and gives the figures in it."""

    part: str
    name: str
    told: str
    samples: Callable[[Any], Iterable[Sample]]
    kind: str = "gauge"

    @property
    def full_name(self) -> str:
        """As it is collected."""
        return f"bots_scheduler_{self.name}"


def metrics_text(figures: Mapping[str, Any]) -> bytes:
    """All figures; ``figures`` is what each part says, by its name.

    A part that does not answer has no figures, but for its ``bots_scheduler_part_up``; one that
    there is not, None, has not even that.
    """
    answered = {name: "error" not in said for name, said in figures.items() if said is not None}
    up = [({"part": name}, float(well)) for name, well in answered.items()]
    lines = list(_metric(_UP, up))
    for metric in METRICS:
        if answered.get(metric.part):
            lines += _metric(metric, metric.samples(figures[metric.part]))
    return ("\n".join(lines) + "\n").encode()


def _metric(metric: Metric, samples: Iterable[Sample]) -> Iterator[str]:
    yield f"# HELP {metric.full_name} {metric.told}"
    yield f"# TYPE {metric.full_name} {metric.kind}"
    for labels, value in samples:
        if value is not None:
            yield f"{metric.full_name}{_labels(labels)} {float(value):.15g}"


def _labels(labels: Mapping[str, str]) -> str:
    told = ",".join(f'{name}="{value.translate(_ESCAPES)}"' for name, value in labels.items())
    return f"{{{told}}}" if told else ""


def _one(value: Callable[[Any], Any]) -> Callable[[Any], Iterable[Sample]]:
    """One figure without labels."""
    return lambda said: [({}, value(said))]


def _by_state(key: str) -> Callable[[Any], Iterable[Sample]]:
    return lambda said: [({"state": state}, count) for state, count in said[key].items()]


def _mails(value: Callable[[Any], Any]) -> Callable[[Any], Iterable[Sample]]:
    return lambda said: [({"profile": each["profile"]}, value(each)) for each in said]


def _seconds(time: str | None) -> float | None:
    """Seconds since 1970."""
    return None if time is None else datetime.fromisoformat(time).timestamp()


def _version(said: Any) -> Iterable[Sample]:
    return [({"version": said["version"], "database": said["database"]}, 1)]


_UP: Final = Metric("", "part_up", "Whether a part answered when it was asked for figures.", list)

METRICS: Final = (
    Metric("about", "info", "The version of the program and the kind of its database.", _version),
    Metric("server", "active", "Whether this server schedules; 0 while it stands by.",
           _one(lambda said: said["role"] == "active")),
    Metric("server", "uptime_seconds", "For how long the server has been running.",
           _one(lambda said: said["uptime"])),
    Metric("server", "memory_bytes", "Memory of the server's process.",
           _one(lambda said: said["memory"])),
    Metric("server", "cpu_seconds_total", "Processor time of the server's process.",
           _one(lambda said: said["cpu_seconds"]), "counter"),
    Metric("scheduler", "scheduling", "Whether due instants are being recorded.",
           _one(lambda said: said["fault"] is None)),
    Metric("scheduler", "late_seconds", "How late the next look at due jobs is.",
           _one(lambda said: said["late"])),
    Metric("record", "jobs", "Jobs.", _one(lambda said: said["jobs"])),
    Metric("record", "jobs_paused", "Jobs that are paused.", _one(lambda said: said["paused"])),
    Metric("record", "jobs_failing", "Jobs whose last run went wrong, or was missed.",
           _one(lambda said: said["failing"])),
    Metric("record", "held", "Whether all jobs are held.", _one(lambda said: said["held"])),
    Metric("record", "executions_active", "Executions that have not ended.",
           _by_state("active")),
    Metric("record", "executions_last_hour", "Executions that ended within the last hour.",
           _by_state("last_hour")),
    Metric("workers", "slots", "How many executions run at a time.",
           _one(lambda said: said["slots"])),
    Metric("workers", "slots_used", "How many run.", _one(lambda said: said["running"])),
    Metric("workers", "slots_awaited", "How many wait for a slot.",
           _one(lambda said: said["waiting"])),
    Metric("outbox", "mails_owed", "Mails that are still to be delivered.",
           _mails(lambda each: each["owed"])),
    Metric("outbox", "mails_failing", "Mails owed that were tried in vain.",
           _mails(lambda each: each["failing"])),
    Metric("outbox", "mails_dead", "Mails that were given up.",
           _mails(lambda each: each["dead"])),
    Metric("outbox", "mails_oldest_timestamp_seconds", "Since when the oldest mail is owed.",
           _mails(lambda each: _seconds(each["oldest_time"]))),
    Metric("database", "database_bytes", "Size of the database.",
           _one(lambda said: said["size"])),
    Metric("database", "database_disk_free_bytes", "Free space where the database file lies.",
           _one(lambda said: said["disk"] and said["disk"]["free"])),
    Metric("database", "database_read_seconds", "How long a small read took just now.",
           _one(lambda said: said["read_seconds"])),
    Metric("database", "database_commit_seconds", "How long a commit took just now.",
           _one(lambda said: said["write_seconds"])),
    Metric("proxy", "proxy_up", "Whether the proxy runs.",
           _one(lambda said: said["state"] == "running")),
    Metric("proxy", "proxy_restarts_total", "How often the proxy died and was started again.",
           _one(lambda said: said["restarts"]), "counter"),
    Metric("proxy", "certificate_expiry_timestamp_seconds", "When the certificate ends.",
           _one(lambda said: _seconds(said["certificate"]["expires_time"]))),
)  # fmt: skip
"""All figures, in the order in which they are told."""
