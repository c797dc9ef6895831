"""Judges the certificates of other servers (RFC 6120 §13.7.1.2, RFC 5280 §6)."""

import datetime
import ssl
import warnings
from contextlib import suppress
from pathlib import Path
from typing import Any, Final

import structlog
from cryptography import x509
from cryptography.utils import CryptographyDeprecationWarning
from cryptography.x509.oid import ExtendedKeyUsageOID, ExtensionOID
from cryptography.x509.verification import (
    Criticality,
    ExtensionPolicy,
    PolicyBuilder,
    Store,
    VerificationError,
)

from palaver.net.tls import CertificateError
from palaver.stream.s2s.settings import PeerCertificate

log = structlog.get_logger()

_DER: Final = 2  # _ssl.ENCODING_DER, which `ssl` does not export
_PURPOSES: Final = (
    ExtendedKeyUsageOID.SERVER_AUTH,
    ExtendedKeyUsageOID.CLIENT_AUTH,
    ExtendedKeyUsageOID.ANY_EXTENDED_KEY_USAGE,
)
_END: Final = b"-----END CERTIFICATE-----"


class Trust:
    """Whom to believe: certificates that lead to one of these authorities.

    A certificate that a server may serve with is good for the side that connects too: authorities
    issue no others any more. Which domains it is for is not looked at here.
    """

    def __init__(self, file: Path | None) -> None:
        """Take the authorities in a file, or those of the system.

        Raises:
            CertificateError: the file has none, or cannot be read.
        """
        authorities = _read(file) if file is not None else _of_system()
        self._store = Store(authorities) if authorities else None
        # The rules for the web's authorities are stricter than those of RFC 5280, and than what
        # organisations give to their own servers.
        self._own = ExtensionPolicy.permit_all().may_be_present(
            x509.ExtendedKeyUsage, Criticality.AGNOSTIC, _check_purpose
        )
        self._authorities = (
            ExtensionPolicy.permit_all()
            .require_present(x509.BasicConstraints, Criticality.AGNOSTIC, _check_authority)
            .may_be_present(x509.KeyUsage, Criticality.AGNOSTIC, _check_usage)
            .may_be_present(x509.ExtendedKeyUsage, Criticality.AGNOSTIC, _check_purpose)
        )

    def judge(self, chain: list[bytes]) -> PeerCertificate:
        """Judge a chain of certificates in DER, as the other server sent it: its own first."""
        if not chain:
            return PeerCertificate()
        try:
            verified = self._verify(chain)
        except (ValueError, VerificationError, x509.InvalidVersion) as error:
            return PeerCertificate(chain[0], trusted=False, problem=_why(chain[0], error))
        return PeerCertificate(
            chain[0],
            trusted=True,
            problem="",
            constrained=any(map(_is_constrained, verified)),
            expires=min(each.not_valid_after_utc for each in verified).timestamp(),
        )

    def _verify(self, chain: list[bytes]) -> list[x509.Certificate]:
        """Return the certificates by which the first leads to an authority, with that."""
        if self._store is None:
            raise ValueError("no authorities are trusted here")
        own, *others = [x509.load_der_x509_certificate(each) for each in chain]
        verifier = (
            PolicyBuilder()
            .store(self._store)
            .time(datetime.datetime.now(datetime.UTC))
            .extension_policies(ee_policy=self._own, ca_policy=self._authorities)
            .build_client_verifier()
        )
        return verifier.verify(own, others).chain


def chain_of(tls: ssl.SSLObject) -> list[bytes]:
    """Return the certificates in DER that the other end sent, its own first."""
    own = tls.getpeercert(binary_form=True)
    if own is None:
        return []
    wrapped: Any = tls._sslobj  # type: ignore[attr-defined]  # noqa: SLF001 - public from 3.13 on
    found = [each.public_bytes(_DER) for each in wrapped.get_unverified_chain() or ()]
    return [own, *(each for each in found if each != own)]


def _check_purpose(
    _policy: object, _certificate: x509.Certificate, usage: x509.ExtendedKeyUsage | None
) -> None:
    """Refuse who is for something else; an authority that signs for that signs no others."""
    if usage is not None and not any(purpose in usage for purpose in _PURPOSES):
        raise ValueError("it is not for servers")


def _check_authority(
    _policy: object, _certificate: x509.Certificate, constraints: x509.BasicConstraints
) -> None:
    if not constraints.ca:
        raise ValueError("it is signed by a certificate that is no authority's")


def _check_usage(
    _policy: object, _certificate: x509.Certificate, usage: x509.KeyUsage | None
) -> None:
    if usage is not None and not usage.key_cert_sign:
        raise ValueError("it is signed by a certificate that may not sign others")


def _is_constrained(certificate: x509.Certificate) -> bool:
    """Tell whether an authority may sign for some names only, or that cannot be read."""
    try:
        return any(each.oid == ExtensionOID.NAME_CONSTRAINTS for each in certificate.extensions)
    except (ValueError, x509.DuplicateExtension, x509.UnsupportedGeneralNameType):
        return True


def _why(certificate: bytes, error: Exception) -> str:
    """Say what is wrong with a certificate, so that its owner can put it right."""
    try:
        own = x509.load_der_x509_certificate(certificate)
        now = datetime.datetime.now(datetime.UTC)
        if now > own.not_valid_after_utc:
            return f"it expired on {own.not_valid_after_utc:%Y-%m-%d}"
        if now < own.not_valid_before_utc:
            return f"it is not valid before {own.not_valid_before_utc:%Y-%m-%d}"
        if own.issuer == own.subject:
            return "it is signed by itself"
    except (ValueError, x509.InvalidVersion):
        return "it cannot be read"
    return f"it is not from an authority that is trusted ({str(error).splitlines()[0]})"


def _read(file: Path) -> list[x509.Certificate]:
    try:
        return x509.load_pem_x509_certificates(file.read_bytes())
    except (OSError, ValueError) as error:
        raise CertificateError(f"{file}: {error}") from error


def _of_system() -> list[x509.Certificate]:
    """Read the authorities that the system trusts; those that cannot be read are left out."""
    paths = ssl.get_default_verify_paths()
    if paths.cafile is None:
        log.warning("the system has no file of trusted authorities: set federation.ca")
        return []
    found = []
    for pem in Path(paths.cafile).read_bytes().split(_END)[:-1]:
        with suppress(ValueError), warnings.catch_warnings():
            warnings.simplefilter("ignore", CryptographyDeprecationWarning)
            found.append(x509.load_pem_x509_certificate(pem + _END))
    return found
