"""``jobs`` against a real server."""

import json
import time
from datetime import datetime

import pytest

from tests.unit.cli.conftest import Bots, Ended

GREET, TYPED, SLEEP = ("web_jobs.greet." + name for name in ("Greet", "Typed", "Sleep"))


def done(ended: Ended) -> str:
    assert (ended.code, ended.err) == (0, "")
    return ended.out


def data(ended: Ended):
    return json.loads(done(ended))


def add(remote: Bots, name: str, *arguments: str) -> str:
    return data(remote("jobs", "add", name, GREET, *arguments, "--json"))["job_id"]


def test_a_job_is_added_shown_changed_and_deleted(remote: Bots) -> None:
    told = done(
        remote(
            *("jobs", "add", "Nightly", GREET, "Ann", "--crontab", "30 2 * * *", "--tag", "Night"),
            *("--timezone", "Europe/Brussels", "--notes", "What it is for.", "--jitter", "60"),
            *("--set", "time_limit=600", "--set", 'overlap={"queue": 5}', "--set", "paused=true"),
        )
    )
    assert told.startswith("Nightly is added: every day at 02:30 (Europe/Brussels)")
    shown = done(remote("jobs", "show", "Nightly"))
    for line in ('arguments   ["Ann"]', "paused      until resumed", "tags        night"):
        assert f"\n  {line}\n" in shown
    assert '\n  overlap     {"queue": 5}\n' in shown
    assert "\n  time_limit  600\n" in shown

    remote(
        *("jobs", "change", "Nightly", "--name", "Hourly", "--every", "1 hour", "--class", TYPED),
        *("--arguments", '{"count": 3}', "--set", "time_limit=null"),
    )
    job = data(remote("jobs", "show", "Hourly", "--json"))
    assert (job["every"], job["job_class_string"]) == ({"hours": 1}, TYPED)
    assert (job["pub_args"], job["time_limit"], job["jitter"]) == ({"count": 3}, None, 60)

    assert done(remote("jobs", "delete", "Hourly", "--yes")).startswith("Hourly is deleted")
    assert "no job with the id or the name 'Hourly'" in remote("jobs", "show", "Hourly").err


def test_every_form_of_schedule_is_sent(remote: Bots) -> None:
    job = data(remote("jobs", "show", add(
        remote, "many",
        *("--crontab", "@daily", "--cron", "hour=3 day=2nd fri,last minute=5", "--ecs", "0 15 2"),
        *("--every", "1 day", "--anchor", "2027-01-01T09:00", "--at", "2090-01-01T10:00"),
        *("--start-date", "2027-01-01", "--end-date", "2099-01-01"),
    ), "--json"))  # fmt: skip

    assert job["schedule"] == (
        "every day at 00:00; at 03:05 on the 2nd Friday and the last day of the month; "
        "every day at 02:15; every day at 09:00; once, at 2090-01-01 10:00:00 (UTC), "
        "from 2027-01-01 00:00:00, until 2099-01-01 00:00:00"
    )


def test_jobs_are_listed_filtered_and_sorted(remote: Bots) -> None:
    for name in ("listed b", "listed a"):
        add(remote, name, "--crontab", "30 2 * * *", "--tag", "listed", "--set", "paused=true")

    lines = done(remote("jobs", "list", "--tag", "listed", "--state", "paused")).splitlines()
    assert lines == [
        "NAME      LAST RUN  NEXT RUN  SCHEDULE",
        "listed a  never     paused    every day at 02:30 (UTC)",
        "listed b  never     paused    every day at 02:30 (UTC)",
    ]
    found = data(remote("jobs", "list", "--text", "listed", "--sort", "-name", "-n", "1", "--json"))
    assert [job["name"] for job in found["jobs"]] == ["listed b"]
    assert found["next_cursor"]
    (line,) = done(remote("jobs", "list", "--text", "listed a", "--ids")).splitlines()[1:]
    assert line.split()[0] == data(remote("jobs", "show", "listed a", "--json"))["job_id"]


