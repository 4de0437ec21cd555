"""Texts of others on a terminal."""


def printable(text: str) -> str:
    """What a terminal shows and does not obey: control characters are written out."""
    return "".join(each if each.isprintable() else repr(each)[1:-1] for each in text)
