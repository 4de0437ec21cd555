"""Addresses with parameters, times, and values as a terminal gives them."""

import json
import re
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO, Final
from urllib.parse import quote, urlencode

import click

from botsched.domain.moments import year_fault
from botsched.notify.wording import size

if TYPE_CHECKING:
    from botsched.client import Client

_AGO: Final = re.compile(r"(\d{1,5}) ?([smhd])")
_UNITS: Final = {"s": "seconds", "m": "minutes", "h": "hours", "d": "days"}
_NAMES_TOLD: Final = 5
_LARGEST: Final = 64 * 1024 * 1024  # what a server takes as a data file


def address(path: str, **parameters: Any) -> str:
    """A path with the parameters that are given."""
    given = {name: _text(value) for name, value in parameters.items() if value not in {None, ()}}
    return f"{path}?{urlencode(given)}" if given else path


def named(path: str, name: str) -> str:
    """The path of a thing with a name of whatever characters."""
    return f"{path}/{quote(name, safe='')}"


def job_of(client: "Client", job: str) -> dict[str, Any]:
    """The job with this id, or else the only one of this name. Raises NotFoundError."""
    from botsched.client import NotFoundError

    try:
        return _job(client, job)
    except NotFoundError:
        found = client.jobs_named(job)
    if len(found) == 1:
        return _job(client, found[0].job_id)
    if not found:
        raise NotFoundError(f"There is no job with the id or the name {job!r}.", 404)
    ids = ", ".join(each.job_id for each in found[:_NAMES_TOLD])
    more = "" if len(found) <= _NAMES_TOLD else ", ..."
    raise click.UsageError(f"{len(found)} jobs are named {job!r}; say which by its id: {ids}{more}")


def moment(text: str, example: str = "2027-01-31T18:30+01:00") -> datetime:
    """A moment in ISO 8601, with an offset or without."""
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        told = f"{text!r} is no time; write for example {example}"
        raise click.BadParameter(told) from None
    if fault := year_fault(moment):
        raise click.BadParameter(f"{text!r} {fault}.")
    return moment


def past(text: str) -> str:
    """A moment in ISO 8601, on the clock of this machine, or how long ago it is: ``2h``."""
    ago = _AGO.fullmatch(text.strip())
    if ago is None:
        return moment(text, "90m, 2h, 3d or 2027-01-31T18:30").astimezone().isoformat()
    span = timedelta(**{_UNITS[ago[2]]: int(ago[1])})
    return (datetime.now(UTC) - span).isoformat()


def value(text: str) -> Any:
    """JSON, or else the text itself."""
    try:
        return json.loads(text)
    except ValueError:
        return text


def arguments(text: str | None, texts: tuple[str, ...] = ()) -> Any:
    """Arguments of a job: JSON, or texts by their positions; None when nothing is given."""
    if text is None:
        return list(texts) or None
    if texts:
        raise click.UsageError("Give arguments as words or by --arguments, not both.")
    try:
        given = json.loads(text)
    except ValueError as error:
        raise click.UsageError(f"--arguments {text!r} is no JSON: {error}.") from None
    if not isinstance(given, list | dict):
        raise click.UsageError(f"--arguments {text!r}: give a list or an object.")
    return given


def agree(question: str, *, yes: bool) -> None:
    """Ask whether to go on, unless that is said already; end the program if not."""
    if yes:
        return
    if not sys.stdin.isatty():
        raise click.UsageError("There is no terminal to ask on: give --yes.")
    click.confirm(question, abort=True, err=True)


def content(path: Path) -> bytes:
    """What is in a file or comes out of a pipe, or from standard input for ``-``."""
    if str(path) == "-":
        return _bounded(sys.stdin.buffer, "standard input")
    try:
        if not (path.is_file() or path.is_fifo() or path.is_dir()) and path.exists():
            raise click.UsageError(f"{path}: is no regular file; a device or socket has no end.")
        with path.open("rb") as file:
            return _bounded(file, str(path))
    except OSError as error:
        raise click.UsageError(f"{path}: cannot be read: {error.strerror}.") from None


def _bounded(file: BinaryIO, name: str) -> bytes:
    found = file.read(_LARGEST + 1)
    if len(found) > _LARGEST:
        raise click.UsageError(f"{name}: is larger than {size(_LARGEST)}, which no server takes.")
    return found


def _job(client: "Client", job_id: str) -> dict[str, Any]:
    found: dict[str, Any] = client.request("GET", address(named("jobs", job_id), include="last"))
    return found


def _text(value: Any) -> str:
    if isinstance(value, tuple):
        return ",".join(value)
    return str(value).lower() if isinstance(value, bool) else str(value)
