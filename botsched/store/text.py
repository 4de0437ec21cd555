"""Search in text columns."""

from typing import Any

from sqlalchemy import ColumnElement, Text, or_, type_coerce


def containing(text: str, *columns: ColumnElement[Any]) -> ColumnElement[bool]:
    """Rows of which a column holds this text, in upper or lower case; no letter is a pattern.

    JSON is searched as it is written.
    """
    plain = (type_coerce(column, Text) for column in columns)
    return or_(*(column.icontains(text, autoescape=True) for column in plain))
