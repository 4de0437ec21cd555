"""Times as text."""

from datetime import datetime


def time_text(moment: datetime | None) -> str | None:
    """An instant in ISO 8601 with its offset."""
    return None if moment is None else moment.isoformat()
