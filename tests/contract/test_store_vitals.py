"""How large the database is."""

from botsched.store import vitals
from tests.support.values import a_job


def test_the_size_and_the_version_are_told(store) -> None:
    assert store.read(lambda s: s.vitals.size()) > 10_000
    assert int(store.read(lambda s: s.vitals.version()).partition(".")[0]) >= 3


def test_rows_are_counted_up_to_a_limit_and_then_estimated(store, monkeypatch) -> None:
    store.write(lambda session: [session.jobs.add(a_job()) for _ in range(30)])
    assert rows(store) == (30, True)

    monkeypatch.setattr(vitals, "_COUNTED", 20)

    count, exact = rows(store)
    assert not exact
    assert count >= 21


def rows(store) -> tuple[int, bool]:
    found = store.read(lambda session: session.vitals.rows())
    assert len(found) > 8
    return found["scheduler_jobs"]