def test_a_name_of_several_jobs_names_none(remote: Bots) -> None:
    ids = {add(remote, "twice", "--crontab", "@daily") for _ in range(2)}

    ended = remote("jobs", "run", "twice")

    assert ended.code == 2
    assert "2 jobs are named 'twice'; say which by its id: " in ended.err
    assert set(ended.err.rpartition(": ")[2].strip().split(", ")) == ids


def test_a_job_is_paused_until_a_time_and_resumed(remote: Bots) -> None:
    add(remote, "pausing", "--crontab", "@daily", "--timezone", "Europe/Brussels")

    told = done(remote("jobs", "pause", "pausing", "--until", "2090-01-01T00:00"))
    assert told.startswith("pausing is paused until 2089-12-31 23:00:00 UTC (in ")
    assert data(remote("jobs", "show", "pausing", "--json"))["paused"] is True
    assert done(remote("jobs", "resume", "pausing")).startswith("pausing goes on; next run: 2")
    assert data(remote("jobs", "pause", "pausing", "--json")).keys() == {"job_id"}


def test_a_run_is_followed_to_its_end(remote: Bots) -> None:
    add(remote, "greeting", "Ann", "--crontab", "@daily")

    ended = remote("jobs", "run", "greeting", "--follow")
    assert (ended.code, ended.out) == (0, "Hello, Ann!\n")
    assert ended.err.startswith("greeting: succeeded after ")

    other = remote("jobs", "run", "greeting", "--arguments", '{"name": "Ben", "times": 2}', "-f")
    assert other.out == "Hello, Ben!\n" * 2

    failed = remote("jobs", "run", "greeting", "Cat", "twice", "--follow")
    assert (failed.code, failed.out) == (1, "")
    assert "TypeError" in failed.err
    assert "greeting: failed after " in failed.err


def test_a_run_is_listed_shown_read_and_stopped(remote: Bots) -> None:
    job = data(remote("jobs", "add", "sleeping", SLEEP, "--crontab", "@daily", "--json"))["job_id"]
    execution = done(remote("jobs", "run", "sleeping")).strip()
    while "zzz\n" not in done(remote("executions", "output", execution)):
        time.sleep(0.05)

    (line,) = done(remote("executions", "list", "--job", "sleeping")).splitlines()[1:]
    assert line.split()[:2] == [execution, "running"]
    assert line.endswith(("  -       sleeping", "  -     sleeping"))
    assert "is being stopped" in done(remote("executions", "stop", execution))

    ended = remote("executions", "output", execution, "--follow")
    assert (ended.code, ended.out) == (1, "zzz\n")
    assert ended.err.startswith("sleeping: stopped after ")
    shown = done(remote("executions", "show", execution))
    assert shown.startswith(f"sleeping\n  id         {execution}\n  state      stopped\n")
    assert f"\n  job        {job}, {SLEEP}\n" in shown
    again = remote("executions", "stop", execution)
    assert (again.code, again.err.count("\n")) == (1, 1)
    found = data(remote("executions", "list", "--state", "stopped", "--since", "2h", "--json"))
    assert execution in [each["execution_id"] for each in found["executions"]]
    assert data(remote("executions", "list", "--until", "2h", "--json"))["executions"] == []
    assert data(remote("executions", "show", execution, "--json"))["state"] == "stopped"


