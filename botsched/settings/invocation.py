"""How the program was started, so that what it tells to type works where it was typed."""

import os
import sys
from collections.abc import Mapping
from pathlib import Path


def invocation(arguments: list[str] = sys.argv, environ: Mapping[str, str] = os.environ) -> str:
    """Return what to type before a command: ``./bots-scheduler``, ``bots-scheduler``, ..."""
    launcher = environ.get("BOTS_SCHEDULER_STARTED_AS")
    if launcher:
        return launcher
    program = Path(arguments[0])
    # A program of one's own has no commands.
    return "python -m botsched" if program.suffix == ".py" else program.name
