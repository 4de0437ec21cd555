"""The same as ``ndscheduler.utils``."""

from ndscheduler.utils import *  # noqa: F403
