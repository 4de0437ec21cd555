"""What programs do with jobs."""

from ndscheduler.core.scheduler_manager import SchedulerManager

__all__ = ["SchedulerManager"]
