"""What a list of jobs is asked for, and one deed on many jobs."""

from typing import Any, Final

from botsched.domain.ids import LONGEST_JOB_ID
from botsched.domain.kinds import Kind
from botsched.domain.paging import JobFilter, JobOrder, JobSort, JobState, Paging
from botsched.errors import InvalidError
from botsched.scheduling.bulk import MOST, Deed, Done
from botsched.scheduling.joblist import Extra, Wish
from botsched.web.query import Query

MOST_RUNS: Final = 200
"""With the runs of each, no page has more jobs than this."""

SORTS: Final = tuple(f"{sign}{sort}" for sort in JobSort for sign in ("", "-"))


def read_wish(query: Query) -> Wish:
    """The parameters of a list of jobs. Raises MalformedError or InvalidError."""
    wanted = JobFilter(
        text=query.text("text"),
        job_class=query.text("job_class"),
        paused=query.flag("paused"),
        states=query.choices("state", JobState),
        tags=_tags(query.text("tag") or ""),
        leads_to=query.text("leads_to"),
        managed_by=query.text("managed_by"),
    )
    sort = query.one_of("sort", SORTS) or ""
    total = query.flag("total") or False
    extras = query.choices("include", Extra)
    paging = query.paging()
    offset = query.number("offset", 0, 10_000_000) or 0
    query.done()
    _check(paging, offset, extras)
    order = JobOrder(JobSort(sort.removeprefix("-") or "name"), sort.startswith("-"))
    return Wish(wanted, order, Paging(paging.limit, paging.cursor, offset), total, extras)


def _tags(text: str) -> frozenset[str]:
    return frozenset(tag.strip().lower() for tag in text.split(",") if tag.strip())


def _check(paging: Paging, offset: int, extras: frozenset[Extra]) -> None:
    if offset and (paging.limit is None or paging.cursor is not None):
        raise InvalidError({"offset": "goes with a limit, and without a cursor"})
    if Extra.RUNS in extras and (paging.limit is None or paging.limit > MOST_RUNS):
        raise InvalidError({"limit": f"with include=runs, give 1 to {MOST_RUNS}"})


def ids_kind() -> Kind[list[str]]:
    """The ids of jobs."""

    def read(value: Any) -> list[str]:
        if not isinstance(value, list) or not all(isinstance(each, str) for each in value):
            raise TypeError("a list of texts")
        if not 1 <= len(value) <= MOST:
            raise ValueError(f"has {len(value)} entries; give 1 to {MOST}")
        return value

    item = {"type": "string", "maxLength": LONGEST_JOB_ID}
    return Kind(
        read, list, schema={"type": "array", "items": item, "minItems": 1, "maxItems": MOST}
    )


def bulk_data(deed: Deed, done: list[Done]) -> dict[str, Any]:
    """What became of each job."""
    refused = sum(each.error is not None for each in done)
    return {
        "action": deed,
        "done": len(done) - refused,
        "refused": refused,
        "results": [
            {
                "job_id": each.job_id,
                "done": each.error is None,
                "error": None if each.error is None else str(each.error),
                "execution_id": each.execution_id,
            }
            for each in done
        ],
    }
