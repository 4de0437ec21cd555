"""What users do with mails: see them, have them sent once more, give them up."""

from collections.abc import Iterable
from dataclasses import replace
from functools import partial

from botsched.domain.audit import AuditEvent, Event
from botsched.domain.clock import Clock
from botsched.domain.ids import new_id
from botsched.domain.maillist import COPIED, ListedMail, MailFilter, copy_of
from botsched.domain.outbox import MailKind, MailState
from botsched.domain.paging import Page, Paging
from botsched.errors import ConflictError
from botsched.notify.digest import DigestNotice
from botsched.notify.run import RunNotice
from botsched.notify.wording import counted
from botsched.outbox.contents import Contents
from botsched.settings.model import SmtpProfile
from botsched.store.session import Session
from botsched.store.statements import portions
from botsched.store.store import Store


class MailService:
    """Use cases around the outbox."""

    def __init__(
        self, store: Store, contents: Contents, profiles: Iterable[SmtpProfile], clock: Clock
    ) -> None:
        self._store = store
        self._contents = contents
        self._profiles = {profile.name: profile for profile in profiles}
        self._clock = clock

    def find(self, wanted: MailFilter, paging: Paging) -> Page[ListedMail]:
        """Mails, the newest first. Raises InvalidError for a strange cursor."""
        return self._store.read(lambda session: session.mail_list.find(wanted, paging))

    def get(self, mail_id: str) -> ListedMail:
        """One mail. Raises NotFoundError."""
        return self._store.read(lambda session: session.mail_list.get(mail_id))

    def of_execution(self, execution_id: str) -> list[ListedMail]:
        """The mails that are owed, or were sent, about it; the oldest first."""
        return self.find(MailFilter(execution_id=execution_id), Paging()).items[::-1]

    def counts(self) -> dict[str, dict[MailState, int]]:
        """How many mails of each profile are in each state; profiles by name."""
        return self._store.read(lambda session: session.mail_list.counts())

    def notice(self, mail_id: str) -> RunNotice | DigestNotice:
        """What a mail tells, made of the record as it is now. Raises NotFoundError."""
        return self._store.read(
            lambda session: self._contents.notice(session, session.mail_list.get(mail_id).mail)
        )

    def message(self, mail_id: str) -> bytes:
        """A mail as its SMTP server gets it.

        Raises NotFoundError, and ConflictError when its way is no SMTP profile of this server.
        """
        name = self.get(mail_id).mail.profile
        if name not in self._profiles:
            told = "is no SMTP profile of this server, so there is no such message"
            raise ConflictError(f"{name!r} {told}; ask for another format.")
        notice, profile = self.notice(mail_id), self._profiles[name]
        to = notice.to or profile.recipients
        return notice.email(replace(profile, recipients=to)).as_bytes()

    def resend(self, mail_id: str, user: str) -> str:
        """Have a mail sent once more; the id of the one that is, another one if it had arrived.

        Raises NotFoundError, and ConflictError when it is about to be sent.
        """

        def operation(session: Session) -> str:
            now = self._clock()
            listed = session.mail_list.get(mail_id)
            sent = mail_id
            if listed.mail.state in COPIED:
                sent = new_id()
                session.outbox.add([copy_of(listed.mail, sent, now)])
            elif not session.mail_list.requeue([mail_id], now):
                raise ConflictError(f"Mail {mail_id!r} is {listed.mail.state}: it is sent anyway.")
            session.audit.add(self._event(Event.MAIL_RESENT, user, listed))
            return sent

        return self._store.write(operation)

    def resend_all(self, mail_ids: Iterable[str], user: str) -> int:
        """Queue these mails anew, as far as they are dead, deferred or held; how many they are."""
        return self._requeue(list(mail_ids), user, "chosen one by one")

    def resend_found(self, wanted: MailFilter, user: str) -> int:
        """The same for all mails in some states, through a profile, about a job."""
        ids = self._store.read(lambda session: session.mail_list.ids(wanted))
        states = ", ".join(sorted(wanted.states))
        through = f", through {wanted.profile}" if wanted.profile is not None else ""
        about = f", about job {wanted.job_id}" if wanted.job_id is not None else ""
        return self._requeue(ids, user, f"{states}{through}{about}")

    def discard(self, mail_id: str, user: str) -> None:
        """Give up a mail that waits.

        Raises NotFoundError, and ConflictError when it is being sent or has ended.
        """

        def operation(session: Session) -> None:
            listed = session.mail_list.get(mail_id)
            if not session.mail_list.discard(mail_id, f"Discarded by {user}.", self._clock()):
                state = listed.mail.state
                raise ConflictError(
                    f"Mail {mail_id!r} is {state}: only one that waits can be discarded."
                )
            session.audit.add(self._event(Event.MAIL_DISCARDED, user, listed))

        self._store.write(operation)

    def _requeue(self, ids: list[str], user: str, which: str) -> int:
        """A portion at a time, so that nothing else has to wait for long."""
        return sum(
            self._store.write(partial(self._requeue_some, some, user, which))
            for some in portions(ids)
        )

    def _requeue_some(self, ids: list[str], user: str, which: str, session: Session) -> int:
        now = self._clock()
        count = session.mail_list.requeue(ids, now)
        if count:
            told = f"{counted(count, 'mail')}: {which}"
            session.audit.add(AuditEvent(Event.MAIL_RESENT, user, now, description=told))
        return count

    def _event(self, event: Event, user: str, listed: ListedMail) -> AuditEvent:
        mail = listed.mail
        what = "digest" if mail.kind is MailKind.DIGEST else f"execution {mail.execution_id}"
        description = f"mail {mail.id} through {mail.profile}, {what}"
        job_id, job_name = listed.job_id, listed.job_name
        return AuditEvent(event, user, self._clock(), job_id, job_name, description)
