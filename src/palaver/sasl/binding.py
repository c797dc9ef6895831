"""Channel-binding types and the data of those a certificate gives (RFC 5056, 5929, 9266)."""

from collections.abc import Iterable
from hashlib import new as digest
from typing import Final

from cryptography.exceptions import UnsupportedAlgorithm

from palaver.sasl.certificates import load_certificate

TLS_EXPORTER: Final = "tls-exporter"
TLS_UNIQUE: Final = "tls-unique"
TLS_SERVER_END_POINT: Final = "tls-server-end-point"

#: Strongest first; the last one does not notice a man in the middle who has the server's key.
BINDING_TYPES: Final = (TLS_EXPORTER, TLS_UNIQUE, TLS_SERVER_END_POINT)

_REPLACED: Final = frozenset({"md5", "sha1"})


def by_strength(types: Iterable[str]) -> tuple[str, ...]:
    """Sort channel-binding types, strongest first and unknown ones left out."""
    present = frozenset(types)
    return tuple(type_ for type_ in BINDING_TYPES if type_ in present)


def tls_server_end_point(certificate: bytes) -> bytes | None:
    """Return the *tls-server-end-point* data of the server's certificate in DER.

    That is its hash under the hash function of its own signature, with SHA-256 in place of MD5
    and SHA-1 (RFC 5929 §4.1). None where the signature has no such function (Ed25519, Ed448),
    for which the type is undefined. Raises ValueError for what is no certificate.
    """
    loaded = load_certificate(certificate)
    try:
        hash_ = loaded.signature_hash_algorithm
    except UnsupportedAlgorithm:
        return None
    if hash_ is None:
        return None
    return digest("sha256" if hash_.name in _REPLACED else hash_.name, certificate).digest()
