"""What became of a mail that was handed over, whatever the way."""

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why a mail was not taken for one address; the other side's words are in ``reason``."""

    reason: str
    permanent: bool


@dataclass(frozen=True, slots=True)
class Delivery:
    """Who was accepted, at least one, and who was not, by bare address.

    ``words`` are those of the other side when it accepted. A channel without addresses accepts for
    its own name.
    """

    accepted: tuple[str, ...]
    refused: Mapping[str, Refusal] = field(default_factory=dict)
    words: str = ""
