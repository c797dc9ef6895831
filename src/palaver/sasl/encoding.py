"""SASL data in XML character data: strict base64 (RFC 6120 §6.4 and §13.9.1, RFC 4648 §4).

A single ``=`` stands for data of length zero where no data at all means something else.
"""

import binascii
from typing import Final

from palaver.sasl.errors import Condition, SaslError, malformed

#: Longest SASL message taken from a peer, in bytes before base64. The longest legitimate one, a
#: SCRAM first message with two escaped addresses of 2,047 bytes and a nonce, stays below.
MAX_MESSAGE_BYTES: Final = 8192

_MAX_ENCODED: Final = (MAX_MESSAGE_BYTES + 2) // 3 * 4
_EMPTY: Final = "="


def decode(text: str) -> bytes:
    """Read the data of a ``<response/>`` or ``<challenge/>``; nothing and ``=`` both are empty.

    Raises SaslError: *incorrect-encoding* for white space, characters outside the alphabet, bad
    padding and non-zero padding bits; *malformed-request* above `MAX_MESSAGE_BYTES`.
    """
    if len(text) > _MAX_ENCODED:
        raise malformed(f"longer than {MAX_MESSAGE_BYTES} bytes")
    if text == _EMPTY:
        return b""
    data = strict_base64(text)
    if data is None:
        raise SaslError(Condition.INCORRECT_ENCODING)
    return data


def decode_initial(text: str) -> bytes | None:
    """Read the data of ``<auth/>``: None without an initial response, ``b""`` for ``=``.

    Raises SaslError as `decode` does (RFC 6120 §6.4.2).
    """
    return decode(text) if text else None


def encode(data: bytes) -> str:
    """Write the data of a ``<challenge/>`` or ``<response/>``; no data is the empty string."""
    return binascii.b2a_base64(data, newline=False).decode("ascii")


def encode_optional(data: bytes | None) -> str:
    """Write the data of ``<success/>`` or ``<auth/>``: nothing for None, ``=`` for no bytes.

    RFC 6120 §6.4.2 and §6.4.6.
    """
    if data is None:
        return ""
    return encode(data) or _EMPTY


def strict_base64(text: str) -> bytes | None:
    """Decode the one canonical base64 form of some bytes; None for any other text."""
    try:
        encoded = text.encode("ascii")
        data = binascii.a2b_base64(encoded, strict_mode=True)
    except ValueError:
        return None
    # strict_mode lets padding bits through, which would give one value several spellings.
    return data if binascii.b2a_base64(data, newline=False) == encoded else None
