"""Executions: list, run now, look at, stop, and what they print."""

from typing import Final

from botsched.domain.execution import Cause, Fate, State
from botsched.reports.plots.item import KINDS
from botsched.web.formats.executions import RESULT_KEYS
from botsched.web.spec.operations import PAGING, PERIOD, Paths, body, operation, parameter
from botsched.web.spec.schedules import CRON_OF_A_RUN, TRIGGER_READ
from botsched.web.spec.schemas import (
    Schema,
    array,
    flag,
    identifier,
    instant,
    job_identifier,
    listing,
    named,
    nullable,
    number,
    record,
    text,
    whole,
    word,
)

TAG = "Executions"
ABOUT = "One due instant, or one run asked for, and what became of it."

_ANY: Final[Schema] = {"description": "What the job returned, as a value; null for nothing."}
_ARGUMENTS: Final[Schema] = {"type": ["array", "object"], "description": "Those of this run."}

_EXECUTION: Final[dict[str, Schema]] = {
    "execution_id": identifier("The id of the execution."),
    "state": word("Where it stands.", State),
    "hostname": text("Where it runs or ran; empty when it did not."),
    "pid": nullable(whole("Its process; null when it did not run.")),
    "task_id": identifier("The same as `execution_id`."),
    "description": text("Why it is in its state, in words."),
    "result": text(
        "What the job returned, as JSON text, null for nothing; empty until it has succeeded."
    ),
    "scheduled_time": instant("When it was to start."),
    "updated_time": instant("When it last changed."),
    "job": record(
        "Its job, as it was for this run; the schedule is the present one.",
        {
            "job_id": job_identifier("The id of the job."),
            "name": text("The name of the job."),
            "task_name": text("The class of the job."),
            "pub_args": _ARGUMENTS,
            "job_class_string": text("The same."),
            **CRON_OF_A_RUN,
            **TRIGGER_READ,
        },
    ),
    "cause": word("Why it is in its state, for programs.", Cause),
    "fate": word("What became of the instant.", Fate),
    "due_time": nullable(instant("The instant of the schedule; null for a run asked for.")),
    "due_last": nullable(
        instant("When it stands for several instants that did not run: the last of them.")
    ),
    "due_count": whole("How many instants it stands for."),
    "duration": nullable(number("Seconds it took; null until it has ended.")),
    "progress": nullable(number("How far it is, from 0 to 1; null when the job does not say.")),
    "progress_text": nullable(text("What it is doing, as the job says.")),
    "started_time": nullable(instant("When it started.")),
    "ended_time": nullable(instant("When it ended.")),
    "user": nullable(text("Who asked for it.")),
    "attempt": whole("1 for the first attempt of a run, 2 for the next one, ..."),
    "retry_of": nullable(identifier("Of a further attempt: the execution that was the first.")),
    "caused_by": nullable(identifier("The execution whose end had this one recorded.")),
    "not_before": nullable(instant("When a further attempt may start.")),
    "result_data": _ANY,
    "output_bytes": whole("How much it printed."),
    "output_dropped": whole("How much of that was too much to be kept."),
    "cpu_seconds": nullable(number("Processor time used.")),
    "max_rss": nullable(whole("Memory used, in bytes.")),
}

