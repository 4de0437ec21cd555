"""What users do with mails."""

from typing import Any

import pytest

from botsched.domain.maillist import MailFilter
from botsched.domain.outbox import Mail, MailState
from botsched.domain.paging import AuditFilter, Paging
from botsched.scheduling import mails as module
from botsched.scheduling.mails import MailService
from tests.support.values import NOW


@pytest.fixture
def mails(record: Any) -> MailService:
    return MailService(record.store, None, (), lambda: NOW)  # type: ignore[arg-type]


def test_many_mails_are_queued_a_portion_at_a_time_each_with_its_line_in_the_log(
    mails: MailService, record: Any
) -> None:
    owed = [
        Mail(f"m{number:04}", "e1", "ops", MailState.DEAD, 1, NOW, None) for number in range(1100)
    ]
    record.store.write(lambda session: session.outbox.add(owed))

    assert mails.resend_found(MailFilter(states=frozenset({MailState.DEAD})), "ann") == 1100

    assert mails.counts() == {"ops": {MailState.QUEUED: 1100}}
    events = record.store.read(lambda session: session.audit.find(AuditFilter(), Paging())).items
    told = ["500 mails: dead", "500 mails: dead", "100 mails: dead"]
    assert sorted(event.description for event in events) == sorted(told)


def test_what_arrives_while_it_is_looked_for_is_left_alone(
    mails: MailService, record: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    mail = Mail("m1", "e1", "ops", MailState.DEFERRED, 1, NOW, NOW)
    record.store.write(lambda session: session.outbox.add([mail]))
    portions = module.portions

    def meanwhile(ids: list[str]) -> Any:
        assert record.store.write(lambda session: session.mail_queue.claim("ops", NOW)) is not None
        return portions(ids)

    monkeypatch.setattr(module, "portions", meanwhile)

    wanted = MailFilter(states=frozenset({MailState.DEFERRED}))
    assert mails.resend_found(wanted, "ann") == 0
    assert mails.counts() == {"ops": {MailState.SENDING: 1}}
