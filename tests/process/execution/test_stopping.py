"""Runs that are ended from outside: stopped, over their time, and all that they started."""

import os
import signal
import time
from dataclasses import replace
from datetime import timedelta

import pytest

from botsched.domain.clock import system_clock
from botsched.domain.execution import Cause, State
from botsched.execution.forkserver_link import ForkServerLink
from botsched.execution.waiting import Order
from tests.support.values import FREE, an_execution
from tests.support.waiting import PATIENCE, is_alive, until

SLEEPER = """
class Sleep(JobBase):
    def run(self):
        print("sleeping", flush=True)
        time.sleep(600)

class Stubborn(JobBase):
    def run(self):
        import signal
        signal.signal(signal.SIGTERM, signal.SIG_IGN)
        print("sleeping", flush=True)
        time.sleep(600)

class Tidy(JobBase):
    def run(self):
        import signal
        signal.signal(signal.SIGTERM, lambda *_: sys.exit("tidied up"))
        print("sleeping", flush=True)
        time.sleep(600)

class Family(JobBase):
    def run(self, *how):
        # Two children: one of our group, one that left it; both deaf to SIGTERM.
        for words in ("", "setsid"):
            os.system(words + " sh -c 'trap \\"\\" TERM; echo pid $$; sleep 600; :' &")
        time.sleep(600)

class Leaver(JobBase):
    def run(self):
        os.system("setsid sh -c 'trap \\"\\" TERM; echo pid $$; sleep 600; :' &")
        time.sleep(600)

class Forker(JobBase):
    def run(self):
        # A child without a program of its own: what it belongs to is not seen in its environment.
        import signal
        signal.signal(signal.SIGTERM, signal.SIG_IGN)
        if (pid := os.fork()) == 0:
            time.sleep(600)
        signal.signal(signal.SIGTERM, signal.SIG_DFL)
        print(pid, flush=True)
        time.sleep(600)

class Quick(JobBase):
    def run(self):
        return "done"
"""


def limited(seconds: float):
    return replace(FREE, time_limit=timedelta(seconds=seconds))


@pytest.fixture
def engine(engine):
    engine.write("sleep", SLEEPER)
    return engine


def test_a_running_job_is_asked_to_stop(engine) -> None:
    engine.start(stop_grace=30)
    execution_id = engine.submit("sleep.Sleep")
    engine.printed(execution_id, "sleeping")

    engine.stop(execution_id)

    execution = engine.ended(execution_id)
    assert (execution.state, execution.cause) == (State.STOPPED, Cause.STOPPED)
    assert execution.reason == "Stopped by ann."


def test_a_job_may_tidy_up_when_it_is_stopped(engine) -> None:
    engine.start(stop_grace=30)
    execution_id = engine.submit("sleep.Tidy")
    engine.printed(execution_id, "sleeping")

    engine.stop(execution_id)

    execution = engine.ended(execution_id)
    assert execution.state is State.STOPPED
    assert "tidied up" in engine.output(execution_id)


@pytest.mark.parametrize("how", ["stop", "time limit"])
def test_a_job_that_does_not_listen_is_killed_after_the_grace(engine, how: str) -> None:
    engine.start(stop_grace=0.4)
    policy = limited(5) if how == "time limit" else FREE
    execution_id = engine.submit("sleep.Stubborn", policy=policy)
    engine.printed(execution_id, "sleeping")

    if how == "stop":
        engine.stop(execution_id)

    execution = engine.ended(execution_id)
    expected = {
        "stop": (State.STOPPED, Cause.STOPPED, "Stopped by ann."),
        "time limit": (State.TIMEOUT, Cause.TIME_LIMIT, "Ran longer than its time limit of 5 s."),
    }
    assert (execution.state, execution.cause, execution.reason) == expected[how]
    until(lambda: not is_alive(execution.pid), "the end of the process")


def test_a_job_within_its_time_limit_is_left_alone(engine) -> None:
    engine.start()

    assert engine.run("sleep.Quick", policy=limited(30)).state is State.SUCCEEDED


@pytest.mark.parametrize("how", ["stop", "time limit"])
def test_all_that_a_job_started_ends_with_it(engine, how: str) -> None:
    engine.start(stop_grace=0.3)
    policy = limited(5) if how == "time limit" else FREE
    execution_id = engine.submit("sleep.Family", policy=policy)
    until(lambda: engine.output(execution_id).count("pid") == 2, "both children")
    pids = [int(line.split()[1]) for line in engine.output(execution_id).splitlines()]
    assert all(is_alive(pid) for pid in pids)

    if how == "stop":
        engine.stop(execution_id)

    execution = engine.ended(execution_id)
    assert execution.state is (State.STOPPED if how == "stop" else State.TIMEOUT)
    until(lambda: not any(is_alive(pid) for pid in pids), "the end of the children")


def test_what_left_the_group_of_a_stopped_job_ends_too(engine) -> None:
    engine.start(stop_grace=30)
    execution_id = engine.submit("sleep.Leaver")
    engine.printed(execution_id, "pid")
    pid = int(engine.output(execution_id).split()[1])

    engine.stop(execution_id)

    assert engine.ended(execution_id).state is State.STOPPED
    until(lambda: not is_alive(pid), "the end of the one that left")


