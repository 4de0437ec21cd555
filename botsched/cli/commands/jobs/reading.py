"""``jobs list`` and ``jobs show``."""

import json
from typing import TYPE_CHECKING, Any

import click

from botsched.cli.remote.asking import address, job_of
from botsched.cli.remote.connecting import as_json, speaking
from botsched.cli.remote.printing import Column, print_facts, print_json, print_table
from botsched.cli.remote.words import full, last_run, next_run, short

if TYPE_CHECKING:
    from botsched.client import Client

_COLUMNS = (
    Column("name", flexible=True),
    Column("last run"),
    Column("next run"),
    Column("schedule", flexible=True),
)
_RULES = (
    *("missed", "missed_limit", "misfire", "grace", "overlap", "time_limit", "retry", "windows"),
    *("then_run", "on_failure_run", "mail", "keep_days", "keep_count"),
)


@click.command("list")
@click.option("--text", metavar="TEXT", help="A part of name, class, arguments, notes or tags.")
@click.option("--class", "job_class", metavar="CLASS", help="Of exactly this class.")
@click.option("--tag", metavar="TAG", multiple=True, help="With this tag; with all, if several.")
@click.option(
    "--state",
    metavar="STATE",
    multiple=True,
    help="active, paused, running, succeeding, failing, never_ran or over; any, if several.",
)
@click.option("--sort", metavar="KEY", help="name, class, created, next_run, last_run; or -KEY.")
@click.option("-n", "--limit", metavar="COUNT", type=int, help="No more than so many.")
@click.option("--ids", is_flag=True, help="Show their ids, too.")
@as_json
@speaking
def list_(client: "Client", *, ids: bool, as_json: bool, **filters: Any) -> None:
    """List jobs, by their names."""
    answer = client.request("GET", address("jobs", include="last", **filters))
    if as_json:
        print_json(answer)
        return
    columns = (Column("id"), *_COLUMNS) if ids else _COLUMNS
    rows = ((job["job_id"], *_row(job)) if ids else _row(job) for job in answer["jobs"])
    print_table(columns, rows)


@click.command()
@click.argument("job")
@as_json
@speaking
def show(client: "Client", job: str, *, as_json: bool) -> None:
    """Show all of a job."""
    found = job_of(client, job)
    if as_json:
        print_json(found)
    else:
        print_facts(found["name"], _facts(found))


def _row(job: dict[str, Any]) -> tuple[str, ...]:
    return job["name"], last_run(job), next_run(job), job["schedule"]


def _facts(job: dict[str, Any]) -> dict[str, str]:
    paused = f"until {full(job['paused_until'])}" if job["paused_until"] else "until resumed"
    return {
        "id": job["job_id"],
        "class": job["job_class_string"],
        "arguments": json.dumps(job["pub_args"], ensure_ascii=False),
        "schedule": job["schedule"],
        "paused": paused if job["paused"] else "",
        "next run": full(job["next_run_time"]),
        "last run": last_run(job),
        "tags": ", ".join(job["tags"]),
        "notes": job["notes"],
        "managed by": job["managed_by"] or "",
        **{name: _value(job[name]) for name in _RULES if job[name] is not None},
        "version": f"{job['version']}, of {short(job['updated_time'])}",
    }


def _value(value: Any) -> str:
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
