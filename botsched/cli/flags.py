"""The flags of ``run``, made from the table of options."""

from collections.abc import Callable, Iterable
from typing import Any, TypeVar

import click

from botsched.settings.options import BY_NAME, GROUPS, OPTIONS, Option

Function = TypeVar("Function", bound=Callable[..., Any])

_COLUMN = 29  # of flags, in the help

_REPEATABLE = {flag for o in OPTIONS if o.repeatable for flag in (o.flag, o.short) if flag}
_NOTE = (
    'Each flag of "run" is also an environment variable: --jobs is BOTS_SCHEDULER_JOBS, with '
    "commas between several values, and 1 or 0 for a switch. A flag wins over its variable."
)


def settings_flags(*names: str) -> Callable[[Function], Function]:
    """Give a command these flags, all without names; it gets the values by their names.

    Values are left as text: faults are found in one place, all at once, whatever they came from.
    """
    options = [BY_NAME[name] for name in names] if names else OPTIONS

    def decorate(function: Function) -> Function:
        for option in reversed(options):
            function = _click_option(option)(function)
        return function

    return decorate


def _click_option(option: Option) -> Callable[[Function], Function]:
    if option.is_switch:
        declared = f"{option.flag}/{option.negative}" if option.negative else option.flag
        return click.option(*_short(option), declared, is_flag=True, default=None, help=option.help)
    return click.option(
        *_short(option),
        option.flag,
        metavar=option.kind.metavar,
        multiple=option.repeatable,
        help=option.help,
    )


def _short(option: Option) -> list[str]:
    return [option.short] if option.short else []


class SettingsCommand(click.Command):
    """A command with flags of the table: its help has their groups, and lists read naturally."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Let several values follow a repeatable flag: ``--smtp-profile ops night``."""
        return super().parse_args(ctx, list(_spread(args)))

    def format_options(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the options under the headings of the table, those of the command itself last."""
        options = (each for each in self.params if isinstance(each, click.Option))
        records = {option.name: option.get_help_record(ctx) for option in options}
        for group in GROUPS:
            rows = [
                (_left(option), _right(option))
                for option in OPTIONS
                if option.group == group and records.pop(option.name, None)
            ]
            _write(formatter, group, rows)
        own = [(f"    {left}", right) for left, right in filter(None, records.values())]
        _write(formatter, "Other", [*own, ("-h, --help", "Show this text.")])
        formatter.write_paragraph()
        formatter.write_text(_NOTE)


def _spread(args: list[str]) -> Iterable[str]:
    """Repeat a repeatable flag before each further value."""
    current = ""
    for argument in args:
        flag, _, attached = argument.partition("=")
        if argument.startswith("-"):
            current, fresh = (flag if flag in _REPEATABLE else ""), not attached
        elif current and not fresh:
            yield current
        else:
            fresh = False
        yield argument


def _left(option: Option) -> str:
    short = f"{option.short}, " if option.short else "    "
    negative = f" / {option.negative}" if option.negative else ""
    return f"{short}{option.flag}{negative} {option.kind.metavar}".rstrip()


def _right(option: Option) -> str:
    if option.default is None or (option.is_switch and not option.negative):
        return option.help
    return f"{option.help} [{option.default}]"


def _write(formatter: click.HelpFormatter, title: str, rows: list[tuple[str, str]]) -> None:
    if rows:
        with formatter.section(title):
            formatter.write_dl(
                [(left.ljust(_COLUMN), right) for left, right in rows], col_max=_COLUMN
            )
