"""How far something is that takes long."""

import sys
from collections.abc import Callable

import click


def progress() -> Callable[[str, int, int], None]:
    """Tell of each thing how many are done in the end, and on a terminal meanwhile, too."""
    live = sys.stderr.isatty()

    def tell(what: str, done: int, total: int) -> None:
        if done >= total:
            click.echo(f"{done:12,} {what}", err=True)
        elif live:
            click.echo(f"{done:12,} {what}, {done * 100 // total} %\r", err=True, nl=False)

    return tell
