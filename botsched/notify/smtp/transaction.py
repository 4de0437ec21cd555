"""One mail handed over in a session: sender, recipients, text, and what the server said of each."""

import re
import smtplib
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from email.message import EmailMessage
from email.policy import SMTP
from functools import partial

from botsched.notify.addresses import envelope
from botsched.notify.delivery import Delivery, Refusal
from botsched.notify.smtp.faults import during, failure, reply
from botsched.notify.smtp.refusals import nobody, refusal, refused_mail, refused_sender, too_big
from botsched.notify.smtp.session import Patience, size_limit
from botsched.notify.wording import size
from botsched.settings.model import SmtpProfile

_CLOSING = 421
_PIECE = 65_536  # bytes; each may take as long as an answer

Reply = tuple[int, bytes]


@dataclass(frozen=True, slots=True)
class Transaction:
    """Hands mails over in a session, one after the other; ``reset`` parts them."""

    smtp: smtplib.SMTP
    profile: SmtpProfile
    patience: Patience

    @property
    def is_open(self) -> bool:
        """Whether the session goes on: not when the line broke, nor after a 421."""
        return self.smtp.sock is not None

    def reset(self) -> None:
        """Make the server forget a mail that was begun. Raises DeliveryError."""
        code, text = self._ask("RSET", self.smtp.rset)
        if not _is_yes(code):
            raise failure(self.profile, f"it refused RSET ({reply(code, text)}).")

    def send(self, message: EmailMessage, recipients: Sequence[str]) -> Delivery:
        """Hand a mail over to all whom the server does not turn away by name.

        Raises DeliveryError when nobody was accepted, TooBigError for the size of the mail.
        """
        sender = envelope(self.profile.sender)
        addresses = list(dict.fromkeys(map(envelope, recipients)))
        refused = self._unreachable(addresses)
        offered = [address for address in addresses if address not in refused]
        if not offered:
            raise nobody(self.profile, refused)
        international = not all(address.isascii() for address in (sender, *offered))
        if international and not self.smtp.has_extn("smtputf8"):
            fault = f"it takes ASCII addresses only, but the sender is {self.profile.sender!r}."
            raise failure(self.profile, fault, permanent=True)
        if refused:
            _leave_out(message, refused)
        text = _as_sent(message, international=international)
        self._begin(sender, len(text), international=international)
        refused |= self._address(offered)
        accepted = tuple(address for address in addresses if address not in refused)
        if not accepted:
            raise nobody(self.profile, refused)
        return Delivery(accepted, refused, self._hand_over(text))

    def _unreachable(self, addresses: Sequence[str]) -> dict[str, Refusal]:
        """Name the addresses that this server cannot even be told."""
        if self.smtp.has_extn("smtputf8"):
            return {}
        reason = "the server takes ASCII addresses only (it does not offer SMTPUTF8)"
        return {address: Refusal(reason, True) for address in addresses if not address.isascii()}

    def _begin(self, sender: str, length: int, *, international: bool) -> None:
        limit = size_limit(self.smtp)
        if limit and length > limit:
            words = f"it has {size(length)}, the server takes {size(limit)} at most"
            raise too_big(self.profile, words)
        options = [f"SIZE={length}"] if self.smtp.has_extn("size") else []
        if international:
            options += ["SMTPUTF8", "BODY=8BITMIME"]
        code, text = self._ask("MAIL FROM", partial(self.smtp.mail, sender, options))
        if not _is_yes(code):
            raise refused_sender(self.profile, code, text)

    def _address(self, addresses: Sequence[str]) -> dict[str, Refusal]:
        """Name the recipients to the server; those that it refuses are returned."""
        refused = {}
        for address in addresses:
            code, text = self._ask("RCPT TO", partial(self.smtp.rcpt, address))
            if not _is_yes(code):
                refused[address] = refusal(code, text)
        return refused

    def _hand_over(self, text: bytes) -> str:
        """Send the text, and return the server's words on it."""
        code, said = self._ask("DATA", partial(self.smtp.docmd, "DATA"))
        if code != 354:
            raise refused_mail(self.profile, code, said)
        with during("the text", self.profile, self.patience.answer):
            for start in range(0, len(text), _PIECE):
                self.smtp.send(text[start : start + _PIECE])
        code, said = self._ask("the end of the text", self._outcome, is_sent=True)
        if not _is_yes(code):
            raise refused_mail(self.profile, code, said)
        return reply(code, said)

    def _outcome(self) -> Reply:
        sock = self.smtp.sock
        if sock is not None:
            sock.settimeout(self.patience.acceptance)
        answer = self.smtp.getreply()
        if sock is not None:
            sock.settimeout(self.patience.answer)
        return answer

    def _ask(self, step: str, ask: Callable[[], Reply], *, is_sent: bool = False) -> Reply:
        """Have the server's answer to a step.

        Raises DeliveryError when there is none, and for one by which it closes the session;
        ``is_sent``: without an answer, it is not known whether the mail was accepted.
        """
        seconds = self.patience.acceptance if is_sent else self.patience.answer
        try:
            with during(step, self.profile, seconds, uncertain=is_sent):
                code, text = ask()
        except smtplib.SMTPResponseException as error:  # the answer was endless
            code, text = -1, str(error.smtp_error).encode()
        if code == _CLOSING:
            self.smtp.close()
            fault = f"it ended the session at {step} ({reply(code, text)})."
            raise failure(self.profile, fault)
        if code < 0:
            self.smtp.close()
            fault = f"it did not answer as SMTP has it at {step} ({reply(code, text)})."
            raise failure(self.profile, fault, uncertain=is_sent)
        return code, text


def _is_yes(code: int) -> bool:
    """Whether an answer accepts: only its first digit is sure to be known (RFC 5321, 4.3.2)."""
    return 200 <= code <= 299


def _leave_out(message: EmailMessage, unreachable: Collection[str]) -> None:
    """Name none in the headers who could not be written there, in ASCII."""
    people = [each for each in message["To"].addresses if each.addr_spec not in unreachable]
    del message["To"]
    if people:
        message["To"] = tuple(people)


def _as_sent(message: EmailMessage, *, international: bool) -> bytes:
    """Give the text with its end, no line of which can be taken for the end before."""
    policy = SMTP.clone(cte_type="7bit", utf8=international)
    lines = re.sub(rb"\r\n|\r|\n", b"\r\n", message.as_bytes(policy=policy))
    lines = lines if lines.endswith(b"\r\n") else lines + b"\r\n"
    return re.sub(rb"(?m)^\.", b"..", lines) + b".\r\n"
