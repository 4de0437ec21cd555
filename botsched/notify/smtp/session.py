"""A connection to a mail server, protected and logged in as its profile says."""

import re
import smtplib
import ssl
from base64 import b64encode
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass

from botsched.notify.smtp.connection import Smtp, SmtpOverTls
from botsched.notify.smtp.faults import GREETING, during, failure, reply, session_cure
from botsched.settings.model import Security, SmtpProfile

_FAREWELL_SECONDS = 5.0
_MECHANISMS = frozenset({"CRAM-MD5", "LOGIN", "PLAIN"})


@dataclass(frozen=True, slots=True)
class Patience:
    """How many seconds a server has for each answer, and for the one after the text of a mail.

    The latter takes long where mails are examined, and who gives up before the ten minutes of
    RFC 5321 (4.5.3.2.6) has mails doubled.
    """

    answer: float = 30.0
    acceptance: float = 600.0


PATIENCE = Patience()


@contextmanager
def session(profile: SmtpProfile, patience: Patience) -> Iterator[smtplib.SMTP]:
    """Give a connection that is ready for mails.

    Certificates are checked against the system's authorities (or those of ``SSL_CERT_FILE``),
    unless the profile says otherwise. Raises DeliveryError, always temporary.
    """
    smtp = _connect(profile, patience.answer)
    try:
        _prepare(smtp, profile, patience.answer)
        yield smtp
    finally:
        _leave(smtp)


def size_limit(smtp: smtplib.SMTP) -> int:
    """Give the most bytes that the server takes in a mail; 0 when it does not say."""
    told = smtp.esmtp_features.get("size", "").strip()
    return int(told) if re.fullmatch(r"[0-9]{1,18}", told) else 0


def _connect(profile: SmtpProfile, timeout: float) -> Smtp:
    address = profile.hostname, profile.port
    try:
        with during(GREETING, profile, timeout):
            if profile.security is Security.SSL:
                return SmtpOverTls(*address, timeout=timeout, context=_context(profile))
            return Smtp(*address, timeout=timeout)
    except smtplib.SMTPResponseException as error:
        raise failure(profile, _greeting_fault(error)) from error


def _prepare(smtp: Smtp, profile: SmtpProfile, timeout: float) -> None:
    _say_hello(smtp, profile, timeout)
    if profile.security is Security.STARTTLS:
        _start_tls(smtp, profile, timeout)
        _say_hello(smtp, profile, timeout)
    if profile.user is not None:
        _log_in(smtp, profile, timeout)


def _say_hello(smtp: smtplib.SMTP, profile: SmtpProfile, timeout: float) -> None:
    """Say EHLO; to a server that does not know it, HELO."""
    try:
        with during("EHLO", profile, timeout):
            code, text = smtp.ehlo()
            if 500 <= code <= 599 and 200 <= smtp.helo()[0] <= 299:
                return
    except smtplib.SMTPResponseException as error:  # the answer was endless
        code, text = error.smtp_code, str(error.smtp_error).encode()
    if not 200 <= code <= 299:
        raise failure(profile, f"it refused to serve us ({reply(code, text)}).")


def _start_tls(smtp: smtplib.SMTP, profile: SmtpProfile, timeout: float) -> None:
    """Switch to TLS or fail; a mail or a password never goes out in clear instead."""
    if not smtp.has_extn("starttls"):
        fault = (
            "it does not offer STARTTLS; the mail is not sent unprotected. Check 'security' and"
            " 'port', and whether something between takes it away."
        )
        raise failure(profile, fault)
    try:
        with during("STARTTLS", profile, timeout):
            smtp.starttls(context=_context(profile))
    except smtplib.SMTPResponseException as error:
        words = reply(error.smtp_code, error.smtp_error)
        raise failure(profile, f"it refused STARTTLS ({words}).") from error


def _context(profile: SmtpProfile) -> ssl.SSLContext:
    context = ssl.create_default_context()
    if not profile.verify:
        context.check_hostname = False
        context.verify_mode = ssl.CERT_NONE
    return context


def _log_in(smtp: Smtp, profile: SmtpProfile, timeout: float) -> None:
    user, password = profile.user or "", profile.password or ""
    offered = smtp.esmtp_features.get("auth", "").upper().split()
    if not _MECHANISMS.intersection(offered):
        raise failure(profile, _no_login(smtp, profile, offered))
    smtp.esmtp_features["auth"] = " ".join(offered)  # smtplib knows them in capitals only
    smtp.hide(user, password)
    try:
        with during("the login", profile, timeout):
            if (user + password).isascii():
                smtp.login(user, password)
            else:
                _log_in_plainly(smtp, user, password)
    except smtplib.SMTPResponseException as error:
        raise failure(profile, _login_fault(error, profile)) from error


def _log_in_plainly(smtp: smtplib.SMTP, user: str, password: str) -> None:
    """Do as smtplib, which knows ASCII only, and whose error would show the password."""
    credentials = b64encode(f"\0{user}\0{password}".encode()).decode("ascii")
    code, text = smtp.docmd("AUTH", f"PLAIN {credentials}")
    if code != 235:
        raise smtplib.SMTPAuthenticationError(code, text)


def _no_login(smtp: smtplib.SMTP, profile: SmtpProfile, offered: list[str]) -> str:
    others = f" that we know (only {', '.join(offered)})" if offered else ""
    fault = f"it offers no login{others}, but the profile has a 'user'"
    if profile.security is Security.UNENCRYPTED and smtp.has_extn("starttls"):
        return f"{fault}; perhaps it does with 'security = starttls'."
    return f"{fault}."


def _login_fault(error: smtplib.SMTPResponseException, profile: SmtpProfile) -> str:
    words = reply(error.smtp_code, error.smtp_error)
    if 400 <= error.smtp_code <= 499:
        return f"it cannot check the login as {profile.user!r} for now ({words})."
    cure = session_cure(profile, words)
    return f"it refused the login as {profile.user!r} ({words}); {cure}."


def _leave(smtp: smtplib.SMTP) -> None:
    """Say goodbye without letting it matter: what was accepted stays accepted."""
    with suppress(OSError):
        if smtp.sock:
            smtp.sock.settimeout(_FAREWELL_SECONDS)
            smtp.quit()
    smtp.close()


def _greeting_fault(error: smtplib.SMTPResponseException) -> str:
    words = reply(error.smtp_code, error.smtp_error)
    if error.smtp_code < 0:
        said = words.removeprefix("-1 ")[:100]  # without four letters, taken for a code
        return f"it does not speak SMTP (it said '…{said}')."
    return f"it turned us away ({words})."
