"""Self-signed certificates, so that a new server speaks TLS before it has a real one."""

import datetime
import ipaddress
import os
from pathlib import Path

import idna
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
)
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

# Apple's systems refuse server certificates that are valid for longer, even trusted ones.
VALID = datetime.timedelta(days=825)
RENEW = datetime.timedelta(days=30)
_SKEW = datetime.timedelta(hours=1)


def create(host: str, certificate: Path, key: Path, now: datetime.datetime) -> None:
    """Write a new key (0600) and a self-signed certificate for a host; raises OSError."""
    private = ec.generate_private_key(ec.SECP256R1())
    signed = _signed(host, private, now)
    secret = private.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    certificate.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    key.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    _write(key, secret, 0o600)
    _write(certificate, signed.public_bytes(Encoding.PEM), 0o644)


def is_due(certificate: Path, now: datetime.datetime) -> bool:
    """Tell whether to make a new certificate: there is none, or our own one ends soon.

    Certificates that somebody else signed are never replaced.
    """
    try:
        found = x509.load_pem_x509_certificate(certificate.read_bytes())
    except FileNotFoundError:
        return True
    except ValueError:
        return False
    return found.issuer == found.subject and found.not_valid_after_utc < now + RENEW


def is_self_signed(certificate: Path) -> bool:
    """Tell whether clients will ask about it; raises OSError and ValueError."""
    found = x509.load_pem_x509_certificate(certificate.read_bytes())
    return found.issuer == found.subject


def fingerprint(certificate: Path) -> str:
    """Give the SHA-256 fingerprint, as clients show it; raises OSError and ValueError."""
    found = x509.load_pem_x509_certificate(certificate.read_bytes())
    return found.fingerprint(hashes.SHA256()).hex(":").upper()


def _signed(host: str, key: ec.EllipticCurvePrivateKey, now: datetime.datetime) -> x509.Certificate:
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, host[:64])])
    usage = x509.KeyUsage(
        digital_signature=True,
        content_commitment=False,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        key_cert_sign=False,
        crl_sign=False,
        encipher_only=False,
        decipher_only=False,
    )
    # Both uses: in federation a server is also the client of others.
    purposes = x509.ExtendedKeyUsage(
        [ExtendedKeyUsageOID.SERVER_AUTH, ExtendedKeyUsageOID.CLIENT_AUTH]
    )
    return (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - _SKEW)
        .not_valid_after(now + VALID)
        .add_extension(x509.SubjectAlternativeName(_names(host)), critical=False)
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(usage, critical=True)
        .add_extension(purposes, critical=False)
        .sign(key, hashes.SHA256())
    )


def _names(host: str) -> list[x509.GeneralName]:
    """List the names a client may know the host by (RFC 6125 §6.4)."""
    try:
        return [x509.IPAddress(ipaddress.ip_address(host.strip("[]")))]
    except ValueError:
        ascii_form = host if host.isascii() else idna.encode(host, uts46=True).decode()
    names: list[x509.GeneralName] = [x509.DNSName(ascii_form)]
    if host == "localhost":
        names += [x509.IPAddress(ipaddress.ip_address(address)) for address in ("127.0.0.1", "::1")]
    return names


def _write(path: Path, content: bytes, mode: int) -> None:
    """Replace a file as a whole: a server that reads it now sees the old one or the new one."""
    new = path.with_name(f"{path.name}.new")
    new.unlink(missing_ok=True)
    descriptor = os.open(new, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode)
    with os.fdopen(descriptor, "wb") as file:
        file.write(content)
    new.replace(path)
