"""Certificates for the tests."""

import datetime
from collections.abc import Iterable
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa
from cryptography.hazmat.primitives.asymmetric.types import CertificateIssuerPrivateKeyTypes

XMPP_ADDR = x509.ObjectIdentifier("1.3.6.1.5.5.7.8.5")


def utf8_string(text: str) -> bytes:
    """Write *text* as a DER UTF8String."""
    data = text.encode()
    if len(data) < 0x80:
        return bytes((0x0C, len(data))) + data
    length = len(data).to_bytes((len(data).bit_length() + 7) // 8)
    return bytes((0x0C, 0x80 + len(length))) + length + data


def make_certificate(
    names: Iterable[x509.GeneralName] = (),
    hash_: hashes.SHA256 | hashes.SHA384 | hashes.SHA512 | None = None,
    key: CertificateIssuerPrivateKeyTypes | None = None,
    extension: x509.ExtensionType | None = None,
) -> tuple[x509.Certificate, CertificateIssuerPrivateKeyTypes]:
    """Sign a certificate with its own key; SHA-256 over P-256 unless told otherwise.

    ``extension`` is one more extension.
    """
    key = key or ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "test")])
    now = datetime.datetime.now(datetime.UTC)
    builder = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(subject)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - datetime.timedelta(days=1))
        .not_valid_after(now + datetime.timedelta(days=1))
    )
    if names := list(names):
        builder = builder.add_extension(x509.SubjectAlternativeName(names), critical=False)
    if extension is not None:
        builder = builder.add_extension(extension, critical=False)
    edwards = isinstance(key, ed25519.Ed25519PrivateKey)
    return builder.sign(key, None if edwards else hash_ or hashes.SHA256()), key


def der(certificate: x509.Certificate) -> bytes:
    return certificate.public_bytes(serialization.Encoding.DER)


def write_pem(path: Path) -> bytes:
    """Write a certificate and its key to *path*; return the certificate in DER."""
    certificate, key = make_certificate()
    pem = serialization.Encoding.PEM
    private = key.private_bytes(
        pem, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    path.write_bytes(private + certificate.public_bytes(pem))
    return der(certificate)


def rsa_key() -> rsa.RSAPrivateKey:
    return rsa.generate_private_key(65537, 2048)


def ed25519_key() -> ed25519.Ed25519PrivateKey:
    return ed25519.Ed25519PrivateKey.generate()
