"""Settings in effect as JSON data, without secrets."""

from dataclasses import fields, is_dataclass
from datetime import timedelta
from typing import Any


def shown(value: Any) -> Any:
    """Settings, or a part of them; what they keep out of their own text (``repr``) is left out.

    Durations are in seconds.
    """
    if is_dataclass(value):
        told = [field.name for field in fields(value) if field.repr]
        return {name: shown(getattr(value, name)) for name in told}
    if isinstance(value, tuple | frozenset):
        return [shown(each) for each in (value if isinstance(value, tuple) else sorted(value))]
    if value is None or isinstance(value, bool | int | float):
        return value
    return value.total_seconds() if isinstance(value, timedelta) else str(value)
