import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from botsched.domain.execution import Cause, State
from botsched.settings.model import DatabaseSettings, Dbms
from botsched.store.store import Store
from tests.support.values import a_job, an_execution
from tests.unit.cli.conftest import Bots

MINUTE = timedelta(minutes=1)
BEGIN = datetime(2026, 3, 1, 12, tzinfo=UTC)
PERIOD = ("--from", "2026-03-01T12:00", "--to", "2026-03-01T12:59:30")


@pytest.fixture
def store(tmp_path: Path):
    """A running server's database: an hour of a job, one instant skipped, the last one pending."""
    store = Store(DatabaseSettings(Dbms.SQLITE, path=tmp_path / "bots-scheduler.db"))
    job = a_job(id="j1", created_at=BEGIN - MINUTE, next_due=BEGIN)
    rows = [
        an_execution(
            id=f"e{n}", job_id="j1", due=BEGIN + n * MINUTE, scheduled_at=BEGIN + n * MINUTE,
            state=State.SKIPPED, cause=Cause.OVERLAP,
        )
        for n in range(60)
    ]  # fmt: skip
    store.write(lambda s: s.jobs.add(job))
    store.write(lambda s: s.executions.add(rows))
    store.write(lambda s: s.jobs.set_next_due({"j1": BEGIN + 60 * MINUTE}))
    yield store
    store.close()


def test_a_record_that_holds(bots: Bots, store: Store) -> None:
    ended = bots("verify", *PERIOD)

    assert (ended.code, ended.err) == (0, "")
    assert ended.out.splitlines() == [
        "2026-03-01 12:00:00 to 2026-03-01 12:59:30 (UTC)",
        "1 job, 60 instants due:",
        "",
        "  skipped               60  (overlap 60)",
        "  missing                0",
        "  doubled                0",
        "  unexplained            0",
        "",
        "Every instant has exactly one fate.",
    ]


def test_open_instants_are_not_said_to_have_a_fate(bots: Bots, store: Store) -> None:
    told = "Every instant has exactly one fate, but for"

    one = bots("verify", "--from", "2026-03-01T12:00", "--to", "2026-03-01T13:00:30")
    assert (one.code, one.out.splitlines()[-1]) == (0, f"{told} 1 that is still open.")
    more = bots("verify", "--from", "2026-03-01T12:00", "--to", "2026-03-01T13:01:30")
    assert (more.code, more.out.splitlines()[-1]) == (0, f"{told} 2 that are still open.")


def test_a_record_that_does_not_hold(bots: Bots, store: Store) -> None:
    store.write(
        lambda s: s.executions.add([an_execution(job_id="j1", due=BEGIN + MINUTE / 2, reason="x")])
    )

    ended = bots("verify", *PERIOD)
    assert ended.code == 1
    assert "unexplained: 2026-03-01 12:00:30\n  job 'backup' (j1)\n  execution" in ended.out
    assert "The record does not hold: 0 missing, 0 doubled, 1 unexplained." in ended.out
    assert max(map(len, ended.out.splitlines())) <= 80


def test_times_are_on_the_clock_of_the_server(bots: Bots, store: Store) -> None:
    zone = ("--timezone", "Europe/Brussels")

    ended = bots("verify", "--from", "2026-03-01", "--to", "2026-03-01T13:29:30", *zone)

    assert ended.out.splitlines()[:2] == [
        "2026-03-01 00:00:00 to 2026-03-01 13:29:30 (Europe/Brussels)",
        "1 job, 30 instants due:",
    ]


def test_json_is_that_of_the_api(bots: Bots, store: Store) -> None:
    ended = bots("verify", "--json", *PERIOD, "--job", "backup")

    verdict = json.loads(ended.out)
    assert (verdict["clean"], verdict["due"], verdict["skipped"]) == (True, 60, {"overlap": 60})
    assert verdict["from"] == "2026-03-01T12:00:00+00:00"


def test_the_last_day_is_taken_when_nothing_is_said(bots: Bots, store: Store) -> None:
    verdict = json.loads(bots("verify", "--json").out)

    start, end = (datetime.fromisoformat(verdict[key]) for key in ("from", "to"))
    assert end - start == timedelta(hours=24)
    assert datetime.now(UTC) - end < timedelta(minutes=2)


@pytest.mark.parametrize(
    ("arguments", "code", "told"),
    [
        (("--from", "yesterday"), 2, "--from 'yesterday': a time such as"),
        (("--from", "2026-03-02", "--to", "2026-03-01"), 2, "is later than --to"),
        (("--from", "2900-01-01"), 2, "--from 2900-01-01 is later than now."),
        (("--to", "2900-01-01"), 2, "The 24 hours before --to 2900-01-01 are later than now"),
        (("--from", "0001-01-01"), 2, "give a year from 1970 to 2999"),
        (("--to", "9999-12-31"), 2, "give a year from 1970 to 2999"),
        (("--job", "nobody"), 2, "There is no job 'nobody'"),
    ],
)
def test_what_cannot_be_verified_is_told(bots: Bots, store: Store, arguments, code, told) -> None:
    ended = bots("verify", *arguments)

    assert ended.code == code
    assert told in ended.err


def test_without_a_database_there_is_nothing_to_verify(bots: Bots, tmp_path: Path) -> None:
    ended = bots("verify")

    assert ended.code == 4
    assert "There is no database" in ended.err
    assert list(tmp_path.iterdir()) == []
