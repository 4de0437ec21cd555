"""``executions report`` against a real server; the rest is tested with ``jobs``."""

import json
import time

import pytest

from tests.support.waiting import PATIENCE
from tests.unit.cli.conftest import Bots

TELL = "web_jobs.greet.Tell"
GREET = "web_jobs.greet.Greet"


def ran(remote: Bots, job_class: str, *arguments: str) -> str:
    """The id of an execution that has ended."""
    job = json.loads(remote("jobs", "add", "one", job_class, *arguments, "--crontab", "@yearly",
                            "--json").out)["job_id"]  # fmt: skip
    run = json.loads(remote("jobs", "run", job, "--json").out)["execution_id"]
    deadline = time.monotonic() + PATIENCE
    while json.loads(remote("executions", "show", run, "--json").out)["ended_time"] is None:
        assert time.monotonic() < deadline
        time.sleep(0.05)
    return str(run)


def test_a_report_is_printed_in_each_form(remote: Bots) -> None:
    run = ran(remote, TELL, "ünder =1+1")

    assert remote("executions", "report", run).out.startswith("ünder =1+1\n==========\n")
    csv = remote("executions", "report", run, "--format", "csv").out
    assert csv == "what,count\nünder =1+1,12\n"
    assert "<h2>ünder =1+1</h2>" in remote("executions", "report", run, "--format", "html").out
    told = json.loads(remote("executions", "report", run, "--format", "json").out)
    assert told["report"][0] == {"type": "title", "text": "ünder =1+1"}
    table = remote("executions", "report", run, "--table", "1").out
    assert table.splitlines()[0] == "what        count"
    beyond = remote("executions", "report", run, "--format", "csv", "--table", "2")
    assert (beyond.code, beyond.out) == (1, "")
    assert "There is no table 2 in the report (it has 1)" in beyond.err


@pytest.mark.parametrize("table", ["0", "x"])
def test_a_wrong_table_is_refused(remote: Bots, table: str) -> None:
    ended = remote("executions", "report", "x", "--format", "csv", "--table", table)
    assert (ended.code, ended.out) == (2, "")
    assert "--table" in ended.err


def test_a_run_without_a_report_says_so(remote: Bots) -> None:
    run = ran(remote, GREET)

    ended = remote("executions", "report", run)

    assert (ended.code, ended.out) == (1, "")
    assert f"There is no report of the execution '{run}'." in ended.err
