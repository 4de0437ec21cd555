"""The command line. Its help is quick: what a command needs is imported when it runs."""

from botsched.cli.program import main

__all__ = ["main"]
