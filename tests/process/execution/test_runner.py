"""The runner: slots, limits of jobs, and going on after whatever happens."""

import os
import resource
import signal
import sqlite3
import time
from dataclasses import replace

import pytest

from botsched.domain.execution import Cause, State
from botsched.errors import ExecutionError, StoreError
from botsched.execution import runner, starter
from botsched.job.info import JobClassInfo
from botsched.store.executions import Executions
from tests.support.values import FREE
from tests.support.waiting import PATIENCE, is_alive, open_descriptors, until

JOBS = """
class Wait(JobBase):
    # Runs until the file of this name is there.
    def run(self, name):
        print("waiting", flush=True)
        while not os.path.exists(name):
            time.sleep(0.01)

class Noisy(JobBase):
    def run(self):
        while True:
            print("waiting")

class Quick(JobBase):
    def run(self):
        print("done")

class Loud(JobBase):
    def run(self):
        print("some output")
        raise JobError("It failed.")
"""


@pytest.fixture(autouse=True)
def impatient(monkeypatch) -> None:
    """Give up soon when somebody else holds the database."""
    monkeypatch.setattr("botsched.store.engine._BUSY_MILLISECONDS", 50)


@pytest.fixture
def engine(engine):
    engine.write("some", JOBS)
    return engine


def states(engine, ids: list[str]) -> list[State]:
    return [engine.get(execution_id).state for execution_id in ids]


def test_no_more_run_at_a_time_than_there_are_slots(engine, tmp_path) -> None:
    engine.start(slots=2)
    ids = [engine.submit("some.Wait", str(tmp_path / f"go{number}")) for number in range(4)]
    for execution_id in ids[:2]:
        engine.printed(execution_id, "waiting")
    assert states(engine, ids) == [State.RUNNING] * 2 + [State.SCHEDULED] * 2
    assert (engine.runner.running_count, engine.runner.waiting_count) == (2, 2)

    (tmp_path / "go1").touch()

    engine.printed(ids[2], "waiting")
    assert states(engine, ids) == [
        *(State.RUNNING, State.SUCCEEDED, State.RUNNING, State.SCHEDULED),
    ]
    for number in range(4):
        (tmp_path / f"go{number}").touch()
    assert {engine.ended(execution_id).state for execution_id in ids} == {State.SUCCEEDED}


def test_a_job_runs_no_more_often_at_a_time_than_it_may(engine, tmp_path) -> None:
    engine.start(slots=4)
    once = replace(FREE, max_instances=1)
    ids = [
        engine.submit("some.Wait", str(tmp_path / f"go{number}"), policy=once) for number in (1, 2)
    ]
    other = engine.submit("some.Quick", job_id="j2")

    assert engine.ended(other).state is State.SUCCEEDED
    engine.printed(ids[0], "waiting")
    assert states(engine, ids) == [State.RUNNING, State.SCHEDULED]

    (tmp_path / "go1").touch()
    engine.printed(ids[1], "waiting")
    (tmp_path / "go2").touch()
    assert engine.ended(ids[1]).started_at >= engine.get(ids[0]).ended_at


def test_a_failure_owes_a_mail_through_every_profile_in_the_same_transaction(
    mailing_engine,
) -> None:
    engine = mailing_engine
    engine.write("some", JOBS)
    engine.start()

    execution_id = engine.submit("some.Loud")
    engine.submit("some.Quick")

    def mails():
        return engine.store.read(lambda s: s.outbox.of_execution(execution_id))

    while (before := mails(), engine.get(execution_id).state)[1] is not State.FAILED:
        assert before == []
    found = mails()
    assert sorted(mail.profile for mail in found) == ["dev", "ops"]
    assert {mail.execution_id for mail in found} == {execution_id}
    due = engine.get(execution_id).ended_at
    assert {mail.next_attempt_at for mail in found} == {due}


@pytest.mark.slow
def test_when_the_fork_server_is_killed_its_runs_are_lost_and_the_next_ones_run(
    mailing_engine, caplog
) -> None:
    engine = mailing_engine
    engine.write("some", JOBS)
    engine.write(
        "family",
        """
        class Job(JobBase):
            def run(self):
                os.system("setsid sleep 600 & echo pid $!")
                time.sleep(600)
        """,
    )
    engine.start(slots=8)
    ids = [engine.submit("some.Noisy") for _ in range(6)]
    family = engine.submit("family.Job")
    for execution_id in ids:
        engine.printed(execution_id, "waiting")
    engine.printed(family, "pid")
    grandchild = int(engine.output(family).split()[1])
    pids = [engine.running(execution_id).pid for execution_id in [*ids, family]]

    os.kill(engine.runner.starter_pid, signal.SIGKILL)

    for execution_id in [*ids, family]:
        execution = engine.ended(execution_id)
        assert (execution.state, execution.cause) == (State.LOST, Cause.CRASH)
        mails = engine.store.read(lambda s, key=execution_id: s.outbox.of_execution(key))
        assert len(mails) == 2
    until(lambda: not any(is_alive(pid) for pid in [*pids, grandchild]), "the end of all")
    assert engine.run("some.Quick").state is State.SUCCEEDED
    assert not [record for record in caplog.records if record.exc_info]


