"""``logs`` against a real server."""

import json

from tests.unit.cli.conftest import Bots

GREET = "web_jobs.greet.Greet"


def test_the_log_is_listed_and_filtered(remote: Bots) -> None:
    for name in ("one", "two"):
        remote("jobs", "add", name, GREET, "--crontab", "@daily")
    remote("jobs", "pause", "two")

    lines = remote("logs", "--job", "two").out.splitlines()
    assert lines[0].split() == ["WHEN", "USER", "EVENT", "WHAT"]
    assert [line.split()[2] for line in lines[1:]] == ["paused", "added"]
    assert lines[1].endswith("paused  two")

    ended = remote("logs", "--event", "added", "-n", "1", "--since", "1h")
    assert "  added  two" in ended.out
    assert ended.err == "There are more; --limit says how many are shown.\n"
    told = json.loads(remote("logs", "--event", "paused", "--json").out)
    assert [entry["job_name"] for entry in told["logs"]] == ["two"]
    assert remote("logs", "--until", "1d", "--by", "nobody").out == "WHEN  USER  EVENT  WHAT\n"
