"""The composition root: knows everything, does nothing."""

from botsched.app.program import run

__all__ = ["run"]
