import json
import os
import re
import shutil
import socket
from collections.abc import Callable, Iterable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import create_engine, text

from botsched.cli.commands.imports.concluding import importer
from botsched.domain.audit import AuditEvent
from botsched.domain.execution import Cause, Execution, State
from botsched.domain.job import Job
from botsched.domain.paging import AuditFilter, ExecutionFilter, Paging
from botsched.moving.ndscheduler import past
from botsched.moving.ndscheduler.past import Addition
from botsched.settings.model import DatabaseSettings, Dbms
from botsched.store.session import Session
from botsched.store.store import Store
from tests.support.ndscheduler import (
    BEGUN,
    JOB_IDS,
    NEW_RUN,
    PASSWORD,
    Content,
    event,
    execution,
    job_state,
    later_args,
    pickled,
    sqlite_file,
)
from tests.unit.cli.conftest import Bots

FUTURE = datetime(2100, 1, 1, tzinfo=UTC).timestamp()
GONE = "f" * 32
EVERYTHING = Paging(limit=1000)
MAP = ("--map", "simple_scheduler.jobs=jobs")


class Hostile:
    def __reduce__(self) -> Any:
        return os.mkdir, ("hostile",)


def content() -> Content:
    """A job as 0.3.0 keeps it, one of a later version, one paused, a hostile one, and its past."""
    states = {
        JOB_IDS[0]: (FUTURE, job_state()),
        JOB_IDS[1]: (
            1.0,
            job_state(JOB_IDS[1], func=NEW_RUN, args=later_args("x", job_id=JOB_IDS[1])),
        ),
        JOB_IDS[2]: (None, job_state(JOB_IDS[2])),
        JOB_IDS[3]: (FUTURE, job_state(JOB_IDS[3], args=Hostile())),
        JOB_IDS[4]: (FUTURE, job_state(JOB_IDS[4], args=("no.such.Class", JOB_IDS[4]))),
    }
    failed = f'Traceback: ... postgresql://nd:{PASSWORD}@h "x"'
    return Content(
        {job_id: (next_run, pickled(state)) for job_id, (next_run, state) in states.items()},
        [
            *(execution(number) for number in range(4)),
            execution(4, state=4, result=failed),
            execution(5, state=1, job_id=JOB_IDS[1]),
            execution(6, job_id=GONE),
            execution(7, state=99),
        ],
        [
            event(0),
            event(1, job_id=GONE, job_name="Gone"),
            event(2, event=2, job_id=GONE, job_name="Gone", description=f"with {PASSWORD}"),
            event(2, event=2, job_id=GONE, job_name="Gone", description=f"with {PASSWORD}"),
        ],
    )


@pytest.fixture(autouse=True)
def jobs(tmp_path: Path) -> None:
    """The job folder, in which the class has moved."""
    folder = tmp_path / "jobs"
    folder.mkdir()
    (folder / "shell_job.py").write_text(
        "from botsched.job import JobBase\n\n"
        "class ShellJob(JobBase):\n    def run(self, *args):\n        return args\n"
    )


@pytest.fixture
def source(tmp_path: Path) -> str:
    return str(sqlite_file(tmp_path / "datastore.db", content()))


Look = Callable[[Callable[[Session], Any]], Any]


@pytest.fixture
def look(tmp_path: Path) -> Look:
    def look(operation: Callable[[Session], Any]) -> Any:
        path = tmp_path / "bots-scheduler.db"
        store = Store(DatabaseSettings(Dbms.SQLITE, path=path))
        try:
            return store.read(operation)
        finally:
            store.close()

    return look


def all_jobs(session: Session) -> dict[str, Job]:
    return session.jobs.by_ids(JOB_IDS)


def all_executions(session: Session) -> list[Execution]:
    return session.executions.find(ExecutionFilter(), EVERYTHING).items


def all_events(session: Session) -> list[AuditEvent]:
    return session.audit.find(AuditFilter(), EVERYTHING).items


