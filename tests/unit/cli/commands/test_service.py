from pathlib import Path

from tests.unit.cli.conftest import Bots


def test_the_unit_says_what_was_asked_for(bots: Bots, tmp_path: Path) -> None:
    ended = bots("service", "--as", "bots", "--port", "9000", "--no-job-coalesce")

    assert ended.code == 0
    assert f"\nWorkingDirectory={tmp_path}\n" in ended.out
    assert "\nUser=bots\n" in ended.out
    assert (
        ended.out.split("ExecStart=")[1]
        .splitlines()[0]
        .endswith(" run --port 9000 --no-job-coalesce")
    )


def test_wrong_settings_make_no_unit(bots: Bots) -> None:
    ended = bots("service", "--port", "99999999")

    assert (ended.code, ended.out) == (2, "")
    assert "--port" in ended.err
