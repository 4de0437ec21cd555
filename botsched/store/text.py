"""Search in text columns."""

import json
from typing import Any

from sqlalchemy import ColumnElement, Text, or_, type_coerce

from botsched.store.types import Json


def containing(text: str, *columns: ColumnElement[Any]) -> ColumnElement[bool]:
    """Rows of which a column holds this text, in upper or lower case; no letter is a pattern.

    In JSON, the text is looked for as it would stand within a string.
    """
    written = json.dumps(text, ensure_ascii=False)[1:-1]
    return or_(
        *(
            type_coerce(column, Text).icontains(
                written if isinstance(column.type, Json) else text, autoescape=True
            )
            for column in columns
        )
    )
