"""SCRAM keys as they travel (XEP-0227 §4.3)."""

import base64
import binascii
import re
from typing import Final

from palaver.ext.moving.names import NS_SCRAM
from palaver.kernel.storage import Credential
from palaver.sasl.keys import Hash
from palaver.wire.element import Element

_MOST_ITERATIONS: Final = 10_000_000  # a login must not take a client for ever
_MOST_SALT: Final = 255
_BASE64: Final = "([A-Za-z0-9+/=]+)"
_IN_PLACE: Final = re.compile(
    f"scram:(?:(sha-?1|sha-?256|sha-?512)[,:])?{_BASE64},{_BASE64},{_BASE64},([0-9]{{1,9}})"
)


def checked(
    mechanism: str, salt: bytes, iterations: int, stored_key: bytes, server_key: bytes
) -> Credential:
    """Return a key; raises ValueError where it cannot be one."""
    try:
        size = Hash(mechanism.removeprefix("SCRAM-")).size
    except ValueError:
        raise ValueError(f"{mechanism} is not supported") from None
    if not mechanism.startswith("SCRAM-"):
        raise ValueError(f"{mechanism} is not supported")
    if len(stored_key) != size or len(server_key) != size:
        raise ValueError(f"the keys for {mechanism} have {size} bytes")
    if not 1 <= iterations <= _MOST_ITERATIONS:
        raise ValueError("the number of iterations makes no sense")
    if not 1 <= len(salt) <= _MOST_SALT:
        raise ValueError("the salt is missing or too long")
    return Credential(mechanism, salt, iterations, stored_key, server_key)


def read_key(element: Element) -> Credential:
    """Read a ``<scram-credentials/>``; raises ValueError."""
    count = (element.text_of("iter-count") or "").strip()
    if not (count.isascii() and count.isdecimal() and len(count) < 10):
        raise ValueError("there is no number of iterations")
    salt, stored_key, server_key = (
        decoded(element.text_of(name) or "") for name in ("salt", "stored-key", "server-key")
    )
    mechanism = element.get("mechanism", "")
    try:
        return checked(mechanism, salt, int(count), stored_key, server_key)
    except ValueError:
        # COMPAT: ejabberd, 2023, which encodes all of it twice.
        twice = [decoded(data.decode("latin-1")) for data in (salt, stored_key, server_key)]
        return checked(mechanism, twice[0], int(count), twice[1], twice[2])


def read_password(text: str) -> Credential | None:
    """Read the keys that ejabberd writes in the place of a password; None for a password.

    COMPAT: ejabberd, 2023. Raises ValueError.
    """
    match = _IN_PLACE.fullmatch(text)
    if match is None:
        return None
    hash_, stored, server, salt, count = match.groups()
    mechanism = f"SCRAM-{(hash_ or 'SHA-1').upper()}".replace("-SHA2", "-SHA-2")
    mechanism = mechanism.replace("-SHA5", "-SHA-5")
    return checked(mechanism, decoded(salt), int(count), decoded(stored), decoded(server))


def decoded(text: str) -> bytes:
    """Return the bytes of base64 text; raises ValueError."""
    try:
        return base64.b64decode("".join(text.split()), validate=True)
    except (binascii.Error, ValueError):
        raise ValueError("that is not base64") from None


def write_key(key: Credential) -> Element:
    """Write a ``<scram-credentials/>``."""
    texts = {
        "iter-count": str(key.iterations),
        "salt": _encoded(key.salt),
        "server-key": _encoded(key.server_key),
        "stored-key": _encoded(key.stored_key),
    }
    leaves = (Element(name, NS_SCRAM, None, text) for name, text in texts.items())
    return Element("scram-credentials", NS_SCRAM, {"mechanism": key.mechanism}, *leaves)


def _encoded(data: bytes) -> str:
    return base64.b64encode(data).decode()
