"""Building the mail of an ended execution: text and HTML, images of the report, long output."""

from collections.abc import Mapping
from email.message import EmailMessage
from email.policy import SMTP
from hashlib import sha256
from zoneinfo import ZoneInfo

from botsched.notify.addresses import parse
from botsched.notify.output import Attachment, excerpt
from botsched.notify.page import page
from botsched.notify.run_mail import RunMail, facts, preface, story, subject
from botsched.notify.wording import one_line
from botsched.reports import Image, render_text
from botsched.settings.model import SmtpProfile

# Seven bits pass every server; lines that are too long or not ASCII get encoded.
_POLICY = SMTP.clone(cte_type="7bit")


def message_id(key: str, profile: SmtpProfile) -> str:
    """Make the Message-ID of the mail stored under ``key``; every attempt has the same one.

    By it receivers know a mail again whose first acceptance was lost with the connection.
    """
    return f"<{key}@{parse(profile.sender).domain}>"


def build(
    mail: RunMail, profile: SmtpProfile, *, message_id: str, timezone: ZoneInfo
) -> EmailMessage:
    """Build the whole mail; instants are shown in ``timezone``.

    The same arguments give the same headers and contents. Raises DeliveryError (permanent) when
    the profile holds something that is not an address.
    """
    execution = mail.execution
    output = excerpt(mail.output, execution.output_dropped)
    body = story(mail, output)
    images: dict[str, Image] = {}  # one part for a picture, in however many sizes it is shown

    def source(image: Image) -> str:
        content_id = _content_id(image)
        images.setdefault(content_id, image)
        return f"cid:{content_id}"

    message = new_message(profile, profile.recipients, subject(execution), message_id)
    message["Date"] = execution.ended_at or execution.updated_at
    message.set_content(render_text((*preface(mail, timezone), *body)) + "\n")
    html = page(
        name=one_line(execution.job_name),
        state=execution.state,
        facts=facts(execution, timezone),
        story=body,
        image_src=source,
        host=one_line(execution.hostname or ""),
        links=mail.links,
    )
    message.add_alternative(html, subtype="html")
    _relate(message, images)
    if output.attachment:
        _attach(message, output.attachment)
    return message


def new_message(
    profile: SmtpProfile, recipients: tuple[str, ...], subject: str, message_id: str
) -> EmailMessage:
    """Start a mail with the headers that all of ours have; date and content are missing."""
    message = EmailMessage(_POLICY)
    message["Subject"] = one_line(subject)
    message["From"] = parse(profile.sender)
    message["To"] = tuple(parse(recipient) for recipient in recipients)
    message["Message-ID"] = one_line(message_id)
    message["Auto-Submitted"] = "auto-generated"
    message["X-Auto-Response-Suppress"] = "All"  # the same, for Exchange
    return message


def _content_id(image: Image) -> str:
    return f"{sha256(image.data).hexdigest()[:24]}@bots-scheduler"


def _relate(message: EmailMessage, images: Mapping[str, Image]) -> None:
    html = message.get_body(("html",))
    for number, (content_id, image) in enumerate(images.items(), 1):
        subtype = image.media_type.removeprefix("image/")
        name = f"image{number}.{subtype.partition('+')[0]}"
        html.add_related(  # type: ignore[union-attr]
            image.data, "image", subtype, cid=f"<{content_id}>", filename=name, disposition="inline"
        )


def _attach(message: EmailMessage, file: Attachment) -> None:
    kind, _, subtype = file.media_type.partition("/")
    charset = {"charset": "utf-8"} if kind == "text" else None
    message.add_attachment(file.content, kind, subtype, filename=file.name, params=charset)
