"""Jobs of ndscheduler made into ours, each with what changes in its meaning."""

import json
import random
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from botsched.catalog import CatalogueDescription
from botsched.domain.job import Job, JobPolicy, Missed
from botsched.domain.wallclock import parse_timezone
from botsched.errors import InvalidError
from botsched.job.checking import faults
from botsched.moving.ndscheduler.jobs import SourceJob, kept_job_id
from botsched.moving.ndscheduler.shapes import Trigger, Zone
from botsched.moving.report import Item, Remark
from botsched.scheduling.drafts import JobDraft, created
from botsched.settings.model import SchedulingSettings

_HOWEVER_LATE: Final = timedelta(days=3650)
_HOUR: Final = timedelta(hours=1)
_NAMELESS: Final = "Job of ndscheduler"
_LONGEST_NAME: Final = 255

OVERDUE: Final = Remark(
    "It was due before now, while ndscheduler did not run. It begins here with its next instant: "
    "what was due before is neither run nor recorded as missed.",
    "Run it once by hand, where that matters.",
)
EVERY_SECOND: Final = Remark(
    "It runs every second, as ndscheduler has it for a job without any cron field.",
    "Give it the schedule that was meant: a process is started for each run.",
)
NO_LIMIT: Final = Remark(
    "It had no limit to how late a missed instant may still run; here the limit is ten years."
)
NEW_ID: Final = Remark(
    "Its id cannot be one here, so that it has another; clients have to know it."
)
RENAMED: Final = Remark(
    f"Its name is longer than {_LONGEST_NAME} characters, or has some that cannot be shown: these "
    "are left off."
)
CLOCK_CHANGES: Final = Remark(
    "Around a change of the clock, a time that the clock skips is due once, at the jump, and a "
    "time that it shows twice is due the first time only. ndscheduler left out or repeated some."
)


@dataclass(frozen=True, slots=True)
class JobMaker:
    """What jobs are made with: the job classes there are, and which packages have other names.

    ``maps`` holds pairs of old and new package, ``zone`` is that of jobs whose own is unknown.
    """

    catalogue: CatalogueDescription
    maps: tuple[tuple[str, str], ...]
    defaults: SchedulingSettings
    user: str
    now: datetime
    paused: bool = False

    def item(self, source: SourceJob) -> Item:
        """The job, or why it cannot be one."""
        place, text = f"job {source.id}", _text(source)
        job_class = mapped(source.job_class, self.maps)
        if refusal := self._class_fault(job_class, source.job_class):
            return Item.refused(place, text, refusal.text, refusal.cure)
        remarks: list[Remark] = []
        try:
            job = self._job(source, job_class, remarks)
        except InvalidError as error:
            cure = "Mend it there and import again, or add it by hand."
            return Item.refused(place, text, f"It makes no sense here: {error}.", cure)
        remarks += self._remarks(source, job)
        return Item(place, text, job, remarks=tuple(remarks))

    def _job(self, source: SourceJob, job_class: str, remarks: list[Remark]) -> Job:
        draft = JobDraft(
            name=_fitting(source.name, remarks) or _NAMELESS,
            job_class=job_class,
            timing=source.trigger.timing,
            arguments=source.arguments,
            timezone=self._timezone(source.trigger.zone, remarks),
            bounds=self._bounds(source.trigger),
            policy=self._policy(source),
            job_id=kept_job_id(source.id),
            paused=self.paused or source.next_run is None,
        )
        zone = self.defaults.timezone.key
        chance = random.Random(source.id)  # noqa: S311  so that it is the same job when done again
        job = created(draft, self.now, zone, chance, self.user)
        if job.next_due is None:
            raise InvalidError({"schedule": "it is never due again"})
        return job

    def _timezone(self, zone: Zone | None, remarks: list[Remark]) -> str | None:
        if zone is None:
            return None
        key = _key_of(zone)
        try:
            return parse_timezone(key or "").key
        except InvalidError:
            pass
        told = repr(key) if key else f"{zone.offset} ahead of UTC"
        remarks.append(
            Remark(
                f"Its time zone, {told}, has no name that is known here; it goes by "
                f"{self.defaults.timezone.key} instead.",
                "Import with --timezone, if that is not the same clock.",
            )
        )
        return None

    def _bounds(self, trigger: Trigger) -> dict[str, Any]:
        """Those of the trigger; an interval's start need not be told if it is the next instant."""
        bounds, every = dict(trigger.bounds), trigger.timing.every
        if every is not None and "start" in bounds:
            number, unit = every
            if bounds["start"] <= self.now + timedelta(**{unit: number}):
                del bounds["start"]
        return bounds

    def _policy(self, source: SourceJob) -> JobPolicy:
        """What is not as the server has it by default."""
        defaults = self.defaults
        usual = timedelta(seconds=defaults.misfire)
        missed = Missed.LATEST if source.coalesce else Missed.ALL
        late = _HOWEVER_LATE if source.misfire is None else min(source.misfire, _HOWEVER_LATE)
        return JobPolicy(
            missed=None if source.coalesce == defaults.coalesce else missed,
            misfire=None if late == usual else late,
            max_instances=(
                None if source.max_instances == defaults.max_instances else source.max_instances
            ),
        )

    def _remarks(self, source: SourceJob, job: Job) -> list[Remark]:
        remarks = []
        if job.id != source.id:
            remarks.append(NEW_ID)
        if job.job_class != source.job_class:
            remarks.append(_renamed(source.job_class, job.job_class))
        if source.misfire is None:
            remarks.append(NO_LIMIT)
        if source.next_run is not None and source.next_run < self.now:
            remarks.append(OVERDUE)
        if (source.trigger.timing.cron or {}).get("second") == "*":
            remarks.append(EVERY_SECOND)
        info = self.catalogue.get(job.job_class)
        for place, fault in (faults(info, job.arguments, ()) if info else {}).items():
            remarks.append(Remark(f"Its argument {place} is not what the class declares: {fault}."))
        return remarks

    def _class_fault(self, job_class: str, before: str) -> Remark | None:
        """Why the class cannot be run here; None when it can."""
        catalogue = self.catalogue
        if catalogue.get(job_class) is not None or job_class in catalogue.hidden:
            return None
        for failure in catalogue.failures:
            if failure.concerns(job_class):
                return Remark(
                    f"Its class {job_class} cannot be loaded: {failure.error}.",
                    "Mend that, and import again: what is there by then is left as it is.",
                )
        like = _like(before, [each.job_class_string for each in catalogue.classes])
        cure = (
            f"Give --map {like}"
            if like
            else (
                "Put its module into a job folder (--jobs), or say by --map what its package is now"
            )
        )
        return Remark(
            f"Its class {job_class} is in no job folder.",
            f"{cure}, and import again: what is there by then is left as it is.",
        )


