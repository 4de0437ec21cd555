"""Delivers the mails that are owed: one thread a profile, so that no server holds up another's."""

import logging
import threading
import time
from collections.abc import Callable
from dataclasses import replace
from functools import partial
from zoneinfo import ZoneInfo

from botsched.domain.clock import Clock
from botsched.domain.execution import Execution, OutputChunk
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
from botsched.notify.message import build, message_id
from botsched.notify.run_mail import RunMail
from botsched.notify.smtp.transaction import deliver
from botsched.settings.model import MailSettings, SmtpProfile
from botsched.store.session import Session
from botsched.store.store import Store

log = logging.getLogger(__name__)

_LOOK_SECONDS = 1.0
_BATCH = 20


class Outbox:
    """Tries each mail until it is accepted, refused for good, or too old to be of use.

    Of several servers on one database, only the one that schedules does so.

    ``report_title`` gives the title of a job class's reports.
    """

    def __init__(
        self,
        settings: MailSettings,
        store: Store,
        clock: Clock,
        timezone: ZoneInfo,
        report_title: Callable[[str], str],
    ) -> None:
        self._settings = settings
        self._store = store
        self._clock = clock
        self._timezone = timezone
        self._report_title = report_title
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
        execution, output = self._store.read(lambda s: _content(s, mail.execution_id))
        title = self._report_title(execution.job_class)
        message = build(
            RunMail(execution, output, title, self._links(execution)),
            profile,
            message_id=message_id(mail.id, profile),
            timezone=self._timezone,
        )
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

    def _links(self, execution: Execution) -> tuple[tuple[str, str], ...]:
        if not self._settings.public_url:
            return ()
        url = self._settings.public_url
        output = f"{url}/api/v1/executions/{execution.id}/output?format=text"
        return (("Execution", f"{url}/executions/{execution.id}"), ("Output", output))


def _record(mail: Mail, session: Session) -> None:
    session.outbox.replace(mail)


def _content(session: Session, execution_id: str) -> tuple[Execution, str]:
    chunks: list[OutputChunk] = session.output.get(execution_id)
    return session.executions.get(execution_id), "".join(chunk.text for chunk in chunks)
