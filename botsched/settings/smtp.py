"""Mail profiles: the sections of ``conf/smtp.ini``."""

import re
from configparser import ConfigParser
from pathlib import Path

from botsched.settings.faults import Faults
from botsched.settings.ini import Section, open_section, read_ini
from botsched.settings.model import Security, SmtpProfile

FIELDS = ("hostname", "port", "security", "user", "password", "from", "to")

_PORTS = {Security.UNENCRYPTED: 25, Security.SSL: 465, Security.STARTTLS: 587}
_LISTED = re.compile(r"(?:\"[^\"\n]*\"|[^,;\n])+")  # commas between quotes part nothing
_ADDRESS = re.compile(r"[^@\s<>,;]+@[^@\s<>,;]+|[^@<>\r\n]*<[^@\s<>,;]+@[^@\s<>,;]+>")


def load_profiles(path: Path, names: tuple[str, ...]) -> tuple[SmtpProfile, ...]:
    """Read the named profiles, each once; raise SettingsError with all that is wrong in them."""
    parser = read_ini(path)
    faults = Faults()
    profiles = [faults.attempt(_read_profile, path, parser, name) for name in dict.fromkeys(names)]
    faults.raise_any()
    return tuple(profile for profile in profiles if profile)


def _read_profile(path: Path, parser: ConfigParser, name: str) -> SmtpProfile:
    section = open_section(path, parser, name)
    faults = Faults()
    faults.attempt(section.check_known, FIELDS)
    hostname = faults.attempt(section.require, "hostname") or ""
    given = faults.attempt(_security, section), faults.attempt(section.port, "port")
    complete = faults.attempt(_complete, section, *given)
    security, port = complete or (Security.STARTTLS, 0)
    faults.attempt(_check_login, section)
    sender = faults.attempt(_sender, section) or ""
    recipients = faults.attempt(_addresses, section, "to") or ()
    faults.raise_any()
    return SmtpProfile(
        name=section.name,
        hostname=hostname,
        port=port,
        security=security,
        sender=sender,
        recipients=recipients,
        user=section.get("user"),
        password=section.get("password"),
    )


def _security(section: Section) -> Security | None:
    text = section.get("security")
    if text is not None and text.lower() not in tuple(Security):
        raise section.fault(f"security {text!r}: one of {', '.join(Security)} is accepted.")
    return None if text is None else Security(text.lower())


def _complete(
    section: Section, security: Security | None, port: int | None
) -> tuple[Security, int] | None:
    """Return security and port: when one is absent it follows from the other.

    Nothing follows from one that is there and wrong: None then.
    """
    if security is not None:
        return security, port or _PORTS[security]
    if section.get("security") is not None:
        return None
    if port is None:
        if section.get("port") is not None:
            return None
        raise section.fault("port or security is missing.")
    for usual, its_port in _PORTS.items():
        if port == its_port:
            return usual, port
    raise section.fault(
        f"port {port} does not tell the security; add one of "
        f"{', '.join(f'security = {known}' for known in Security)}."
    )


def _check_login(section: Section) -> None:
    if (section.get("user") is None) != (section.get("password") is None):
        raise section.fault("user and password belong together; one of them is missing.")


def _sender(section: Section) -> str:
    addresses = _addresses(section, "from")
    if len(addresses) > 1:
        raise section.fault(f"from has {len(addresses)} addresses; one is accepted.")
    return addresses[0]


def _addresses(section: Section, field: str) -> tuple[str, ...]:
    parts = [part.strip() for part in _LISTED.findall(section.require(field))]
    addresses = tuple(part for part in parts if part)
    wrong = [address for address in addresses if not _ADDRESS.fullmatch(address)]
    if wrong or not addresses:
        raise section.fault(f"{field} {', '.join(wrong)!r}: mail addresses are accepted.")
    return addresses
