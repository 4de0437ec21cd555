"""The class that ``SCHEDULER_CLASS`` may name a subclass of."""

from ndscheduler.core.scheduler.base import BaseScheduler, SingletonScheduler

__all__ = ["BaseScheduler", "SingletonScheduler"]
