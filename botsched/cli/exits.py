"""The one table of exit codes."""

from botsched.errors import BotsError, RequestError, SettingsError, StartError, StoreError

UNEXPECTED = 1
USAGE = 2
INTERRUPTED = 130

_CODES = (
    (SettingsError, USAGE),
    (RequestError, USAGE),
    (StartError, 3),
    (StoreError, 4),
    (BotsError, 1),
)


def exit_code(error: BotsError) -> int:
    """Return the code that a command ends with after this error."""
    return next(code for kind, code in _CODES if isinstance(error, kind))
