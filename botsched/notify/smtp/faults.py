"""What went wrong with a mail server, in words that say what to do.

Until the server has been offered a mail it has said nothing about it: faults of name, line, TLS
and login are mended in the profile or by waiting, and the mail must survive that, so they are all
temporary, a wrong password too. From the sender on the server's own word counts, as SMTP has it:
4xx is temporary, 5xx permanent.
"""

import smtplib
import socket
import ssl
from collections.abc import Iterator, Mapping
from contextlib import contextmanager

from botsched.errors import DeliveryError
from botsched.reports import clean
from botsched.settings.model import Security, SmtpProfile

GREETING = "the greeting"

OF_THE_SESSION = frozenset({530, 534, 535, 538})
"""What a server answers at any step to those who are not logged in, or encrypted, as it wants."""

_LONGEST_REPLY = 500

# By the codes of OpenSSL, X509_V_ERR_...
_CERTIFICATE_CURES = {
    9: "it begins to be valid later: check the clock of this machine",
    10: "renew it on the server, or check the clock of this machine",
    62: "set 'hostname' to a name that it bears",
    64: "set 'hostname' to a name that it bears",
}
_UNKNOWN_AUTHORITY = (
    "for an authority of your own, install it on this machine or name its PEM file in SSL_CERT_FILE"
)


def failure(
    profile: SmtpProfile,
    fault: str,
    *,
    permanent: bool = False,
    uncertain: bool = False,
    refused: Mapping[str, bool] | None = None,
) -> DeliveryError:
    """Name the server and the profile beside what went wrong."""
    host = f"[{profile.hostname}]" if ":" in profile.hostname else profile.hostname
    told = f"Mail server {host}:{profile.port} (profile {profile.name!r}): {fault}"
    return DeliveryError(told, permanent=permanent, uncertain=uncertain, refused=refused)


def reply(code: int, text: bytes | str) -> str:
    """Show what the server said, on one line of bearable length."""
    words = text.decode("utf-8", "replace") if isinstance(text, bytes) else text
    return " ".join(f"{code} {clean(words)}".split())[:_LONGEST_REPLY]


def session_cure(profile: SmtpProfile, words: str) -> str:
    """Say what to do about an answer of those ``OF_THE_SESSION``."""
    if "TLS" in words.upper() and profile.security is Security.UNENCRYPTED:
        return "set 'security = starttls' or 'ssl'"
    if profile.user is None:
        return "set 'user' and 'password'"
    return "check 'user' and 'password': some providers want a password made for programs"


@contextmanager
def during(
    step: str, profile: SmtpProfile, timeout: float, *, uncertain: bool = False
) -> Iterator[None]:
    """Tell what befalls the line at a step. Raises DeliveryError, always temporary.

    ``uncertain``: the server has the whole mail by then. What it answers itself, as smtplib's
    SMTPResponseException, is left alone.
    """
    try:
        yield
    except smtplib.SMTPResponseException:
        raise
    except (OSError, ValueError) as error:  # ValueError: a name that no host has, wrong base64
        fault = _line_fault(error, step, profile, timeout)
        if uncertain:
            fault += " It had the whole mail by then, and may have accepted it."
        raise failure(profile, fault, uncertain=uncertain) from error


def _line_fault(
    error: OSError | ValueError, step: str, profile: SmtpProfile, timeout: float
) -> str:
    is_connected = isinstance(error, smtplib.SMTPServerDisconnected)
    if isinstance(error.__context__, TimeoutError):  # smtplib calls silence a closed connection
        error = error.__context__
    match error:
        case socket.gaierror() | UnicodeError():
            fault = f"its name cannot be resolved ({error.args[-1]}); check 'hostname'."
        case ssl.SSLCertVerificationError():
            fault = _certificate_fault(error)
        case ssl.SSLError():
            fault = _tls_fault(error, profile)
        case TimeoutError() if step == GREETING and not is_connected:
            fault = _unreached(error, timeout)
        case TimeoutError():
            fault = f"it did not answer within {timeout:g} seconds at {step}{_hint(step, profile)}."
        case smtplib.SMTPServerDisconnected() | ConnectionResetError() | BrokenPipeError():
            fault = f"it closed the connection at {step}{_hint(step, profile)}."
        case ConnectionRefusedError():
            fault = "it refuses connections; check 'hostname' and 'port', or whether it runs."
        case _:
            words = clean(getattr(error, "strerror", None) or str(error))
            fault = f"the connection failed at {step} ({words})."
    return fault


def _unreached(error: TimeoutError, timeout: float) -> str:
    if "handshake" in str(error):
        return f"it did not answer within {timeout:g} seconds when TLS was to begin."
    return (
        f"it could not be reached within {timeout:g} seconds; check 'hostname' and 'port', and"
        " whether a firewall lets this machine through to it."
    )


def _hint(step: str, profile: SmtpProfile) -> str:
    if step == GREETING and profile.security is not Security.SSL:
        return "; if it speaks TLS from the first byte, set 'security = ssl'"
    return ""


def _certificate_fault(error: ssl.SSLCertVerificationError) -> str:
    cure = _CERTIFICATE_CURES.get(error.verify_code, _UNKNOWN_AUTHORITY)
    return f"its certificate is not trusted ({error.verify_message.rstrip('.')}); {cure}."


def _tls_fault(error: ssl.SSLError, profile: SmtpProfile) -> str:
    reason = (error.reason or str(error)).replace("_", " ").lower()
    if profile.security is Security.SSL and "wrong version" in reason:
        return "it does not speak TLS from the first byte; perhaps set 'security = starttls'."
    if "protocol" in reason:
        return f"TLS could not be established ({reason}); it has to know TLS 1.2 or later."
    return f"TLS could not be established ({reason})."
