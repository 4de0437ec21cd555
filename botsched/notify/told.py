"""What is told of an ended execution, before it is put into words."""

from dataclasses import dataclass
from datetime import timedelta

from botsched.domain.execution import Execution
from botsched.domain.why import Why


@dataclass(frozen=True, slots=True)
class Recipients:
    """Who is told through a profile, or another channel, which has no ``addresses``."""

    profile: str
    addresses: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Told:
    """An ended execution, why it is told, and what is known beside it.

    ``output`` is all that was stored of it, ``usual`` the usual duration of the job's good runs,
    ``good`` its last good run before this one. ``through`` says whom this mail itself is
    for, ``is_named`` that the rule names them. ``others`` are told of the same by other mails.
    """

    execution: Execution
    why: Why | None = None
    output: str = ""
    report_title: str = ""
    usual: timedelta | None = None
    good: Execution | None = None
    through: Recipients | None = None
    is_named: bool = False
    others: tuple[Recipients, ...] = ()
