"""The same as ``ndscheduler.constants``."""

from ndscheduler.constants import *  # noqa: F403
