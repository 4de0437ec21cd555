"""A scheduler of one's own: settings, jobs, and what is done when it starts and stops."""

from botsched.library.jobs import Jobs
from botsched.library.server import Server

__all__ = ["Jobs", "Server"]
