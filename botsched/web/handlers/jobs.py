"""Jobs: list, add, look at, change, delete, pause, resume, run."""

from typing import Any

from botsched.domain import rules
from botsched.scheduling.joblist import Extra
from botsched.web.formats.joblist import read_wish
from botsched.web.formats.jobs import (
    extras_data,
    job_data,
    mail_defaults_data,
    read_changes,
    read_draft,
)
from botsched.web.handler import Handler
from botsched.web.routing import Route


class Jobs(Handler):
    """All jobs."""

    takes_body = frozenset({"POST"})

    async def get(self) -> None:
        """List jobs."""
        wish = read_wish(self.query)
        texts, jobs = self.context.job_texts, self.services.jobs
        await self.answer(lambda: texts.page(jobs.lists.find(wish), jobs.defaults))

    async def post(self) -> None:
        """Add a job."""
        draft, user = read_draft(self.fields), self.user
        await self.answer(lambda: {"job_id": self.services.jobs.add(draft, user).id}, 201)


class Job(Handler):
    """One job."""

    takes_body = frozenset({"PUT", "PATCH"})

    async def get(self, job_id: str) -> None:
        """Look at it."""
        query, jobs = self.query, self.services.jobs
        extras = query.choices("include", Extra)
        query.done()

        def looked_at() -> dict[str, Any]:
            found = jobs.lists.get(job_id, extras)
            return job_data(found.page.items[0], jobs.defaults) | extras_data(job_id, found)

        await self.answer(looked_at)

    async def put(self, job_id: str) -> None:
        """Change what is given."""
        changes, user = read_changes(self.fields), self.user
        await self.answer(lambda: {"job_id": self.services.jobs.change(job_id, changes, user).id})

    async def delete(self, job_id: str) -> None:
        """Delete it; its executions stay."""
        user = self.user

        def deleted() -> dict[str, str]:
            self.services.jobs.delete(job_id, user)
            return {"job_id": job_id}

        await self.answer(deleted)

    async def patch(self, job_id: str) -> None:
        """Pause it."""
        await pause(self, job_id)

    async def options(self, job_id: str) -> None:
        """Resume it."""
        user = self.user
        await self.answer(lambda: {"job_id": self.services.jobs.resume(job_id, user).id})


class Pause(Handler):
    """Pausing by a verb that every client has."""

    takes_body = frozenset({"POST"})

    async def post(self, job_id: str) -> None:
        """Pause a job."""
        await pause(self, job_id)


async def pause(handler: Handler, job_id: str) -> None:
    """Pause a job, until the time that the body may name."""
    fields, user = handler.fields_if_any, handler.user
    until = fields.moment("until")
    fields.done()
    jobs = handler.services.jobs
    await handler.answer(lambda: {"job_id": jobs.pause(job_id, user, until).id})


class Resume(Handler):
    """Resuming by a verb that every client has."""

    async def post(self, job_id: str) -> None:
        """Resume a job."""
        user = self.user
        await self.answer(lambda: {"job_id": self.services.jobs.resume(job_id, user).id})


class Run(Handler):
    """Running now."""

    takes_body = frozenset({"POST"})

    async def post(self, job_id: str) -> None:
        """Have a job run once, in the background."""
        await run_now(self, job_id)


async def run_now(handler: Handler, job_id: str) -> None:
    """Have a job run once, with the arguments that the body may give for this run only."""
    fields, user = handler.fields_if_any, handler.user
    arguments = fields.arguments("pub_args")
    fields.done()
    jobs = handler.services.jobs
    await handler.answer(lambda: {"execution_id": jobs.run_now(job_id, user, arguments).id})


class Defaults(Handler):
    """What holds for jobs that do not say otherwise."""

    async def get(self) -> None:
        """Tell the rules, the time zone, and what rules of mail leave open."""
        self.query.done()
        jobs = self.services.jobs
        await self.answer(
            lambda: {
                "rules": rules.effective(jobs.defaults),
                "timezone": jobs.timezone,
                "mail": mail_defaults_data(jobs.defaults.mailing),
            }
        )


routes = [
    Route("/api/v1/defaults", Defaults),
    Route("/api/v1/jobs", Jobs),
    Route("/api/v1/jobs/{job_id}", Job),
    Route("/api/v1/jobs/{job_id}/pause", Pause),
    Route("/api/v1/jobs/{job_id}/resume", Resume),
    Route("/api/v1/jobs/{job_id}/run", Run),
]
