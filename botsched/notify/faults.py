"""What went wrong with a mail server, in words that say what to do.

Until the server has been offered a mail it has said nothing about it: faults of name, line, TLS
and login are mended in the profile or by waiting, and the mail must survive that, so they are all
temporary, a wrong password too. From the sender on the server's own word counts, as SMTP has it:
4xx is temporary, 5xx permanent.
"""

import smtplib
import socket
import ssl

from botsched.errors import DeliveryError
from botsched.reports import clean
from botsched.settings.model import Security, SmtpProfile


def failure(profile: SmtpProfile, fault: str, *, permanent: bool = False) -> DeliveryError:
    """Name the server and the profile beside what went wrong."""
    host = f"[{profile.hostname}]" if ":" in profile.hostname else profile.hostname
    server = f"Mail server {host}:{profile.port} (profile {profile.name!r})"
    return DeliveryError(f"{server}: {fault}", permanent=permanent)


def reply(code: int, text: bytes | str) -> str:
    """Show what the server said, on one line."""
    words = text.decode("utf-8", "replace") if isinstance(text, bytes) else text
    return " ".join(f"{code} {clean(words)}".split())


def line_fault(error: OSError | UnicodeError, profile: SmtpProfile, timeout: float) -> str:
    """Say what is wrong with the connection itself: name, line or TLS."""
    if isinstance(error.__context__, TimeoutError):  # smtplib calls silence a closed connection
        error = error.__context__
    match error:
        case socket.gaierror() | UnicodeError():
            fault = f"its name cannot be resolved ({error.args[-1]}); check 'hostname'."
        case ssl.SSLCertVerificationError():
            fault = _certificate_fault(error)
        case ssl.SSLError():
            fault = _tls_fault(error, profile)
        case TimeoutError():
            fault = _silence(profile, timeout)
        case smtplib.SMTPServerDisconnected() | ConnectionResetError() | BrokenPipeError():
            fault = "it closed the connection before the mail was accepted."
        case ConnectionRefusedError():
            fault = "it refuses connections; check 'hostname' and 'port', or whether it runs."
        case _:
            fault = f"the connection failed ({error.strerror or error})."
    return fault


def _silence(profile: SmtpProfile, timeout: float) -> str:
    fault = f"it did not answer within {timeout:g} seconds"
    if profile.security is Security.SSL:
        return f"{fault}."
    return f"{fault}; if it speaks TLS from the first byte, set 'security = ssl'."


def _certificate_fault(error: ssl.SSLCertVerificationError) -> str:
    return (
        f"its certificate is not trusted ({error.verify_message.rstrip('.')}); for an authority of"
        " your own, install it on this machine or name its PEM file in SSL_CERT_FILE."
    )


def _tls_fault(error: ssl.SSLError, profile: SmtpProfile) -> str:
    reason = (error.reason or str(error)).replace("_", " ").lower()
    if profile.security is Security.SSL and "wrong version" in reason:
        return "it does not speak TLS from the first byte; perhaps set 'security = starttls'."
    return f"TLS could not be established ({reason})."