def _fitting(name: str, remarks: list[Remark]) -> str:
    """The name, as far as a job here can have it."""
    shown = "".join(each if each.isprintable() else " " for each in name)
    fitting = " ".join(shown.split())[:_LONGEST_NAME].strip()
    if fitting != name:
        remarks.append(RENAMED)
    return fitting


def mapped(job_class: str, maps: tuple[tuple[str, str], ...]) -> str:
    """The class in the package that is there now; the longest old name that fits counts."""
    for old, new in sorted(maps, key=lambda pair: len(pair[0]), reverse=True):
        if f"{job_class}.".startswith(f"{old}."):
            return new + job_class.removeprefix(old)
    return job_class


def _like(job_class: str, there: list[str]) -> str | None:
    """What ``--map`` would have to say for a class of this name in a module of this name."""
    old = job_class.split(".")
    for candidate in there:
        new = candidate.split(".")
        if old[-2:] == new[-2:] and len(new) > 2:
            same = min(2, len(old) - 1)
            while same < min(len(old), len(new)) - 1 and old[-same - 1] == new[-same - 1]:
                same += 1
            return f"{'.'.join(old[:-same])}={'.'.join(new[:-same])}"
    return None


def _key_of(zone: Zone) -> str | None:
    """The name of the zone; for whole hours from UTC there is one, its sign the other way."""
    if zone.key is not None or zone.offset is None or zone.offset % _HOUR:
        return zone.key
    return f"Etc/GMT{-(zone.offset // _HOUR):+d}"


def _text(source: SourceJob) -> str:
    return f"{source.job_class} {json.dumps(source.arguments, ensure_ascii=False)}"


def _renamed(old: str, new: str) -> Remark:
    """What the package is now; or the module, where it was in no package."""
    parts = min(2, old.count("."))
    return Remark(f"{old.rsplit('.', parts)[0]} is {new.rsplit('.', parts)[0]} here.")