@pytest.mark.slow
def test_changed_job_modules_are_used_from_then_on(engine, monkeypatch) -> None:
    monkeypatch.setattr(starter, "_LOOK_SECONDS", 0.1)
    engine.write("changing", "class Job(JobBase):\n    def run(self):\n        return 'old'\n")
    engine.start()
    assert engine.run("changing.Job").result == "old"
    before = engine.runner.starter_pid

    engine.write("changing", "class Job(JobBase):\n    def run(self):\n        return 'new one'\n")

    until(lambda: engine.runner.starter_pid != before, "a new fork server")
    assert engine.run("changing.Job").result == "new one"
    until(lambda: not is_alive(before), "the end of the former fork server")


@pytest.mark.slow
def test_a_run_asked_for_after_a_change_is_one_of_the_changed_modules(engine, monkeypatch) -> None:
    monkeypatch.setattr(starter, "_LOOK_SECONDS", 3600)
    monkeypatch.setattr(starter, "_LOAD_SECONDS", PATIENCE)
    code = "class Job(JobBase):\n    def run(self):\n        return {}\n"
    engine.write("changing", code.format(0))
    engine.start()
    assert engine.run("changing.Job").result == 0

    for number in (10, 200):
        engine.write("changing", code.format(number))
        time.sleep(starter._FRESH_SECONDS)
        assert engine.run("changing.Job").result == number


@pytest.mark.slow
def test_the_catalogue_holds_what_came_just_now_for_whoever_cannot_do_without(
    engine, monkeypatch
) -> None:
    monkeypatch.setattr(starter, "_LOOK_SECONDS", 3600)
    engine.start()
    engine.write("new", "class Job(JobBase):\n    def run(self):\n        pass\n")
    assert engine.runner.catalogue(PATIENCE).get("jobs.new.Job") is None

    assert engine.runner.catalogue_anew(PATIENCE).get("jobs.new.Job")
    engine.write("new", "os._exit(1)")
    assert engine.runner.catalogue_anew(PATIENCE).get("jobs.new.Job")


@pytest.mark.slow
def test_modules_are_loaded_anew_when_asked_though_none_changed(engine, tmp_path) -> None:
    library = tmp_path / "library"
    library.mkdir()
    engine.write(
        "needy",
        f"import sys; sys.path.append({str(library)!r})\nimport brought_later\n"
        "class Job(JobBase):\n    def run(self):\n        pass\n",
    )
    engine.start()
    assert not engine.runner.catalogue(PATIENCE).get("jobs.needy.Job")
    (library / "brought_later.py").touch()

    assert engine.runner.reload(PATIENCE)

    assert engine.runner.catalogue(PATIENCE).get("jobs.needy.Job")
    assert engine.runner.starter_state == "ready"
    engine.write("needy", "os._exit(1)")
    assert not engine.runner.reload(PATIENCE)
    assert engine.runner.catalogue(PATIENCE).get("jobs.needy.Job")


@pytest.mark.slow
def test_a_run_of_the_former_modules_goes_on_to_its_end(engine, monkeypatch, tmp_path) -> None:
    monkeypatch.setattr(starter, "_LOOK_SECONDS", 0.1)
    engine.start()
    execution_id = engine.submit("some.Wait", str(tmp_path / "go"))
    engine.printed(execution_id, "waiting")
    before = engine.runner.starter_pid

    engine.write("other", "class Job(JobBase):\n    def run(self):\n        pass\n")
    until(lambda: engine.runner.starter_pid != before, "a new fork server")
    assert engine.run("other.Job").state is State.SUCCEEDED
    (tmp_path / "go").touch()

    assert engine.ended(execution_id).state is State.SUCCEEDED


BAD_MODULES = {"leaves": "os._exit(1)", "hangs": "time.sleep(3600)"}


@pytest.mark.slow
@pytest.mark.parametrize("code", BAD_MODULES.values(), ids=BAD_MODULES.keys())
def test_modules_that_cannot_be_loaded_leave_the_former_ones_in_use_until_mended(
    engine, monkeypatch, code: str
) -> None:
    monkeypatch.setattr(starter, "_LOOK_SECONDS", 0.1)
    monkeypatch.setattr(starter, "_LOAD_SECONDS", 0.5)
    engine.start()
    before = engine.runner.starter_pid

    seen = engine.folder / "seen"
    engine.write("bad", f"open({str(seen)!r}, 'w').close()\n{code}")
    until(seen.exists, "the attempt")
    assert engine.run("some.Quick").state is State.SUCCEEDED
    assert engine.runner.starter_pid == before

    engine.write("bad", "class Job(JobBase):\n    def run(self):\n        return 'mended'\n")
    until(lambda: engine.runner.starter_pid != before, "the mended modules")
    assert engine.run("bad.Job").result == "mended"


