"""The page of one execution: what is known of it, its report, its output and its mails."""

import json
from dataclasses import dataclass
from typing import Any, Final

from botsched.domain.execution import Execution
from botsched.domain.outbox import Mail
from botsched.domain.paging import OutputPart
from botsched.reports import clean, from_data, render_html
from botsched.scheduling.executions import Related
from botsched.web.formats import words
from botsched.web.handler import Handler
from botsched.web.headers import HTML, PAGE_POLICY
from botsched.web.pages import render
from botsched.web.routing import Route
from botsched.web.services import Services

LARGEST_OUTPUT: Final = 200_000
"""Characters of output that are shown, from its end."""


@dataclass(frozen=True, slots=True)
class Details:
    """What the page shows. ``report`` is HTML; all else is text that is yet to be escaped."""

    run: Execution
    job_exists: bool
    facts: list[tuple[str, str]]
    report: str
    result: str
    output: str
    is_cut: bool
    mails: list[Mail]
    related: Related


def look(services: Services, execution_id: str) -> Details:
    """Gather what the page shows. Raises NotFoundError."""
    run = services.executions.get(execution_id)
    portions = services.executions.output(execution_id, OutputPart()).portions
    output = "".join(chunk.text for portion in portions for chunk in portion)
    return Details(
        run=run,
        job_exists=run.job_id in services.jobs.by_ids({run.job_id}),
        facts=_facts(run),
        report=render_html(from_data(run.report or [])),
        result="" if run.result is None else clean(_indented(run.result)),
        output=clean(_end(output)),
        is_cut=len(output) > LARGEST_OUTPUT,
        mails=services.executions.mails(execution_id),
        related=services.executions.related(run),
    )


def _facts(run: Execution) -> list[tuple[str, str]]:
    """What there is to say, in the order of time."""
    due = words.when(run.due)
    if run.due_count > 1:
        due += f" to {words.when(run.due_last)}, {run.due_count} times"
    facts = [
        ("Class", run.job_class),
        ("Arguments", json.dumps(run.arguments, ensure_ascii=False)),
        ("Due", due or _without_instant(run)),
        ("Attempt", str(run.attempt) if run.attempt > 1 else ""),
        ("Not before", words.when(run.not_before)),
        ("Asked for by", run.user or ""),
        ("Started", words.when(run.started_at)),
        ("Ended", words.when(run.ended_at)),
        ("Took", words.took(run)),
        ("Host", run.hostname or ""),
        ("Process", str(run.pid or "")),
        ("Processor time", "" if run.cpu_seconds is None else f"{run.cpu_seconds:.2f} s"),
        ("Memory", "" if run.max_rss is None else words.size(run.max_rss)),
        ("Execution", run.id),
    ]
    return [(label, clean(text)) for label, text in facts if text]


def _without_instant(run: Execution) -> str:
    if run.attempt > 1:
        return "as a further attempt"
    if run.caused_by:
        return "after another run"
    return "by hand" if run.user else "at no instant"


def _end(output: str) -> str:
    """The end of a long output, from the beginning of a line if there is one."""
    end = output[-LARGEST_OUTPUT:]
    begin = end.find("\n") + 1 if len(end) < len(output) else 0
    return end[begin:] or end


def _indented(result: Any) -> str:
    return json.dumps(result, ensure_ascii=False, indent=2)[:LARGEST_OUTPUT]


class ExecutionPage(Handler):
    """One execution, for people."""

    async def get(self, execution_id: str) -> None:
        """Show it."""
        self.query.done()
        self.set_header("Content-Security-Policy", PAGE_POLICY)
        user = self.user

        def rendered() -> bytes:
            it = look(self.services, execution_id)
            return render("execution.html", user=user, now=self.services.clock(), it=it)

        await self.answer(rendered, media_type=HTML)


routes = [Route("/executions/{execution_id}", ExecutionPage)]
