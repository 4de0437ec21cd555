import json
from pathlib import Path

import pytest

from botsched.domain.paging import AuditFilter, Paging
from botsched.settings.model import DatabaseSettings, Dbms
from botsched.store.store import Store
from tests.unit.cli.conftest import Bots, Ended

CLASS = "jobs.work.Work"
SPACE = {
    "job_id": "space", "name": "Space on /", "job_class_string": CLASS, "pub_args": ["/", 90],
    "minute": "*/5", "timezone": "Europe/Brussels", "on_failure_run": ["clean"],
}  # fmt: skip
CLEAN = {"job_id": "clean", "name": "Clean up", "job_class_string": CLASS, "crontab": "0 3 * * *"}


@pytest.fixture
def files(tmp_path: Path) -> Path:
    """A folder with two jobs, beside a job folder."""
    (tmp_path / "jobs").mkdir()
    (tmp_path / "jobs" / "work.py").write_text(
        "from botscheduler import *\nclass Work(JobBase):\n    def run(self, *a, **k): pass\n"
    )
    (tmp_path / "nightly").mkdir()
    write(tmp_path, SPACE)
    write(tmp_path, CLEAN)
    return tmp_path / "nightly"


def write(base: Path, job: dict, **changes: object) -> None:
    (base / "nightly" / f"{job['job_id']}.json").write_text(json.dumps(job | changes))


def applied(bots: Bots, *flags: str, code: int = 0) -> Ended:
    ended = bots("apply", "nightly", *flags)
    assert (ended.code, ended.err) == (code, "")
    return ended


def opened(base: Path) -> Store:
    return Store(DatabaseSettings(Dbms.SQLITE, path=base / "bots-scheduler.db"))


def test_what_is_new_is_shown_asked_for_and_added(bots: Bots, files: Path) -> None:
    shown = """\
To have the jobs of the set 'nightly' be as the files say:

+ add    clean  Clean up
    job_class_string  jobs.work.Work
    schedule          every day at 03:00 (UTC)

+ add    space  Space on /
    job_class_string  jobs.work.Work
    pub_args          ["/", 90]
    schedule          every 5 minutes (Europe/Brussels)
    on_failure_run    ["clean"]

2 to add, 0 to change, 0 to delete, 0 as they should be.
"""
    assert applied(bots, "--dry-run").out == shown
    assert applied(bots, "--check", code=1).out == shown
    assert bots("apply", "nightly", stdin="n\n").code == 130
    assert not (files.parent / "bots-scheduler.db").exists()

    ended = bots("apply", "nightly", stdin="y\n")

    assert (ended.code, ended.out.splitlines()[-1].endswith("Added 2, changed 0, deleted 0.")) == (
        0, True,
    )  # fmt: skip
    nothing = "Nothing is to be done: all 2 jobs are as the files of 'nightly' say.\n"
    assert applied(bots).out == applied(bots, "--check").out == nothing
    store = opened(files.parent)
    events = store.read(lambda s: s.audit.find(AuditFilter(), Paging())).items
    store.close()
    assert all(event.user.endswith(" (apply)") for event in events)


def test_a_rule_that_says_no_or_none_is_shown_too(bots: Bots, files: Path) -> None:
    """Whoever reviews the plan has to see that nobody is mailed."""
    write(files.parent, SPACE, mail=[], grace=0)
    rule = {"on": ["broken", "recovered"], "to": ["ann@example.org"]}
    write(files.parent, CLEAN, mail=[rule], coalesce=False)
    shown = applied(bots, "--yes").out
    assert "    mail              none\n" in shown
    assert "    grace             0\n" in shown
    assert '    mail              [{"on": ["broken", "recovered"], "to":\n' in shown
    assert '                      ["ann@example.org"]}]\n' in shown
    assert "    missed            " in shown

    write(files.parent, SPACE)

    assert "    mail   none -> default\n" in applied(bots, "--yes").out


def test_drift_is_shown_key_by_key(bots: Bots, files: Path) -> None:
    applied(bots, "--yes")
    write(files.parent, SPACE, pub_args={"path": "/", "percent": 80}, on_failure_run=None,
          minute="*/10", notes="a line that is long " * 5)  # fmt: skip
    (files / "clean.json").unlink()

    assert (
        applied(bots, "--yes").out
        == """\
To have the jobs of the set 'nightly' be as the files say:

~ change space  Space on /
    pub_args        ["/", 90] -> {"path": "/", "percent": 80}
    schedule        every 5 minutes (Europe/Brussels)
                 -> every 10 minutes (Europe/Brussels)
    notes           none
                 -> "a line that is long a line that is long a line that is long
                    a line that is long a line that is long"
    on_failure_run  ["clean"] -> none

Of the set 'nightly', no file says these any more; they stay, but with --prune:
clean

0 to add, 1 to change, 0 to delete, 0 as they should be.
Added 0, changed 1, deleted 0.
"""
    )
    write(files.parent, SPACE, pub_args={"path": "/srv", "percent": 80}, on_failure_run=None,
          minute="*/10", notes="a line that is long " * 5)  # fmt: skip
    ended = applied(bots, "--prune", "--yes")
    assert '    pub_args.path  "/" -> "/srv"\n' in ended.out
    assert "- delete clean  Clean up\n" in ended.out
    assert ended.out.endswith("Added 0, changed 1, deleted 1.\n")


