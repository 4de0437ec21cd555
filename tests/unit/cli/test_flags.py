from collections.abc import Sequence

import click
import pytest

from botsched.cli.flags import SettingsCommand, settings_flags
from botsched.settings.options import OPTIONS


@click.command(cls=SettingsCommand)
@settings_flags()
def told(**flags: object) -> dict[str, object]:
    return {name: value for name, value in flags.items() if value not in (None, ())}


def parse(*arguments: str) -> object:
    return told.main(arguments, standalone_mode=False)


@pytest.mark.parametrize(
    ("arguments", "flags"),
    [
        ((), {}),
        (("-p", "80", "-l"), {"port": "80", "local": True}),
        (("--job-coalesce",), {"job_coalesce": True}),
        (("--no-job-coalesce",), {"job_coalesce": False}),
        (("-j", "a", "--jobs=b"), {"jobs": ("a", "b")}),
        (
            ("--smtp-profile", "ops", "night", "-p", "80"),
            {"smtp_profile": ("ops", "night"), "port": "80"},
        ),
        (
            ("--smtp-profile=ops", "night", "--smtp-profile", "day", "week"),
            {"smtp_profile": ("ops", "night", "day", "week")},
        ),
    ],
)
def test_flags_arrive_as_they_were_written(
    arguments: Sequence[str], flags: dict[str, object]
) -> None:
    assert parse(*arguments) == flags


@pytest.mark.parametrize("arguments", [("night",), ("-p", "80", "81"), ("-l", "x")])
def test_further_values_follow_only_flags_that_take_several(arguments: Sequence[str]) -> None:
    with pytest.raises(click.UsageError, match="unexpected extra argument"):
        parse(*arguments)


def test_every_option_is_in_the_help_with_its_default() -> None:
    with click.Context(told) as context:
        text = " ".join(told.get_help(context).split())

    for option in OPTIONS:
        assert f"{option.flag} " in text
        if option.default and not option.is_switch:
            assert f"[{option.default}]" in text