_TAGS: Final = ("h1", "h2", "h3", "pre", "blockquote", "strong", "em")
_STREAMS: Final = ("out", "err")
_ITEMS: Final[dict[str, dict[str, Schema]]] = {
    **{kind: {"text": text("What it says.")} for kind in ("title", "section", "subsection")},
    "text": {
        "text": text("What it says."),
        "tag": word("How it looks, unless as a paragraph.", _TAGS),
    },
    "code": {"text": text("What it says."), "language": text("Of what kind.")},
    "data": {"value": {"description": "Any value."}},
    "file": {
        "name": text("Its name."),
        "media_type": text("Such as `text/csv`."),
        "data": text("The file in base64.", contentEncoding="base64"),
    },
    "image": {
        "media_type": text("Such as `image/png`."),
        "alt": text("What is to be seen."),
        "data": text("The picture in base64.", contentEncoding="base64"),
        "width": text("In pixels, or with `%`."),
        "height": text("In pixels, or with `%`."),
        "address": text("Where it lies, when it is not here: then there are no data."),
    },
    "list": {
        "ordered": {"type": "boolean", "description": "Whether the entries are numbered."},
        "items": array({}, "Values, items, or arrays of both."),
    },
    "plot": {
        "kind": word("How it is drawn.", KINDS),
        "x": array({}, "Texts or numbers: what each value belongs to."),
        "series": array(
            record(
                "Values that belong together.",
                {
                    "name": text("What they are; may be empty."),
                    "values": array(nullable(number("A value; null where one is missing."))),
                },
            ),
            "Each has as many values as `x`.",
        ),
        "title": text("What is to be seen."),
        "unit": text("What the values are counted in."),
    },
    "table": {
        "header": array({}, "Entries, as in a list."),
        "rows": array(array({}), "Rows of entries, as in a list."),
        "row_headers": array({}, "What stands before each row."),
        "footer": array({}, "Entries, as in a list."),
    },
}

_ONLY_WHEN_GIVEN: Final = (
    *("tag", "width", "height", "address", "title", "unit", "row_headers", "footer"),
)


def _item(kind: str, properties: dict[str, Schema]) -> Schema:
    return record(f"A {kind}.", {"type": {"const": kind}, **properties}, _ONLY_WHEN_GIVEN)


SCHEMAS: Final[dict[str, Schema]] = {
    "Execution": record("An execution, as lists show it.", _EXECUTION, RESULT_KEYS),
    "BriefExecution": record(
        "Another execution.",
        {
            "execution_id": identifier("The id of it."),
            "job_id": job_identifier("The id of its job."),
            "job_name": text("The name of its job."),
            "state": word("Where it stands.", State),
            "attempt": whole("1 for the first attempt of a run."),
            "scheduled_time": instant("When it was to start."),
            "duration": nullable(number("Seconds it took; null until it has ended.")),
        },
    ),
    "WholeExecution": record(
        "An execution with all there is to know of it, but for its output.",
        {
            **_EXECUTION,
            "report": nullable(array(named("ReportItem"), "The job's report.")),
            "mails": array(named("Mail"), "Those owed about it."),
            "usual_duration": nullable(
                number("The median, in seconds, of the job's last runs before it that succeeded.")
            ),
            "previous": nullable(named("BriefExecution", "The execution of the job before it.")),
            "next": nullable(named("BriefExecution", "The execution of the job behind it.")),
            "attempts": array(
                named("BriefExecution"), "When there are several attempts of this run: all of them."
            ),
            "follows": nullable(named("BriefExecution", "The run that this one follows.")),
            "followed_by": array(named("BriefExecution"), "Runs of other jobs that follow it."),
        },
    ),
    "ExecutionId": record("The execution.", {"execution_id": identifier("The id of it.")}),
    "Report": record(
        "The report of an execution, and what it is of.",
        {
            "execution_id": identifier("The id of the execution."),
            "job_id": job_identifier("The id of its job."),
            "job_name": text("The name of its job."),
            "state": word("Where it stands.", State),
            "scheduled_time": instant("When it was to start."),
            "ended_time": nullable(instant("When it ended.")),
            "report": array(named("ReportItem"), "The items."),
        },
    ),
    "ReportItem": {
        "description": "A part of a report, by its `type`.",
        "anyOf": [_item(kind, properties) for kind, properties in _ITEMS.items()],
    },
    "Output": record(
        "Pieces of output.",
        {
            "output": array(
                record(
                    "A piece.",
                    {
                        "sequence": whole("Its number."),
                        "stream": word("Where it was printed to.", _STREAMS),
                        "time": instant("When it came."),
                        "text": text("What was printed."),
                    },
                ),
                "In the order in which they came.",
            ),
            "next": whole("What to give as `after` to go on from here."),
            "last": whole("The highest number so far."),
            "ended": flag("Whether no more will come behind it."),
        },
    ),
}

