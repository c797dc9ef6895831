"""Writes the one self-signed certificate that all servers under test present."""

import datetime as dt
from pathlib import Path
from typing import NamedTuple

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from benchmarks.accounts import DOMAIN


class Certificate(NamedTuple):
    """The PEM files: the chain, the private key, and both in one."""

    chain: Path
    key: Path
    both: Path


def write(directory: Path) -> Certificate:
    """Write an ECDSA P-256 certificate for the domain, valid for two days."""
    private = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, DOMAIN)])
    now = dt.datetime.now(dt.UTC)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(private.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - dt.timedelta(days=1))
        .not_valid_after(now + dt.timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(DOMAIN)]), critical=False)
        .sign(private, hashes.SHA256())
    )
    chain = certificate.public_bytes(serialization.Encoding.PEM)
    key = private.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )
    files = Certificate(directory / "chain.pem", directory / "key.pem", directory / "both.pem")
    for path, content in zip(files, (chain, key, key + chain), strict=True):
        path.write_bytes(content)
    return files
