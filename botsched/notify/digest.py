"""The mail that tells of all ends that were held back, instead of a mail for each."""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from email.message import EmailMessage
from itertools import groupby
from typing import Any, Final
from urllib.parse import quote

from botsched.domain.outcome import Glance
from botsched.domain.subject import fill
from botsched.domain.why import HeldBy
from botsched.notify.data import end_data
from botsched.notify.letter import Letter, Letterhead, Line, Section, Tone
from botsched.notify.message import Envelope, build
from botsched.notify.outcomes import heading, outcome, tone
from botsched.notify.page import line_weight, page
from botsched.notify.plain import plain
from botsched.notify.story import LONGEST_NAME
from botsched.notify.told import Told
from botsched.notify.wording import counted, listed, one_line, short_instant
from botsched.reports import Image, Text
from botsched.settings.model import SmtpProfile

_MOST_LINES: Final = 50
_SECTION_WEIGHT: Final = 40_000
_LONGEST_REASON: Final = 200
_HELD: Final = {
    HeldBy.QUIET: "They fell into quiet hours.",
    HeldBy.CAP: "There had been as many mails that day as may be.",
}


@dataclass
class DigestNotice:
    """Ends that were held back, as they are told together; the newest come first in ``told``.

    ``id`` is that of the mail, ``date`` when it was to be sent. ``total`` counts what is held,
    also what there is no room for in ``told``. ``since`` has the last outcome of those jobs, by id,
    that have ended once more since.
    """

    id: str
    to: tuple[str, ...] | None
    letterhead: Letterhead
    told: tuple[Told, ...]
    date: datetime
    total: int
    since: Mapping[str, Glance] = field(default_factory=dict)

    @property
    def subject(self) -> str:
        """One line, by the template: jobs stand for the job, and mails for the outcome."""
        values = {
            "job": counted(len(self._jobs()), "job"),
            "outcome": f"{counted(self.total, 'mail')} held back",
            "reason": "",
            "host": "",
            "attempt": "",
            "failures": "",
        }
        return one_line(fill(self.letterhead.subject, values))

    def text(self) -> str:
        """All of it as plain text."""
        return plain(self._letter())

    def html(self, image_src: Callable[[Image], str]) -> str:
        """All of it as a document."""
        return page(self._letter(), image_src)

    def data(self) -> dict[str, Any]:
        """All of it as JSON data; see docs/channels.md."""
        return {
            "id": self.id,
            "subject": self.subject,
            "text": self.text(),
            "kind": "digest",
            "total": self.total,
            "ends": [
                end_data(each.execution) | {"outcome": outcome(each.execution.state, each.why)}
                for each in self.told
            ],
        }

    def email(self, profile: SmtpProfile) -> EmailMessage:
        """The whole mail. Raises DeliveryError (permanent) for what is not an address."""
        envelope = Envelope(
            self.id, self.subject, self.date, list_id="digest",
            rules=self.letterhead.address("jobs"),
        )  # fmt: skip
        return build(self._letter(), envelope, (), profile)

    def _jobs(self) -> list[list[Told]]:
        """The ends of each job, the newest first; the jobs that fare badly first."""
        jobs: dict[str, list[Told]] = {}
        for each in self.told:
            jobs.setdefault(each.execution.job_id, []).append(each)
        return sorted(jobs.values(), key=lambda ends: self._fares(ends) is not Tone.BAD)

    def _letter(self) -> Letter:
        jobs = self._jobs()
        bad = [ends for ends in jobs if self._fares(ends) is Tone.BAD]
        held = {each.why.held for each in self.told if each.why is not None}
        reasons = " ".join(words for by, words in _HELD.items() if by in held)
        lead = "All of these jobs fared well last."
        if bad:
            names = listed([_name(ends[0]) for ends in bad], most=4)
            lead = f"{len(bad)} of {counted(len(jobs), 'job')} fared badly last: {names}."
        return Letter(
            tone=Tone.BAD if bad else Tone.GOOD,
            outcome="Digest",
            name=f"{counted(self.total, 'mail')} about {counted(len(jobs), 'job')}",
            context=f"held back until {short_instant(self.date, self.letterhead.timezone)}",
            lead=lead,
            hint=f"These mails were held back, and are told here instead. {reasons}".rstrip(),
            facts=(),
            links=tuple(filter(lambda link: link[1], [
                ("Jobs", self.letterhead.address("jobs")),
                ("Executions", self.letterhead.address("executions")),
            ])),
            sections=tuple(self._sections(jobs)),
            footer=("Mail rules of the jobs, or the defaults of the server, say what is held.",
                    "Sent by bots-scheduler."),
        )  # fmt: skip

    def _sections(self, jobs: Sequence[list[Told]]) -> Iterable[Section]:
        lines = _fitting(map(self._job, jobs))
        left = len(jobs) - len(lines)
        more = (Text(f"… and {counted(left, 'job')} more."),) if left else ()
        yield Section("How each job fared last", more, lines)
        if self.total > len(jobs):
            groups = [list(ends) for _, ends in groupby(self.told, _alike)]
            lines = _fitting(map(self._ends, groups))
            left = self.total - sum(map(len, groups[: len(lines)]))
            more = (Text(f"… and {counted(left, 'earlier end')}."),) if left else ()
            yield Section("All ends, the newest first", more, lines)

    def _job(self, ends: Sequence[Told]) -> Line:
        counts = Counter(outcome(each.execution.state, each.why) for each in ends)
        counted_ends = listed([f"{number:,} {word}" for word, number in counts.most_common()])
        line = self._end(ends[0])
        text = f"{counted_ends}; last {line.text}" if len(ends) > 1 else line.text
        job_id = ends[0].execution.job_id
        line = replace(
            line, text=text, address=self.letterhead.address(f"jobs/{quote(job_id, safe='')}")
        )
        now = self.since.get(job_id)
        if now is None:
            return line
        at = short_instant(now.at, self.letterhead.timezone)
        text = f"{text} Since then: {now.state}, {at}"
        return replace(line, tone=self._fares(ends), outcome=heading(now.state, None), text=text)

    def _fares(self, ends: Sequence[Told]) -> Tone:
        now = self.since.get(ends[0].execution.job_id)
        return _tone(ends[0]) if now is None else tone(now.state, None)

    def _ends(self, ends: Sequence[Told]) -> Line:
        """Ends that were alike, told once."""
        line = self._end(ends[0])
        if len(ends) == 1:
            return line
        first, last = (
            short_instant(_at(each), self.letterhead.timezone) for each in (ends[-1], ends[0])
        )
        since = "" if first == last else f"{first} to "
        return replace(line, text=f"{len(ends):,} times, {since}{line.text}")

    def _end(self, told: Told) -> Line:
        execution = told.execution
        at = short_instant(_at(told), self.letterhead.timezone)
        reason = one_line(execution.reason, _LONGEST_REASON)
        return Line(
            _tone(told),
            heading(execution.state, told.why),
            _name(told),
            f"{at}: {reason}" if reason else at,
            self.letterhead.address(f"executions/{quote(execution.id, safe='')}"),
        )


def _fitting(lines: Iterable[Line]) -> tuple[Line, ...]:
    """The first of these, as many as there is room for."""
    taken: list[Line] = []
    left = _SECTION_WEIGHT
    for line in lines:
        left -= line_weight(line)
        if left < 0 or len(taken) == _MOST_LINES:
            break
        taken.append(line)
    return tuple(taken)


def _alike(told: Told) -> tuple[str, str, str]:
    execution = told.execution
    return execution.job_id, heading(execution.state, told.why), execution.reason


def _at(told: Told) -> datetime:
    return told.execution.ended_at or told.execution.updated_at


def _tone(told: Told) -> Tone:
    return tone(told.execution.state, told.why)


def _name(told: Told) -> str:
    return one_line(told.execution.job_name, LONGEST_NAME)
