"""The secrets that runs may ask for, read anew when their file was changed."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from botsched.errors import SettingsError
from botsched.settings.secrets import load_secrets


@dataclass(frozen=True, slots=True)
class Secrets:
    """Values by name, and the fault of their file, if it has one."""

    path: Path
    values: Mapping[str, str] = field(default_factory=dict, repr=False)
    fault: str | None = None

    @property
    def why_not(self) -> str:
        """Why there are no others."""
        return self.fault or f"{self.path} has no such entry in [secrets]; add it there."

    def named_in(self, arguments: Any) -> dict[str, str]:
        """Those whose name is an argument; which of them are meant, the job's class knows."""
        return {name: self.values[name] for name in _texts(arguments) if name in self.values}


class SecretsFile:
    """The file; for any thread. Nobody need tell the server that it was changed."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._read: tuple[object, Secrets] = (self, Secrets(path))

    def read(self) -> Secrets:
        """What is in it now; without the file, nothing."""
        seen, known = self._read
        state = self._state()
        if state != seen:
            known = self._load()
            self._read = (state, known)
        return known

    def _state(self) -> object:
        try:
            status = self.path.stat()
        except OSError as error:
            return error.errno
        return (status.st_ino, status.st_mtime_ns, status.st_ctime_ns, status.st_size)

    def _load(self) -> Secrets:
        try:
            return Secrets(self.path, load_secrets(self.path))
        except SettingsError as error:
            return Secrets(self.path, fault=" ".join(error.faults))


def _texts(arguments: Any) -> Iterator[str]:
    values = arguments.values() if isinstance(arguments, dict) else arguments
    return (value for value in values if isinstance(value, str))
