import base64
import hashlib

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import padding
from tests.unit.sasl.certificate import der, ed25519_key, make_certificate, rsa_key

from palaver.sasl import tls_server_end_point
from palaver.sasl.binding import by_strength

# Signed with SHA-1, as no current library signs any more (RSA-1024, for the tests only).
SHA_1_SIGNED = """
MIIB9jCCAV+gAwIBAgIUbimWc9kQG6BZ/87K2RsDSEcZb9gwDQYJKoZIhvcNAQEFBQAwDDEKMAgG
A1UEAwwBdDAgFw0yNjExMjEwMDIwNTZaGA8yMTI2MTAyODAwMjA1NlowDDEKMAgGA1UEAwwBdDCB
nzANBgkqhkiG9w0BAQEFAAOBjQAwgYkCgYEA2xsH6nZ/96JOcfDx0tYta5PLX9znQ7K4gRACLEsp
pF6E5S7btgMRgiFnDjbc7xcEHfJFolC23SuuJ1O2e0EyFBxvXoLtimV3NdNZfwT4O4UbFef/5kwn
QwB6ZNgFqq1KMV83SWpqF3/9l6PbHT4cBm6PuN9/BFDDdNRNSGNs9acCAwEAAaNTMFEwHQYDVR0O
BBYEFJYQw9tMMrfh3Pa/WeuuEM1oMe+MMB8GA1UdIwQYMBaAFJYQw9tMMrfh3Pa/WeuuEM1oMe+M
MA8GA1UdEwEB/wQFMAMBAf8wDQYJKoZIhvcNAQEFBQADgYEAlsN/S5K56jnEOlsx2rME8WI6l3Eu
1bZyF38fiiw5Nm2WFMX+J/To0Baj10wQysKB6Cd81K+n3XZB2ivr561FFVoSJmv4LVnJdeWlyXmq
u+iCblIcENr5ZadtPvmrpPSSQguusr/Gv+KFaDUaF6IuYGlDOOrvZR91zYcJyo5s1S4=
"""


@pytest.mark.parametrize(
    ("hash_", "algorithm"),
    [(hashes.SHA256(), "sha256"), (hashes.SHA384(), "sha384"), (hashes.SHA512(), "sha512")],
)
def test_the_end_point_is_the_certificate_under_its_own_hash(
    hash_: hashes.SHA256, algorithm: str
) -> None:
    for key in (None, rsa_key()):
        certificate = der(make_certificate(hash_=hash_, key=key)[0])
        assert tls_server_end_point(certificate) == hashlib.new(algorithm, certificate).digest()


def test_sha_1_is_replaced_by_sha_256() -> None:
    certificate = base64.b64decode(SHA_1_SIGNED)
    assert x509.load_der_x509_certificate(certificate).signature_hash_algorithm.name == "sha1"  # type: ignore[union-attr]  # asserted just there
    assert tls_server_end_point(certificate) == hashlib.sha256(certificate).digest()


def test_the_hash_of_an_rsa_pss_signature_is_used() -> None:
    key = rsa_key()
    template = make_certificate(key=key)[0]
    scheme = padding.PSS(padding.MGF1(hashes.SHA384()), padding.PSS.DIGEST_LENGTH)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(template.subject)
        .issuer_name(template.issuer)
        .public_key(key.public_key())
        .serial_number(template.serial_number)
        .not_valid_before(template.not_valid_before_utc)
        .not_valid_after(template.not_valid_after_utc)
        .sign(key, hashes.SHA384(), rsa_padding=scheme)
        .public_bytes(serialization.Encoding.DER)
    )
    assert tls_server_end_point(certificate) == hashlib.sha384(certificate).digest()


def test_the_end_point_of_an_ed25519_signature_is_undefined() -> None:
    assert tls_server_end_point(der(make_certificate(key=ed25519_key())[0])) is None


@pytest.mark.parametrize("junk", [b"", b"junk", bytes(1000)])
def test_what_is_no_certificate_is_an_error(junk: bytes) -> None:
    with pytest.raises(ValueError, match="not a certificate"):
        tls_server_end_point(junk)


def test_binding_types_are_sorted_by_strength_and_unknown_ones_left_out() -> None:
    assert by_strength({"tls-server-end-point", "tls-magic", "tls-exporter"}) == (
        "tls-exporter",
        "tls-server-end-point",
    )
