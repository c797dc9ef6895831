"""Escapes text for XML; most text needs none, which one regular expression finds out."""

import re
from typing import Final

from palaver.wire.errors import WireError

_SPECIAL: Final = re.compile(r"[&<>'\"\n\r\t]").search
_NOT_PLAIN: Final = re.compile(r"[&<>'\"\n\r\t ]").search
_ATTRIBUTE: Final = {
    ord("&"): "&amp;",
    ord("<"): "&lt;",
    ord(">"): "&gt;",
    ord("'"): "&apos;",
    ord('"'): "&quot;",
    ord("\n"): "&#10;",
    ord("\r"): "&#13;",
    ord("\t"): "&#9;",
}
_TEXT: Final = {ord("&"): "&amp;", ord("<"): "&lt;", ord(">"): "&gt;", ord("\r"): "&#13;"}
_FORBIDDEN: Final = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]").search


def needed(text: str) -> bool:
    """Tell whether names and values of attributes, run together, need a closer look.

    A space counts: only the name of an attribute in another namespace has one.
    """
    return _NOT_PLAIN(text) is not None


def attribute(value: str) -> str:
    """Escape a value for use inside a single-quoted attribute."""
    return value if _SPECIAL(value) is None else value.translate(_ATTRIBUTE)


def text(value: str) -> str:
    """Escape character data."""
    return value.translate(_TEXT)


def check(value: str) -> str:
    """Return the value if XML 1.0 can carry it (XML §2.2).

    Raises:
        WireError: a control character, surrogate or non-character is in it.
    """
    found = _FORBIDDEN(value)
    if found is not None:
        raise WireError(f"character U+{ord(found[0]):04X} cannot be written in XML")
    return value
