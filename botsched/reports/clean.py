"""Text of unknown origin made fit for a page, a mail or a terminal."""

import re

_TERMINAL_SEQUENCE = re.compile(
    r"\x1b(?:\[[0-?]*[ -/]*[@-~]|\][^\x07\x1b]*(?:\x07|\x1b\\)|[@-Z\\^_])"
)
_LINE_END = re.compile(r"\r\n|[\r\x0b\x0c\x85\u2028\u2029]")
_UNPRINTABLE = re.compile(r"[\x00-\x08\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")


def clean(text: str) -> str:
    """Drop terminal colours, make all line ends ``\\n`` and put U+FFFD for what cannot be shown.

    The result always encodes as UTF-8, which names of files (lone surrogates) may not.
    """
    text = _LINE_END.sub("\n", _TERMINAL_SEQUENCE.sub("", text))
    return _UNPRINTABLE.sub("\N{REPLACEMENT CHARACTER}", text)
