"""What boto3 reaches AWS with, and whether the cluster is there."""

from typing import Final

import botocore.session
from botocore.exceptions import BotoCoreError

from botsched.ecs.aws import new_client, told
from botsched.errors import ExecutionError
from botsched.job import JobError

_ASKED_FOR: Final = ("container-role", "iam-role")
"""Ways to credentials that ask the container's or the machine's own services."""


def found() -> str:
    """Region and credentials, as far as they are found without asking anybody.

    Raises ExecutionError when there is no region, or a profile that is nowhere.
    """
    session = botocore.session.get_session()
    try:
        region = session.get_config_variable("region")
        resolver = session.get_component("credential_provider")
        for name in _ASKED_FOR:
            resolver.remove(name)
        credentials = resolver.load_credentials()
    except BotoCoreError as error:
        raise ExecutionError(f"boto3 finds no way to AWS: {error}.") from None
    if region is None:
        raise ExecutionError("No region of AWS is chosen; set AWS_DEFAULT_REGION.")
    source = "from the role of this machine or container, if it has one"
    return f"region {region}, credentials {f'by {credentials.method}' if credentials else source}"


def state_of(cluster: str) -> str:
    """Ask ECS for a cluster. Raises ExecutionError when it is not there, or nobody answers."""
    try:
        client = new_client("ecs")
        with told(f"describe the cluster {cluster}"):
            clusters = client.describe_clusters(clusters=[cluster])["clusters"]
    except JobError as error:
        raise ExecutionError(str(error)) from None
    if not clusters or clusters[0]["status"] != "ACTIVE":
        raise ExecutionError(
            f"ECS has no active cluster {cluster!r} there. See --ecs-cluster, and the region."
        )
    return f"{clusters[0]['status']}, {clusters[0]['runningTasksCount']} tasks run there"
