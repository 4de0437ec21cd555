"""Search in text columns."""

from typing import Any

from sqlalchemy import ColumnElement


def containing(column: ColumnElement[Any], text: str) -> ColumnElement[bool]:
    """Rows whose column holds this text, in upper or lower case; no letter is a pattern."""
    return column.icontains(text, autoescape=True)
