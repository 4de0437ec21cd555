"""Sends what is owed through one channel, mail by mail."""

import logging
import threading
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from functools import partial
from typing import Final, Protocol

from botsched.domain.clock import Clock
from botsched.domain.outbox import Mail, MailState
from botsched.errors import (
    BotsError,
    DeliveryError,
    FencedError,
    NotFoundError,
    StoreUnavailableError,
)
from botsched.notify.channel import Notice
from botsched.outbox.digests import release
from botsched.outbox.outcomes import (
    accepted,
    accepted_elsewhere,
    dead,
    failed,
    failed_elsewhere,
    interrupted,
    noted,
)
from botsched.outbox.way import Way
from botsched.store.session import Session
from botsched.store.store import Store

log = logging.getLogger(__name__)

LOOK_SECONDS = 1.0
_PASS: Final = 500
"""Mails sent before it is looked again for what was held, or cut off elsewhere."""
_PATIENCE: Final = 2
"""Attempts that may fail before another channel stands in."""


class Contents(Protocol):
    """Knows what is to be told."""

    def notice(self, session: Session, mail: Mail, to: tuple[str, ...] | None = None) -> Notice:
        """What a mail tells those whom it is for. Raises NotFoundError when that is gone."""


class Sender:
    """Claims one mail at a time, so that after a crash this one only is in doubt.

    ``stand_in`` is the way for mails that could not be sent by their own for some attempts;
    ``people`` are the addresses of this channel, if it has any.
    """

    def __init__(
        self,
        way: Way,
        stand_in: Way | None,
        people: Sequence[str],
        contents: Contents,
        store: Store,
        clock: Clock,
        closing: threading.Event,
    ) -> None:
        self._name = way.name
        self._way = way
        self._stand_in = stand_in
        self._people = people
        self._contents = contents
        self._store = store
        self._clock = clock
        self._closing = closing
        self._is_new = True

    def run(self) -> None:
        """Send what is due, and go on with what becomes due, until it is closing time."""
        pause = 0.0
        while not self._closing.wait(pause):
            pause = LOOK_SECONDS
            try:
                if self.send_due():
                    pause = 0.0
            except (StoreUnavailableError, FencedError):
                continue  # logged where it is known what it means
            except BotsError as error:
                log.warning("%s", error)
            except Exception:
                log.exception("The outbox stumbled, and goes on.")

    def send_due(self) -> bool:
        """Send some of what is due; whether there is more."""
        now = self._clock()
        if not self._may_go_on:
            return False
        if not (self._has_work(now) or self._is_new):
            return False
        self._store.write(partial(self._prepare, now=now), fenced=True)
        self._is_new = False
        try:
            mail, left = self._advance(None, claims=True), _PASS
            while mail is not None:
                left -= 1
                mail = self._advance(self._attempt(mail), claims=left > 0)
            return left == 0
        finally:
            self._way.close()
            if self._stand_in is not None:
                self._stand_in.close()

    @property
    def _may_go_on(self) -> bool:
        return not self._closing.is_set() and self._store.fence.open and self._way.pace.has_room

    def _has_work(self, now: datetime) -> bool:
        return self._store.read(lambda session: session.mail_queue.has_work(self._name, now))

    def _prepare(self, session: Session, now: datetime) -> None:
        """Put off what was cut off, and queue what was held. Nothing is under way here now.

        At first what was put off before is brought forward: who starts the server anew may have
        mended what was wrong. What was cut off is not, as the program may have died of it.
        """
        if self._is_new:
            session.mail_queue.hasten(self._name, now)
        for mail in session.mail_queue.sending(self._name):
            session.mail_queue.record(interrupted(mail, now))
        release(session, self._name, now)

    def _advance(self, done: Mail | None, *, claims: bool) -> Mail | None:
        """Record a mail that was tried, and claim the next one, in one transaction if both can be.

        What was sent is recorded even when another server has taken over meanwhile.
        """
        recorded = claimed = None
        with self._store.together():
            if done is not None:
                recorded = self._store.submit(partial(_record, done), durable=True)
            if claims and self._may_go_on:
                claim = partial(_claim, self._name, self._clock())
                claimed = self._store.submit(claim, fenced=True)
        if recorded is not None:
            recorded.result()
        return None if claimed is None else claimed.result()

    def _attempt(self, mail: Mail) -> Mail:
        """One attempt, and the mail as it stands then."""
        try:
            after = self._tried(mail)
        except NotFoundError as error:
            after = dead(mail, str(error), self._clock())
        except BotsError as error:  # the database went away
            after = self._put_off(mail, str(error))
        except Exception as error:
            # Put off like any other: it must not stand in the way of those behind it.
            log.exception("Mail %s could not be made.", mail.id)
            after = self._put_off(mail, f"{type(error).__name__}: {error}")
        _tell(after, self._clock())
        return after

    def _put_off(self, mail: Mail, fault: str) -> Mail:
        """A mail that could not even be made."""
        return failed(mail, DeliveryError(fault, permanent=False), self._name, self._clock())

    def _tried(self, mail: Mail) -> Mail:
        notice = self._notice(mail)
        mail = replace(mail, subject=notice.subject)
        try:
            delivery = self._way.send(notice, mail.recipients or ())
        except DeliveryError as error:
            way = self._stand_in
            is_enough = error.is_of_server and mail.attempts > _PATIENCE
            if way is None or not is_enough or not way.pace.has_room:
                return failed(mail, error, self._name, self._clock())
            return self._stood_in_for(mail, error, way)
        return accepted(mail, delivery, self._name, self._clock())

    def _stood_in_for(self, mail: Mail, error: DeliveryError, way: Way) -> Mail:
        """Try once more by another way, to the same people."""
        mail = noted(mail, error, self._name, self._clock())
        notice = self._notice(mail, tuple(mail.to or self._people) or None)
        try:
            delivery = way.send(notice, mail.recipients or ())
        except DeliveryError as other:
            return failed_elsewhere(mail, error, other, way.name, self._clock())
        return accepted_elsewhere(mail, delivery, way.name, self._clock())

    def _notice(self, mail: Mail, to: tuple[str, ...] | None = None) -> Notice:
        return self._store.read(lambda session: self._contents.notice(session, mail, to))


def _record(mail: Mail, session: Session) -> None:
    session.mail_queue.record(mail)


def _claim(profile: str, now: datetime, session: Session) -> Mail | None:
    return session.mail_queue.claim(profile, now)


def _tell(mail: Mail, now: datetime) -> None:
    """Say in the log what went wrong, if anything did."""
    if mail.state is MailState.DEAD:
        about = f"Mail {mail.id} about execution {mail.execution_id}"
        log.error("%s is given up: %s", about, mail.last_error)
    elif mail.next_attempt_at is not None:
        wait = (mail.next_attempt_at - now).total_seconds()
        words = (mail.last_error or "").rstrip(".")
        log.warning("%s. Mail %s is tried again in %.0f s.", words, mail.id, wait)
    elif mail.last_error is not None:
        log.error("Mail %s was not accepted for %s", mail.id, mail.last_error)
