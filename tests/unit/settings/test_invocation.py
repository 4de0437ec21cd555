import pytest

from botsched.settings.invocation import invocation


@pytest.mark.parametrize(
    ("arguments", "environ", "typed"),
    [
        (["/usr/local/bin/bots-scheduler", "run"], {}, "bots-scheduler"),
        (["/x/botsched/__main__.py"], {}, "python -m botsched"),
        (["/srv/my_scheduler.py"], {}, "python -m botsched"),
        (
            ["/x/botsched/__main__.py"],
            {"BOTS_SCHEDULER_STARTED_AS": "./bots-scheduler"},
            "./bots-scheduler",
        ),
    ],
)
def test_what_was_typed_is_known(arguments: list[str], environ: dict[str, str], typed: str) -> None:
    assert invocation(arguments, environ) == typed
