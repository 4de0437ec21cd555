"""What people write on a job to find and understand it: tags and notes."""

from typing import Any, Final

from botsched.domain.kinds import Kind

MOST_TAGS: Final = 20
LONGEST_TAG: Final = 50
LONGEST_NOTES: Final = 20_000
_RESERVED: Final = frozenset(',"\\')


def tags_kind() -> Kind[tuple[str, ...]]:
    """Tags: kept in small letters, sorted, each once."""
    tag = {"type": "string", "minLength": 1, "maxLength": LONGEST_TAG}
    schema = {"type": "array", "items": tag, "maxItems": MOST_TAGS}
    return Kind(_read_tags, list, ", ".join, schema)


def notes_kind() -> Kind[str]:
    """Notes: text of several lines, without blanks around it."""
    return Kind(_read_notes, str, schema={"type": "string", "maxLength": LONGEST_NOTES})


def tag_of(text: str) -> str:
    """A tag as it is kept. Raises ValueError."""
    tag = text.strip().lower()
    if not 1 <= len(tag) <= LONGEST_TAG or not tag.isprintable() or _RESERVED & set(tag):
        raise ValueError(
            f"{text!r:.80} is no tag; give 1 to {LONGEST_TAG} characters "
            "without commas, double quotes, backslashes and line breaks"
        )
    return tag


def _read_tags(value: Any) -> tuple[str, ...]:
    if not isinstance(value, list) or not all(isinstance(each, str) for each in value):
        raise TypeError("a list of texts or null")
    tags = {tag_of(each) for each in value}
    if len(tags) > MOST_TAGS:
        raise ValueError(f"has {len(tags)} tags; give at most {MOST_TAGS}")
    return tuple(sorted(tags))


def _read_notes(value: Any) -> str:
    if not isinstance(value, str):
        raise TypeError("a text or null")
    notes = value.replace("\r\n", "\n").strip()
    if len(notes) > LONGEST_NOTES:
        raise ValueError(f"has {len(notes)} characters; give at most {LONGEST_NOTES}")
    return notes
