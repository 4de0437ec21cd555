"""Delivers the mails that are owed: one thread a profile, so that no server holds up another's."""

import logging
import threading
import time
from dataclasses import replace
from functools import partial

from botsched.domain.clock import Clock
from botsched.domain.outbox import GIVE_UP_AFTER, Mail, MailState, retry_delay
from botsched.errors import (
    BotsError,
    DeliveryError,
    FencedError,
    NotFoundError,
    StoreError,
    StoreUnavailableError,
)
from botsched.notify.delivery import Delivery
from botsched.notify.smtp.transaction import deliver
from botsched.outbox.contents import Contents
from botsched.settings.model import MailSettings, SmtpProfile
from botsched.store.session import Session
from botsched.store.store import Store

log = logging.getLogger(__name__)

_LOOK_SECONDS = 1.0
_BATCH = 20


class Outbox:
    """Tries each mail until it is accepted, refused for good, or too old to be of use.

    Of several servers on one database, only the one that schedules does so.
    """

    def __init__(
        self,
        settings: MailSettings,
        store: Store,
        clock: Clock,
        contents: Contents,
    ) -> None:
        self._settings = settings
        self._store = store
        self._clock = clock
        self._contents = contents
        self._closing = threading.Event()
        self._threads = [
            threading.Thread(target=self._work, args=(profile,), name=f"mail-{profile.name}",
                             daemon=True)
            for profile in settings.profiles
        ]  # fmt: skip

    def start(self) -> None:
        """Begin with what is owed already."""
        for thread in self._threads:
            thread.start()

    def close(self, timeout: float = 5.0) -> None:
        """End after the attempts under way; one that takes longer is repeated at the next start."""
        self._closing.set()
        end = time.monotonic() + timeout
        for thread in self._threads:
            thread.join(max(end - time.monotonic(), 0))

    def _work(self, profile: SmtpProfile) -> None:
        while not self._closing.wait(_LOOK_SECONDS):
            try:
                self._deliver_due(profile)
            except (StoreUnavailableError, FencedError):
                continue  # logged where it is known what it means
            except BotsError as error:
                log.warning("%s", error)
            except Exception:
                log.exception("The outbox stumbled, and goes on.")

    def _deliver_due(self, profile: SmtpProfile) -> None:
        if not self._store.fence.open:
            return
        now = self._clock()
        for mail in self._store.read(lambda s: s.outbox.due(profile.name, now, _BATCH)):
            if self._closing.is_set() or not self._store.fence.open:
                return
            after = self._attempt(mail, profile)
            self._store.submit(partial(_record, after), durable=True, fenced=True).result()

    def _attempt(self, mail: Mail, profile: SmtpProfile) -> Mail:
        """One attempt, and the mail as it stands then. Raises StoreError when none was made."""
        mail = replace(mail, attempts=mail.attempts + 1)
        try:
            return self._delivered(mail, self._deliver(mail, profile))
        except StoreError:
            raise
        except NotFoundError as error:
            return self._dead(mail, str(error))
        except DeliveryError as error:
            after = self._dead if error.permanent else self._deferred
            return after(mail, str(error))
        except Exception as error:
            # Put off like any other: it must not stand in the way of those behind it.
            log.exception("Mail %s could not be made.", mail.id)
            return self._deferred(mail, f"{type(error).__name__}: {error}")

    def _deliver(self, mail: Mail, profile: SmtpProfile) -> Delivery:
        if mail.to is not None:
            profile = replace(profile, recipients=tuple(mail.to))
        notice = self._store.read(lambda session: self._contents.notice(session, mail))
        message = notice.email(profile)
        return deliver(message, profile, recipients=mail.recipients or ())

    def _delivered(self, mail: Mail, delivery: Delivery) -> Mail:
        refusals = [f"{address}: {refusal.reason}" for address, refusal in delivery.refused.items()]
        for refusal in refusals:
            log.error("Mail %s was not accepted for %s", mail.id, refusal)
        later = [who for who, refusal in delivery.refused.items() if not refusal.permanent]
        if later:
            return self._deferred(replace(mail, recipients=later), "; ".join(refusals))
        return replace(
            mail,
            state=MailState.DELIVERED,
            next_attempt_at=None,
            ended_at=self._clock(),
            last_error="; ".join(refusals) or None,
        )

    def _deferred(self, mail: Mail, error: str) -> Mail:
        now = self._clock()
        if now - mail.created_at > GIVE_UP_AFTER:
            return self._dead(mail, f"Given up after {GIVE_UP_AFTER.days} days. {error}")
        delay = retry_delay(mail.attempts)
        log.warning("%s Tried again in %d s.", error, delay.total_seconds())
        return replace(
            mail, state=MailState.DEFERRED, next_attempt_at=now + delay, last_error=error
        )

    def _dead(self, mail: Mail, error: str) -> Mail:
        log.error("A mail about execution %s is given up: %s", mail.execution_id, error)
        return replace(
            mail,
            state=MailState.DEAD,
            next_attempt_at=None,
            ended_at=self._clock(),
            last_error=error,
        )


def _record(mail: Mail, session: Session) -> None:
    session.outbox.replace(mail)
