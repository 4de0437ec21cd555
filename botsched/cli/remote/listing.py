"""Lists of what has its time: the flags they share, and how they are asked for and shown."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import click

from botsched.cli.remote.asking import address, job_of, past
from botsched.cli.remote.connecting import as_json, speaking
from botsched.cli.remote.printing import Column, more, print_json, print_table

if TYPE_CHECKING:
    from botsched.client import Client


@dataclass(frozen=True, slots=True)
class Listing:
    """``name`` is that of the address and of the key in its answer; ``row`` has a text a column."""

    name: str
    columns: Sequence[Column]
    row: Callable[[dict[str, Any]], Sequence[str]]

    def show(
        self,
        client: "Client",
        *,
        as_json: bool,
        job: str | None,
        since: str | None,
        until: str | None,
        **filters: Any,
    ) -> None:
        """Print what the flags of ``listed`` and these filters choose."""
        job_id = job_of(client, job)["job_id"] if job else None
        period = {"time_range_start": since, "time_range_end": until}
        answer = client.request("GET", address(self.name, job_id=job_id, **period, **filters))
        if as_json:
            print_json(answer)
            return
        print_table(self.columns, map(self.row, answer[self.name]))
        more(answer)


def listed(*, job: str, since: str, until: str) -> Callable[[Callable[..., Any]], Any]:
    """Give a command the flags of a list, with what its own mean."""
    flags = (
        click.option("--job", metavar="JOB", help=job),
        click.option("--since", type=past, metavar="TIME", help=since),
        click.option("--until", type=past, metavar="TIME", help=until),
        click.option("-n", "--limit", metavar="COUNT", type=int, default=30, help="How many. [30]"),
        as_json,
        speaking,
    )

    def decorate(function: Callable[..., Any]) -> Any:
        for flag in reversed(flags):
            function = flag(function)
        return function

    return decorate
