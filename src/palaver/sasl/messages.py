"""The messages a SCRAM client sends, taken apart (RFC 5802 §7).

The readers raise SaslError(*malformed-request*) for what the grammar does not allow and for
mandatory extensions (``m=``), of which none exists; unknown optional extensions are skipped.
"""

import re
from dataclasses import dataclass
from typing import Final

from palaver.sasl.encoding import strict_base64
from palaver.sasl.errors import malformed

#: Longest nonce taken from a peer, in characters.
MAX_NONCE: Final = 256

_NONCE: Final = re.compile(rf"[!-+\--~]{{1,{MAX_NONCE}}}")
_EXTENSION: Final = re.compile(r"[A-Za-ln-z]=[^\0,]+")
_FLAG: Final = re.compile(r"n|y|p=(?P<binding>[A-Za-z0-9.-]{1,64})")
_SASLNAME: Final = re.compile(r"(?:[^\0=,]|=2C|=3D)+")


@dataclass(frozen=True, slots=True)
class ClientFirst:
    """Is a client's first message.

    *flag* is ``n`` (the client does no channel binding), ``y`` (it would, had the server offered
    it) or ``p`` (it does, of the type *binding*); *header* is the GS2 header and *bare* the rest,
    both as sent.
    """

    flag: str
    binding: str | None
    authzid: str | None
    username: str
    nonce: str
    header: bytes
    bare: bytes


@dataclass(frozen=True, slots=True)
class ClientFinal:
    """Is a client's final message; *binding* is GS2 header and channel-binding data together."""

    binding: bytes
    nonce: str
    proof: bytes
    without_proof: bytes


def read_client_first(message: bytes) -> ClientFirst:
    """Take a client's first message apart."""
    flag, comma, rest = _text(message).partition(",")
    authzid, second_comma, bare = rest.partition(",")
    matched = _FLAG.fullmatch(flag)
    if matched is None or not (comma and second_comma):
        raise malformed("no GS2 header")
    username, nonce, *extensions = _attributes(bare, 2)
    _check_extensions(extensions)
    header = f"{flag},{authzid},".encode()
    return ClientFirst(
        flag=flag[0],
        binding=matched["binding"],
        authzid=_name(_value("a", authzid)) if authzid else None,
        username=_name(_value("n", username)),
        nonce=_nonce(nonce),
        header=header,
        bare=message[len(header) :],
    )


def read_client_final(message: bytes) -> ClientFinal:
    """Take a client's final message apart."""
    binding, nonce, *extensions, proof = _attributes(_text(message), 3)
    _check_extensions(extensions)
    return ClientFinal(
        binding=_bytes(_value("c", binding)),
        nonce=_nonce(nonce),
        proof=_bytes(_value("p", proof)),
        without_proof=message[: message.rindex(b",p=")],
    )


def escape(name: str) -> str:
    """Write *name* as a SCRAM message carries it."""
    return name.replace("=", "=3D").replace(",", "=2C")


def _text(message: bytes) -> str:
    try:
        return message.decode("utf-8")
    except UnicodeDecodeError:
        raise malformed("not UTF-8") from None


def _attributes(text: str, least: int) -> list[str]:
    attributes = text.split(",")
    if len(attributes) < least:
        raise malformed("attributes are missing")
    return attributes


def _value(attribute: str, text: str) -> str:
    name, _, value = text.partition("=")
    if name != attribute or not value:
        raise malformed(f"attribute {attribute} is missing")
    return value


def _name(text: str) -> str:
    if _SASLNAME.fullmatch(text) is None:
        raise malformed("a name is not escaped")
    return text.replace("=2C", ",").replace("=3D", "=")


def _nonce(text: str) -> str:
    nonce = _value("r", text)
    if _NONCE.fullmatch(nonce) is None:
        raise malformed("the nonce is too long or has forbidden characters")
    return nonce


def _bytes(text: str) -> bytes:
    value = strict_base64(text)
    if value is None:
        raise malformed("an attribute is not base64")
    return value


def _check_extensions(extensions: list[str]) -> None:
    if not all(map(_EXTENSION.fullmatch, extensions)):
        raise malformed("an extension is mandatory or not well-formed")
