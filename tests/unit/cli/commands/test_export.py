from collections.abc import Iterator
from pathlib import Path

import pytest

from botsched.domain.job import JobPolicy
from botsched.domain.retry import Retry
from botsched.settings.model import DatabaseSettings, Dbms
from botsched.store.store import Store
from tests.support.values import a_job, cron
from tests.unit.cli.conftest import Bots

MADE = "01a1fb65e53d76379161b5fbc3baa356"


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    """A running server's database with two jobs."""
    store = Store(DatabaseSettings(Dbms.SQLITE, path=tmp_path / "bots-scheduler.db"))
    policy = JobPolicy(retry=Retry(3), then_run=(MADE,))
    nightly = a_job(
        id="db.nightly", name="Backup", schedule=cron("Europe/Brussels", hour="3"), policy=policy,
        notes="Two\nlines", managed_by="ops",
    )  # fmt: skip
    made = a_job(id=MADE, name="Clean Up", arguments=[None])
    store.write(lambda s: (s.jobs.add(nightly), s.jobs.add(made)))
    yield store
    store.close()


def test_one_job_is_shown(bots: Bots, store: Store) -> None:
    ended = bots("export", "--job", "Backup")

    assert (ended.code, ended.err) == (0, "")
    assert (
        ended.out
        == f'''job_id = "db.nightly"
name = "Backup"
job_class_string = "jobs.shell_command.ShellCommand"
pub_args = ["true"]
hour = "3"
minute = "0"
timezone = "Europe/Brussels"
then_run = ["{MADE}"]
notes = """
Two
lines"""

[retry]
attempts = 3
delay = 60
factor = 2
max_delay = 3600
jitter = 0.1
'''
    )


def test_files_are_written_and_applied_to_no_effect(
    bots: Bots, store: Store, tmp_path: Path
) -> None:
    written = bots("export", "--output", "out")
    assert written.out.splitlines() == [
        "new      out/db.nightly.toml", "new      out/clean-up.json",
        "2 new, 0 changed, 0 as they were.",
    ]  # fmt: skip
    assert bots("export", "--output", "out").out == "0 new, 0 changed, 2 as they were.\n"
    left = bots("export", "--output", "out", "--set", "ops").out
    assert "left     out/clean-up.json (its job is not among these)\n" in left

    adopted = bots("apply", "out", "--set", "ops", "--check")
    assert adopted.out.count("~ change") == 1
    assert "    managed  by nobody -> by ops\n" in adopted.out
    store.close()
    assert bots("apply", "out", "--set", "ops", "--yes").code == 0
    assert bots("apply", "out", "--set", "ops", "--check").code == 0
    assert bots("export", "--output", "out").out == "0 new, 0 changed, 2 as they were.\n"

    (tmp_path / "bots-scheduler.db").unlink()
    (tmp_path / "jobs").mkdir()
    (tmp_path / "jobs" / "shell_command.py").write_text(
        "from botscheduler import *\nclass ShellCommand(JobBase):\n    def run(self, *a): pass\n"
    )
    assert bots("apply", "out", "--yes").code == 0
    assert bots("export", "--output", "out").out == "0 new, 0 changed, 2 as they were.\n"


def test_json_is_shown_with_the_names_of_files(bots: Bots, store: Store) -> None:
    ended = bots("export", "--format", "json")

    assert "# db.nightly.json\n{\n" in ended.out
    assert "\n\n# clean-up.json\n{\n" in ended.out


def test_a_job_that_is_not_there_is_told(bots: Bots, store: Store) -> None:
    ended = bots("export", "--job", "Backup", "--job", "gone")

    assert (ended.code, "--job gone: there is no job 'gone'." in ended.err) == (2, True)