@pytest.mark.parametrize(
    ("arguments", "code", "said"),
    [
        (("add", "x", GREET), 2, "Give a schedule: --crontab, --cron,"),
        (("add", "x", "no.such.Class", "--crontab", "@daily"), 1, "job_class_string: 'no.such.Cl"),
        (
            ("add", "x", GREET, "--crontab", "99 * * * *"),
            1,
            "minute: '99' is out of range",
        ),
        (("add", "x", GREET, "a", "--arguments", "[]"), 2, "as words or by --arguments, not both"),
        (("add", "x", GREET, "--arguments", "[1"), 2, "--arguments '[1' is no JSON: Expecting"),
        (("add", "x", GREET, "--arguments", "1"), 2, "--arguments '1': give a list or an object"),
        (("add", "x", GREET, "--set", "grace"), 2, "--set 'grace': write KEY=VALUE"),
        (("add", "x", GREET, "--set", 'mail=[{on: ["failure"]}]'), 2, "is no JSON; mind quotes"),
        (("add", "x", GREET, "--crontab", "@daily", "--set", "frob=1"), 1, "frob"),
        (("add", "x", GREET, "--set", "name=y"), 2, "--set name: the name is given already"),
        (("add", "x", GREET, "--set", "grace=1", "--set", "grace=2"), 2, "--set grace: the grace"),
        (("add", "x", GREET, "--cron", "hour=3 hour=4"), 2, "a field is there twice"),
        (("show", "caf\udce9"), 2, "'caf\\udce9' is not text in UTF-8."),
        (("add", "x", GREET, "--anchor", "2027-01-01"), 2, "--every is counted from"),
        (("add", "x", GREET, "--every", "soon"), 2, "--every 'soon': write for example"),
        (("change", "nobody", "--notes", "x"), 1, "no job with the id or the name 'nobody'"),
        (("change", "nobody"), 2, "Say what is to be changed."),
        (("list", "--state", "nonsense"), 1, "state: 'nonsense' is not understood"),
        (("show", "a/../b?c"), 1, "no job with the id or the name 'a/../b?c'"),
        (("run", "x", "--follow", "--json"), 2, "leave --json off"),
    ],
)
def test_what_is_wrong_is_one_line(
    remote: Bots, arguments: tuple[str, ...], code: int, said: str
) -> None:
    ended = remote("jobs", *arguments)

    assert said in ended.err
    assert (ended.code, ended.err.count("\n")) == (code, 1)


def test_nothing_is_deleted_unasked(remote: Bots) -> None:
    add(remote, "kept", "--crontab", "@daily")

    assert "give --yes" in remote("jobs", "delete", "kept").err
    assert data(remote("jobs", "show", "kept", "--json"))["name"] == "kept"


def test_without_a_server_the_places_are_told_where_it_may_be_written(
    remote: Bots, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("BOTS_SCHEDULER_SERVER")

    ended = remote("jobs", "list")

    assert (ended.code, ended.err.count("\n")) == (1, 1)
    for place in ("--server", "BOTS_SCHEDULER_SERVER", "client.ini"):
        assert place in ended.err


def test_times_are_those_of_this_machine(remote: Bots) -> None:
    job = data(remote("jobs", "show", add(remote, "timely", "--crontab", "@daily"), "--json"))
    due = datetime.fromisoformat(job["next_run_time"])

    shown = done(remote("jobs", "show", "timely"))
    assert f"\n  next run    {due:%Y-%m-%d %H:%M:%S} UTC (in " in shown


def test_a_job_without_a_schedule_is_told_the_flags(remote: Bots) -> None:
    ended = remote("jobs", "add", "Never", GREET, "--set", "time_limit=600")

    assert (ended.code, ended.err) == (
        2,
        "bots-scheduler: Give a schedule: --crontab, --cron, --ecs, --every or --at.\n",
    )
    assert remote("jobs", "add", "Hourly", GREET, "Ann", "--set", "minute=5").code == 0


def test_a_password_that_is_nowhere_is_told_in_words_of_commands(remote: Bots) -> None:
    ended = remote("jobs", "list", "--user", "ann")

    assert "No password of the user ann is known, and there is no terminal" in ended.err
    assert "Give it in the environment (BOTS_SCHEDULER_PASSWORD), or in " in ended.err
    assert "argument" not in ended.err
