"""Mails as JSON, and what they tell as a page of its own."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from botsched.domain.kinds import Kind
from botsched.domain.maillist import REQUEUED, ListedMail, MailFilter
from botsched.domain.outbox import Mail, MailAttempt, MailState
from botsched.errors import InvalidError
from botsched.notify.why import in_words
from botsched.web.body import Fields
from botsched.web.formats.joblist import ids_kind
from botsched.web.formats.times import time_text

_HEAD: Final = re.compile(r"<head>", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Resending:
    """Which mails are to be sent once more: these, or all that match."""

    mail_ids: list[str] | None
    wanted: MailFilter


def read_resending(fields: Fields) -> Resending:
    """The body of a request. Raises MalformedError or InvalidError."""
    mail_ids = fields.value("mail_ids", ids_kind())
    states = fields.value("states", states_kind())
    profile, job_id = fields.text("profile", nullable=True), fields.text("job_id", nullable=True)
    fields.done()
    if (mail_ids is None) == (states is None):
        raise InvalidError({"states": "give either these or mail_ids"})
    if mail_ids is not None and (given := (profile and "profile") or (job_id and "job_id")):
        raise InvalidError({given: "goes with states, not with mail_ids"})
    found = MailFilter(states=frozenset(states or ()), profile=profile, job_id=job_id)
    return Resending(mail_ids, found)


def states_kind() -> Kind[list[MailState]]:
    """States of mails that may be sent once more, many in one go."""
    words = sorted(REQUEUED)

    def read(value: Any) -> list[MailState]:
        if not isinstance(value, list) or not value:
            raise TypeError(f"a list with some of {', '.join(words)}")
        if wrong := [each for each in value if each not in words]:
            raise ValueError(f"{wrong[0]!r:.30} cannot be; give some of {', '.join(words)}")
        return [MailState(each) for each in value]

    items = {"type": "string", "enum": [str(each) for each in words]}
    return Kind(read, list, schema={"type": "array", "items": items, "minItems": 1})


def mail_data(listed: ListedMail) -> dict[str, Any]:
    """A mail with why it came and how its attempts went."""
    mail = listed.mail
    return {
        "mail_id": mail.id,
        "kind": mail.kind,
        "state": mail.state,
        "profile": mail.profile,
        "to": mail.to,
        "recipients": mail.recipients,
        "subject": mail.subject,
        "execution_id": mail.execution_id,
        "job_id": listed.job_id,
        "job_name": listed.job_name,
        "outcome": listed.outcome,
        "why": _why_data(mail),
        "why_text": "" if mail.why is None else in_words(mail.why),
        "attempts": mail.attempts,
        "created_time": time_text(mail.created_at),
        "next_attempt_time": time_text(mail.next_attempt_at),
        "held_until": time_text(mail.held_until),
        "ended_time": time_text(mail.ended_at),
        "requeued_time": time_text(mail.requeued_at),
        "last_error": mail.last_error,
        "log": [_attempt_data(each) for each in mail.log],
        "thread": mail.thread,
        "digest_id": mail.digest_id,
        "resent_of": mail.resent_of,
    }


def counts_data(counts: Mapping[str, Mapping[MailState, int]]) -> dict[str, Any]:
    """How many mails are in each state, all together and of each profile."""
    together = {state: sum(each.get(state, 0) for each in counts.values()) for state in MailState}
    return {
        "states": together,
        "profiles": [
            {"profile": name, "states": {state: each.get(state, 0) for state in MailState}}
            for name, each in counts.items()
        ],
    }


def framed(page: str) -> bytes:
    """The HTML of a mail for a frame: its links open elsewhere."""
    return _HEAD.sub('<head><base target="_blank">', page, count=1).encode("utf-8", "replace")


def _why_data(mail: Mail) -> dict[str, Any] | None:
    if mail.why is None:
        return None
    return mail.why.to_data() | {"since": time_text(mail.why.since)}


def _attempt_data(attempt: MailAttempt) -> dict[str, Any]:
    return {
        "time": time_text(attempt.at),
        "profile": attempt.profile,
        "outcome": attempt.outcome,
        "words": attempt.words,
    }
