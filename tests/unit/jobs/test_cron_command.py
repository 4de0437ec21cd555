import json
import os
import pwd
from pathlib import Path
from typing import Any

import pytest

from tests.unit.jobs.conftest import RunJob

NAME = "cron_command.CronCommand"
ME = pwd.getpwuid(os.geteuid())
SHOW = "env; echo folder=$(pwd)"


@pytest.fixture(autouse=True)
def environment(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """A server's environment, as it was started by somebody in some folder."""
    for name in list(os.environ):
        if name.startswith(("LC_", "LANG")):
            monkeypatch.delenv(name)
    monkeypatch.setenv("LANG", "C.UTF-8")
    monkeypatch.setenv("SERVER_SECRET", "x")
    monkeypatch.setenv("BOTS_EXECUTION_ID", "e1")
    monkeypatch.chdir(tmp_path)


def shown(capfd: pytest.CaptureFixture[str]) -> dict[str, str]:
    pairs = (line.partition("=") for line in capfd.readouterr().out.splitlines())
    found = {name: value for name, _, value in pairs}
    for of_the_shell in ("PWD", "OLDPWD", "SHLVL", "_"):
        found.pop(of_the_shell, None)
    return found


def test_the_environment_is_that_of_cron(
    run_job: RunJob, capfd: pytest.CaptureFixture[str]
) -> None:
    assert run_job(NAME, SHOW).succeeded
    assert shown(capfd) == {
        "SHELL": "/bin/sh",
        "PATH": "/usr/bin:/bin",
        "HOME": ME.pw_dir,
        "LOGNAME": ME.pw_name,
        "USER": ME.pw_name,
        "LANG": "C.UTF-8",
        "BOTS_EXECUTION_ID": "e1",
        "folder": ME.pw_dir,
    }


def test_variables_of_the_crontab_go_before_but_for_the_name_of_the_user(
    run_job: RunJob, capfd: pytest.CaptureFixture[str]
) -> None:
    given = ["HOME=/", "PATH=/bin", "LOGNAME=x", "USER=y", "LANG=", "A==b c "]
    assert run_job(NAME, command=SHOW, environment=given).succeeded
    found = shown(capfd)
    assert found.pop("LOGNAME") == ME.pw_name
    assert found == {
        "SHELL": "/bin/sh", "HOME": "/", "PATH": "/bin", "USER": "y", "LANG": "", "A": "=b c ",
        "BOTS_EXECUTION_ID": "e1", "folder": "/",
    }  # fmt: skip


def test_the_shell_is_the_one_named(run_job: RunJob, capfd: pytest.CaptureFixture[str]) -> None:
    assert run_job(
        NAME, command="echo ${BASH_VERSION:+bash} $SHELL", environment=["SHELL=/bin/bash"]
    ).succeeded
    assert capfd.readouterr().out == "bash /bin/bash\n"


def test_a_home_that_is_not_there_does_not_keep_it_from_running(
    run_job: RunJob, capfd: pytest.CaptureFixture[str]
) -> None:
    assert run_job(NAME, command="pwd; echo $HOME", environment=["HOME=/nowhere"]).succeeded
    assert capfd.readouterr().out == "/\n/nowhere\n"


@pytest.mark.parametrize(
    ("stdin", "expected"), [("a\nb ü\n", "a\nb ü\n|"), ("", "|"), (None, "|"), ("x" * 99_999, None)]
)
def test_what_the_command_reads(
    run_job: RunJob, capfd: pytest.CaptureFixture[str], stdin: str | None, expected: str | None
) -> None:
    assert run_job(NAME, command="cat; echo '|'", stdin=stdin).succeeded
    assert capfd.readouterr().out.removesuffix("\n") == (expected or f"{stdin}|")


def test_what_the_command_does_not_read_is_no_matter(run_job: RunJob) -> None:
    assert run_job(NAME, command="true", stdin="x" * 999_999).succeeded


@pytest.mark.parametrize(
    ("arguments", "error"),
    [
        ({"command": "exit 3"}, "The command ended with exit code 3."),
        ({"command": "kill -9 $$"}, "The command was ended by SIGKILL."),
        ({"command": "x", "user": "no-such-user"}, "There is no user 'no-such-user' on this mach"),
        (
            {"command": "x", "environment": ["SHELL=/bin/no-such"]},
            f"/bin/no-such cannot be started in {ME.pw_dir} as {ME.pw_name}: No such file",
        ),
        ({"command": "x", "environment": ["A"]}, "'A' is no variable; write NAME=value."),
        ({"command": "x", "environment": ["=b"]}, "'=b' is no variable; write NAME=value."),
    ],
)
def test_what_does_not_succeed_is_a_failure(
    run_job: RunJob, arguments: dict[str, Any], error: str
) -> None:
    outcome = run_job(NAME, **arguments)
    assert not outcome.succeeded
    assert str(outcome.error).startswith(error)


def test_only_a_server_of_root_runs_it_as_its_user_and_in_his_groups(
    run_job: RunJob, capfd: pytest.CaptureFixture[str]
) -> None:
    nobody = pwd.getpwnam("nobody")
    groups = sorted(os.getgrouplist("nobody", nobody.pw_gid))
    script = "import json, os; print(json.dumps([os.getresuid(), os.getresgid(), os.getgroups()]))"

    outcome = run_job(NAME, command=f"python3 -c '{script}'; echo $LOGNAME $HOME", user="nobody")

    if os.geteuid() != 0:
        assert "It is to run as nobody, which only a server of root can do" in str(outcome.error)
        return
    ids, names = capfd.readouterr().out.splitlines()
    assert json.loads(ids) == [[nobody.pw_uid] * 3, [nobody.pw_gid] * 3, groups]
    assert names == f"nobody {nobody.pw_dir}"


def test_another_server_cannot_and_says_so(
    run_job: RunJob, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(os, "geteuid", lambda: pwd.getpwnam("nobody").pw_uid)

    outcome = run_job(NAME, command="true", user="root")

    assert outcome.error == (
        "It is to run as root, which only a server of root can do, and this one is of nobody. "
        "Run the server as root, or change the user of the job."
    )
