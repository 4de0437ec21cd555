"""The import name for job modules: ``from botscheduler import *``."""

from botsched.job import *  # noqa: F403  the face of botsched.job, name by name, in its __all__
from botsched.job import __all__ as __all__
