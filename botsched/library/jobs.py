"""Jobs from within the program, in the words of the REST API."""

import json
from datetime import date
from typing import Any

from botsched.errors import InvalidError
from botsched.scheduling.joblist import Extra
from botsched.web.body import Fields
from botsched.web.formats.joblist import read_wish
from botsched.web.formats.jobs import extras_data, job_data, read_changes, read_draft
from botsched.web.query import Query
from botsched.web.services import Services


class Jobs:
    """What the REST API does with jobs, by calls; ``user`` is told in the audit log.

    Keys and values are those of the REST API. Its refusals are errors of ``botsched.errors``:
    RequestError and those derived from it, whose ``fields`` name what is wrong.
    """

    def __init__(self, services: Services, user: str) -> None:
        self._jobs = services.jobs
        self._user = user

    def all(self) -> list[dict[str, Any]]:
        """All jobs, by name, as ``GET /api/v1/jobs`` gives them."""
        found = self._jobs.lists.find(read_wish(Query({})))
        return [job_data(job, self._jobs.defaults) for job in found.page.items]

    def get(self, job_id: str) -> dict[str, Any]:
        """One job, with its last outcome as ``last``. Raises NotFoundError."""
        found = self._jobs.lists.get(job_id, frozenset({Extra.LAST}))
        [job] = found.page.items
        return job_data(job, self._jobs.defaults) | extras_data(job_id, found)

    def add(self, **fields: Any) -> str:
        """Add a job: ``name``, ``job_class_string``, a schedule, and what else ``POST`` takes.

        Gives its id. Raises InvalidError, and ConflictError when its ``job_id`` is taken.
        """
        return self._jobs.add(read_draft(_fields(fields)), self._user).id

    def change(self, job_id: str, **fields: Any) -> None:
        """Change what is given, as ``PUT`` does."""
        self._jobs.change(job_id, read_changes(_fields(fields)), self._user)

    def delete(self, job_id: str) -> None:
        """Delete a job; its executions stay."""
        self._jobs.delete(job_id, self._user)

    def pause(self, job_id: str) -> None:
        """Skip its instants until it is resumed."""
        self._jobs.pause(job_id, self._user)

    def resume(self, job_id: str) -> None:
        """Go on."""
        self._jobs.resume(job_id, self._user)

    def run(self, job_id: str, pub_args: list[Any] | dict[str, Any] | None = None) -> str:
        """Have it run once, now, with other arguments where they are given.

        Gives the id of the execution, without waiting for it.
        """
        return self._jobs.run_now(job_id, self._user, pub_args).id


def _fields(values: dict[str, Any]) -> Fields:
    """What a request with these keys says. Raises InvalidError for what JSON does not have."""
    faults = {name: fault for name, value in values.items() if (fault := _fault(value))}
    if faults:
        raise InvalidError(faults)
    return Fields.of(json.dumps(values).encode())


def _fault(value: object) -> str | None:
    try:
        json.dumps(value)
    except TypeError:
        if isinstance(value, date):
            return f"a {type(value).__name__} was given; isoformat() gives the text that is meant"
        kind = type(value).__name__
        return f"a {kind} with what JSON does not have; it has texts, numbers, lists and the like"
    except (ValueError, RecursionError) as error:
        return f"{error}; give what JSON has"
    return None
