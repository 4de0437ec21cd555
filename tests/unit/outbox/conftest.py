"""A store whose mails are sent, at hours that tests choose."""

from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from botsched.domain.outbox import Mail, MailState
from botsched.settings.model import DatabaseSettings, Dbms
from botsched.store.store import Store
from tests.support.values import NOW
from tests.support.waiting import until


class Clock:
    def __init__(self) -> None:
        self.now = NOW

    def __call__(self) -> datetime:
        return self.now

    def move(self, **span: float) -> None:
        self.now += timedelta(**span)


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    store = Store(DatabaseSettings(Dbms.SQLITE, path=tmp_path / "test.db"))
    yield store
    store.close()


@pytest.fixture
def mails(store: Store) -> Callable[[str], list[Mail]]:
    return lambda execution_id: store.read(lambda s: s.outbox.of_execution(execution_id))


@pytest.fixture
def after(mails: Callable[[str], list[Mail]]) -> Callable[[str, int], Mail]:
    """The mail about an execution, once so many attempts were made."""

    def after(execution_id: str, attempts: int) -> Mail:
        def found() -> Mail | None:
            tried = (m for m in mails(execution_id) if m.attempts >= attempts)
            return next((m for m in tried if m.state is not MailState.SENDING), None)

        return until(found, f"{attempts} attempts; {mails(execution_id)}")

    return after
