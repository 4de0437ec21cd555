"""Mail profiles: the sections of ``conf/smtp.ini``."""

from collections.abc import Collection
from configparser import ConfigParser
from pathlib import Path

from botsched.domain.addresses import read
from botsched.settings.faults import Faults
from botsched.settings.ini import Section, listed, open_section, read_ini
from botsched.settings.kinds import RATE, SWITCH, integer
from botsched.settings.model import USUAL_USES, ChannelSettings, Security, SmtpProfile
from botsched.settings.outlets import check_outlets

FIELDS = (
    "hostname", "port", "security", "user", "password", "from", "to",
    "fallback", "per_minute", "per_connection", "verify",
)  # fmt: skip

_PORTS = {Security.UNENCRYPTED: 25, Security.SSL: 465, Security.STARTTLS: 587}
_USES = integer("N", 1, 10_000)


def load_profiles(
    path: Path, names: tuple[str, ...], channels: Collection[ChannelSettings] = ()
) -> tuple[SmtpProfile, ...]:
    """Read the named profiles, each once, then those that only they fall back on.

    ``channels`` are what else there is: to be fallen back on, and falling back on profiles.
    Raises SettingsError with all that is wrong in them.
    """
    parser = read_ini(path)
    known = {*parser.sections(), *(channel.name for channel in channels)}
    faults = Faults()
    faults.attempt(check_outlets, channels, parser.sections())
    profiles: dict[str, SmtpProfile | None] = {}
    for name in names:
        profiles[name] = faults.attempt(_read_profile, path, parser, name, known)
    fallbacks = [outlet.fallback for outlet in (*profiles.values(), *channels) if outlet]
    for name in filter(None, fallbacks):
        if name not in profiles and parser.has_section(name):
            profiles[name] = faults.attempt(_read_profile, path, parser, name, known)
    faults.raise_any()
    return tuple(profile for profile in profiles.values() if profile)


def _read_profile(
    path: Path, parser: ConfigParser, name: str, known: Collection[str]
) -> SmtpProfile:
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
    fallback = faults.attempt(_fallback, section, known)
    per_minute = faults.attempt(section.value, "per_minute", RATE)
    per_connection = faults.attempt(section.value, "per_connection", _USES)
    verify = faults.attempt(section.value, "verify", SWITCH)
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
        fallback=fallback,
        per_minute=per_minute,
        per_connection=per_connection or USUAL_USES,
        verify=verify is not False,
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


def _fallback(section: Section, known: Collection[str]) -> str | None:
    name = section.get("fallback")
    others = sorted({*known} - {section.name})
    if name is not None and name not in others:
        there = ", ".join(map(repr, others)) or "none"
        raise section.fault(f"fallback {name!r}: another profile is accepted; there: {there}.")
    return name


def _sender(section: Section) -> str:
    addresses = _addresses(section, "from")
    if len(addresses) > 1:
        raise section.fault(f"from has {len(addresses)} addresses; one is accepted.")
    return addresses[0]


def _addresses(section: Section, field: str) -> tuple[str, ...]:
    addresses = tuple(listed(section.require(field)))
    wrong = [address for address in addresses if not _is_address(address)]
    if wrong or not addresses:
        raise section.fault(
            f"{field} {', '.join(wrong)!r}: name@host or Words <name@host> is accepted."
        )
    return addresses


def _is_address(text: str) -> bool:
    try:
        read(text)
    except ValueError:
        return False
    return True
