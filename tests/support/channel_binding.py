"""The channel binding ``tls-server-end-point`` (RFC 5929 §4), as the client computes it."""

import hashlib
import ssl

from cryptography.x509 import load_der_x509_certificate


def tls_server_end_point(tls: ssl.SSLObject) -> bytes:
    """Hash the server's certificate as its signature algorithm says."""
    certificate = tls.getpeercert(binary_form=True)
    if certificate is None:
        raise ValueError("the server showed no certificate")
    algorithm = load_der_x509_certificate(certificate).signature_hash_algorithm
    name = "sha256" if algorithm is None or algorithm.name in ("md5", "sha1") else algorithm.name
    return hashlib.new(name, certificate).digest()
