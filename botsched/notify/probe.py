"""A test mail, so that a profile is known to work before a job depends on it."""

from datetime import UTC, datetime
from email.utils import make_msgid

from botsched.notify.addresses import parse
from botsched.notify.delivery import TIMEOUT_SECONDS, deliver
from botsched.notify.message import new_message
from botsched.settings.model import SmtpProfile


def send_test(profile: SmtpProfile, address: str, *, timeout: float = TIMEOUT_SECONDS) -> str:
    """Send a test mail to one address and say in a sentence who accepted it and how.

    Raises DeliveryError, whose message says what is wrong with the profile or the address.
    """
    message_id = make_msgid(domain=parse(profile.sender).domain)
    message = new_message(profile, (address,), "[bots-scheduler] Test mail", message_id)
    message["Date"] = datetime.now(UTC)
    message.set_content(
        f"This mail shows that profile {profile.name!r} of bots-scheduler works:\n"
        f"{_route(profile)}.\n\nNothing needs to be done.\n"
    )
    deliver(message, profile, recipients=(address,), timeout=timeout)
    return f"Profile {profile.name!r}: a test mail for {address} was accepted by {_route(profile)}."


def _route(profile: SmtpProfile) -> str:
    login = f"logged in as {profile.user}" if profile.user else "without login"
    return f"{profile.hostname}:{profile.port} ({profile.security.value}, {login})"
