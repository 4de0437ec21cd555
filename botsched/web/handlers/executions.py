"""Executions: list, run now, look at, stop, and what they print."""

from typing import Any, Final

from botsched.domain.execution import Cause, State
from botsched.domain.paging import ExecutionFilter, OutputPart
from botsched.errors import NotFoundError
from botsched.reports import File
from botsched.web.formats.executions import (
    executions_data,
    file_name,
    output_data,
    output_text,
    whole_execution_data,
)
from botsched.web.formats.reports import (
    report_csv,
    report_file,
    report_html,
    report_json,
    report_text,
)
from botsched.web.handler import Handler
from botsched.web.handlers.jobs import run_now
from botsched.web.headers import ANYTHING, CSV, HTML, JSON, TEXT, attachment
from botsched.web.routing import Route

LARGEST_BEFORE: Final = 1_000_000
"""Characters that are read backwards when the client does not say how many; they are collected."""

REPORT_FORMS: Final = {
    "json": (report_json, JSON, "json"),
    "csv": (report_csv, CSV, "csv"),
    "html": (report_html, HTML, "html"),
    "text": (report_text, TEXT, "txt"),
}


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
            causes=query.choices("cause", Cause),
            user=query.text("user"),
            manual=query.flag("manual"),
            longer_than=query.number("longer_than", 0, 10**9),
        )
        results = query.flag("results") is not False
        paging = query.paging()
        query.done()

        def found() -> dict[str, Any]:
            page = self.services.executions.find(wanted, paging, results=results)
            jobs = self.services.jobs.by_ids({execution.job_id for execution in page.items})
            data = executions_data(page.items, jobs, results=results)
            return {"executions": data, "next_cursor": page.next_cursor}

        await self.answer(found)


class Execution(Handler):
    """One execution; ndscheduler's way to run a job now has the job's id in this place."""

    takes_body = frozenset({"POST"})

    async def get(self, identifier: str) -> None:
        """Look at an execution."""

        def found() -> dict[str, Any]:
            execution = self.services.executions.get(identifier)
            jobs = self.services.jobs.by_ids({execution.job_id})
            mails = self.services.mails.of_execution(identifier)
            related = self.services.executions.related(execution)
            return whole_execution_data(execution, jobs.get(execution.job_id), mails, related)

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
        await run_now(self, identifier)


class PrintedOutput(Handler):
    """What an execution prints, while it runs and afterwards."""

    async def get(self, execution_id: str) -> None:
        """Pieces in order, as JSON or as plain text."""
        query = self.query
        before, size = query.number("before", 1, 2**31), query.number("size", 1, 10**9)
        wanted = OutputPart(
            after=query.number("after", 0, 2**31) or 0,
            before=before,
            stream=query.one_of("stream", ("out", "err")),
            limit=query.number("limit", 1, 100_000),
            size=LARGEST_BEFORE if size is None and before is not None else size,
        )
        plain = query.one_of("format", ("json", "text")) == "text"
        query.done()
        output = await self.in_worker(lambda: self.services.executions.output(execution_id, wanted))
        if plain:
            name = file_name(output.execution)
            self.set_header("Content-Disposition", f'attachment; filename="{name}"')
            await self.answer_in_parts(output_text(output), TEXT)
        else:
            await self.answer_in_parts(output_data(output, wanted.after), JSON)


class Report(Handler):
    """What an execution reported."""

    async def get(self, execution_id: str) -> None:
        """All of it, or one of its tables, as a file."""
        query = self.query
        form = query.one_of("format", tuple(REPORT_FORMS)) or "json"
        table = query.number("table", 1, 100_000)
        query.done()
        execution = await self.in_worker(lambda: self.services.executions.get(execution_id))
        if execution.report is None:
            raise NotFoundError("report of the execution", execution_id)
        write, media_type, ending = REPORT_FORMS[form]
        part = f"table-{table or 1}" if table or form == "csv" else "report"
        name = file_name(execution, f"-{part}.{ending}")
        self.set_header("Content-Disposition", f'attachment; filename="{name}"')
        await self.answer(lambda: write(execution, table), media_type=media_type)


class ReportFile(Handler):
    """A file or a picture of a report."""

    async def get(self, execution_id: str, number: str) -> None:
        """What it holds; browsers save it and look into it for nothing."""
        self.query.done()

        def found() -> File:
            execution = self.services.executions.get(execution_id)
            return report_file(execution, number)

        file = await self.in_worker(found)
        self.set_header("Content-Disposition", attachment(file.name))
        await self.answer(lambda: file.data, media_type=ANYTHING)


routes = [
    Route("/api/v1/executions", Executions),
    Route("/api/v1/executions/{identifier}", Execution),
    Route("/api/v1/executions/{execution_id}/output", PrintedOutput),
    Route("/api/v1/executions/{execution_id}/report", Report),
    Route("/api/v1/executions/{execution_id}/report/files/{number}", ReportFile),
]
