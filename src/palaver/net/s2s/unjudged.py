"""Asks the other end of TLS for its certificate, and judges it afterwards (RFC 6120 §13.7.2).

A server that asks for certificates with `ssl` lets OpenSSL judge them in the handshake, which then
fails: nobody could prove by other means (dialback) who it is, nor be told what is wrong. Worse,
OpenSSL wants certificates "for clients", which authorities that servers use issue no longer. What
decides is a callback that `ssl` has no way to set, but the OpenSSL below it has.

Reading a pointer from where one only believes it to be can kill a process. So this is tried in a
child process first, as `palaver.sasl.exporter` does, which see.
"""

import functools
import os
import ssl
import subprocess
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final

_CHECK_SECONDS: Final = 30.0
_VERIFY_PEER: Final = 1  # SSL_VERIFY_PEER: ask for a certificate, but do not insist on one


def ask_for_certificate(context: ssl.SSLContext) -> bool:
    """Let a server's context take any certificate, or none; tell whether that can be done.

    The certificates are then to be judged by whoever reads them from the connection.
    """
    if not available():
        return False
    context.verify_mode = ssl.CERT_OPTIONAL
    _native()(context)
    return True


@functools.cache
def available() -> bool:
    """Tell whether this Python can do so; the first call takes some tenths of a second."""
    try:
        _native()
        return _child_reports() == _fingerprint()
    except (ImportError, OSError, AttributeError, ValueError, subprocess.SubprocessError):
        return False


@functools.cache
def _native() -> Callable[[ssl.SSLContext], None]:
    """Make the function that sets OpenSSL's callback; raises one of what `available` catches."""
    import _ssl
    import ctypes

    head = object.__basicsize__
    if sys.implementation.name != "cpython" or head != 2 * ctypes.sizeof(ctypes.c_void_p):
        raise ImportError("the layout of objects is not the usual one")
    library = ctypes.PyDLL(_ssl.__file__)
    set_verify: Any = library.SSL_CTX_set_verify
    callback_type = ctypes.CFUNCTYPE(ctypes.c_int, ctypes.c_int, ctypes.c_void_p)
    set_verify.restype = None
    set_verify.argtypes = (ctypes.c_void_p, ctypes.c_int, callback_type)
    accept = callback_type(lambda _verdict, _store: 1)

    def native(context: ssl.SSLContext) -> None:
        pointer = ctypes.c_void_p.from_address(id(context) + head)
        set_verify(pointer, _VERIFY_PEER, accept)

    return native


def _fingerprint() -> str:
    import _ssl

    size = vars(_ssl)["_SSLContext"].__basicsize__
    return repr((sys.version, ssl.OPENSSL_VERSION, os.path.realpath(_ssl.__file__), size))


def _child_reports() -> str:
    """Run the check in a child; return the fingerprint it prints when all is well."""
    child = subprocess.run(  # noqa: S603  # this interpreter and this file, no shell
        (sys.executable, "-I", __file__),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        timeout=_CHECK_SECONDS,
        check=True,
    )
    return child.stdout.decode("utf-8").strip()


def _check() -> None:
    """Shake hands with somebody whose certificate nobody signed; the child's whole work."""
    with tempfile.TemporaryDirectory() as directory:
        pem = Path(directory, "check.pem")
        expected = _write_certificate(pem)
        server_context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        client_context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
        client_context.check_hostname = False
        client_context.verify_mode = ssl.CERT_NONE  # the peer is a few lines further down
        for context in (server_context, client_context):
            context.load_cert_chain(pem)
    server_context.verify_mode = ssl.CERT_OPTIONAL
    _native()(server_context)
    up, down = ssl.MemoryBIO(), ssl.MemoryBIO()
    client = client_context.wrap_bio(down, up)
    server = server_context.wrap_bio(up, down, server_side=True)
    for end in (client, server, client, server):
        try:
            end.do_handshake()
        except ssl.SSLWantReadError:
            continue
    if server.getpeercert(binary_form=True) != expected:
        sys.exit("the certificate was not taken")
    sys.stdout.buffer.write(_fingerprint().encode("utf-8"))


def _write_certificate(path: Path) -> bytes:
    """Write a certificate signed by itself, with its key; return it in DER."""
    import datetime

    from cryptography import x509
    from cryptography.hazmat.primitives import hashes, serialization
    from cryptography.hazmat.primitives.asymmetric import ec

    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "localhost")])
    now = datetime.datetime.now(datetime.UTC)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - datetime.timedelta(days=1))
        .not_valid_after(now + datetime.timedelta(days=1))
        .sign(key, hashes.SHA256())
    )
    pem = serialization.Encoding.PEM
    private = key.private_bytes(
        pem, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    path.write_bytes(private + certificate.public_bytes(pem))
    return certificate.public_bytes(serialization.Encoding.DER)


if __name__ == "__main__":
    _check()
