"""How far a run is: seen while it runs, and kept."""

from botsched.domain.execution import State
from botsched.execution.running import RunningJobs
from tests.support.waiting import until


def working(engine, code: str) -> None:
    engine.write("work", f"class Job(JobBase):\n    def run(self):\n        {code}\n")
    engine.start()


def test_progress_is_seen_while_a_job_runs_and_kept(engine) -> None:
    working(engine, "self.progress(0.25, 'counting'); time.sleep(600)")

    execution_id = engine.submit("work.Job")

    until(lambda: engine.get(execution_id).progress == 0.25, "the progress is stored")
    assert engine.get(execution_id).progress_text == "counting"
    engine.stop(execution_id)
    engine.ended(execution_id)
    assert engine.get(execution_id).progress == 0.25


def test_the_last_word_is_kept(engine) -> None:
    working(engine, "[self.progress(n / 100_000, f'step {n}') for n in range(100_001)]")

    execution = engine.run("work.Job")

    assert execution.state is State.SUCCEEDED
    assert (execution.progress, execution.progress_text) == (1.0, "step 100000")


def test_it_is_stored_about_once_a_second(engine, monkeypatch) -> None:
    stored = []
    attend = RunningJobs.attend

    def watched(self: RunningJobs, now: float) -> None:
        progress = self._recorder.progress
        self._recorder.progress = lambda run: (
            stored.append(run.progress.has_news),
            progress(run),
        )
        try:
            attend(self, now)
        finally:
            self._recorder.progress = progress

    monkeypatch.setattr(RunningJobs, "attend", watched)
    code = "begin = time.monotonic()\n        while time.monotonic() < begin + 1.5:\n"
    working(engine, code + "            self.progress((time.monotonic() - begin) / 2)")

    assert engine.run("work.Job").progress > 0.7
    assert 1 <= sum(stored) <= 3


def test_a_job_that_says_nothing_has_no_progress(engine) -> None:
    working(engine, "pass")

    execution = engine.run("work.Job")

    assert (execution.progress, execution.progress_text) == (None, None)


def test_what_a_job_scribbles_over_it_is_passed_over(engine) -> None:
    scribble = """
        for number in os.listdir("/proc/self/fd"):
            try:
                if "progress" in os.readlink(f"/proc/self/fd/{number}"):
                    os.pwrite(int(number), b"[1e999, 3] or worse", 0)
            except OSError:
                pass
    """
    working(engine, scribble.strip())

    execution = engine.run("work.Job")

    assert (execution.state, execution.progress) == (State.SUCCEEDED, None)
