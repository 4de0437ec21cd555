"""What came of a run: the tasks that it started, and what failed; as its result and its report."""

from collections import Counter
from dataclasses import asdict, dataclass, field
from typing import Any, Final

from botsched.ecs.cluster import ENDED, Task
from botsched.reports import Item, Section, Table, Text

_REASONS: Final = {
    "RESOURCE:CPU": "no machine of the cluster has enough CPU left",
    "RESOURCE:MEMORY": "no machine of the cluster has enough memory left",
    "RESOURCE:GPU": "no machine of the cluster has a GPU left",
    "RESOURCE:ENI": "no machine of the cluster has a network interface left",
    "RESOURCE:PORTS": "the ports are taken on every machine of the cluster",
    "AGENT": "the agent of the machine is not connected",
    "ATTRIBUTE": "no machine of the cluster has what the task definition asks for",
    "INACTIVE": "the machine was taken out of the cluster",
    "MISSING": "ECS does not know it",
}
_KEPT: Final = (
    *("taskArn", "taskDefinitionArn", "containerInstanceArn"),
    *("lastStatus", "stopCode", "stoppedReason"),
)
_KEPT_OF_CONTAINERS: Final = ("name", "lastStatus", "exitCode", "reason")


@dataclass(slots=True)
class Account:
    """Grows with the run.

    ``started`` and ``failures`` are as ECS tells them, in short; ``faults`` are sentences, each a
    reason why the run has failed.
    """

    cluster: str
    running: int
    wanted: int
    started: list[dict[str, Any]] = field(default_factory=list)
    failures: list[dict[str, Any]] = field(default_factory=list)
    faults: list[str] = field(default_factory=list)

    def to_data(self) -> dict[str, Any]:
        """The result of the run."""
        data = asdict(self)
        del data["faults"]
        return data

    def add(self, tasks: list[Task], failures: list[Task]) -> None:
        """What one call started, and what it did not."""
        self.started += [in_short(task) for task in tasks]
        self.failures += [
            {key: failure[key] for key in ("arn", "reason", "detail") if failure.get(key)}
            for failure in failures
        ]

    @property
    def going(self) -> list[dict[str, Any]]:
        """Those of the started tasks that have not ended, as far as is known."""
        return [task for task in self.started if task.get("lastStatus") != ENDED]

    @property
    def ended(self) -> list[dict[str, Any]]:
        """Those of the started tasks that have ended."""
        return [task for task in self.started if task.get("lastStatus") == ENDED]

    @property
    def reasons(self) -> str:
        """Why tasks could not be started, each reason once."""
        counts = Counter(str(each.get("reason", "no reason given")) for each in self.failures)
        return ", ".join(
            (f"{number} times " if number > 1 else "") + in_words(reason)
            for reason, number in counts.items()
        )

    def report(self) -> list[Item]:
        """The same as a report."""
        told = f"{self.running} ran already, {self.wanted} wanted, {len(self.started)} started."
        items: list[Item] = [Text(f"Cluster {self.cluster}: {told}")]
        if self.started:
            items += [Section("Tasks"), _filled([_row(task) for task in self.started])]
        if self.failures:
            rows = [
                [in_words(str(each.get("reason", ""))), each.get("arn", ""), each.get("detail", "")]
                for each in self.failures
            ]
            items += [Section("Not started"), Table(rows, ["Reason", "Resource", "Detail"])]
        return items


def in_short(task: Task) -> dict[str, Any]:
    """What is kept of a task."""
    kept = {key: task[key] for key in _KEPT if task.get(key)}
    if task.get("lastStatus") == ENDED:
        kept["containers"] = [
            {key: container[key] for key in _KEPT_OF_CONTAINERS if container.get(key) is not None}
            for container in task.get("containers", [])
        ]
    return kept


def in_words(reason: str) -> str:
    """A reason of ECS with what it means."""
    meaning = _REASONS.get(reason)
    return f"{reason} ({meaning})" if meaning else reason


def short_name(arn: str) -> str:
    """What tells a task from the others of its cluster."""
    return arn.rpartition("/")[2]


def exit_codes(task: dict[str, Any]) -> str:
    """Of each container: its name and its exit code, ``none`` where it never began."""
    return ", ".join(
        f"{container.get('name')}: {container.get('exitCode', 'none')}"
        for container in task.get("containers", [])
    )


def _filled(rows: list[list[str]]) -> Table:
    """The table of the tasks without columns that are empty: a phone has no room for these."""
    names = ("Task", "Status", "Exit codes", "Reason")
    columns = [(name, *cells) for name, *cells in zip(names, *rows, strict=True) if any(cells)]
    head, *body = zip(*columns, strict=True)
    return Table([list(row) for row in body], list(head))


def _row(task: dict[str, Any]) -> list[str]:
    reasons = [task.get("stoppedReason"), *(c.get("reason") for c in task.get("containers", []))]
    return [
        short_name(task["taskArn"]),
        task.get("lastStatus", ""),
        exit_codes(task),
        "; ".join(reason for reason in reasons if reason),
    ]
