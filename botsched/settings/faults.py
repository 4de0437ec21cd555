"""Gathering faults, so that all are reported at once."""

from collections.abc import Callable
from typing import TypeVar, TypeVarTuple

from botsched.errors import SettingsError

T = TypeVar("T")
Ts = TypeVarTuple("Ts")


class Faults:
    """Keeps what goes wrong while settings are read, until it is all known."""

    def __init__(self) -> None:
        self._found: list[str] = []

    def add(self, fault: str) -> None:
        """Note a fault."""
        self._found.append(fault)

    def attempt(self, make: Callable[[*Ts], T], *arguments: *Ts) -> T | None:
        """Return what ``make`` returns; if it raises SettingsError, note its faults: None then."""
        try:
            return make(*arguments)
        except SettingsError as error:
            self._found.extend(error.faults)
            return None

    def raise_any(self) -> None:
        """Raise one SettingsError for all faults noted so far, if there are any."""
        if self._found:
            raise SettingsError(*dict.fromkeys(self._found))