def test_the_plan_as_json(bots: Bots, files: Path) -> None:
    plan = json.loads(applied(bots, "--json").out)

    assert (plan["set"], plan["counts"]["add"]) == ("nightly", 2)
    assert json.loads(applied(bots, "--json", "--yes").out) == plan
    assert json.loads(applied(bots, "--json").out)["counts"]["keep"] == 2


def test_jobs_of_another_set(bots: Bots, files: Path) -> None:
    applied(bots, "--yes")

    refused = bots("apply", "nightly", "--set", "other")
    assert refused.code == 2
    assert refused.err.splitlines()[0] == (
        "bots-scheduler: nightly/clean.json: job_id: 'clean' is managed by the set 'nightly'; "
        "take it out of there, or take it over (--take-over)."
    )
    taken = applied(bots, "--set", "other", "--take-over", "--yes")
    assert "    managed  by nightly -> by other\n" in taken.out


def test_all_faults_are_told_with_file_and_key(bots: Bots, files: Path) -> None:
    write(files.parent, SPACE, minute=99, job_class_string="jobs.work.Gone", name="")
    write(files.parent, CLEAN, crontab="61 * * * *")

    ended = bots("apply", "nightly")

    told = [line.split(": ")[1:3] for line in ended.err.splitlines()]
    assert told == [
        *(["nightly/clean.json", "crontab"], ["nightly/space.json", "name"]),
        ["nightly/space.json", "minute"],
    ]
    assert ended.code == 2


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("gone",), "gone: there is no such file or folder."),
        (("jobs",), "jobs holds no file of a job: no *.toml and no *.json."),
        (("nightly", "x.json"), "The files are in several folders: give the set a name"),
        (("nightly", "--set", " "), "set: ' ' cannot be the name of a set"),
    ],
)
def test_what_cannot_be_applied_is_told(bots: Bots, files: Path, arguments, words) -> None:
    (files.parent / "x.json").write_text(json.dumps(CLEAN | {"job_id": "x"}))

    ended = bots("apply", *arguments)

    assert ended.code == 2
    assert words in ended.err


def test_a_running_server_is_to_do_it_itself(bots: Bots, files: Path) -> None:
    applied(bots, "--yes")
    write(files.parent, CLEAN, name="New")
    store = opened(files.parent)
    try:
        ended = bots("apply", "nightly", "--yes")
        assert applied(bots, "--check", code=1).out.startswith("To have the jobs")
    finally:
        store.close()

    assert ended.code == 3
    assert "keeps it to itself. Have it do this (--server https://HOST:PORT)" in ended.err


def test_names_and_ids_are_told_in_full(bots: Bots, files: Path) -> None:
    for file in files.iterdir():
        file.unlink()
    name = "Clean up all that was left behind in the folders of yesterday"
    write(files.parent, {**CLEAN, "name": name})
    write(files.parent, {**CLEAN, "job_id": f"of-a-crontab.{'0' * 70}", "name": name})

    told = applied(bots, "--dry-run").out.splitlines()

    assert told[2:4] == [
        "+ add    clean                             Clean up all that was left behind in",
        "                                           the folders of yesterday",
    ]
    assert told[7:10] == [
        f"+ add    of-a-crontab.{'0' * 70}",
        "                                           Clean up all that was left behind in",
        "                                           the folders of yesterday",
    ]


def test_a_server_does_it_through_its_rest_api(remote: Bots, url: str, files: Path) -> None:
    base, greet = files.parent, {"job_class_string": "web_jobs.greet.Greet", "pub_args": ["Ann"]}
    write(base, SPACE, **greet)
    write(base, CLEAN, **greet)
    server = ("--server", url)

    assert "Added 2, changed 0, deleted 0." in applied(remote, *server, "--yes").out
    applied(remote, *server, "--check")
    told = remote("export", *server, "--set", "nightly", "--output", "out", "--format", "json")
    assert (told.code, told.err) == (0, "")
    assert json.loads((base / "out" / "clean.json").read_text()) == CLEAN | greet | {
        "timezone": "UTC"
    }
    write(base, SPACE, **greet, minute="99")
    assert f"{Path('nightly/space.json')}: minute: " in remote("apply", "nightly", *server).err
