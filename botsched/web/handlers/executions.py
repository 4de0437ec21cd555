"""Executions: list, run now, look at, stop, and what they print."""

from typing import Any

from botsched.domain.execution import State
from botsched.domain.paging import ExecutionFilter
from botsched.web.formats.executions import chunk_data, executions_data, whole_execution_data
from botsched.web.handler import Handler
from botsched.web.headers import JSON, TEXT
from botsched.web.routing import Route


class Executions(Handler):
    """All executions."""

    async def get(self) -> None:
        """List executions, the newest update first."""
        query = self.query
        retry_of, caused_by = query.text("retry_of"), query.text("caused_by")
        if retry_of or caused_by:  # few, and of any age
            start, end = query.instant("time_range_start"), query.instant("time_range_end")
        else:
            start, end = query.time_range(self.services.clock())
        wanted = ExecutionFilter(
            start,
            end,
            query.text("job_id"),
            query.choices("state", State),
            query.text("text"),
            retry_of,
            caused_by,
        )
        paging = query.paging()
        query.done()

        def found() -> dict[str, Any]:
            page = self.services.executions.find(wanted, paging)
            jobs = self.services.jobs.by_ids({execution.job_id for execution in page.items})
            data = executions_data(page.items, jobs)
            return {"executions": data, "next_cursor": page.next_cursor}

        await self.answer(found)


class Execution(Handler):
    """One execution; ndscheduler's way to run a job now has the job's id in this place."""

    async def get(self, identifier: str) -> None:
        """Look at an execution."""

        def found() -> dict[str, Any]:
            execution = self.services.executions.get(identifier)
            jobs = self.services.jobs.by_ids({execution.job_id})
            mails = self.services.executions.mails(identifier)
            return whole_execution_data(execution, jobs.get(execution.job_id), mails)

        await self.answer(found)

    async def delete(self, identifier: str) -> None:
        """Stop an execution."""
        user = self.user

        def stopped() -> dict[str, str]:
            self.services.executions.stop(identifier, user)
            return {"execution_id": identifier}

        await self.answer(stopped)

    async def post(self, identifier: str) -> None:
        """Have the job of this id run once, in the background."""
        user = self.user
        await self.answer(lambda: {"execution_id": self.services.jobs.run_now(identifier, user).id})


class Output(Handler):
    """What an execution prints, while it runs and afterwards."""

    async def get(self, execution_id: str) -> None:
        """Pieces behind the one numbered ``after``, as JSON or as plain text."""
        query = self.query
        after = query.number("after", 0, 2**31) or 0
        limit = query.number("limit", 1, 100_000)
        plain = query.one_of("format", ("json", "text")) == "text"
        query.done()

        def found() -> Any:
            chunks = self.services.executions.output(execution_id, after, limit)
            if plain:
                return "".join(chunk.text for chunk in chunks).encode("utf-8", "replace")
            following = chunks[-1].sequence if chunks else after
            return {"output": [chunk_data(chunk) for chunk in chunks], "next": following}

        await self.answer(found, media_type=TEXT if plain else JSON)


routes = [
    Route("/api/v1/executions", Executions),
    Route("/api/v1/executions/{identifier}", Execution),
    Route("/api/v1/executions/{execution_id}/output", Output),
]
