"""Mails as they are handed to a server: headers, text, HTML, pictures and files."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from email.headerregistry import Address, Group
from email.message import EmailMessage
from typing import Final

from botsched.notify.addresses import parse
from botsched.notify.files import File
from botsched.notify.headers import POLICY
from botsched.notify.letter import Letter
from botsched.notify.page import page
from botsched.notify.pictures import content_id
from botsched.notify.plain import plain
from botsched.notify.wording import header_text, one_line
from botsched.reports import Image
from botsched.settings.model import SmtpProfile

_UNFIT: Final = re.compile(r"[^A-Za-z0-9]+")


@dataclass(frozen=True, slots=True)
class Envelope:
    """What the headers of a mail say beside who sends it to whom.

    ``id`` is that of the mail, ``thread`` what its incident is known by, ``list_id`` what mails of
    its kind have in common, and ``rules`` the address of the page where they are turned off.
    """

    id: str
    subject: str
    date: datetime
    thread: str | None = None
    list_id: str | None = None
    rules: str = ""


def build(
    letter: Letter, envelope: Envelope, files: Sequence[File], profile: SmtpProfile
) -> EmailMessage:
    """Build the whole mail. The same arguments give the same headers and contents.

    Raises DeliveryError (permanent) when the profile holds something that is not an address.
    """
    images: dict[str, Image] = {}  # one part for a picture, in however many sizes it is shown

    def source(image: Image) -> str:
        key = content_id(image)
        images.setdefault(key, image)
        return f"cid:{key}"

    message = new_message(
        profile, profile.recipients, envelope.subject, message_id(envelope.id, profile)
    )
    message["Date"] = envelope.date
    _add_kinship(message, envelope, parse(profile.sender).domain)
    message.set_content(plain(letter))
    message.add_alternative(page(letter, source), subtype="html")
    _relate(message, images)
    for file in files:
        _attach(message, file)
    return message


def message_id(key: str, profile: SmtpProfile) -> str:
    """Make the Message-ID of the mail stored under ``key``; every attempt has the same one.

    By it receivers know a mail again whose first acceptance was lost with the connection.
    """
    return f"<{key}@{parse(profile.sender).domain}>"


def new_message(
    profile: SmtpProfile, recipients: tuple[str, ...], subject: str, message_id: str
) -> EmailMessage:
    """Start a mail with the headers that all of ours have; date and content are missing."""
    message = EmailMessage(POLICY)
    message["Subject"] = header_text(subject)
    message["From"] = parse(profile.sender)
    message["To"] = tuple(_shown(parse(recipient)) for recipient in recipients)
    message["Message-ID"] = one_line(message_id)
    message["Auto-Submitted"] = "auto-generated"
    message["X-Auto-Response-Suppress"] = "All"  # the same, for Exchange
    return message


def _shown(address: Address) -> Address | Group:
    """How somebody is named in the header: mailboxes of other scripts as groups without members.

    Seven bits cannot say them, and Python breaks the header when it is made to. (RFC 6857 does
    as we do.)
    """
    if address.username.isascii():
        return address
    return Group(f"{address.display_name} {address.username} at {address.domain}".strip())


def _add_kinship(message: EmailMessage, envelope: Envelope, domain: str) -> None:
    if envelope.thread is not None:
        incident = f"<incident.{_token(envelope.thread)}@{domain}>"
        message["In-Reply-To"] = incident
        message["References"] = incident
    if envelope.list_id is not None:
        message["List-Id"] = f"<{_token(envelope.list_id)}.bots-scheduler.{domain}>"
    if envelope.rules.isascii() and envelope.rules:
        message["List-Unsubscribe"] = f"<{envelope.rules}>"


def _token(text: str) -> str:
    """What may stand in a header's identifier."""
    return _UNFIT.sub("-", text).strip("-") or "-"


def _relate(message: EmailMessage, images: Mapping[str, Image]) -> None:
    html = message.get_body(("html",))
    for number, (key, image) in enumerate(images.items(), 1):
        subtype = image.media_type.removeprefix("image/")
        html.add_related(  # type: ignore[union-attr]
            image.data, "image", subtype, cid=f"<{key}>", filename=f"image{number}.{subtype}",
            disposition="inline",
        )  # fmt: skip


def _attach(message: EmailMessage, file: File) -> None:
    kind, _, subtype = file.media_type.partition("/")
    charset = {"charset": "utf-8"} if kind == "text" else None
    message.add_attachment(file.content, kind, subtype, filename=file.name, params=charset)
