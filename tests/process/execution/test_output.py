"""What runs print: stored while they run, bounded, and fit to be shown."""

import pytest

from botsched.domain.execution import State
from botsched.execution.capture import HEAD_LIMIT, TAIL_LIMIT
from tests.support.waiting import until


def printing(engine, code: str) -> None:
    engine.write("talk", f"class Job(JobBase):\n    def run(self):\n        {code}\n")


def test_output_is_stored_while_the_job_runs(engine) -> None:
    printing(engine, "print('begun'); print('no line end', end='', flush=True); time.sleep(600)")
    engine.start()

    execution_id = engine.submit("talk.Job")

    engine.printed(execution_id, "begun\nno line end")
    execution = engine.running(execution_id)
    assert execution.state is State.RUNNING
    until(lambda: engine.get(execution_id).output_bytes == 17, "the bytes are counted")
    engine.stop(execution_id)
    engine.ended(execution_id)
    assert engine.output(execution_id) == "begun\nno line end"


def test_a_last_line_without_its_end_is_kept(engine) -> None:
    printing(engine, "sys.stdout.write('one\\ntwo')")
    engine.start()

    assert engine.output(engine.run("talk.Job").id) == "one\ntwo"


def test_bytes_that_are_no_text_are_replaced(engine) -> None:
    printing(
        engine, r"os.write(1, b'a\xff\0b \xe2\x98'); time.sleep(0.05); os.write(1, b'\x83 \xc3')"
    )
    engine.start()

    execution = engine.run("talk.Job")

    assert execution.state is State.SUCCEEDED
    assert engine.output(execution.id) == "a\ufffd\ufffdb \u2603 \ufffd"
    assert execution.output_bytes == 10


@pytest.mark.slow
@pytest.mark.parametrize("letter", ["b'x'", r"b'\xff'"], ids=["text", "no text"])
def test_very_long_output_keeps_its_beginning_and_its_end(engine, letter: str) -> None:
    size = 50 * 1024 * 1024
    printing(
        engine,
        f"""
        os.write(1, b"first\\n")
        for number in range(50):
            sys.stdout.buffer.write({letter} * (1024 * 1024))
        sys.stdout.buffer.write(b"\\nlast")
        sys.stdout.flush()
        """.strip(),
    )
    engine.start()

    execution = engine.ended(engine.submit("talk.Job"))

    assert execution.state is State.SUCCEEDED
    assert execution.output_bytes == size + 11
    text = engine.output(execution.id)
    head, note, tail = text.partition(
        f"\n[... {execution.output_dropped} bytes of output were not kept ...]\n"
    )
    assert note
    assert (head[:6], tail[-5:]) == ("first\n", "\nlast")  # short: they are shown when they differ
    kept = len(head) + len(tail)
    assert kept + execution.output_dropped == execution.output_bytes
    sizes = len(head), len(tail)
    assert HEAD_LIMIT - 70_000 < sizes[0] <= HEAD_LIMIT
    assert TAIL_LIMIT - 70_000 < sizes[1] <= TAIL_LIMIT


@pytest.mark.slow
def test_a_job_that_prints_without_end_does_not_hold_up_the_others(engine) -> None:
    engine.write(
        "talk",
        """
        class Noisy(JobBase):
            def run(self):
                while True:
                    os.write(1, b"y" * 65536)

        class Quiet(JobBase):
            def run(self):
                return "done"
        """,
    )
    engine.start(slots=2)
    noisy = engine.submit("talk.Noisy")
    engine.printed(noisy, "y")

    quiet = [engine.run("talk.Quiet") for _ in range(5)]

    assert all((each.ended_at - each.updated_at).total_seconds() < 10 for each in quiet)
    assert [each.result for each in quiet] == ["done"] * 5
    engine.stop(noisy)
    assert engine.ended(noisy).state is State.STOPPED
