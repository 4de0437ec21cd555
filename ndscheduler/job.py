"""The base class of jobs."""

from botsched.job import JobBase

__all__ = ["JobBase"]