_OUTPUT: Final = operation(
    "getOutput",
    "What an execution prints, also while it runs",
    named("Output"),
    told="It is sent while it is read. If something fails meanwhile, the connection is cut.",
    parameters=[
        parameter("after", whole("Only what came behind this number.", minimum=0, maximum=2**31)),
        parameter(
            "before",
            whole("The last pieces in front of this number, in order.", minimum=1, maximum=2**31),
        ),
        parameter("limit", whole("At most so many pieces.", minimum=1, maximum=100_000)),
        parameter(
            "size",
            whole("No more pieces once there are so many characters.", minimum=1, maximum=10**9),
        ),
        parameter("stream", word("Only what was printed there.", _STREAMS)),
        parameter("format", word("`text` gives plain text; JSON without it.", ("json", "text"))),
    ],
    errors=[404],
    also=["text/plain"],
)

_REPORT: Final = operation(
    "getReport",
    "The report of an execution, as a file",
    named("Report"),
    told="404 also when the run made no report, or there is no such table in it.",
    parameters=[
        parameter(
            "format",
            word("`csv` is for tables; JSON without it.", ("json", "csv", "html", "text")),
        ),
        parameter(
            "table",
            whole(
                "Only this one of its tables and plots, in the order in which they are read, as a "
                "table. With `csv`, the first one without it.",
                minimum=1,
                maximum=100_000,
            ),
        ),
    ],
    errors=[404],
    also=["text/csv", "text/html", "text/plain"],
)

PATHS: Final[Paths] = {
    "/api/v1/executions": {
        "get": operation(
            "listExecutions",
            "List executions, the newest update first",
            listing("executions", "Execution"),
            told="The period is that of the last update. With `retry_of` or `caused_by` it is all "
            "times, unless one is given.",
            parameters=[
                *PERIOD,
                parameter("job_id", text("Those of this job.")),
                parameter(
                    "state",
                    text(
                        "Those in one of these states, with commas between.", example="failed,lost"
                    ),
                ),
                parameter(
                    "text", text("Part of the job's name, class or arguments, or of `description`.")
                ),
                parameter("retry_of", text("All attempts of the run whose first one this is.")),
                parameter("caused_by", text("What followed the end of this execution.")),
                parameter(
                    "cause",
                    text("Those of one of these causes, with commas between.", example="due,retry"),
                ),
                parameter("user", text("Those that this user asked for.")),
                parameter("manual", flag("Those that a user asked for, or the others.")),
                parameter(
                    "longer_than",
                    whole("What took more than so many seconds.", minimum=0, maximum=10**9),
                ),
                parameter("results", flag("False leaves `result` and `result_data` out.")),
                *PAGING,
            ],
        )
    },
    "/api/v1/executions/{identifier}": {
        "get": operation(
            "getExecution", "Look at an execution", named("WholeExecution"), errors=[404]
        ),
        "delete": operation(
            "stopExecution",
            "Stop an execution",
            named("ExecutionId"),
            told="One that runs gets the signal TERM, some seconds later KILL, with all its "
            "processes. One that waits is not started. Nothing follows from what was stopped.",
            errors=[404, 409],
        ),
        "post": operation(
            "runJobByExecution",
            "Run the job of this id now, as ndscheduler's clients ask for it",
            named("ExecutionId"),
            body=body(named("Run"), required=False),
            errors=[404],
        ),
    },
    "/api/v1/executions/{execution_id}/output": {"get": _OUTPUT},
    "/api/v1/executions/{execution_id}/report": {"get": _REPORT},
    "/api/v1/executions/{execution_id}/report/files/{number}": {
        "get": operation(
            "getReportFile",
            "A file or a picture of a report",
            {"type": "string"},
            told="They are counted together, in the order in which they are read.",
            errors=[404],
            form="application/octet-stream",
        )
    },
}
