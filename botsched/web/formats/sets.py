"""Sets of jobs as they are sent, and what is to be done for the jobs to be so."""

from dataclasses import asdict, dataclass
from typing import Any, Final

from botsched.domain.kinds import Kind
from botsched.scheduling.sets import Deed, Described, JobSet, Plan, Step
from botsched.web.body import Fields
from botsched.web.formats.jobs import read_draft

MOST_JOBS: Final = 5000

SEEN_SCHEMA: Final = {"type": "object", "additionalProperties": {"type": "integer", "minimum": 0}}


@dataclass(frozen=True, slots=True)
class Asked:
    """What a body asks for. ``seen`` is that of the plan that the user looked at."""

    wanted: JobSet
    dry_run: bool
    seen: dict[str, int] | None


def read_asked(fields: Fields) -> Asked:
    """A set and what is to be done. Raises MalformedError or InvalidError for all faults at once.

    Those of a job are named as in ``jobs[0].minute``.
    """
    name = fields.text("set", required=True)
    jobs = fields.objects("jobs", MOST_JOBS, _described)
    prune, take_over = fields.flag("prune"), fields.flag("take_over")
    dry_run, seen = fields.flag("dry_run"), fields.value("seen", _seen_kind())
    if jobs is None:
        fields.refuse("jobs", "missing; give a list of jobs")
    fields.done()
    wanted = JobSet(name or "", jobs or [], prune=bool(prune), take_over=bool(take_over))
    return Asked(wanted, bool(dry_run), seen)


def plan_data(plan: Plan) -> dict[str, Any]:
    """A plan as JSON data."""
    return {
        "set": plan.name,
        "steps": [_step_data(step) for step in plan.steps],
        "left": [{"job_id": job.id, "name": job.name} for job in plan.left],
        "counts": {deed: sum(step.deed is deed for step in plan.steps) for deed in Deed},
        "seen": plan.seen,
    }


def _described(fields: Fields) -> Described:
    draft = read_draft(fields)
    return Described(draft, fields.flag("paused"))


def _step_data(step: Step) -> dict[str, Any]:
    return {
        "action": step.deed,
        "job_id": step.job.id,
        "name": step.job.name,
        "managed_by": step.before.managed_by if step.before else None,
        "changes": [asdict(change) for change in step.changes],
    }


def _seen_kind() -> Kind[dict[str, int]]:
    def read(value: Any) -> dict[str, int]:
        if not isinstance(value, dict) or not all(type(each) is int for each in value.values()):
            raise TypeError("an object of whole numbers, as a dry run gives it, or null")
        return value

    return Kind(read, dict, schema=SEEN_SCHEMA)
