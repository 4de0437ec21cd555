"""Text of unknown origin made fit for a page, a mail or a terminal."""

import re

_TERMINAL_SEQUENCE = re.compile(
    r"\x1b(?:\[[0-?]*[ -/]*[@-~]|\][^\x07\x1b]*(?:\x07|\x1b\\)|[@-Z\\^_])"
)
_LINE_END = re.compile(r"\r\n|[\r\x0b\x0c\x85\u2028\u2029]")
_TURNING = re.compile("[\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff]")
"""Characters that are not seen, and turn around what stands behind them."""

_UNPRINTABLE = re.compile(r"[\x00-\x08\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")


def clean(text: str) -> str:
    """Make line ends ``\\n``, put U+FFFD for what cannot be shown, and drop colours and the like.

    The result always encodes as UTF-8, which names of files (lone surrogates) may not.
    """
    text = _LINE_END.sub("\n", _TURNING.sub("", _TERMINAL_SEQUENCE.sub("", text)))
    return _UNPRINTABLE.sub("\N{REPLACEMENT CHARACTER}", text)
