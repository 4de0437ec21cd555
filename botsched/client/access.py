"""Which server is meant, and as whom: from arguments, the environment or an INI file."""

import os
import stat
from collections.abc import Mapping
from configparser import ConfigParser
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from botsched.client.address import USUAL_PORT, Address
from botsched.client.errors import ConfigurationError, NoPasswordError
from botsched.client.trust import configuration_folder
from botsched.errors import SettingsError
from botsched.settings.ini import Section, read_ini

SERVER: Final = "BOTS_SCHEDULER_SERVER"
USER: Final = "BOTS_SCHEDULER_USER"
PASSWORD: Final = "BOTS_SCHEDULER_PASSWORD"  # noqa: S105  its name
CA: Final = "BOTS_SCHEDULER_CA_FILE"
FILE: Final = "BOTS_SCHEDULER_CLIENT_CONFIG"
VARIABLES: Final = (SERVER, USER, PASSWORD, CA, FILE)
DEFAULT: Final = "default"

_FIELDS: Final = ("server", "user", "password", "ca")


@dataclass(frozen=True, slots=True)
class Access:
    """A server, and the login there; without ``user`` none is sent.

    ``file`` was read for it, and ``section`` is the one there that is about this server.
    """

    address: Address
    user: str | None = None
    password: str | None = field(default=None, repr=False)
    ca: Path | None = None
    file: Path | None = None
    section: str = DEFAULT


def find_access(
    server: str | None = None,
    user: str | None = None,
    password: str | None = None,
    *,
    ca: str | Path | None = None,
    config: str | Path | None = None,
    environ: Mapping[str, str] = os.environ,
) -> Access:
    """Take what is given, else what the environment says, else what the file does.

    ``server`` is an address, or the name of a section of the file. A login in the file counts for
    the server of its own section alone, and a password for the user it stands beside. Raises
    ConfigurationError.
    """
    file = _file(config, environ)
    named = server or environ.get(SERVER)
    try:
        section = _section(file, named)
        written = _of(section, "server") or named
        if not written:
            raise ConfigurationError(nowhere("server", f"server = https://HOST:{USUAL_PORT}", file))
        found_ca = ca or environ.get(CA) or _of(section, "ca")
        login = _login(
            (user, password),
            (environ.get(USER), environ.get(PASSWORD)),
            (_of(section, "user"), _of(section, "password")),
        )
        access = Access(
            Address.parse(written),
            *login,
            Path(found_ca).expanduser() if found_ca else None,
            file,
            section.name if section else DEFAULT,
        )
    except SettingsError as error:
        raise ConfigurationError(str(error)) from None
    _check_login(access, file)
    return access


def _login(*said: tuple[str | None, str | None]) -> tuple[str | None, str | None]:
    """The first user and the first password; one that stands beside another user is not his."""
    chosen = next((user for user, _ in said if user), None)
    passwords = (password for user, password in said if not user or user == chosen)
    return chosen, next(filter(None, passwords), None)


def nowhere(what: str, line: str, file: Path, section: str = DEFAULT) -> str:
    """Say what is not known, and the three places where it may be written."""
    return (
        f"No {what} is known. Give it as an argument ({what}=..., in a terminal --{what}), "
        f"in the environment ({SERVER}, {USER}, {PASSWORD}), or in {file}: [{section}], {line}"
    )


def login_wanted(access: Access) -> str:
    """What to say when there is no login and the server wants one."""
    line = f"server = {access.address}, user = ..., password = ..."
    return nowhere("user", line, access.file or usual_file(), access.section)


def usual_file() -> Path:
    """The file that is read when none is named."""
    return configuration_folder() / "client.ini"


def _file(config: str | Path | None, environ: Mapping[str, str]) -> Path:
    named = config or environ.get(FILE)
    if not named:
        return usual_file()
    file = Path(named).expanduser()
    if not file.exists():
        raise ConfigurationError(f"{file}: there is no such file.")
    return file


def _section(file: Path, named: str | None) -> Section | None:
    """The section that is named, or whose server is; the default one when nothing is."""
    if not file.exists():
        return None
    parser = read_ini(file)
    wanted = named or DEFAULT
    if not parser.has_section(wanted):
        wanted = _serving(file, parser, named) if named else ""
    if not wanted:
        return None
    section = Section(file, wanted, parser[wanted])
    section.check_known(_FIELDS)
    if named:
        section.require("server")
    if section.get("password"):
        _check_private(file)
    return section


def _of(section: Section | None, field: str) -> str | None:
    return None if section is None else section.get(field)


def _serving(file: Path, parser: ConfigParser, named: str) -> str:
    """The section of this very server; none when there is none."""
    address = str(Address.parse(named))
    for name in parser.sections():
        server = Section(file, name, parser[name]).get("server")
        if server and str(Address.parse(server)) == address:
            return name
    if "." in named or ":" in named:
        return ""
    there = ", ".join(parser.sections()) or "none"
    raise ConfigurationError(
        f"{named!r} is neither the address of a server nor a section of {file}; "
        f"sections there: {there}."
    )


def _check_private(file: Path) -> None:
    if file.stat().st_mode & (stat.S_IROTH | stat.S_IWOTH):
        raise ConfigurationError(
            f"{file}: everybody on this machine may read the password in it; run chmod 600 {file}"
        )


def _check_login(access: Access, file: Path) -> None:
    if access.user and not access.password:
        line = f"server = {access.address}, user = {access.user}, password = ..."
        places = f"in the environment ({PASSWORD}), or in {file}: [{access.section}], {line}"
        raise NoPasswordError(access.user, places)
    if access.user and not access.address.is_encrypted and not access.address.is_loopback:
        raise ConfigurationError(
            f"{access.address}: a password is not sent without TLS; write https://"
        )
    if access.user and ":" in access.user:
        raise ConfigurationError(f"The user name {access.user!r} has a colon in it.")
