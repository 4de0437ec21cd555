"""Sets of jobs on every database: all of a plan in one transaction."""

from datetime import timedelta

import pytest

from botsched.catalog import CatalogueDescription
from botsched.domain.job import JobPolicy
from botsched.domain.paging import AuditFilter, JobFilter, Paging
from botsched.errors import ConflictError
from botsched.execution.secrets import Secrets
from botsched.job.info import JobClassInfo
from botsched.scheduling.applying import JobSets
from botsched.scheduling.drafts import JobDraft
from botsched.scheduling.sets import Described, JobSet, Planner
from botsched.scheduling.timing import Timing
from tests.support.values import DEFAULTS, NOW

CLASS = "jobs.some.Job"


class Known:
    """One class, of which nothing is known."""

    def catalogue(self, _timeout: float) -> CatalogueDescription:
        return CatalogueDescription((JobClassInfo(CLASS, "Job", "", (), "", "", True, "", ""),))

    catalogue_anew = catalogue

    def secrets(self) -> Secrets:
        raise NotImplementedError


def said(job_id: str, *then_run: str, minute: str = "*") -> Described:
    policy = JobPolicy(then_run=then_run or None)
    timing = Timing(cron={"minute": minute})
    return Described(JobDraft(job_id, CLASS, timing, job_id=job_id, policy=policy))


def test_a_set_is_applied_changed_and_pruned(store, monkeypatch) -> None:
    monkeypatch.setattr("botsched.scheduling.sets.check_arguments", lambda *_: None)
    now = [NOW]
    sets = JobSets(store, Planner(Known(), lambda: now[0], DEFAULTS, "UTC"), lambda _: None)
    first = JobSet("nightly", [said("a", "b"), said("b"), said("c")])
    sets.apply(first, "ann", sets.plan(first, "ann").seen)
    now[0] += timedelta(minutes=1.5)

    second = JobSet("nightly", [said("b", "c", minute="5"), said("c")], prune=True)
    seen = sets.plan(second, "ann").seen
    assert seen == {"a": 1, "b": 1, "c": 1}
    sets.apply(second, "ann", seen)

    managed = JobFilter(managed_by="nightly")
    found = store.read(lambda s: s.jobs.find(managed, Paging())).items
    assert [(job.id, job.version, job.policy.then_run) for job in found] == [
        *(("b", 2, ("c",)), ("c", 1, None)),
    ]
    events = store.read(lambda s: s.audit.find(AuditFilter(), Paging())).items
    assert sorted(event.event for event in events) == [
        *("added", "added", "added", "deleted", "modified"),
    ]
    assert sets.plan(second, "ann").todo == ()
    with pytest.raises(ConflictError):
        sets.apply(second, "ann", seen)