def test_a_database_is_taken_over(bots: Bots, source: str, look: Look) -> None:
    before = Path(source).read_bytes()

    ended = bots("import", "ndscheduler", source, *MAP, "--yes")

    assert ended.code == 0, ended.err
    assert "Added 3 jobs, 7 executions and 4 lines of the audit log." in ended.out
    found = look(all_jobs)
    assert sorted(found) == JOB_IDS[:3]
    assert {job.arguments[-1] for job in found.values()} == {"hello", "x"}
    assert [found[job_id].paused for job_id in JOB_IDS[:3]] == [False, False, True]
    now = datetime.now(UTC)
    for job in found.values():
        assert job.next_due is not None
        assert now - timedelta(minutes=1) < job.next_due <= now + timedelta(minutes=6)
    assert Path(source).read_bytes() == before
    assert not Path("hostile").exists()


def test_the_past_is_taken_over(bots: Bots, source: str, look: Look) -> None:
    bots("import", "ndscheduler", source, *MAP, "--yes")

    runs = {run.id: run for run in look(all_executions)}
    assert sorted(runs) == [f"{number:032x}" for number in range(7)]
    assert {run.cause for run in runs.values()} == {Cause.IMPORTED}
    assert {run.due for run in runs.values()} == {None}
    assert runs[f"{5:032x}"].state is State.LOST
    assert runs[f"{6:032x}"].job_name == "Gone"
    assert runs[f"{0:032x}"].scheduled_at == BEGUN
    outcomes = look(lambda session: session.outcomes.last(JOB_IDS))
    assert outcomes[JOB_IDS[0]].state is State.FAILED
    assert outcomes[JOB_IDS[0]].at == BEGUN + timedelta(minutes=4, seconds=3)
    events = look(all_events)
    assert [each.event for each in events].count("added") == 2 + 3
    assert {each.user for each in events} == {"alice", importer()}


def test_the_password_gets_nowhere(bots: Bots, source: str, tmp_path: Path) -> None:
    ended = bots("import", "ndscheduler", source, *MAP, "--yes")
    shown = bots("import", "ndscheduler", source, *MAP, "--json")

    assert "4711" in Path(source).read_bytes().decode("latin-1")
    everything = (tmp_path / "bots-scheduler.db").read_bytes().decode("utf-8", "replace")
    for text_ in (everything, ended.out, ended.err, shown.out):
        assert 'rd" 4711' not in text_
        assert 'rd\\" 4711' not in text_
    assert "******" in everything


def test_a_second_import_changes_nothing_and_says_so(bots: Bots, source: str, look: Look) -> None:
    command = ("import", "ndscheduler", source, *MAP, "--yes")
    bots(*command)

    def everything(session: Session) -> object:
        return all_jobs(session), all_executions(session), all_events(session)

    before = look(everything)
    ended = bots(*command)

    assert "There is nothing to add." in ended.out
    assert "8 executions: 0 new, 7 here already, 1 without a time or of" in ended.out
    assert "4 lines of the audit log: 0 new, 4 here already." in ended.out
    assert look(everything) == before


def test_an_import_that_was_cut_off_is_completed(bots: Bots, source: str, look: Look) -> None:
    command = ("import", "ndscheduler", source, *MAP, "--yes")
    bots(*command)
    engine = create_engine("sqlite:///bots-scheduler.db")
    with engine.begin() as connection:
        connection.execute(text("DELETE FROM scheduler_execution WHERE id > '1'"))
        rest = connection.execute(text("DELETE FROM scheduler_execution WHERE rowid % 2")).rowcount
        connection.execute(text("DELETE FROM scheduler_jobauditlog WHERE event = 'deleted'"))
    engine.dispose()

    ended = bots(*command)

    assert f"Added {rest} executions and 2 lines of the audit log." in ended.out
    assert len(look(all_executions)) == 7
    assert len(look(all_events)) == 4 + 3


def test_an_import_that_was_interrupted_is_completed(
    bots: Bots, source: str, look: Look, monkeypatch: pytest.MonkeyPatch
) -> None:
    command = ("import", "ndscheduler", source, *MAP, "--yes")

    def interrupted(store: Store, additions: Iterable[tuple[int, Addition]]) -> Iterator[int]:
        for _, addition in additions:
            store.write(addition)
            raise KeyboardInterrupt
        yield 0

    with monkeypatch.context() as patch:
        patch.setattr(past, "_written", interrupted)
        assert bots(*command).code == 130
    completed = bots(*command)

    assert completed.code == 0, completed.err
    assert "Added 4 lines of the audit log." in completed.out
    assert len(look(all_executions)) == 7


