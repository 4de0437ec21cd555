"""``files``: the data files of a server."""

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from botsched.cli.remote.asking import agree, content, named
from botsched.cli.remote.connecting import as_json, speaking
from botsched.cli.remote.printing import Column, print_json, print_table
from botsched.cli.remote.words import short
from botsched.notify.wording import size

if TYPE_CHECKING:
    from botsched.client import Client

_COLUMNS = (
    Column("name", flexible=True),
    Column("size"),
    Column("entries"),
    Column("changed"),
    Column("by"),
    Column("jobs"),
    Column("description", flexible=True),
)
_name = click.argument("name")


@click.group(short_help="List, store, fetch and delete data files of a server.")
def files() -> None:
    """List, store, fetch and delete the data files of a server.

    The server and the login are found as for "bots-scheduler jobs".
    """


@files.command("list")
@as_json
@speaking
def list_(client: "Client", *, as_json: bool) -> None:
    """List data files, and how many jobs name each."""
    answer = client.request("GET", "files")
    if as_json:
        print_json(answer)
    else:
        print_table(_COLUMNS, map(_row, answer["files"]))


@files.command()
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--name", metavar="NAME", help="Its name there. [as here]")
@as_json
@speaking
def put(client: "Client", file: Path, name: str | None, *, as_json: bool) -> None:
    """Store a file, in place of one of that name.

    FILE is "-" for standard input, which needs a --name.
    """
    if str(file) == "-" and name is None:
        raise click.UsageError("What comes from standard input needs a --name.")
    try:
        stored = client.upload(content(file), name or file.name)
    except ValueError as error:
        raise click.UsageError(f"{error} Give another one by --name.") from None
    if as_json:
        print_json({"file": stored})
    else:
        click.echo(f"{stored} is stored.")


@files.command()
@_name
@click.option(
    "-o",
    "--output",
    metavar="FILE",
    type=click.Path(path_type=Path, dir_okay=False),
    help="Write it there. [standard output]",
)
@speaking
def get(client: "Client", name: str, output: Path | None) -> None:
    """Print what is in a data file, or write it into a file."""
    from botsched.moving.files.replacing import replace

    found = client.download(name)
    if output is None:
        sys.stdout.buffer.write(found)
        return
    try:
        replace(output, found)
    except OSError as error:
        raise click.UsageError(f"{output}: cannot be written: {error.strerror}.") from None


@files.command()
@_name
@click.option("--yes", is_flag=True, help="Do not ask.")
@as_json
@speaking
def delete(client: "Client", name: str, *, yes: bool, as_json: bool) -> None:
    """Delete a data file."""
    agree(f"Delete {name}?", yes=yes)
    answer = client.request("DELETE", named("files", name))
    if as_json:
        print_json(answer)
    else:
        click.echo(f"{name} is deleted.")


def _row(file: dict[str, Any]) -> tuple[str, ...]:
    entries = "-" if file["entries"] is None else str(file["entries"])
    return (
        file["filename"],
        size(file["size"]),
        entries,
        short(file["modified_time"]),
        file["user"] or "-",
        str(file["used_by_count"]),
        file["description"],
    )
