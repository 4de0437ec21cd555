"""How headers are written out: in seven bits, and so that every mail reader knows them again.

Python folds and encodes them word by word. That cuts long identifiers; and of texts that are not
all ASCII, it leaves out the blank between two encoded words, without which readers show them as
they are (RFC 2047), and puts blanks where nobody wrote any.
"""

from email.header import Header
from email.headerregistry import (
    Address,
    BaseHeader,
    Group,
    HeaderRegistry,
    UniqueAddressHeader,
)
from email.policy import SMTP, Policy
from typing import Any, Final


class _Whole(BaseHeader):
    """A header of one identifier or address: however long it is, it stays as it is."""

    max_count = 1

    @classmethod
    def parse(cls, value: str, kwds: dict[str, Any]) -> None:
        kwds.update(decoded=value, parse_tree=None, defects=[])

    def fold(self, *, policy: Policy) -> str:
        return f"{self.name}: {self}{policy.linesep}"


class _Subject(_Whole):
    """A subject, either all in ASCII or all in encoded words."""

    def fold(self, *, policy: Policy) -> str:
        folded = _encoded(str(self), self.name).replace("\n", policy.linesep)
        return f"{self.name}: {folded}{policy.linesep}"


class _People(UniqueAddressHeader):
    """Those whom a mail is from or for, each on a line of their own; names as subjects are."""

    name: str  # the registry derives from this class and BaseHeader

    def fold(self, *, policy: Policy) -> str:
        people = ",\n ".join(_mailbox(each, self.name) for each in self.groups)
        return f"{self.name}: {people}\n".replace("\n", policy.linesep)


def _mailbox(who: Group, header: str) -> str:
    if who.display_name is not None:  # nobody's address: see _shown() of message.py
        return str(who) if str(who).isascii() else f"{_encoded(who.display_name, header)}:;"
    address: Address = who.addresses[0]
    if address.display_name.isascii():
        return str(address)
    return f"{_encoded(address.display_name, header)}\n <{address.addr_spec}>"


def _encoded(text: str, header: str) -> str:
    charset = "us-ascii" if text.isascii() else "utf-8"
    return Header(text, charset, maxlinelen=76, header_name=header).encode()


def _registry() -> HeaderRegistry:
    registry = HeaderRegistry()
    registry.map_to_type("Subject", _Subject)
    for name in ("From", "To"):
        registry.map_to_type(name, _People)  # type: ignore[arg-type]
    for name in ("In-Reply-To", "References", "List-Id", "List-Unsubscribe"):
        registry.map_to_type(name, _Whole)
    return registry


# Seven bits pass every server; lines that are too long or not ASCII get encoded.
POLICY: Final = SMTP.clone(cte_type="7bit", header_factory=_registry())
