"""Tasks of Amazon ECS as jobs. Whoever writes a trigger imports it from here.

This package can be imported without boto3; its other modules cannot.
"""

import sys
from importlib.util import find_spec

from botsched.ecs.trigger import Client, Trigger
from botsched.settings.shipped import requirements

__all__ = ["Client", "Trigger", "missing"]


def missing() -> str | None:
    """What is not installed that jobs of ECS need, and how to get it; None when all is there."""
    if find_spec("boto3") is not None:
        return None
    command = f"{sys.executable} -m pip install {requirements('ecs')}"
    return f"boto3, of the extra bots-scheduler[ecs], is not installed. Install it with: {command}"
