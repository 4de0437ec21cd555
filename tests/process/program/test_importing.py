"""A crontab on its way: imported by the command, run by the server."""

import os
import pwd
import subprocess

import pytest

from tests.support.program import PROGRAM

pytestmark = pytest.mark.slow

CRONTAB = b"""\
MAILTO=ops@example.com
GREETING = "  hello  "
# Read and tell
0 0 1 1 * cat; pwd; echo "$LOGNAME $PATH $SHELL [$GREETING] [$SERVER_SECRET] $MAILTO"%a%100\\%
0 0 1 1 * exit 3
"""


def test_imported_lines_run_as_cron_ran_them(make_program):
    program = make_program(
        "--no-proxy", environment={"SERVER_SECRET": "x"}, login=None, direct=True
    )
    command = [*PROGRAM, "import", "crontab", "-", "--yes", *program.flags[:4]]
    imported = subprocess.run(
        command,
        cwd=program.folder,
        env=program.variables,
        input=CRONTAB,
        capture_output=True,
        check=False,
    )
    assert imported.returncode == 0, imported.stderr
    assert b"Added 2 jobs." in imported.stdout

    program.start()
    jobs = {job["name"]: job["job_id"] for job in program.get("jobs?tag=crontab")["jobs"]}
    done, failed = program.ran(jobs["Read and tell"]), program.ran(jobs["exit 3"])

    me = pwd.getpwuid(os.getuid())
    assert done["state"] == "succeeded"
    assert program.text_of(done["execution_id"]).splitlines() == [
        "a",
        "100%",
        me.pw_dir,
        f"{me.pw_name} /usr/bin:/bin /bin/sh [  hello  ] [] ops@example.com",
    ]
    assert failed["state"] == "failed"
    assert "exit code 3" in failed["description"]
    assert program.stop() == 0