def test_a_database_that_lacks_something_is_told_with_what_it_lacks(
    bots: Bots, source: str
) -> None:
    command = ("import", "ndscheduler", source, *MAP, "--yes")
    bots(*command)
    engine = create_engine("sqlite:///bots-scheduler.db")
    with engine.begin() as connection:
        connection.execute(text("UPDATE scheduler_jobs SET last_state=NULL, last_execution=NULL"))
    engine.dispose()

    ended = bots(*command)

    assert ended.code == 4
    assert "is not complete (note the last outcome of each job): the next start" in ended.err


def test_the_past_of_a_job_that_was_refused_at_first_is_known_when_it_comes(
    bots: Bots, source: str, look: Look
) -> None:
    assert "7 executions" in bots("import", "ndscheduler", source, "--yes").out
    assert "Added 3 jobs." in bots("import", "ndscheduler", source, *MAP, "--yes").out

    again = bots("import", "ndscheduler", source, *MAP, "--dry-run")
    assert again.code == 0, again.err
    outcome = look(lambda session: session.outcomes.last(JOB_IDS))[JOB_IDS[0]]
    assert outcome.at == BEGUN + timedelta(minutes=4, seconds=3)


@pytest.mark.parametrize(("state", "told"), [(1, True), (5, False)])
def test_executions_without_an_end_are_told_where_there_are_any(
    bots: Bots, state: int, told: bool
) -> None:
    past = Content(executions=[execution(0), execution(1, state=state)])
    source = sqlite_file(Path("past.db"), past)

    ended = bots("import", "ndscheduler", str(source), "--dry-run")

    assert ("Executions that had not ended are lost here" in ended.out) is told
    assert "2 executions: 2 new." in ended.out


def test_the_record_can_be_verified_afterwards(bots: Bots, source: str) -> None:
    bots("import", "ndscheduler", source, *MAP, "--yes")

    ended = bots("verify", "--from", "2026-01-01")

    assert ended.code == 0
    assert "Every instant has exactly one fate" in ended.out


def test_a_dry_run_tells_all_and_makes_nothing(bots: Bots, source: str) -> None:
    ended = bots("import", "ndscheduler", source, *MAP, "--dry-run")

    assert ended.code == 0
    assert not Path("bots-scheduler.db").exists()
    told = " ".join(ended.out.split())
    assert "posix.mkdir', which no pickle of a job needs" in told
    assert "no.such.Class is in no job folder" in told
    assert "what was due before is neither run nor recorded as missed" in told
    assert "3 new" in told
    assert "2 cannot be imported" in told


def test_packages_may_be_called_otherwise_here(bots: Bots, source: str, look: Look) -> None:
    hint = bots("import", "ndscheduler", source, "--dry-run")
    bots("import", "ndscheduler", source, *MAP, "--yes")

    assert "--map simple_scheduler.jobs=jobs" in " ".join(hint.out.split())
    assert {job.job_class for job in look(all_jobs).values()} == {"jobs.shell_job.ShellJob"}
    classes = {run.job_class for run in look(all_executions)}
    assert classes == {"jobs.shell_job.ShellJob", "unknown"}


def test_the_report_as_json(bots: Bots, source: str) -> None:
    ended = bots("import", "ndscheduler", source, *MAP, "--json")

    data = json.loads(ended.out)
    assert data["totals"] == {"new": 3, "present": 0, "changed": 0, "refused": 2}
    assert data["besides"] == ["7 executions", "4 lines of the audit log"]
    assert data["items"][1]["job"]["pub_args"] == ["x"]
    assert not Path("bots-scheduler.db").exists()


def test_tables_without_a_prefix_and_beside_others(bots: Bots, source: str, tmp_path: Path) -> None:
    sqlite_file(Path(source), Content({JOB_IDS[9]: (FUTURE, pickled(job_state(JOB_IDS[9])))}), "")

    unsure = bots("import", "ndscheduler", source, *MAP, "--yes")
    assert unsure.code == 2
    assert "--source-jobs-table: is needed to choose one of jobs, scheduler_jobs" in unsure.err

    names = ("jobs", "execution", "jobauditlog")
    flags = [
        part
        for what, name in zip(("jobs", "executions", "logs"), names, strict=True)
        for part in (f"--source-{what}-table", name)
    ]
    ended = bots("import", "ndscheduler", source, *MAP, *flags, "--yes")
    assert "Added 1 job." in ended.out


