"""A cluster of ECS: what runs there of a job, and starting and stopping more of it."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from botsched.domain.ecstasks import family
from botsched.ecs.aws import told

ENDED: Final = "STOPPED"
"""The last status of a task; also wanted of those that are to end."""

_MOST_DESCRIBED: Final = 100

Task = Mapping[str, Any]
"""A task as ECS describes it."""


@dataclass(frozen=True, slots=True)
class Wish:
    """The tasks that a job wants: their definition, and what is set in each container."""

    definition: str
    environments: Mapping[str, Mapping[str, str]] = field(default_factory=dict)

    @property
    def overrides(self) -> list[dict[str, Any]]:
        """As ECS takes them."""
        return [
            {
                "name": container,
                "environment": [{"name": n, "value": v} for n, v in variables.items()],
            }
            for container, variables in self.environments.items()
        ]

    def is_granted_by(self, task: Task) -> bool:
        """Whether a task of this family has the same in its containers."""
        overrides = task.get("overrides", {}).get("containerOverrides", [])
        environments = {
            override["name"]: {each["name"]: each["value"] for each in override["environment"]}
            for override in overrides
            if override.get("environment")
        }
        return environments == self.environments


@dataclass(frozen=True, slots=True)
class Cluster:
    """Seen by the scheduler that starts tasks there as ``name``; all methods raise JobError."""

    client: Any
    cluster: str
    name: str

    def running(self, wish: Wish) -> list[str]:
        """The ARNs of the tasks of this wish that were started by us and are to go on.

        Those that are about to run count; those that ECS is stopping do not.
        """
        arns = self._listed(family(wish.definition))
        return [
            task["taskArn"]
            for task in self.describe(arns)
            if task.get("startedBy") == self.name and _goes_on(task) and wish.is_granted_by(task)
        ]

    def start(self, wish: Wish, count: int, token: str) -> tuple[list[Task], list[Task]]:
        """Start at most ten tasks; give those, and the failures of the others.

        A call that is repeated with its ``token`` starts nothing more.
        """
        with told(f"start tasks of {wish.definition!r} in the cluster {self.cluster!r}"):
            answer = self.client.run_task(
                cluster=self.cluster,
                taskDefinition=wish.definition,
                count=count,
                startedBy=self.name,
                overrides={"containerOverrides": wish.overrides},
                clientToken=token,
            )
            return answer["tasks"], answer.get("failures", [])

    def describe(self, arns: Sequence[str]) -> list[Task]:
        """Tasks as they are now, without those that ECS does not know."""
        tasks: list[Task] = []
        for begin in range(0, len(arns), _MOST_DESCRIBED):
            some = arns[begin : begin + _MOST_DESCRIBED]
            with told(f"look at tasks of the cluster {self.cluster!r}"):
                answer = self.client.describe_tasks(cluster=self.cluster, tasks=some)
                tasks += answer["tasks"]
        return tasks

    def essential(self, definition: str) -> set[str]:
        """The names of the containers of a task definition with which its tasks end."""
        with told(f"look at the task definition {definition!r}"):
            answer = self.client.describe_task_definition(taskDefinition=definition)
            containers = answer["taskDefinition"]["containerDefinitions"]
        return {container["name"] for container in containers if container.get("essential", True)}

    def stop(self, arn: str, reason: str) -> None:
        """Have a task ended."""
        with told(f"stop the task {arn}"):
            self.client.stop_task(cluster=self.cluster, task=arn, reason=reason)

    def _listed(self, name: str) -> list[str]:
        """The ARNs of all tasks of a family that are to run.

        ECS filters by who started them only where nothing else is asked.
        """
        with told(f"list the tasks of the cluster {self.cluster!r}"):
            pages: Iterator[Any] = self.client.get_paginator("list_tasks").paginate(
                cluster=self.cluster, family=name, desiredStatus="RUNNING"
            )
            return [arn for page in pages for arn in page["taskArns"]]


def _goes_on(task: Task) -> bool:
    """Whether a task was not stopped, and has not ended, since it was listed."""
    return ENDED not in (task.get("desiredStatus"), task.get("lastStatus"))
