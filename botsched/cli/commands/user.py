"""``user``: who may log in. A running server sees each change at once."""

import sys
from pathlib import Path

import click

from botsched.errors import SettingsError
from botsched.settings.load import HTPASSWD
from botsched.settings.options import BY_NAME

_file = click.option(
    "--htpasswd",
    "file",
    metavar="FILE",
    type=click.Path(path_type=Path),
    default=HTPASSWD,
    envvar=BY_NAME["htpasswd"].variable,
    help=f"File of users and password hashes. [{HTPASSWD}]",
)
_stdin = click.option(
    "--stdin", "from_stdin", is_flag=True, help="Read the password from standard input, one line."
)
_name = click.argument("name")


@click.group()
def user() -> None:
    """Manage the users who may log in."""


@user.command()
@_name
@_file
@_stdin
def add(name: str, file: Path, *, from_stdin: bool) -> None:
    """Add a user, asking for the password.

    The file is made if there is none.
    """
    from botsched.proxy import htpasswd

    htpasswd.check_new(file, name)  # before a password is asked for in vain
    password = _password(from_stdin=from_stdin)
    made = not file.exists()
    if made:
        _make(file)
    try:
        htpasswd.add(file, name, password)
    except BaseException:
        if made:  # an empty file would lock everybody out, the first start's user too
            file.unlink()
        raise
    click.echo(f"{name} may log in.")


@user.command()
@_name
@_file
@_stdin
def passwd(name: str, file: Path, *, from_stdin: bool) -> None:
    """Change a user's password, asking for the new one."""
    from botsched.proxy import htpasswd

    if name not in htpasswd.list_users(file):
        raise click.UsageError(f"There is no user {name!r} in {file}.")
    htpasswd.set_password(file, name, _password(from_stdin=from_stdin))
    click.echo(f"{name} has a new password.")


@user.command()
@_name
@_file
def remove(name: str, file: Path) -> None:
    """Remove a user."""
    from botsched.proxy import htpasswd

    htpasswd.remove(file, name)
    click.echo(f"{name} may not log in any more.")


@user.command("list")
@_file
def list_(file: Path) -> None:
    """List the users, one a line."""
    from botsched.proxy import htpasswd

    for name in htpasswd.list_users(file):
        click.echo(name)


def _password(*, from_stdin: bool) -> str:
    if from_stdin:
        return sys.stdin.readline().rstrip("\r\n")
    if not sys.stdin.isatty():
        raise click.UsageError("There is no terminal to ask for the password on: use --stdin.")
    answer: str = click.prompt("Password", hide_input=True, confirmation_prompt="Again")
    return answer


def _make(file: Path) -> None:
    try:
        file.touch(mode=0o600, exist_ok=False)
    except OSError as error:
        raise SettingsError(f"--htpasswd {file}: cannot be made: {error.strerror}.") from None
