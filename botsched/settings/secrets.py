"""Secrets: the section ``[secrets]`` of ``conf/secrets.ini``."""

from collections.abc import Mapping
from pathlib import Path

from botsched.errors import SettingsError
from botsched.settings.ini import read_ini, require_private

SECTION = "secrets"


def load_secrets(path: Path) -> Mapping[str, str]:
    """Values by name; none when there is no file.

    Raises SettingsError, which never tells a value, also where others may read the file.
    """
    try:
        require_private(path)
    except FileNotFoundError:
        return {}
    except OSError as error:
        raise SettingsError(f"{path}: cannot be read: {error.strerror}.") from None
    parser = read_ini(path, keep_case=True)
    unknown = ", ".join(f"[{name}]" for name in parser.sections() if name != SECTION)
    if unknown or parser.defaults():
        raise SettingsError(
            f"{path}: there is a section {unknown or '[DEFAULT]'}; only [{SECTION}] is read."
        )
    entries = parser[SECTION] if parser.has_section(SECTION) else {}
    return {name: value for name, value in entries.items() if value}
