"""The job that starts tasks of Amazon ECS."""

import os
import sys
from typing import Any, ClassVar
from uuid import uuid4

from botsched.domain.ecstasks import calls, wanted
from botsched.ecs import sqs
from botsched.ecs.account import Account, short_name
from botsched.ecs.aws import new_client
from botsched.ecs.cluster import Cluster, Wish
from botsched.ecs.following import Follower
from botsched.ecs.stopping import StopSignal
from botsched.ecs.trigger import called_for, trigger_of
from botsched.ecs.values import read
from botsched.job import JobBase, JobError

TRIGGERS = (sqs.SqsTrigger,)
"""Those that come along; ``trigger_of`` finds them, and others, by their base class."""


class RunTask(JobBase):
    """Keeps as many tasks of a job running as it wants, by starting those that are missing."""

    info: ClassVar[dict[str, Any]] = {
        "job_class_name": "ECS task",
        "notes": "Starts tasks of a task definition in the cluster of Amazon ECS, so that as many "
        "run as are wanted.",
        "arguments": [
            {
                "type": "string",
                "name": "taskDefinition",
                "description": "family, family:revision or ARN of the task definition",
                "required": True,
            },
            {"type": "integer", "name": "taskCount", "description": "tasks at least, 1 to 50"},
            {"type": "integer", "name": "maxCount", "description": "tasks at most, 1 to 50"},
            {
                "type": "list of objects",
                "name": "overrides",
                "description": "what is set in containers: containerName, environment",
                "multiline": True,
            },
            {
                "type": "object",
                "name": "trigger",
                "description": "what tells how many tasks there is work for: type, and its fields",
                "multiline": True,
            },
            {
                "type": "boolean",
                "name": "follow",
                "description": "go on until the tasks have ended, and fail when one does",
            },
            {
                "type": "boolean",
                "name": "stopTasks",
                "description": "when the run is stopped, stop the tasks that it started",
            },
        ],
        "example_arguments": '{"taskDefinition": "sleeper-task"}',
        "report_title": "ECS task",
    }

    @classmethod
    def get_succeeded_description(cls, result: Any = None) -> str:
        """How many were started."""
        if not isinstance(result, dict):
            return ""
        started, running, all_wanted = len(result["started"]), result["running"], result["wanted"]
        return f"{started} started; {running} of {all_wanted} ran already"

    def run(
        self,
        taskDefinition: str,  # noqa: N803  names of ECS, as all of these
        taskCount: int = 1,  # noqa: N803
        maxCount: int | None = None,  # noqa: N803
        overrides: list[Any] | None = None,
        trigger: dict[str, Any] | None = None,
        follow: bool = False,
        stopTasks: bool = False,  # noqa: N803
    ) -> None:
        wish = Wish(read("taskDefinition", taskDefinition), read("overrides", overrides))
        least, most = read("taskCount", taskCount), read("maxCount", maxCount)
        follows, stops = read("follow", follow), read("stopTasks", stopTasks)
        asked = None if trigger is None else trigger_of(trigger)
        cluster = _cluster()
        work = None if asked is None else called_for(asked, new_client)
        running = len(cluster.running(wish))
        account = Account(cluster.cluster, running, wanted(least, most, work))
        with StopSignal() as stop:
            try:
                self._start(cluster, wish, account, stop)
                if follows:
                    self._follow(cluster, account, stop)
                if stop.came and stops:
                    self._stop(cluster, account)
            finally:
                self.result_so_far, self.report_items = account.to_data(), account.report()
        if account.faults:
            raise JobError(" ".join(account.faults))

    def _start(self, cluster: Cluster, wish: Wish, account: Account, stop: StopSignal) -> None:
        counts = calls(account.wanted, account.running)
        missing = sum(counts)
        print(f"{account.running} of {account.wanted} tasks run; {missing} to start.")
        token = self.execution_id or uuid4().hex
        trouble = None
        for number, count in enumerate(counts):
            if stop.came:
                trouble = "the run was stopped"
                break
            self.progress(len(account.started) / missing, "starting tasks")
            try:
                tasks, failures = cluster.start(wish, count, f"{token}-{number}")
            except JobError as error:
                trouble = str(error)
                break
            account.add(tasks, failures)
            for task in tasks:
                print("started", short_name(task["taskArn"]))
            if failures:  # what is lacking for some will lack for others
                trouble = account.reasons
                break
            if len(tasks) < count:
                trouble = "ECS started fewer than it was asked for, and gave no reason"
                break
        if trouble is not None:
            done = len(account.started)
            account.faults.append(f"{done} of {missing} tasks were started: {trouble}")

    def _follow(self, cluster: Cluster, account: Account, stop: StopSignal) -> None:
        follower = Follower(cluster, account, self.progress)
        try:
            follower.follow(stop)
        except JobError as error:
            account.faults.append(str(error))
        account.faults += follower.faults()

    def _stop(self, cluster: Cluster, account: Account) -> None:
        for task in account.going:
            try:
                cluster.stop(task["taskArn"], f"The execution {self.execution_id} was stopped.")
            except JobError as error:
                account.faults.append(str(error))
                print(error, file=sys.stderr)
            else:
                task["stopRequested"] = True
                print("stopping", short_name(task["taskArn"]))


def _cluster() -> Cluster:
    cluster = os.environ.get("ECSS_ECS_CLUSTER")
    if not cluster:
        raise JobError("There is no cluster of ECS; start the server with --ecs-cluster.")
    return Cluster(new_client("ecs"), cluster, os.environ.get("ECSS_NAME", "bots-scheduler"))
