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
        self._blamed: set[str] = set()

    @property
    def found(self) -> tuple[str, ...]:
        """All faults so far, each once."""
        return tuple(dict.fromkeys(self._found))

    @property
    def blamed(self) -> frozenset[str]:
        """The names of the options whose values, or whose files, are at fault."""
        return frozenset(self._blamed)

    def add(self, fault: str, option: str = "") -> None:
        """Note a fault, of an option if it is one's."""
        self._found.append(fault)
        self._blamed.update({option} - {""})

    def attempt(self, make: Callable[[*Ts], T], *arguments: *Ts) -> T | None:
        """Return what ``make`` returns; if it raises SettingsError, note its faults: None then."""
        try:
            return make(*arguments)
        except SettingsError as error:
            self._found.extend(error.faults)
            return None

    def blame(self, option: str, make: Callable[[*Ts], T], *arguments: *Ts) -> T | None:
        """Do as ``attempt``; faults are those of an option."""
        made = self.attempt(make, *arguments)
        if made is None:
            self._blamed.add(option)
        return made

    def raise_any(self) -> None:
        """Raise one SettingsError for all faults noted so far, if there are any."""
        if self._found:
            raise SettingsError(*self.found)
