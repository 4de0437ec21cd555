"""What changed, told to those who look on: enough to know what to look at again, and no more."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum


class Topic(StrEnum):
    """What news are about."""

    EXECUTION = "execution"
    OUTPUT = "output"
    JOB = "job"
    HOLD = "hold"
    FILE = "file"
    LOG = "log"
    MAIL = "mail"


Notes = dict[tuple[Topic, str], str | int]
"""What one transaction changed, by topic and id; the last change of each thing stands for all.

The values are: of output the number of its last chunk, of a job what became of it.
"""


@dataclass(frozen=True, slots=True)
class News:
    """One thing that changed; ``data`` is what is told of it, ready for JSON."""

    topic: Topic
    thing: str = ""
    data: Mapping[str, str | int] = field(default_factory=dict)
