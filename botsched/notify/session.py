"""A connection to a mail server, protected and logged in as its profile says."""

import smtplib
import ssl
from base64 import b64encode
from collections.abc import Iterator
from contextlib import contextmanager, suppress

from botsched.notify.faults import failure, line_fault, reply
from botsched.settings.model import Security, SmtpProfile

_FAREWELL_SECONDS = 5.0
_MECHANISMS = frozenset({"CRAM-MD5", "LOGIN", "PLAIN"})


@contextmanager
def session(profile: SmtpProfile, timeout: float) -> Iterator[smtplib.SMTP]:
    """Give a connection that is ready for mails; ``timeout`` seconds bound each wait.

    Certificates are checked against the system's authorities (or those of ``SSL_CERT_FILE``).
    Raises DeliveryError, always temporary.
    """
    try:
        smtp = _connect(profile, timeout)
    except smtplib.SMTPConnectError as error:
        raise failure(profile, _greeting_fault(error)) from error
    except (OSError, UnicodeError) as error:  # UnicodeError: a name that no host can have
        raise failure(profile, line_fault(error, profile, timeout)) from error
    try:
        _prepare(smtp, profile, timeout)
        yield smtp
    finally:
        _leave(smtp)


def _prepare(smtp: smtplib.SMTP, profile: SmtpProfile, timeout: float) -> None:
    try:
        smtp.ehlo_or_helo_if_needed()
        if profile.security is Security.STARTTLS:
            _start_tls(smtp, profile)
        if profile.user is not None:
            _log_in(smtp, profile)
    except smtplib.SMTPAuthenticationError as error:
        words = reply(error.smtp_code, error.smtp_error)
        fault = f"it refused the login as {profile.user!r} ({words}); check 'user' and 'password'."
        raise failure(profile, fault) from error
    except smtplib.SMTPResponseException as error:
        words = reply(error.smtp_code, error.smtp_error)
        raise failure(profile, f"it refused to serve us ({words}).") from error
    except OSError as error:
        raise failure(profile, line_fault(error, profile, timeout)) from error


def _connect(profile: SmtpProfile, timeout: float) -> smtplib.SMTP:
    address = profile.hostname, profile.port
    if profile.security is Security.SSL:
        return smtplib.SMTP_SSL(*address, timeout=timeout, context=ssl.create_default_context())
    return smtplib.SMTP(*address, timeout=timeout)


def _start_tls(smtp: smtplib.SMTP, profile: SmtpProfile) -> None:
    """Switch to TLS or fail; a mail or a password never goes out in clear instead."""
    if not smtp.has_extn("starttls"):
        fault = "it does not offer STARTTLS; the mail is not sent unprotected. Check 'security'."
        raise failure(profile, fault)
    try:
        smtp.starttls(context=ssl.create_default_context())
    except smtplib.SMTPResponseException as error:
        words = reply(error.smtp_code, error.smtp_error)
        raise failure(profile, f"it refused STARTTLS ({words}).") from error
    smtp.ehlo()


def _log_in(smtp: smtplib.SMTP, profile: SmtpProfile) -> None:
    user, password = profile.user or "", profile.password or ""
    offered = smtp.esmtp_features.get("auth", "").upper().split()
    if not _MECHANISMS.intersection(offered):
        others = f" that we know (only {', '.join(offered)})" if offered else ""
        raise failure(profile, f"it offers no login{others}, but the profile has a 'user'.")
    if (user + password).isascii():
        smtp.login(user, password)
        return
    # smtplib knows ASCII only, and its error would show the password.
    credentials = b64encode(f"\0{user}\0{password}".encode()).decode("ascii")
    code, text = smtp.docmd("AUTH", f"PLAIN {credentials}")
    if code != 235:
        raise smtplib.SMTPAuthenticationError(code, text)


def _leave(smtp: smtplib.SMTP) -> None:
    """Say goodbye without letting it matter: what was accepted stays accepted."""
    with suppress(OSError):
        if smtp.sock:
            smtp.sock.settimeout(_FAREWELL_SECONDS)
            smtp.quit()
    smtp.close()


def _greeting_fault(error: smtplib.SMTPConnectError) -> str:
    words = reply(error.smtp_code, error.smtp_error)
    if error.smtp_code < 0:
        said = words.removeprefix("-1 ")[:100]  # without four letters, taken for a code
        return f"it does not speak SMTP (it said '…{said}')."
    return f"it turned us away ({words})."
