"""What docs/mail.md quotes of the words about faults of mail servers, against these."""

import re
from pathlib import Path

import pytest

TREE = Path(__file__).resolve().parents[2]
SECTION = (TREE / "docs" / "mail.md").read_text().partition("What `check --mail` says")[2]
QUOTED = re.findall(r"^\| `([^`]+)` \|", SECTION, re.MULTILINE)
SOURCES = "\n".join(
    file.read_text() for file in sorted((TREE / "botsched" / "notify" / "smtp").glob("*.py"))
)


def test_the_table_is_found() -> None:
    assert len(QUOTED) > 10


@pytest.mark.parametrize("quoted", QUOTED)
def test_what_is_quoted_is_said(quoted: str) -> None:
    for part in re.split(r" \.\.\. .*|30 seconds", quoted):
        assert part.strip() in SOURCES
