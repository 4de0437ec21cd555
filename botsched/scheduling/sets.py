"""Sets of jobs that files describe, and what is to be done for the jobs to be as they say."""

import random
from collections.abc import Mapping, Sequence, Set
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Any, Final

from botsched.domain import rules
from botsched.domain.audit import FieldChange
from botsched.domain.clock import Clock
from botsched.domain.job import Job, JobPolicy, Policy
from botsched.domain.mailrules import check_profiles
from botsched.errors import InvalidError
from botsched.scheduling.chains import link_faults, linked_from
from botsched.scheduling.classes import Classes, check_arguments, check_class, known_class
from botsched.scheduling.drafts import JobChanges, JobDraft, changed, created, same_arguments
from botsched.scheduling.faults import Faults
from botsched.scheduling.wording import changes, facts

_LONGEST_NAME: Final = 255
_LOAD_SECONDS: Final = 30.0
_UNBOUNDED: Final[Mapping[str, Any]] = {"start": None, "end": None, "jitter": 0}


class Deed(StrEnum):
    """What is to be done with a job."""

    ADD = "add"
    CHANGE = "change"
    DELETE = "delete"
    KEEP = "keep"


@dataclass(frozen=True, slots=True)
class Described:
    """A job as a file says it; ``paused`` None leaves it to users whether it is."""

    draft: JobDraft
    paused: bool | None = None


@dataclass(frozen=True, slots=True)
class JobSet:
    """All jobs of a set, by its name.

    ``prune``: jobs that the set managed so far, and are not among them, are deleted. ``take_over``:
    jobs that another set manages are taken from it.
    """

    name: str
    jobs: Sequence[Described]
    prune: bool = False
    take_over: bool = False


@dataclass(frozen=True, slots=True)
class Step:
    """What is to be done with one job: ``before`` is what it is, ``after`` what it will be."""

    deed: Deed
    before: Job | None
    after: Job | None

    @property
    def job(self) -> Job:
        """It, as it is there when all is done, or was."""
        job = self.after or self.before
        assert job is not None
        return job

    @property
    def changes(self) -> tuple[FieldChange, ...]:
        """What changes; of a new job, what it says."""
        if self.after is None:
            return ()
        if self.before is None:
            return facts(self.after)
        return changes(self.before, self.after) or ()


@dataclass(frozen=True, slots=True)
class Plan:
    """The steps, in the order of the files, then what is deleted.

    ``left`` are jobs of the set that no file describes any more, and that stay.
    """

    name: str
    steps: tuple[Step, ...]
    left: tuple[Job, ...]

    @property
    def todo(self) -> tuple[Step, ...]:
        """Those steps by which anything changes."""
        return tuple(step for step in self.steps if step.deed is not Deed.KEEP)

    @property
    def seen(self) -> dict[str, int]:
        """The versions of the jobs it was made for, by id; 0 for a job that is not there."""
        jobs = {step.job.id: step.before.version if step.before else 0 for step in self.steps}
        return jobs | {job.id: job.version for job in self.left}


