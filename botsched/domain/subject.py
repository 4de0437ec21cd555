"""The template of the subjects of mails, such as ``[bots-scheduler] {job}: {outcome}``."""

import re
from collections.abc import Mapping
from string import Formatter
from typing import Final

DEFAULT: Final = "[bots-scheduler] {job}: {outcome}"

LONGEST: Final = 200
"""Characters of a template."""

PLACEHOLDERS: Final[Mapping[str, str]] = {
    "job": "the name of the job; in a digest, how many jobs it tells of",
    "outcome": "how it ended, in one of the fixed words; in a digest, how many mails it holds",
    "reason": "the reason in words, shortened",
    "host": "the machine it ran on",
    "attempt": "which attempt it was",
    "failures": "how many runs in a row were bad by then",
}
"""What stands between braces, and what is put there."""

_GAPS: Final = re.compile(r"\s{2,}")


def check(template: str) -> str:
    """Give the template back. Raises ValueError that says what is wrong with it, and the cure."""
    if not template.strip() or not template.isprintable():
        raise ValueError("a subject is one line that is not empty")
    if len(template) > LONGEST:
        raise ValueError(f"{len(template)} characters are too many; give at most {LONGEST}")
    try:
        parts = list(Formatter().parse(template))
    except ValueError:
        raise ValueError(
            "a brace stands alone; write {{ or }} for one that is to be seen"
        ) from None
    for _, name, form, conversion in parts:
        if name is not None and (name not in PLACEHOLDERS or form or conversion):
            known = ", ".join(f"{{{each}}}" for each in PLACEHOLDERS)
            raise ValueError(f"{{{name}}} is not known; there are {known}")
    return template


def fill(template: str, values: Mapping[str, str]) -> str:
    """The subject; ``values`` has a text for each placeholder, empty ones leave no gap."""
    filled = "".join(
        text + (values[name] if name is not None else "")
        for text, name, _, _ in Formatter().parse(template)
    )
    return _GAPS.sub(" ", filled).strip(" :-,")
