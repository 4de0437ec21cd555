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


def test_a_user_whom_nobody_made_yet_is_told(bots: Bots) -> None:
    ended = bots("service", "--as", "nobody-of-this-name")

    assert ended.code == 0
    assert "There is no user 'nobody-of-this-name' on this machine yet" in ended.err
    assert bots("service", "--as", "root").err == ""


def test_wrong_settings_make_no_unit(bots: Bots) -> None:
    for flag, value in (("--port", "99999999"), ("--as", "a b")):
        ended = bots("service", flag, value)

        assert (ended.code, ended.out) == (2, "")
        assert flag in ended.err
