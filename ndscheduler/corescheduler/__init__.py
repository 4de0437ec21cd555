"""The same as ``ndscheduler.core``, by the names of later versions."""
