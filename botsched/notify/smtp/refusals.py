"""What a mail server's answers to a mail mean: for now or for good, and what to do about it.

A recipient who has no room (552) may have some later (RFC 5321, 4.5.3.1.10). What a server says
at any step to those who are not logged in, or not encrypted, as it wants, is about the profile.
"""

from collections.abc import Mapping

from botsched.errors import DeliveryError
from botsched.notify.delivery import Refusal
from botsched.notify.smtp.faults import OF_THE_SESSION, failure, reply, session_cure
from botsched.settings.model import SmtpProfile

TOO_BIG = 552


class TooBigError(DeliveryError):
    """The server takes no mail of this size."""


def too_big(profile: SmtpProfile, words: str) -> TooBigError:
    """The error that says so."""
    return TooBigError(str(failure(profile, f"the mail is too big ({words}).")), permanent=True)


def refused_sender(profile: SmtpProfile, code: int, text: bytes) -> DeliveryError:
    """What an answer to MAIL FROM means that does not accept."""
    words = reply(code, text)
    if code == TOO_BIG:
        return too_big(profile, words)
    if code in OF_THE_SESSION:
        return failure(
            profile, f"it takes no mail from us ({words}); {session_cure(profile, words)}."
        )
    fault = (
        f"it refused the sender {profile.sender!r} ({words}); check 'from': many servers take only"
        " addresses that belong to the login."
    )
    return failure(profile, fault, permanent=_is_permanent(code))


def refused_mail(profile: SmtpProfile, code: int, text: bytes) -> DeliveryError:
    """What an answer to DATA, or to the text, means that does not accept."""
    words = reply(code, text)
    if code == TOO_BIG:
        return too_big(profile, words)
    fault = f"it refused the mail ({words})."
    return failure(profile, fault, permanent=_is_permanent(code))


def refusal(code: int, text: bytes) -> Refusal:
    """What an answer to RCPT TO means that does not accept."""
    return Refusal(reply(code, text), _is_permanent(code) and code != TOO_BIG)


def nobody(profile: SmtpProfile, refused: Mapping[str, Refusal]) -> DeliveryError:
    """The error that tells of each recipient why none was accepted."""
    each = "; ".join(f"{address}: {refusal.reason}" for address, refusal in refused.items())
    relays = "relay" in each.lower() and profile.user is None
    cure = " It passes on mails of those who log in: set 'user' and 'password'." if relays else ""
    return failure(
        profile,
        f"it refused every recipient ({each}).{cure}",
        permanent=all(refusal.permanent for refusal in refused.values()),
        refused={address: refusal.permanent for address, refusal in refused.items()},
    )


def _is_permanent(code: int) -> bool:
    return 500 <= code <= 599 and code not in OF_THE_SESSION
