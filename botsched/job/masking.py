"""Hiding the values of secrets in whatever is kept of a run."""

import re
from collections.abc import Iterable
from typing import Any, Final

_STARS: Final = "***"


class Mask:
    """Puts ``***`` in place of each of these values, wherever they stand as they are."""

    def __init__(self, values: Iterable[str] = ()) -> None:
        # Of two that begin alike the longer one goes first, or its end would be left over.
        self._values = sorted({value for value in values if value}, key=len, reverse=True)
        self._pattern = re.compile("|".join(map(re.escape, self._values)))

    def __bool__(self) -> bool:
        return bool(self._values)

    def text(self, text: str) -> str:
        """A text that is whole."""
        return self._pattern.sub(_STARS, text) if self else text

    def cut_off(self, text: str, limit: int) -> str:
        """A text that was cut off at so many characters, perhaps within a value."""
        begin, rest = self.part(text)
        return begin + (_STARS if rest and len(text) >= limit else rest)

    def data(self, value: Any) -> Any:
        """JSON data, names in objects included."""
        match value:
            case str():
                return self.text(value)
            case list():
                return [self.data(each) for each in value]
            case dict():
                return {self.text(name): self.data(each) for name, each in value.items()}
        return value

    def part(self, text: str) -> tuple[str, str]:
        """The beginning of a text, masked; and its end, where that may be the beginning of a value.

        The end, as it is, belongs in front of what comes next.
        """
        if not self:
            return text, ""
        done, position, end = [], 0, self._open_end(text, 0)
        for match in self._pattern.finditer(text):
            if match.start() >= end:
                break
            done += [text[position : match.start()], _STARS]
            position = match.end()
            if position > end:
                end = self._open_end(text, position)
        return "".join([*done, text[position:end]]), text[end:]

    def _open_end(self, text: str, begin: int) -> int:
        """Where in ``text``, from ``begin`` on, a value begins that is not there to its end."""
        longest = len(self._values[0]) - 1
        for start in range(max(begin, len(text) - longest), len(text)):
            rest = text[start:]
            if any(len(value) > len(rest) and value.startswith(rest) for value in self._values):
                return start
        return len(text)
