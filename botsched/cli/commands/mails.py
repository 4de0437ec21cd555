"""``mails``: what a server owes, and what became of it."""

from typing import TYPE_CHECKING, Any

import click

from botsched.cli.remote.asking import job_of, named
from botsched.cli.remote.connecting import as_json, speaking
from botsched.cli.remote.listing import Listing, listed
from botsched.cli.remote.printing import Column, print_facts, print_json
from botsched.cli.remote.words import full, short
from botsched.notify.wording import counted

if TYPE_CHECKING:
    from botsched.client import Client

_COLUMNS = (
    Column("id"),
    Column("state"),
    Column("when"),
    Column("profile", flexible=True),
    Column("job", flexible=True),
)
_mail = click.argument("mail_id", metavar="MAIL")
_job = click.option("--job", metavar="JOB", help="About this job only, by its id or its name.")
_profile = click.option("--profile", metavar="NAME", help="Through this profile or other channel.")


@click.group(short_help="See the mails of a server; send them once more, or give them up.")
def mails() -> None:
    """See the mails of a server; send them once more, or give them up.

    The server and the login are found as for "bots-scheduler jobs". MAIL is an id. What goes to web
    hooks and other channels is a mail here, too.
    """


@mails.command("list")
@click.option(
    "--state",
    metavar="STATE",
    multiple=True,
    help="queued, sending, deferred, held, delivered, digested or dead; any of them, if several.",
)
@_profile
@click.option("--text", metavar="TEXT", help="A part of job, subject, address or error.")
@listed(
    job="About this job only, by its id or its name.",
    since="Owed since then.",
    until="Owed before.",
)
def list_(client: "Client", **given: Any) -> None:
    """List mails, the newest first.

    TIME is such as 2h or 3d, for so long ago, or 2027-03-01T12:30, on the clock of this machine.
    """
    Listing("mails", _COLUMNS, _row).show(client, **given)


@mails.command()
@_mail
@as_json
@speaking
def show(client: "Client", mail_id: str, *, as_json: bool) -> None:
    """Show where a mail stands, why it came, and how each attempt went."""
    found = client.request("GET", named("mails", mail_id))
    if as_json:
        print_json(found)
    else:
        print_facts(found["subject"] or found["job_name"] or found["mail_id"], _facts(found))


@mails.command()
@_mail
@click.option(
    "--format",
    "form",
    type=click.Choice(["text", "html", "raw", "json"]),
    default="text",
    help="As what; raw is the message that the SMTP server gets. [text]",
)
@speaking
def content(client: "Client", mail_id: str, *, form: str) -> None:
    """Print what a mail tells."""
    click.echo(client.mail_content(mail_id, form), nl=False)


@mails.command()
@click.argument("mail_id", metavar="[MAIL]", required=False)
@click.option(
    "--state",
    metavar="STATE",
    multiple=True,
    help="All mails that are dead, deferred or held; any of them, if several.",
)
@_profile
@_job
@as_json
@speaking
def resend(
    client: "Client",
    mail_id: str | None,
    state: tuple[str, ...],
    profile: str | None,
    job: str | None,
    *,
    as_json: bool,
) -> None:
    """Send a mail once more, or all of a state.

    What did not arrive is sent to those it is still owed to; of what did, another mail is made.
    """
    if (mail_id is None) == (not state) or (mail_id and (profile or job)):
        raise click.UsageError("Give a MAIL, or else --state, with --profile and --job if wanted.")
    if mail_id is not None:
        answer = client.request("POST", f"{named('mails', mail_id)}/resend", {})
        told = f"{answer['mail_id']} is queued."
    else:
        job_id = job_of(client, job)["job_id"] if job else None
        states = ",".join(state).split(",")  # --state dead,held and --state dead --state held
        body = {"states": states, "profile": profile, "job_id": job_id}
        answer = client.request("POST", "mails/resend", body)
        count = answer["resent"]
        told = f"{counted(count, 'mail')} {'is' if count == 1 else 'are'} queued."
    if as_json:
        print_json(answer)
    else:
        click.echo(told)


@mails.command()
@_mail
@as_json
@speaking
def discard(client: "Client", mail_id: str, *, as_json: bool) -> None:
    """Give up a mail that waits."""
    answer = client.request("POST", f"{named('mails', mail_id)}/discard", {})
    if as_json:
        print_json(answer)
    else:
        click.echo(f"{mail_id} is given up.")


def _row(mail: dict[str, Any]) -> tuple[str, ...]:
    about = mail["job_name"] if mail["kind"] == "run" else "(digest)"
    return mail["mail_id"], mail["state"], short(mail["created_time"]), mail["profile"], about


def _facts(mail: dict[str, Any]) -> dict[str, str]:
    return {
        "id": mail["mail_id"],
        "state": mail["state"],
        "error": mail["last_error"] or "",
        "through": mail["profile"],
        "to": ", ".join(mail["to"] or ()),
        "owed to": ", ".join(mail["recipients"] or ()),
        **_about(mail),
        "why": mail["why_text"],
        "owed": full(mail["created_time"]),
        "held": _until(mail["held_until"]),
        "resent": _when(mail["requeued_time"]),
        "next try": _when(mail["next_attempt_time"]),
        "ended": _when(mail["ended_time"]),
        "told in": mail["digest_id"] or "",
        "repeats": mail["resent_of"] or "",
        "attempts": "\n".join(map(_attempt, mail["log"])) or str(mail["attempts"]),
    }


def _about(mail: dict[str, Any]) -> dict[str, str]:
    if mail["kind"] == "digest":
        return {"tells": f"what was held back, of which {mail['execution_id']} ended last"}
    return {
        "job": f"{mail['job_id']}, {mail['job_name']}" if mail["job_id"] else "",
        "execution": " ".join(filter(None, (mail["execution_id"], mail["outcome"]))),
    }


def _when(time: str | None) -> str:
    return full(time) if time else ""


def _until(time: str | None) -> str:
    return f"until {full(time)}" if time else ""


def _attempt(attempt: dict[str, Any]) -> str:
    when = f"{short(attempt['time'])} {attempt['profile']}"
    return f"{when}: {attempt['outcome']}. {attempt['words']}"
