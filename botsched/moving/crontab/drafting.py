"""What each line of a crontab becomes."""

import random
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any, Final

from botsched.domain.job import Job, JobPolicy
from botsched.domain.timetable import LONGEST_JITTER
from botsched.domain.wallclock import parse_timezone
from botsched.errors import InvalidError
from botsched.moving.crontab.lines import Dialect, Entry, Fault
from botsched.moving.crontab.mailing import mailing
from botsched.moving.crontab.naming import Labels, name_of
from botsched.moving.crontab.sources import Source
from botsched.moving.crontab.when import read_when
from botsched.moving.report import Item, Remark
from botsched.scheduling.drafts import JobDraft, created
from botsched.scheduling.timing import Timing

TAG: Final = "crontab"
_TO_CRON: Final = frozenset(
    {"MAILTO", "MAILFROM", "CONTENT_TYPE", "CONTENT_TRANSFER_ENCODING", "CRON_TZ", "RANDOM_DELAY"}
)
_ANACRON: Final = re.compile(r"(?:test|\[)\s+-x\s+\S*/anacron\b")
_QUARTZ: Final = re.compile(r"[LW#?]")
_LONGEST_QUOTE: Final = 10_000

_WITH_ANACRON: Final = Remark(
    "Where anacron is installed this does nothing, as before: anacron runs the same by itself.",
    "Remove anacron to have it run and recorded here.",
)


@dataclass(frozen=True, slots=True)
class Machine:
    """What is to be known of the place where the jobs will run.

    ``user`` is who imports, and probably whose server it is; ``superuser`` whether that is root.
    ``variables`` are those that each command gets before any of its crontab.
    """

    zone: str
    dialect: Dialect
    job_class: str
    user: str
    superuser: bool
    profiles: bool
    knows_user: Callable[[str], bool]
    now: datetime
    variables: Mapping[str, str] = field(default_factory=dict)


@dataclass(slots=True)
class Drafting:
    """Makes items of lines; ``paused_by`` has the jobs paused."""

    machine: Machine
    paused_by: str | None = None
    _labels: Labels = field(default_factory=Labels)

    def item(self, source: Source, line: Entry | Fault) -> Item:
        """The job that a line becomes, and what changes; or why it becomes none."""
        place = f"{source.name}:{line.number}"
        if isinstance(line, Fault):
            return Item.refused(place, line.text, line.why, line.cure)
        user = line.user or source.owner
        job_id = self._labels.job_id(source.name, line, user)
        try:
            job, remarks = self._job(source, line, user, job_id)
        except InvalidError as error:
            why = "; ".join(error.fields.values())
            return Item.refused(place, line.text, _sentence(why), _cure(line))
        return Item(place, line.text, job, remarks=remarks)

    def _job(
        self, source: Source, line: Entry, user: str | None, job_id: str
    ) -> tuple[Job, tuple[Remark, ...]]:
        chance = random.Random(job_id)  # noqa: S311  # the same for the same line
        when = read_when(line.when, chance)
        zone, of_zone = self._zone(line.variables)
        delay, of_delay = self._delay(line.variables)
        mail, of_mail = mailing(line.variables, self.machine.profiles)
        draft = JobDraft(
            name=name_of(line),
            job_class=self.machine.job_class,
            timing=Timing(crontab=when.crontab),
            arguments=_arguments(line, user, self.machine.variables),
            timezone=zone,
            bounds={"jitter": delay} if delay else {},
            policy=JobPolicy(mail=mail),
            tags=(TAG,),
            notes=_notes(source, line),
            job_id=job_id,
            paused=self.paused_by is not None,
        )
        job = created(draft, self.machine.now, zone, chance, self.paused_by or "")
        job = replace(job, name=self._labels.name(job.name))
        others = (*of_zone, *of_delay, *self._of_user(user), *_of_command(line.command))
        return job, (*when.remarks, *others, *of_mail)

    def _zone(self, variables: Mapping[str, str]) -> tuple[str, tuple[Remark, ...]]:
        said = variables.get("CRON_TZ")
        if not said or said == self.machine.zone:
            return self.machine.zone, ()
        if self.machine.dialect is Dialect.DEBIAN:
            told = (
                f"CRON_TZ={said} means nothing to Debian's cron: the times are on the clock of "
                f"{self.machine.zone}, as they were."
            )
            return self.machine.zone, (Remark(told, "If cronie read the file: --dialect cronie."),)
        parse_timezone(said)
        return said, ()

    def _delay(self, variables: Mapping[str, str]) -> tuple[int, tuple[Remark, ...]]:
        """Seconds of jitter."""
        text = variables.get("RANDOM_DELAY", "")
        if self.machine.dialect is Dialect.DEBIAN or not re.fullmatch(r"0*[1-9]\d{0,5}", text):
            return 0, ()
        seconds = min(int(text) * 60, LONGEST_JITTER)
        told = (
            f"RANDOM_DELAY={text}: each run is delayed by a time of its own, up to {seconds // 60} "
            "minutes. Cronie draws one part of it when it starts, and keeps to that."
        )
        return seconds, (Remark(told),)

    def _of_user(self, user: str | None) -> tuple[Remark, ...]:
        if user is None:
            return ()
        if not self.machine.knows_user(user):
            told = f"There is no user {user} on this machine: each run fails, and cron ran nothing."
            return (Remark(told, "Make the user, or change the job's argument `user`."),)
        if user == self.machine.user or self.machine.superuser:
            return ()
        told = (
            f"It is to run as {user}, which only a server of root can do; if yours is of "
            f"{self.machine.user}, as this command, each run fails and says so."
        )
        cure = "Run the server as root, or have each user import the own crontab to the own server."
        return (Remark(told, cure),)


def _arguments(line: Entry, user: str | None, variables: Mapping[str, str]) -> dict[str, Any]:
    arguments: dict[str, Any] = {"command": line.command}
    if user is not None:
        arguments["user"] = user
    if environment := _environment(line, variables):
        arguments["environment"] = environment
    if line.stdin:
        arguments["stdin"] = line.stdin
    return arguments


def _environment(line: Entry, variables: Mapping[str, str]) -> list[str]:
    """The variables; what is said to cron alone is left out, unless the command names it."""
    return [
        f"{name}={value}"
        for name, value in {**variables, **line.variables}.items()
        if name != "LOGNAME" and (name not in _TO_CRON or name in line.command)
    ]


def _of_command(command: str) -> tuple[Remark, ...]:
    return (_WITH_ANACRON,) if _ANACRON.search(command) else ()


def _notes(source: Source, line: Entry) -> str:
    text = line.text[:_LONGEST_QUOTE]
    notes = f"From {source.name}, line {line.number}:\n\n    {text}"
    comment = "\n".join(line.comment)[:_LONGEST_QUOTE]
    return f"{notes}\n\n{comment}".strip()


def _cure(line: Entry) -> str:
    if line.when == "@reboot":
        return (
            "Leave the line to cron, or make it a unit of systemd that is wanted by "
            "multi-user.target."
        )
    if _QUARTZ.search(line.when):
        return (
            "Cron knows no such thing either. A job added by hand can have a day such as 'last' or "
            "'2nd fri'."
        )
    return "Mend the line, or add the job by hand."


def _sentence(text: str) -> str:
    text = text[:500].rstrip(".")
    return f"{text[:1].upper()}{text[1:]}."
