"""The addresses under ``/ecs``."""

from functools import cache
from typing import Any, Final

from botsched.domain.ecstasks import RUN_TASK
from botsched.domain.job import Job as StoredJob
from botsched.domain.paging import JobFilter, Paging
from botsched.errors import ConflictError, NotFoundError
from botsched.scheduling.joblist import Wish
from botsched.web.ecs.formats import (
    job_data,
    page_data,
    read_changes,
    read_draft,
    reference_data,
)
from botsched.web.ecs.spec import MOST_JOBS, PAGE, document
from botsched.web.encoding import to_bytes
from botsched.web.errors import UnconfiguredError
from botsched.web.handler import Handler
from botsched.web.routing import Route

_RESOURCES: Final = {"jobs": "Jobs", "spec": "Spec"}


class EcsHandler(Handler):
    """There only with a cluster, and what it takes to reach one."""

    def prepare(self) -> None:
        """Called by tornado."""
        super().prepare()
        if fault := self.services.ecs():
            raise UnconfiguredError(fault)

    def ecs_job(self, job_id: str) -> StoredJob:
        """A job that starts tasks. Raises NotFoundError."""
        job = self.services.jobs.get(job_id)
        if job.job_class != RUN_TASK:
            raise NotFoundError("job", job_id)
        return job


class Home(EcsHandler):
    """Where to begin."""

    async def get(self) -> None:
        """List the resources."""
        self.query.done()
        links = [
            {"link": {"rel": name, "title": title, "href": f"/ecs/{name}"}}
            for name, title in _RESOURCES.items()
        ]
        await self.answer(lambda: {"resources": links})


class Jobs(EcsHandler):
    """All jobs that start tasks."""

    takes_body = frozenset({"POST"})

    async def get(self) -> None:
        """List a page of them."""
        query, lists = self.query, self.services.jobs.lists
        skip = query.number("skip", 0, 10_000_000) or 0
        count = query.number("count", 1, MOST_JOBS) or PAGE
        query.done()
        wish = Wish(JobFilter(job_class=RUN_TASK), paging=Paging(count, offset=skip), total=True)

        def listed() -> dict[str, Any]:
            found = lists.find(wish)
            jobs = found.page.items
            last = lists.last_started(job.id for job in jobs)
            return page_data(jobs, last, skip, count, found.total or 0)

        await self.answer(listed)

    async def post(self) -> None:
        """Add one."""
        draft, user = read_draft(self.fields), self.user

        def added() -> dict[str, Any]:
            try:
                return reference_data(self.services.jobs.add(draft, user).id)
            except ConflictError:
                raise ConflictError(f"Job {draft.job_id} already exists") from None

        await self.answer(added, 201)


class Job(EcsHandler):
    """One of them."""

    takes_body = frozenset({"PUT"})

    async def get(self, job_id: str) -> None:
        """Look at it."""
        self.query.done()
        lists = self.services.jobs.lists

        def looked_at() -> dict[str, Any]:
            job = self.ecs_job(job_id)
            return job_data(job, lists.last_started([job_id]).get(job_id))

        await self.answer(looked_at)

    async def put(self, job_id: str) -> None:
        """Change what is given."""
        fields, user, jobs = self.fields, self.user, self.services.jobs

        def changed() -> dict[str, Any]:
            jobs.change(job_id, read_changes(fields, self.ecs_job(job_id)), user)
            return reference_data(job_id)

        await self.answer(changed)

    async def delete(self, job_id: str) -> None:
        """Delete it; its executions stay."""
        user = self.user

        def deleted() -> dict[str, str]:
            self.services.jobs.delete(self.ecs_job(job_id).id, user)
            return {"id": job_id}

        await self.answer(deleted)


class Spec(EcsHandler):
    """All this, described."""

    async def get(self) -> None:
        """Give the document."""
        self.query.done()
        await self.answer(_encoded)


@cache
def _encoded() -> bytes:
    return to_bytes(document())


routes = [
    Route("/ecs", Home),
    Route("/ecs/", Home),
    Route("/ecs/jobs", Jobs),
    Route("/ecs/jobs/{job_id}", Job),
    Route("/ecs/spec", Spec),
]