@pytest.mark.slow
def test_job_folders_that_cannot_be_loaded_at_all_are_told(engine) -> None:
    engine.write("bad", BAD_MODULES["leaves"])
    engine.start(wait=False)

    with pytest.raises(ExecutionError) as caught:
        engine.runner.catalogue(PATIENCE)

    assert f"The job folders {engine.jobs} could not be loaded" in str(caught.value)
    waiting = engine.submit("some.Quick")
    engine.write("bad", "")
    assert engine.ended(waiting).state is State.SUCCEEDED
    known = engine.runner.catalogue(PATIENCE).classes
    assert {type(each) for each in known} == {JobClassInfo}


@pytest.mark.slow
def test_a_locked_database_holds_everything_up_and_loses_nothing(
    engine, tmp_path, monkeypatch, caplog
) -> None:
    monkeypatch.setattr(runner, "_CLAIM_RETRY_SECONDS", 0.1)
    engine.start(slots=2)
    ends = [engine.submit("some.Wait", str(tmp_path / "go")) for _ in range(2)]
    for execution_id in ends:
        engine.printed(execution_id, "waiting")
    waiting = [engine.submit("some.Quick") for _ in range(10)]
    other = sqlite3.connect(tmp_path / "test.db", isolation_level=None)
    other.execute("BEGIN IMMEDIATE")

    (tmp_path / "go").touch()
    until(lambda: engine.runner.running_count == 0, "two ends that cannot be recorded")
    until(lambda: "database is locked" in caplog.text, "writes that fail")
    assert states(engine, ends) == [State.RUNNING] * 2
    other.execute("ROLLBACK")
    other.close()

    assert {engine.ended(execution_id).state for execution_id in ends + waiting} == {
        State.SUCCEEDED
    }
    assert {engine.output(execution_id) for execution_id in waiting} == {"done\n"}
    assert caplog.text.count("database is locked") == 1


def test_an_end_that_the_database_does_not_take_is_recorded_in_few_words(
    engine, monkeypatch, caplog
) -> None:
    engine.start()
    move = Executions.move

    def refuse(self, *arguments, **changes):
        if "result" in changes:
            raise StoreError("The result is not to its taste.")
        return move(self, *arguments, **changes)

    monkeypatch.setattr(Executions, "move", refuse)
    execution = engine.run("some.Quick")

    assert execution.state is State.FAILED
    assert execution.reason == (
        "It ended (succeeded), but how could not be stored: The result is not to its taste."
    )
    assert engine.runner.wait_idle(PATIENCE)
    assert "could not be recorded: The result is not" in caplog.text


@pytest.mark.slow
def test_three_hundred_runs_leave_no_descriptor_open(engine) -> None:
    engine.start(slots=8)
    engine.run("some.Quick")
    engine.runner.wait_idle(PATIENCE)
    before = len(open_descriptors())
    theirs = len(open_descriptors(engine.runner.starter_pid))

    ids = [engine.submit("some.Quick") for _ in range(300)]

    assert {engine.ended(execution_id).state for execution_id in ids} == {State.SUCCEEDED}
    engine.runner.wait_idle(PATIENCE)
    assert len(open_descriptors()) <= before
    assert len(open_descriptors(engine.runner.starter_pid)) <= theirs


def test_without_descriptors_a_run_is_not_started_and_says_so(engine, stack) -> None:
    engine.start()
    engine.run("some.Quick")
    limits = resource.getrlimit(resource.RLIMIT_NOFILE)
    used = open_descriptors()[-1]
    reasons = []
    while (filler := os.open(os.devnull, os.O_RDONLY)) < used:
        stack.callback(os.close, filler)
    os.close(filler)

    for spare in range(1, 7):
        resource.setrlimit(resource.RLIMIT_NOFILE, (used + spare, limits[1]))
        try:
            execution = engine.run("some.Quick")
        finally:
            resource.setrlimit(resource.RLIMIT_NOFILE, limits)
        if execution.state is not State.SUCCEEDED:
            reasons.append((execution.state, execution.reason))
        assert open_descriptors()[-1] <= used + 1

    reason = "No process could be started for it: Too many open files."
    assert set(reasons) == {(State.SCHEDULED_ERROR, reason)}
    assert engine.run("some.Quick").state is State.SUCCEEDED


def test_nothing_is_left_after_closing(engine, tmp_path) -> None:
    engine.start()
    execution_id = engine.submit("some.Wait", str(tmp_path / "never"))
    pid = engine.running(execution_id).pid
    fork_server = engine.runner.starter_pid

    engine.runner.close()

    until(lambda: not is_alive(pid), "the end of the run")
    assert not is_alive(fork_server)
    assert engine.get(execution_id).state is State.RUNNING
