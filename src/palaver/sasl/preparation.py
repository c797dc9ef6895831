"""Passwords as SCRAM hashes them: SASLprep (RFC 4013), as RFC 5802 §2.2 and RFC 7677 ask.

PRECIS has since replaced SASLprep by OpaqueString (RFC 8265), which differs outside ASCII (NFC
for NFKC, nothing mapped away). The client computes the same hash from its own preparation, so
what counts is what clients do, and the mechanisms' own documents, still in force, say SASLprep.

One rule is relaxed: code points that Unicode 3.2 had not assigned (emoji, scripts added since)
pass unchanged, as in a stringprep *query*. A client that forbids them never sends them; one
that does not would otherwise be locked out.
"""

import stringprep
import unicodedata
from collections.abc import Callable
from typing import Final

#: Longest password, in bytes of UTF-8 after preparation.
MAX_PASSWORD_BYTES: Final = 1024

_PROHIBITED: Final[tuple[Callable[[str], bool], ...]] = (
    stringprep.in_table_c12,
    stringprep.in_table_c21_c22,
    stringprep.in_table_c3,
    stringprep.in_table_c4,
    stringprep.in_table_c5,
    stringprep.in_table_c6,
    stringprep.in_table_c7,
    stringprep.in_table_c8,
    stringprep.in_table_c9,
)


def prepare_password(password: str) -> bytes:
    """Return *password* in the form that is hashed.

    Raises ValueError when it is empty, too long, or has a character that SASLprep prohibits.
    """
    if len(password) > MAX_PASSWORD_BYTES:  # before work that grows by the square of it
        raise ValueError(f"the password is longer than {MAX_PASSWORD_BYTES} characters")
    prepared = password if _is_plain(password) else _saslprep(password)
    encoded = prepared.encode("utf-8")
    if not encoded:
        raise ValueError("the password is empty")
    if len(encoded) > MAX_PASSWORD_BYTES:
        raise ValueError(f"the password is longer than {MAX_PASSWORD_BYTES} bytes")
    return encoded


def _is_plain(text: str) -> bool:
    return text.isascii() and text.isprintable()


def _saslprep(text: str) -> str:
    mapped = "".join(map(_map, text))
    prepared = unicodedata.ucd_3_2_0.normalize("NFKC", mapped)
    if any(prohibits(char) for char in prepared for prohibits in _PROHIBITED):
        raise ValueError("the password has a character that passwords may not have")
    _check_direction(prepared)
    return prepared


def _map(char: str) -> str:
    if stringprep.in_table_b1(char):
        return ""
    return " " if stringprep.in_table_c12(char) else char


def _check_direction(text: str) -> None:
    """Apply stringprep's rule on bidirectional strings (RFC 3454 §6)."""
    if not any(map(stringprep.in_table_d1, text)):
        return
    framed = stringprep.in_table_d1(text[0]) and stringprep.in_table_d1(text[-1])
    if not framed or any(map(stringprep.in_table_d2, text)):
        raise ValueError("the password mixes writing directions")
