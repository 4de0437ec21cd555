"""What all report items refuse in the same words."""


def require_text(item: object, field: str, value: object) -> None:
    """Raise ``TypeError`` naming item and field unless the value is a string."""
    if not isinstance(value, str):
        raise TypeError(
            f"{type(item).__name__}: {field} must be a string, not {kind(value)}; use str(...)"
        )


def kind(value: object) -> str:
    """Of what kind a value is, in words for the author of a job."""
    return "None" if value is None else type(value).__name__
