"""The addresses in client certificates (RFC 6120 §13.7.1.4, XEP-0178 §2)."""

from typing import Final

from cryptography import x509
from cryptography.x509.oid import ObjectIdentifier

#: id-on-xmppAddr.
XMPP_ADDR: Final = ObjectIdentifier("1.3.6.1.5.5.7.8.5")

_UNREADABLE: Final = (
    ValueError,
    x509.ExtensionNotFound,
    x509.DuplicateExtension,
    x509.UnsupportedGeneralNameType,
)
_UTF8_STRING: Final = 0x0C
_LONG_FORM: Final = 0x80


def load_certificate(der: bytes) -> x509.Certificate:
    """Read a certificate in DER; raises ValueError for what is none."""
    try:
        return x509.load_der_x509_certificate(der)
    except (ValueError, x509.InvalidVersion) as error:
        raise ValueError("not a certificate") from error


def certificate_identities(certificate: bytes) -> tuple[str, ...]:
    """Return the addresses a certificate in DER names, unchecked and in its order.

    They are the subject alternative names of type id-on-xmppAddr; one that is not a well-formed
    UTF8String is left out. A certificate that cannot be read names nobody: TLS may have accepted
    what a stricter parser does not. Whether to believe a certificate is for TLS to say.
    """
    try:
        extensions = load_certificate(certificate).extensions
        names = extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    except _UNREADABLE:
        return ()
    others = (n for n in names.get_values_for_type(x509.OtherName) if n.type_id == XMPP_ADDR)
    return tuple(text for name in others if (text := _utf8_string(name.value)) is not None)


def _utf8_string(der: bytes) -> str | None:
    """Read a DER UTF8String; None for anything else."""
    if len(der) < 2 or der[0] != _UTF8_STRING:
        return None
    length, start = der[1], 2
    if length > _LONG_FORM:
        start += length - _LONG_FORM
        length = int.from_bytes(der[2:start])
    if len(der) - start != length:
        return None
    try:
        return der[start:].decode("utf-8")
    except UnicodeDecodeError:
        return None
