"""Mails: list, look at, have sent once more, give up."""

from typing import Any, Final

from botsched.domain.maillist import MailFilter
from botsched.domain.outbox import MailState
from botsched.reports.html import data_uri
from botsched.web.encoding import to_bytes
from botsched.web.formats.mails import counts_data, framed, mail_data, read_resending
from botsched.web.handler import Handler
from botsched.web.headers import HTML, JSON, MAIL, TEXT
from botsched.web.routing import Route

FORMS: Final = {"text": TEXT, "html": HTML, "raw": "message/rfc822", "json": JSON}


class Mails(Handler):
    """All mails."""

    async def get(self) -> None:
        """List mails, the newest first."""
        query, mails = self.query, self.services.mails
        start, end = query.period()
        wanted = MailFilter(
            start,
            end,
            query.choices("state", MailState),
            query.text("profile"),
            query.text("job_id"),
            query.text("execution_id"),
            query.text("digest_id"),
            query.text("text"),
        )
        paging = query.paging()
        query.done()

        def found() -> dict[str, Any]:
            page = mails.find(wanted, paging)
            return {"mails": list(map(mail_data, page.items)), "next_cursor": page.next_cursor}

        await self.answer(found)


class Counts(Handler):
    """How many mails there are."""

    async def get(self) -> None:
        """Count them by profile and state."""
        self.query.done()
        await self.answer(lambda: counts_data(self.services.mails.counts()))


class ResendMany(Handler):
    """Several mails at once."""

    takes_body = frozenset({"POST"})

    async def post(self) -> None:
        """Queue them anew, as far as they are dead, deferred or held."""
        asked, user, mails = read_resending(self.fields), self.user, self.services.mails

        def resent() -> dict[str, int]:
            if asked.mail_ids is not None:
                return {"resent": mails.resend_all(asked.mail_ids, user)}
            return {"resent": mails.resend_found(asked.wanted, user)}

        await self.answer(resent)


class Mail(Handler):
    """One mail."""

    async def get(self, mail_id: str) -> None:
        """Look at it."""
        await self.answer(lambda: mail_data(self.services.mails.get(mail_id)))


class Content(Handler):
    """What a mail tells."""

    async def get(self, mail_id: str) -> None:
        """The same in several forms."""
        query = self.query
        form = query.one_of("format", tuple(FORMS)) or "text"
        query.done()
        await self.answer(lambda: self._content(mail_id, form), media_type=FORMS[form])

    def send(self, body: bytes, media_type: str, *, compressed: bool) -> None:
        """As everywhere; but HTML may stand in a frame of the page, and a message is a file."""
        if media_type == HTML:
            for name, value in MAIL.items():
                self.set_header(name, value)
        elif media_type == FORMS["raw"]:
            name = f"mail-{self.path_kwargs['mail_id']}.eml"
            self.set_header("Content-Disposition", f'attachment; filename="{name}"')
        super().send(body, media_type, compressed=compressed)

    def _content(self, mail_id: str, form: str) -> bytes:
        mails = self.services.mails
        match form:
            case "raw":
                return mails.message(mail_id)
            case "html":
                return framed(mails.notice(mail_id).html(data_uri))
            case "json":
                return to_bytes(mails.notice(mail_id).data())
            case _:
                return f"{mails.notice(mail_id).text().rstrip()}\n".encode("utf-8", "replace")


class Resend(Handler):
    """One mail, once more."""

    async def post(self, mail_id: str) -> None:
        """Queue it anew, or another one like it when it has arrived."""
        user = self.user
        await self.answer(lambda: {"mail_id": self.services.mails.resend(mail_id, user)})


class Discard(Handler):
    """One mail, that is not to be sent."""

    async def post(self, mail_id: str) -> None:
        """Give it up."""
        user = self.user

        def discarded() -> dict[str, str]:
            self.services.mails.discard(mail_id, user)
            return {"mail_id": mail_id}

        await self.answer(discarded)


routes = [
    Route("/api/v1/mails", Mails),
    Route("/api/v1/mails/counts", Counts),
    Route("/api/v1/mails/resend", ResendMany),
    Route("/api/v1/mails/{mail_id}", Mail),
    Route("/api/v1/mails/{mail_id}/content", Content),
    Route("/api/v1/mails/{mail_id}/resend", Resend),
    Route("/api/v1/mails/{mail_id}/discard", Discard),
]