def test_what_a_job_left_is_killed_when_the_kill_came_too_late_for_the_job(
    engine, monkeypatch
) -> None:
    signal_of = ForkServerLink.signal

    def reach_nobody_with_kill(link: ForkServerLink, execution_id: str, number: int) -> None:
        if number != signal.SIGKILL:  # the fork server has seen the process end
            signal_of(link, execution_id, number)

    monkeypatch.setattr(ForkServerLink, "signal", reach_nobody_with_kill)
    engine.start(stop_grace=0)
    execution_id = engine.submit("sleep.Forker")
    pid = int(engine.printed(execution_id, "\n"))

    engine.stop(execution_id)

    assert engine.ended(execution_id).state is State.STOPPED
    until(lambda: not is_alive(pid), "the end of the child")


def test_what_other_runs_started_is_left_alone(engine) -> None:
    engine.start(stop_grace=0.3)
    one, other = engine.submit("sleep.Family"), engine.submit("sleep.Family")
    until(lambda: engine.output(other).count("pid") == 2, "both children")
    pids = [int(line.split()[1]) for line in engine.output(other).splitlines()]

    engine.stop(one)
    engine.ended(one)

    assert all(is_alive(pid) for pid in [*pids, engine.get(other).pid])


def test_a_job_that_was_just_claimed_is_stopped_at_once(engine) -> None:
    engine.start(stop_grace=30)
    execution_id = engine.submit("sleep.Sleep")
    until(lambda: engine.get(execution_id).state is State.RUNNING, "the claim")

    engine.stop(execution_id)

    assert engine.ended(execution_id).state is State.STOPPED
    assert engine.run("sleep.Quick").state is State.SUCCEEDED


def test_a_job_that_waits_for_a_slot_is_not_started_any_more(engine) -> None:
    engine.start(slots=1)
    first, second = engine.submit("sleep.Sleep"), engine.submit("sleep.Sleep", job_id="j2")
    engine.printed(first, "sleeping")

    at = system_clock()
    engine.store.write(lambda s: s.executions.require_move(second, State.STOPPED, at))
    engine.stop(first)

    assert engine.ended(first).state is State.STOPPED
    assert engine.run("sleep.Quick").state is State.SUCCEEDED
    assert engine.get(second).state is State.STOPPED
    assert engine.get(second).started_at is None


def test_a_class_that_is_gone_ends_also_while_it_is_stopped(engine) -> None:
    engine.start()
    execution = an_execution(job_class="jobs.gone.Gone")
    at = system_clock()

    def stopped_as_soon_as_claimed(session) -> None:
        session.executions.add([execution])
        session.executions.move(execution.id, State.RUNNING, at)
        session.executions.move(execution.id, State.STOPPING, at)

    # Claimed by hand, so that the stop surely comes before the answer of the fork server.
    engine.store.write(stopped_as_soon_as_claimed)
    engine.runner._ask(lambda: engine.runner._running.start(Order(execution, FREE)))

    assert engine.ended(execution.id).state is State.SCHEDULED_ERROR


def test_stopping_twice_is_once(engine) -> None:
    engine.start(stop_grace=0.5)
    execution_id = engine.submit("sleep.Stubborn")
    engine.printed(execution_id, "sleeping")
    engine.stop(execution_id)
    for _ in range(20):
        engine.runner.stop(execution_id, "bob")
        time.sleep(0.02)

    engine.ended(execution_id)


def test_a_stop_of_what_has_ended_does_nothing(engine) -> None:
    engine.start()
    execution = engine.run("sleep.Quick")

    engine.runner.stop(execution.id, "bob")
    engine.runner.stop("no such execution", "bob")

    assert engine.run("sleep.Quick").state is State.SUCCEEDED
    assert engine.get(execution.id) == execution


@pytest.mark.slow
def test_a_process_left_in_the_background_does_not_delay_the_end(engine) -> None:
    engine.write(
        "background",
        """
        class Job(JobBase):
            def run(self):
                os.system("sleep 600 & echo $!")
                return "done"
        """,
    )
    engine.start()

    execution = engine.run("background.Job")

    assert execution.result == "done"
    assert (execution.ended_at - execution.started_at).total_seconds() < PATIENCE
    pid = int(engine.output(execution.id))
    assert is_alive(pid)

    os.kill(pid, 9)


def test_the_end_of_the_server_stops_all(engine) -> None:
    engine.start(stop_grace=0.3)
    ids = [engine.submit(f"sleep.{name}") for name in ("Sleep", "Stubborn")]
    for execution_id in ids:
        engine.printed(execution_id, "sleeping")
    waiting = engine.submit("sleep.Quick")
    engine.ended(waiting)

    engine.runner.drain()
    left = engine.submit("sleep.Quick")
    assert not engine.runner.wait_idle(0.1)
    engine.runner.stop_all()

    assert engine.runner.wait_idle(PATIENCE)
    for execution_id in ids:
        execution = engine.get(execution_id)
        assert execution.state is State.STOPPED
        assert execution.reason == "Stopped because the server was shut down."
    assert engine.get(left).state is State.SCHEDULED


def test_killing_all_needs_no_grace(engine) -> None:
    engine.start(stop_grace=60)
    execution_id = engine.submit("sleep.Stubborn")
    engine.printed(execution_id, "sleeping")

    engine.runner.drain()
    engine.runner.stop_all()
    engine.runner.kill_all()

    assert engine.runner.wait_idle(PATIENCE)
    assert engine.get(execution_id).state is State.STOPPED
