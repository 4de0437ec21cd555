"""Following tasks until they end."""

import sys
from collections.abc import Callable
from typing import Any, Final

from botsched.ecs.account import Account, exit_codes, in_short, short_name
from botsched.ecs.cluster import ENDED, Cluster
from botsched.ecs.stopping import StopSignal
from botsched.job import JobError

_FIRST_SECONDS: Final = 1.0
_LONGEST_SECONDS: Final = 15.0
_GROWTH: Final = 1.5
_PATIENCE: Final = 10
"""How many looks in a row may fail, or find that ECS does not know a task, as in its beginning."""

_BY_ITSELF: Final = "EssentialContainerExited"


class Follower:
    """Looks at the tasks of an account ever less often, and says what changed."""

    def __init__(
        self, cluster: Cluster, account: Account, progress: Callable[[float, str], None]
    ) -> None:
        self._cluster = cluster
        self._account = account
        self._progress = progress
        self._failed_looks = 0
        self._unknown: dict[str, int] = {}

    def follow(self, stop: StopSignal) -> None:
        """Return when all tasks have ended, or the run is to stop.

        Raises JobError when nothing is to be learned of them any more.
        """
        pause = _FIRST_SECONDS
        while self._account.going and not stop.wait(pause):
            self._look()
            started, going = len(self._account.started), len(self._account.going)
            self._progress((started - going) / started, f"{started - going} of {started} ended")
            pause = min(pause * _GROWTH, _LONGEST_SECONDS)

    def faults(self) -> list[str]:
        """A sentence on each task that has ended and failed."""
        return [fault for task in self._account.ended if (fault := self._fault(task))]

    def _look(self) -> None:
        going = {task["taskArn"]: task for task in self._account.going}
        try:
            tasks = self._cluster.describe(list(going))
        except JobError as error:
            self._failed_looks += 1
            if self._failed_looks >= _PATIENCE:
                raise
            print(error, file=sys.stderr)
            return
        self._failed_looks = 0
        for task in tasks:
            self._unknown.pop(task["taskArn"], None)
            _update(going[task["taskArn"]], in_short(task))
        for arn in going.keys() - {task["taskArn"] for task in tasks}:
            self._unknown[arn] = self._unknown.get(arn, 0) + 1
            if self._unknown[arn] >= _PATIENCE:
                told = {"lastStatus": ENDED, "stoppedReason": "ECS does not know it any more."}
                _update(going[arn], told)

    def _fault(self, task: dict[str, Any]) -> str | None:
        """In which way a task that has ended failed."""
        name, reason = short_name(task["taskArn"]), task.get("stoppedReason", "no reason given")
        containers = task.get("containers", [])
        if task.get("stopCode", _BY_ITSELF) != _BY_ITSELF or not containers:
            return f"The task {name} was stopped: {reason}"
        failed = {each.get("name") for each in containers if each.get("exitCode") != 0}
        if failed and (len(containers) == 1 or failed & self._essential(task)):
            return f"The task {name} failed ({exit_codes(task)})."
        return None

    def _essential(self, task: dict[str, Any]) -> set[str]:
        """The containers whose exit codes count: ECS itself ends the others, with some code."""
        try:
            return self._cluster.essential(task["taskDefinitionArn"])
        except JobError as error:
            print(error, file=sys.stderr)
            return {container["name"] for container in task["containers"]}


def _update(known: dict[str, Any], now: dict[str, Any]) -> None:
    before = known.get("lastStatus")
    known.update(now)
    if now.get("lastStatus") == before:
        return
    codes = exit_codes(now)
    print(short_name(known["taskArn"]), now.get("lastStatus"), *([f"({codes})"] if codes else []))