def test_a_folder_of_jobs_need_not_be_called_like_a_module(
    bots: Bots, source: str, tmp_path: Path, look: Look
) -> None:
    """What the report proposes is accepted."""
    shutil.copytree(tmp_path / "jobs", tmp_path / "my-jobs")
    flags = ("--jobs", str(tmp_path / "my-jobs"))

    hint = bots("import", "ndscheduler", source, *flags, "--dry-run")
    (proposed,) = set(re.findall(r"--map ([^\s,]+),", " ".join(hint.out.split())))
    bots("import", "ndscheduler", source, *flags, "--map", proposed, "--yes")

    assert proposed == "simple_scheduler.jobs=my-jobs"
    classes = {job.job_class for job in look(all_jobs).values()}
    assert classes == {"my-jobs.shell_job.ShellJob"}


@pytest.mark.parametrize("wrong", ["old", "=new", "old=", "a b=c", "old=new=x", "a=b..c"])
def test_a_map_that_makes_no_sense_is_refused(bots: Bots, source: str, wrong: str) -> None:
    ended = bots("import", "ndscheduler", source, "--map", wrong)

    assert ended.code == 2
    assert f"--map {wrong!r}: two packages are accepted" in ended.err


@pytest.mark.parametrize(
    ("wrong", "code", "told"),
    [
        ("nowhere.db", 4, "There is no database file nowhere.db."),
        (".", 4, ". is a folder; name the database file in it."),
        ("oracle://u:secret-1@h/d", 2, "'oracle' is not read"),
        ("://u:secret-1@h", 2, "the address is not understood"),
        ("mysql://u:secret-1@h:port/d", 2, "the address is not understood"),
        ("mysql:/u:secret-1@h/d", 2, "the address is not understood"),
        ("postgresql://u:secret-1@127.0.0.1:1/d", 4, "does not answer"),
    ],
)
def test_a_source_that_is_none_is_told_without_its_password(
    bots: Bots, wrong: str, code: int, told: str
) -> None:
    ended = bots("import", "ndscheduler", wrong, *MAP, "--yes")

    assert ended.code == code
    assert told in ended.err
    assert "secret-1" not in ended.err + ended.out


def test_a_password_may_be_asked_for(bots: Bots, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[tuple[str, object]] = []

    def prompt(text: str, *, hide_input: bool, err: bool) -> str:
        asked.append((text, hide_input))
        return "secret-1"

    monkeypatch.setattr("click.prompt", prompt)
    ended = bots("import", "ndscheduler", "mysql://u@127.0.0.1:1/d", "--ask-password", "--dry-run")

    assert asked == [("Password", True)]
    assert "mysql://u@127.0.0.1:1/d does not answer" in ended.err
    assert "secret-1" not in ended.err


def test_what_is_no_database_is_told(bots: Bots, tmp_path: Path) -> None:
    (tmp_path / "text.db").write_text("no database at all, " * 100)

    ended = bots("import", "ndscheduler", "text.db", *MAP)

    assert ended.code == 4
    assert ended.err == "bots-scheduler: text.db is no database of SQLite.\n"


def test_a_database_of_our_own_is_told(bots: Bots, source: str) -> None:
    bots("import", "ndscheduler", source, *MAP, "--yes")

    ended = bots("import", "ndscheduler", "bots-scheduler.db", *MAP)

    assert ended.code == 2
    assert "is a database of this program itself" in ended.err


def test_a_running_server_is_told_first(bots: Bots, source: str, tmp_path: Path) -> None:
    server = Store(DatabaseSettings(Dbms.SQLITE, path=tmp_path / "bots-scheduler.db"))
    try:
        refused = bots("import", "ndscheduler", source, *MAP, "--yes")
        looked = bots("import", "ndscheduler", source, *MAP, "--dry-run")
    finally:
        server.close()

    assert refused.code == 3
    assert "stop it to import" in refused.err
    assert looked.code == 0


def test_a_source_that_lets_nobody_in_is_told_with_the_cure_for_it(bots: Bots) -> None:
    with socket.socket() as held:  # bound, but nobody listens
        held.bind(("127.0.0.1", 0))
        ended = bots("import", "ndscheduler", f"mysql://u@127.0.0.1:{held.getsockname()[1]}/x")

    assert ended.code == 4
    assert "SOURCE names the right user and database; --ask-password asks" in ended.err
    assert "profile" not in ended.err
