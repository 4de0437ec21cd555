"""Mails whose hour has come, as digests or as themselves."""

from dataclasses import replace

from botsched.domain.outbox import Mail, MailKind, MailState
from botsched.outbox.digests import release
from botsched.store.session import Session
from tests.support.values import NOW

HELD = Mail("m1", "e1", "ops", MailState.HELD, 0, NOW, None, held_until=NOW, audience="a")


def test_each_group_of_people_gets_one_mail(store, mails) -> None:
    several = [HELD, replace(HELD, id="m2", execution_id="e2", to=["ann@example.org"])]
    one = replace(HELD, id="m3", execution_id="e3", audience="b")
    other = replace(HELD, id="m4", execution_id="e4", profile="dev")
    store.write(lambda s: s.outbox.add([*several, one, other]))

    for _ in range(2):  # the second time there is nothing to do
        store.write(lambda s: release(s, "ops", NOW))

    digest, told = sorted(mails("e2"), key=lambda mail: mail.kind)
    assert digest == Mail(
        digest.id, "e2", "ops", MailState.QUEUED, 0, NOW, NOW, to=["ann@example.org"],
        kind=MailKind.DIGEST, audience="a",
    )  # fmt: skip
    assert [mail.state for mail in (*mails("e1"), told)] == [MailState.DIGESTED] * 2
    assert {mail.digest_id for mail in (*mails("e1"), told)} == {digest.id}
    assert mails("e3") == [replace(one, state=MailState.QUEUED, next_attempt_at=NOW)]
    assert mails("e4") == [other]


def test_no_digest_tells_nothing(store, mails, monkeypatch) -> None:
    """All that was held is sent, by way of another server, while it is gathered."""
    store.write(lambda s: s.outbox.add([HELD, replace(HELD, id="m2")]))

    def release_late(session: Session) -> None:
        found = list(session.mail_queue.held("ops", NOW))
        monkeypatch.setattr(session.mail_queue, "held", lambda *_: found)
        session.mail_list.requeue(["m1", "m2"], NOW)
        release(session, "ops", NOW)

    store.write(release_late)

    assert [(mail.id, mail.state) for mail in mails("e1")] == [("m1", "queued"), ("m2", "queued")]
