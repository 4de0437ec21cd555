from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest

from botsched.domain.execution import State
from botsched.domain.why import RuleSource, Why
from botsched.notify.facts import context, facts

PARIS = ZoneInfo("Europe/Paris")


def told(execution, why=None, usual=None) -> dict[str, str]:
    return dict(facts(execution, why, usual, PARIS))


def test_a_run_is_told_in_the_order_of_time(execution):
    run = execution(arguments=["ü"], attempt=3, user="ann", pid=7)
    assert list(facts(run, None, None, PARIS)) == [
        ("Due", "2026-03-01 04:00:00 +01:00 (Europe/Paris)"),
        ("Started", "04:00:00"),
        ("Ended", "04:01:05"),
        ("Took", "1 min 05 s"),
        ("Where", "web1, process 7"),
        ("Class", "jobs.shell.Shell"),
        ("Arguments", '["ü"]'),
        ("Attempt", "3, the last"),
        ("Asked for", "by ann"),
    ]
    assert context(run, PARIS) == "web1 · Sun 2026-03-01 04:01 · took 1 min 05 s"


def test_other_days_are_written_in_full(execution):
    run = execution()
    late = run.due + timedelta(days=1)
    assert told(execution(started_at=late, ended_at=late))["Started"] == (
        "2026-03-02 04:00:00 +01:00 (Europe/Paris), 24 h 00 min late"
    )


def test_many_instants_are_one_line(execution):
    due = execution().due
    missed = execution(
        state=State.MISSED, started_at=None, due_last=due + timedelta(hours=2), due_count=1200
    )
    assert told(missed)["Due"] == (
        "1,200 times: 2026-03-01 04:00:00 +01:00 (Europe/Paris) to 06:00:00"
    )
    assert "Started" not in told(missed)
    assert "Took" not in told(missed)


def test_of_a_lost_run_the_end_is_when_it_was_found(execution):
    assert "Took" not in told(execution(state=State.LOST))
    assert told(execution(state=State.LOST))["Found lost"] == "04:01:05"


@pytest.mark.parametrize(
    ("usual", "words"),
    [
        (0.4, "1 min 05 s, usually 0.40 s"),
        (60, "1 min 05 s, usually 1 min 00 s"),
        (13, "1 min 05 s, usually 13 s (5.0 times as long)"),
        (50, "1 min 05 s, usually 50 s (+30%)"),
        (130, "1 min 05 s, usually 2 min 10 s (-50%)"),
    ],
)
def test_the_duration_stands_beside_the_usual_one(execution, usual, words):
    assert told(execution(), usual=timedelta(seconds=usual))["Took"] == words


@pytest.mark.parametrize(
    ("failures", "state", "words"),
    [
        (1, State.FAILED, "a new one, with this run"),
        (3, State.FAILED, "the 3rd bad run in a row, since Sun 2026-03-01 03:00"),
        (12, State.LOST, "the 12th bad run in a row, since Sun 2026-03-01 03:00"),
        (1, State.SUCCEEDED, "over, after 1 bad run, since Sun 2026-03-01 03:00"),
        (0, State.SUCCEEDED, None),
    ],
)
def test_an_incident_is_counted(execution, failures, state, words):
    since = execution().due - timedelta(hours=1)
    why = Why((), 1, RuleSource.JOB, failures, since)
    assert told(execution(state=state), why).get("Incident") == words
