"""What a mail says, before it becomes text or HTML."""

from dataclasses import dataclass
from enum import StrEnum
from zoneinfo import ZoneInfo

from botsched.domain.subject import DEFAULT
from botsched.reports import Report


class Tone(StrEnum):
    """What colour tells at a glance; a sign and words always tell it as well."""

    GOOD = "good"
    BAD = "bad"
    CHANGED = "changed"
    PLAIN = "plain"


@dataclass(frozen=True, slots=True)
class Letterhead:
    """What all mails of a server share.

    Instants are shown in ``timezone``. ``public_url`` is where people reach the page, empty when
    that is not known; ``subject`` is a template, see ``domain.subject``.
    """

    timezone: ZoneInfo
    public_url: str = ""
    subject: str = DEFAULT

    def address(self, path: str) -> str:
        """The address of a part of the page; empty when nobody knows where it is."""
        return f"{self.public_url}/{path}" if self.public_url else ""


@dataclass(frozen=True, slots=True)
class Line:
    """One of several things that are told below each other, each with its own colour."""

    tone: Tone
    outcome: str
    name: str
    text: str
    address: str = ""


@dataclass(frozen=True, slots=True)
class Section:
    """A heading, and what stands below it; code in the language ``diff`` is shown as such."""

    heading: str
    report: Report = ()
    lines: tuple[Line, ...] = ()


@dataclass(frozen=True, slots=True)
class Letter:
    """All parts of a mail from top to bottom, each a line or some, nothing of it escaped.

    ``outcome`` and ``name`` are the heading; ``context`` is said below it, ``lead`` is what one
    has to know and ``hint`` how to see it. ``facts`` and ``links`` are pairs of labels and
    values, or addresses; ``footer`` says why it came.
    """

    tone: Tone
    outcome: str
    name: str
    context: str
    lead: str
    hint: str
    facts: tuple[tuple[str, str], ...]
    links: tuple[tuple[str, str], ...]
    sections: tuple[Section, ...]
    footer: tuple[str, ...]
