"""AWS on this machine: moto's server, spoken to over HTTP, with a cluster of ECS."""

import json
import logging
import urllib.request
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import botocore.session
from moto.server import ThreadedMotoServer

NAME = "tests"
_REGION = "eu-central-1"


def environment(address: str, cluster: str) -> dict[str, str]:
    """What whoever is to use this AWS, and nothing else, needs in the environment."""
    return {
        "AWS_ENDPOINT_URL": address,
        "AWS_ACCESS_KEY_ID": "AKIAEXAMPLE",
        "AWS_SECRET_ACCESS_KEY": "very-secret",
        "AWS_DEFAULT_REGION": _REGION,
        "AWS_EC2_METADATA_DISABLED": "true",
        "AWS_CONFIG_FILE": "/dev/null",
        "AWS_SHARED_CREDENTIALS_FILE": "/dev/null",
        "ECSS_ECS_CLUSTER": cluster,
        "ECSS_NAME": NAME,
    }


class Aws:
    """The server at ``address``, with a ``cluster`` in which nothing runs."""

    def __init__(self, address: str) -> None:
        self.address = address
        self.cluster = ""
        self._environment = environment(address, "")
        self.ecs, self.sqs, ec2 = (self._client(name) for name in ("ecs", "sqs", "ec2"))
        machines = ec2.run_instances(ImageId="ami-12c6146b", MinCount=1, MaxCount=1)
        self._machine = machines["Instances"][0]["InstanceId"]
        self.define("sleeper-task")
        self.renew()

    @property
    def environment(self) -> dict[str, str]:
        """What a job is to find in its environment."""
        return environment(self.address, self.cluster)

    def renew(self) -> None:
        """Go on with another cluster, of one machine."""
        self.cluster = (
            f"cluster-{uuid.uuid4().hex}"  # all servers in a process share what they have
        )
        self.ecs.create_cluster(clusterName=self.cluster)
        told = {"instanceId": self._machine, "region": _REGION}
        self.ecs.register_container_instance(
            cluster=self.cluster, instanceIdentityDocument=json.dumps(told)
        )
        self.let_tasks_end(after=None)

    def define(self, family: str, *others: str) -> None:
        """Add a task definition with the container ``main``, and others that may end first."""
        containers = [
            {"name": name, "image": "busybox", "cpu": 1, "memory": 10, "essential": name == "main"}
            for name in ("main", *others)
        ]
        self.ecs.register_task_definition(family=family, containerDefinitions=containers)

    def start(self, family: str, number: int = 1, by: str = NAME, **more: Any) -> list[str]:
        """Start tasks without us; gives their ARNs."""
        answer = self.ecs.run_task(
            cluster=self.cluster, taskDefinition=family, count=number, startedBy=by, **more
        )
        return [task["taskArn"] for task in answer["tasks"]]

    def tasks(self) -> list[dict[str, Any]]:
        """All tasks that are to run."""
        arns = self.ecs.list_tasks(cluster=self.cluster, desiredStatus="RUNNING")["taskArns"]
        if not arns:
            return []
        return list(self.ecs.describe_tasks(cluster=self.cluster, tasks=arns)["tasks"])

    def queue(self, messages: int) -> str:
        """Make a queue that holds so many messages; gives its name."""
        name = f"queue-of-{self.cluster}"
        url = self.sqs.create_queue(QueueName=name)["QueueUrl"]
        entries = [{"Id": str(number), "MessageBody": "work"} for number in range(messages)]
        for begin in range(0, messages, 10):
            self.sqs.send_message_batch(QueueUrl=url, Entries=entries[begin : begin + 10])
        return name

    def let_tasks_end(self, after: int | None) -> None:
        """Have tasks go on one status each time they are looked at; None: they never do."""
        times = {"progression": "manual", "times": after or 1_000_000}
        body = json.dumps({"model_name": "ecs::task", "transition": times}).encode()
        with urllib.request.urlopen(f"{self.address}/moto-api/state-manager/set-transition", body):
            pass

    def _client(self, service: str) -> Any:
        session = botocore.session.get_session()
        known = self._environment
        return session.create_client(
            service,
            region_name=_REGION,
            endpoint_url=self.address,
            aws_access_key_id=known["AWS_ACCESS_KEY_ID"],
            aws_secret_access_key=known["AWS_SECRET_ACCESS_KEY"],
        )


@contextmanager
def aws_server() -> Iterator[Aws]:
    """Run one on a free port."""
    logging.getLogger("werkzeug").setLevel(logging.ERROR)
    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    try:
        yield Aws("http://{}:{}".format(*server.get_host_and_port()))
    finally:
        server.stop()
