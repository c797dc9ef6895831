"""The domains that a server's certificate speaks for (RFC 6120 §13.7.1.2, RFC 9525 §6.3)."""

from typing import Final

import idna
from cryptography import x509
from cryptography.x509.oid import ObjectIdentifier

from palaver.jid import JIDError, prepare_domain
from palaver.sasl.certificates import certificate_identities, load_certificate

#: id-on-dnsSRV (RFC 4985).
DNS_SRV: Final = ObjectIdentifier("1.3.6.1.5.5.7.8.7")

_SERVICE: Final = "_xmpp-server."
_IA5_STRING: Final = 0x16
_SHORT: Final = 0x80  # lengths below it are one octet; no domain name with its service is longer
_WILDCARD: Final = "*."


def certificate_covers(certificate: bytes, domain: str, *, dns_names_only: bool = False) -> bool:
    """Tell whether a certificate in DER names a domain as a server of XMPP.

    It does so by a dNSName, with a wildcard as its whole left-most label or without, by an SRVName
    of the service xmpp-server, or by an xmppAddr that is the domain. The common name does not count
    (RFC 9525 §2). Whether to believe the certificate is not said.

    With ``dns_names_only`` only dNSNames count: constraints of what an authority may sign for
    are about names of one kind, and leave those of all others free (RFC 5280 §4.2.1.10).
    """
    wanted = _ascii(domain)
    if not wanted:
        return False
    parent = wanted.partition(".")[2]
    for name in _dns_names(certificate, with_services=not dns_names_only):
        if name == wanted or (parent and name == _WILDCARD + parent):
            return True
    return not dns_names_only and any(
        _same(address, domain) for address in certificate_identities(certificate)
    )


def _dns_names(certificate: bytes, *, with_services: bool) -> list[str]:
    """Return the dNSNames, and the names of the service among the SRVNames, in small letters."""
    try:
        extensions = load_certificate(certificate).extensions
        names = extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    except (
        ValueError,
        x509.ExtensionNotFound,
        x509.DuplicateExtension,
        x509.UnsupportedGeneralNameType,
    ):
        return []
    found = [name.lower() for name in names.get_values_for_type(x509.DNSName)]
    if not with_services:
        return found
    others = (n for n in names.get_values_for_type(x509.OtherName) if n.type_id == DNS_SRV)
    services = (_ia5_string(name.value).lower() for name in others)
    found += [name.removeprefix(_SERVICE) for name in services if name.startswith(_SERVICE)]
    return found


def _ia5_string(der: bytes) -> str:
    """Read a short DER IA5String; anything else is empty."""
    if len(der) < 2 or der[0] != _IA5_STRING or der[1] >= _SHORT or len(der) - 2 != der[1]:
        return ""
    return der[2:].decode("ascii", "replace")


def _ascii(domain: str) -> str:
    """Return a domain as it is in DNS: with A-labels; empty where it has no such form."""
    try:
        return idna.encode(domain).decode().lower()
    except idna.IDNAError:
        return ""


def _same(address: str, domain: str) -> bool:
    try:
        return prepare_domain(address) == domain
    except JIDError:
        return False
