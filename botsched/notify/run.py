"""The mail about one ended execution."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from email.message import EmailMessage
from functools import cached_property
from typing import Any

from botsched.domain.subject import fill
from botsched.notify.data import run_data
from botsched.notify.files import File
from botsched.notify.letter import Letter, Letterhead
from botsched.notify.message import Envelope, build
from botsched.notify.outcomes import outcome
from botsched.notify.page import page
from botsched.notify.plain import plain
from botsched.notify.story import LONGEST_NAME, links, write
from botsched.notify.told import Told
from botsched.notify.wording import one_line
from botsched.reports import Image
from botsched.settings.model import SmtpProfile


@dataclass
class RunNotice:
    """An ended execution as it is told.

    ``id`` is that of the mail, ``date`` when it was to be sent; ``thread`` is the same for all
    mails of an incident, None outside of one.
    """

    id: str
    to: tuple[str, ...] | None
    letterhead: Letterhead
    told: Told
    date: datetime
    thread: str | None = None

    @property
    def subject(self) -> str:
        """One line, by the template."""
        execution, why = self.told.execution, self.told.why
        values = {
            "job": one_line(execution.job_name, LONGEST_NAME),
            "outcome": outcome(execution.state, why),
            "reason": one_line(execution.reason, 100),
            "host": one_line(execution.hostname or "", 100),
            "attempt": str(execution.attempt),
            "failures": str(why.failures if why is not None else 0),
        }
        return one_line(fill(self.letterhead.subject, values))

    def text(self) -> str:
        """All of it as plain text."""
        return plain(self._written[0])

    def html(self, image_src: Callable[[Image], str]) -> str:
        """All of it as a document; ``image_src`` gives the addresses of its pictures."""
        return page(self._written[0], image_src)

    def data(self) -> dict[str, Any]:
        """All of it as JSON data; see docs/channels.md."""
        data = run_data(self.told, self.letterhead, self.thread)
        return {"id": self.id, "subject": self.subject, "text": self.text()} | data

    def email(self, profile: SmtpProfile) -> EmailMessage:
        """The whole mail. Raises DeliveryError (permanent) for what is not an address."""
        execution = self.told.execution
        rules = dict(links(execution, self.letterhead)).get("Mail rules", "")
        letter, files = self._written
        envelope = Envelope(self.id, self.subject, self.date, self.thread, execution.job_id, rules)
        return build(letter, envelope, files, profile)

    @cached_property
    def _written(self) -> tuple[Letter, tuple[File, ...]]:
        return write(self.told, self.letterhead)