class Planner:
    """Makes plans; ``chance`` draws what schedules leave to it."""

    def __init__(
        self,
        classes: Classes,
        clock: Clock,
        defaults: Policy,
        timezone: str,
        chance: random.Random | None = None,
    ) -> None:
        self.clock = clock
        self.defaults = defaults
        self._classes = classes
        self._timezone = timezone
        self._chance = chance or random.SystemRandom()

    def plan(
        self, wanted: JobSet, present: Mapping[str, Job], user: str, *, checked: bool = False
    ) -> Plan:
        """What is to be done. ``present`` are all jobs that there are, by id.

        Raises InvalidError for all faults at once, named as in ``jobs[0].minute``; for classes,
        arguments and profiles of mail that cannot be used unless they are ``checked`` already.
        """
        faults = Faults()
        with faults.gathered():
            _check_name(wanted.name)
        steps: list[Step] = []
        described_ids: set[str] = set()
        for index, described in enumerate(wanted.jobs):
            with faults.gathered(f"jobs[{index}]."):
                step = self._step(wanted, described, present, user, described_ids)
                steps.append(step)
                described_ids.add(step.job.id)
                if step.after is not None and step.deed is not Deed.KEEP and not checked:
                    self._check(step.before, step.after)
        faults.tell()
        left = [
            job
            for job in present.values()
            if job.managed_by == wanted.name and job.id not in described_ids
        ]
        gone = left if wanted.prune else []
        _check_links(steps, gone, present)
        deletions = (Step(Deed.DELETE, job, None) for job in gone)
        return Plan(wanted.name, (*steps, *deletions), () if wanted.prune else tuple(left))

    def _step(
        self,
        wanted: JobSet,
        described: Described,
        present: Mapping[str, Job],
        user: str,
        earlier: Set[str],
    ) -> Step:
        draft, now = described.draft, self.clock()
        if draft.job_id is None:
            raise InvalidError({"job_id": "missing; give the job an id, such as backup.nightly"})
        if draft.job_id in earlier:
            raise InvalidError({"job_id": f"{draft.job_id!r} is the id of another job here, too"})
        before = present.get(draft.job_id)
        if before is None:
            draft = replace(draft, paused=bool(described.paused))
            job = created(draft, now, self._timezone, self._chance, user)
            return Step(Deed.ADD, None, replace(job, managed_by=wanted.name))
        if before.managed_by not in (None, wanted.name) and not wanted.take_over:
            raise InvalidError(
                {
                    "job_id": f"{before.id!r} is managed by the set {before.managed_by!r}; "
                    "take it out of there, or take it over (--take-over)"
                }
            )
        change = _as_described(described, self._timezone)
        after = changed(before, change, now, self._chance, user)
        after = replace(after, managed_by=wanted.name)
        same = after == before and same_arguments(after.arguments, before.arguments)
        return Step(Deed.KEEP if same else Deed.CHANGE, before, after)

    def _check(self, before: Job | None, after: Job) -> None:
        """What stays as it is is not checked: the class of a job may have gone, or changed."""
        faults = Faults()
        with faults.gathered():
            if before is None or before.job_class != after.job_class:
                info = check_class(self._classes, after.job_class, _LOAD_SECONDS)
                check_arguments(self._classes, info, after.arguments)
            elif not same_arguments(before.arguments, after.arguments):
                known = known_class(self._classes, after.job_class)
                check_arguments(self._classes, known, after.arguments)
        with faults.gathered():
            mail = None if before is None else before.policy.mail
            check_profiles(after.policy.mail, mail, self.defaults.ways)
        faults.tell()


def _as_described(described: Described, timezone: str) -> JobChanges:
    """What makes any job the one that is described: what it does not say is as in a new job."""
    draft = described.draft
    return JobChanges(
        name=draft.name,
        job_class=draft.job_class,
        arguments=draft.arguments,
        timing=draft.timing,
        timezone=draft.timezone or timezone,
        bounds={**_UNBOUNDED, **draft.bounds},
        rules={name: getattr(draft.policy, name) for name in rules.KINDS},
        tags=draft.tags,
        notes=draft.notes,
        trigger=draft.trigger,
        paused=described.paused,
    )


def _check_name(name: str) -> None:
    if not 1 <= len(name) <= _LONGEST_NAME or not name.isprintable() or name != name.strip():
        raise InvalidError(
            {
                "set": f"{name[:50]!r} cannot be the name of a set; give 1 to {_LONGEST_NAME} "
                "characters without control characters, and no blanks around them"
            }
        )


def _check_links(steps: Sequence[Step], gone: Sequence[Job], present: Mapping[str, Job]) -> None:
    """Raise InvalidError unless all jobs can be followed by those that they name, in the end."""
    faults = Faults()
    there = {**present, **{step.job.id: step.job for step in steps}}
    for job in gone:
        del there[job.id]
    for index, step in enumerate(steps):
        with faults.gathered(f"jobs[{index}]."):
            before = JobPolicy() if step.before is None else step.before.policy
            if found := link_faults(step.job, before, there):
                raise InvalidError(found)
    with faults.gathered():
        _check_unnamed(gone, there)
    faults.tell()


def _check_unnamed(gone: Sequence[Job], there: Mapping[str, Job]) -> None:
    named_by: dict[str, list[str]] = {}
    for other in there.values():
        for job_id in set(linked_from(other)):
            named_by.setdefault(job_id, []).append(repr(other.id))
    told = {
        f"prune {job.id}": f"it runs after {', '.join(named_by[job.id])}; take it out of then_run "
        "and on_failure_run"
        for job in gone
        if job.id in named_by
    }
    if told:
        raise InvalidError(told)
