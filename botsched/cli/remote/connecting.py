"""The server that a command speaks to, and as whom: found as the Python client finds them."""

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import wraps
from typing import TYPE_CHECKING, Any

import click

if TYPE_CHECKING:
    from botsched.client import Client

_server = click.option(
    "--server", metavar="SERVER", help="Its address, or a section of the client's file."
)
user_flag = click.option("--user", metavar="NAME", help="Log in as this user.")
as_json = click.option("--json", "as_json", is_flag=True, help="What the REST API answers.")


def speaking(function: Callable[..., Any]) -> Callable[..., Any]:
    """Give a command the flags that say to whom it speaks, and a client as its first argument."""

    @_server
    @user_flag
    @wraps(function)
    def command(*given: Any, server: str | None, user: str | None, **named: Any) -> Any:
        with connected(server, user) as client:
            return function(client, *given, **named)

    return command


@contextmanager
def connected(server: str | None, user: str | None) -> "Iterator[Client]":
    """A client; a password that is nowhere written is asked for."""
    from botsched.client import Client, ConfigurationError, NoPasswordError

    try:
        client = Client(server, user)
    except NoPasswordError as missing:
        if not sys.stdin.isatty():
            raise ConfigurationError(
                f"No password of the user {missing.user} is known, and there is no terminal to "
                f"ask on. Give it {missing.places}"
            ) from None
        asked = click.prompt(f"Password of {missing.user}", hide_input=True, err=True)
        client = Client(server, user, asked)
    with client:
        yield client
