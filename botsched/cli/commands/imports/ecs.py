"""``import ecs``: jobs of ECS Scheduler."""

import json
from collections.abc import Iterable
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Final

import click

from botsched.cli.commands.imports.concluding import (
    DATABASE_FLAGS,
    add,
    check_free,
    conclude,
    import_options,
    importer,
    present_jobs,
)
from botsched.cli.flags import SettingsCommand, settings_flags
from botsched.domain.ecsarguments import QUEUE
from botsched.errors import RequestError
from botsched.settings.load import load_settings

if TYPE_CHECKING:
    from botsched.domain.job import Job
    from botsched.moving.ecs.documents import Document
    from botsched.moving.report import Item, Remark, Report
    from botsched.settings.model import Settings

_FLAGS: Final = (*DATABASE_FLAGS, "job_misfire", "threadpool_size", "ecs_cluster", "ecs_name")
_ZONE: Final = "UTC"
_LEFT_OUT: Final = frozenset({"parsedSchedule"})
"""What earlier versions stored beside the schedule, and say there."""


@click.command(cls=SettingsCommand, short_help="Take over the jobs of ECS Scheduler.")
@click.argument("sources", metavar="SOURCE...", nargs=-1, required=True, type=Path)
@import_options
@settings_flags(*_FLAGS)
def ecs(
    sources: tuple[Path, ...],
    *,
    dry_run: bool,
    yes: bool,
    paused: bool,
    as_json: bool,
    **flags: object,
) -> int:
    """Take over the jobs of ECS Scheduler, with their ids.

    SOURCE is the SQLite file that ECSS_SQLITE_FILE names, a JSON document named ID.json as in its
    S3 bucket, or a folder of such documents. It is only read. Give the same flags as to "run".

    Jobs whose ids are here already are left as they are.
    """
    settings = load_settings(flags)
    from botsched.domain.clock import system_clock
    from botsched.moving.ecs.documents import documents

    if not dry_run and (yes or not as_json):
        check_free(settings.database)
    now = system_clock()
    found = [each for source in sources for each in documents(source)]
    report = _report(settings, found, now, paused_by=importer() if paused else None)
    report = report.beside(present_jobs(settings.database, [job.id for job in report.new_jobs]))

    def carry_out() -> None:
        add(settings.database, report.new_jobs, system_clock())

    return conclude(report, now, carry_out, dry_run=dry_run, yes=yes, as_json=as_json)


def _report(
    settings: "Settings", found: Iterable["Document"], now: datetime, *, paused_by: str | None
) -> "Report":
    from botsched.moving.report import Report

    items = tuple(_item(document, now, paused_by) for document in found)
    if all(item.job is None for item in items):
        return Report(items)
    afterwards = ["Stop ECS Scheduler, so that nothing is started twice."]
    if settings.ecs.cluster is None:
        afterwards.append(
            "No cluster is set: start the server with --ecs-cluster. Until then the jobs fail."
        )
    return Report(items, remarks=_remarks(settings), afterwards=tuple(afterwards))


def _item(document: "Document", now: datetime, paused_by: str | None) -> "Item":
    from botsched.moving.report import Item, Remark
    from botsched.web.errors import told

    text = document.text.strip()
    try:
        job = _job(document, now, paused_by)
    except RequestError as error:
        _, answer = told(error, "/ecs/")
        return Item.refused(document.place, text, f"{answer['message'].rstrip('.')}.")
    remarks = []
    trigger = job.arguments.get("trigger") if isinstance(job.arguments, dict) else None
    if trigger and trigger["type"] != QUEUE:
        cure = "Write it as a class in a job folder, as docs/ecs.md tells."
        remarks.append(Remark(f"No trigger {trigger['type']} comes along.", cure))
    return Item(document.place, text, job, remarks=tuple(remarks))


def _job(document: "Document", now: datetime, paused_by: str | None) -> "Job":
    """The job that a document says. Raises RequestError."""
    import random
    from dataclasses import replace

    from botsched.scheduling.drafts import created
    from botsched.web.body import Fields
    from botsched.web.ecs.formats import read_draft
    from botsched.web.errors import MalformedError

    try:
        members = json.loads(document.text)
    except ValueError as error:
        raise MalformedError(f"The document is not JSON: {error}.") from None
    if isinstance(members, dict):
        members = {name: value for name, value in members.items() if name not in _LEFT_OUT}
        members["id"] = document.job_id
    draft = read_draft(Fields.of(json.dumps(members).encode()))
    draft = replace(draft, paused=draft.paused or paused_by is not None)
    return created(draft, now, _ZONE, random.Random(document.job_id), paused_by or importer())  # noqa: S311


def _remarks(settings: "Settings") -> tuple["Remark", ...]:
    """What is not as with ECS Scheduler, for all jobs."""
    from botsched.moving.report import Remark

    slots, misfire = settings.execution.slots, settings.scheduling.misfire
    return (
        Remark(
            "Tasks count as running that were started by a scheduler of this name, "
            f"{settings.ecs.name}, with the same overrides as the job has. Those that ECS "
            "Scheduler started under another name, or with overrides, are not counted: the first "
            "run starts as many again.",
            "Let them end first, or begin with --paused. Give its ECSS_NAME as --ecs-name.",
        ),
        Remark(
            f"{slots} runs at a time ask ECS for tasks, and the others wait.",
            "Start the server with a larger --threadpool-size.",
        ),
        Remark(
            "What is due while the server is down is run once when it is back, if it is not "
            f"later than {misfire} seconds.",
            "Set the rule `missed` of a job to `skip` to leave it out.",
        ),
    )
