"""Database profiles: the sections of ``conf/db.ini``."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from botsched.errors import SettingsError
from botsched.settings.faults import Faults
from botsched.settings.ini import Section, open_section, read_ini
from botsched.settings.model import DatabaseSettings, Dbms, TableNames
from botsched.settings.shipped import shipped

SQLITE_FIELDS = ("dbms", "file_path")
SERVER_FIELDS = ("dbms", "user", "password", "hostname", "port", "database")
SSL_MODES = ("disable", "allow", "prefer", "require", "verify-ca", "verify-full")
DEFAULT_FILE = "bots-scheduler.db"
_KNOWN = tuple(Dbms)


@dataclass(frozen=True, slots=True)
class Choice:
    """What the user chose: None where the default holds. ``file`` is None when there is none."""

    file: Path | None
    dbms: Dbms | None
    profile: str | None


def load_database(choice: Choice, folder: Path, tables: TableNames) -> DatabaseSettings:
    """Read the chosen profile; paths in it are relative to ``folder``. Raises SettingsError."""
    dbms = choice.dbms or Dbms.SQLITE
    section = _section(choice, choice.profile or dbms)
    if section is None:
        if dbms is not Dbms.SQLITE or choice.profile:
            raise SettingsError(
                f"The database profile [{choice.profile or dbms}] is in no file: "
                f"copy {shipped('conf') / 'db.ini.template'} to conf/db.ini and fill it in."
            )
        return DatabaseSettings(Dbms.SQLITE, path=folder / DEFAULT_FILE, tables=tables)
    stated = _dbms(section)
    if choice.dbms and stated is not choice.dbms:
        raise section.fault(f"is a profile for {stated}, but --dbms says {choice.dbms}.")
    if stated is Dbms.SQLITE:
        return _sqlite(section, folder, tables)
    return _server(section, stated, tables)


def database_of(fields: Mapping[str, object], folder: Path, tables: TableNames) -> DatabaseSettings:
    """The same from the fields of a section, given in Python; without ``dbms`` it is SQLite.

    Raises SettingsError.
    """
    texts = {name: str(value) for name, value in fields.items() if value is not None}
    section = Section("database", texts.get("dbms", Dbms.SQLITE), texts)
    stated = _dbms(section)
    if stated is Dbms.SQLITE:
        return _sqlite(section, folder, tables)
    return _server(section, stated, tables)


def _section(choice: Choice, name: str) -> Section | None:
    """Return the profile's section; SQLite alone does without one."""
    if choice.file is None:
        return None
    parser = read_ini(choice.file)
    if name == Dbms.SQLITE and not choice.profile and not parser.has_section(name):
        return None
    return open_section(choice.file, parser, name)


def _dbms(section: Section) -> Dbms:
    """Return what the section is for: it says so, or its name does."""
    if section.name in _KNOWN and section.get("dbms") in {None, section.name}:
        return Dbms(section.name)
    text = section.get("dbms")
    if text is None:
        raise section.fault(f"dbms is missing; {', '.join(Dbms)} are accepted.")
    if text not in _KNOWN or section.name in _KNOWN:
        accepted = section.name if section.name in _KNOWN else ", ".join(Dbms)
        raise section.fault(f"dbms {text!r}: {accepted} is accepted.")
    return Dbms(text)


def _sqlite(section: Section, folder: Path, tables: TableNames) -> DatabaseSettings:
    section.check_known(SQLITE_FIELDS)
    path = folder / Path(section.get("file_path") or DEFAULT_FILE).expanduser()
    if path.is_dir():
        raise section.fault(f"file_path {str(path)!r} is a folder; the path of a file is accepted.")
    return DatabaseSettings(Dbms.SQLITE, path=path, tables=tables)


def _server(section: Section, dbms: Dbms, tables: TableNames) -> DatabaseSettings:
    faults = Faults()
    known = SERVER_FIELDS + (("sslmode",) if dbms is Dbms.POSTGRESQL else ())
    faults.attempt(section.check_known, known)
    port = faults.attempt(section.port, "port")
    user = faults.attempt(section.require, "user")
    hostname = faults.attempt(section.require, "hostname")
    database = faults.attempt(section.require, "database")
    sslmode = faults.attempt(_sslmode, section)
    faults.raise_any()
    return DatabaseSettings(
        dbms,
        hostname=hostname,
        port=port,
        user=user,
        password=section.get("password"),
        database=database,
        sslmode=sslmode,
        tables=tables,
    )


def _sslmode(section: Section) -> str | None:
    text = section.get("sslmode")
    if text is not None and text not in SSL_MODES:
        raise section.fault(f"sslmode {text!r}: one of {', '.join(SSL_MODES)} is accepted.")
    return text
