"""The data of the channel-binding type *tls-exporter* (RFC 9266) of a Python TLS connection.

`ssl` cannot export keying material, but the OpenSSL below it can. This module finds the ``SSL *``
in the object that `ssl` wraps, which in every CPython 3 is the second pointer after the object's
head, and calls ``SSL_export_keying_material`` of the very library that `_ssl` is linked to.

Reading a pointer from where one only believes it to be can kill a process. So the first use starts
the same interpreter once more, and has it do all this there on TLS connections in memory. The
layout is fixed when `_ssl` is compiled: what worked in the child, whose `_ssl` and OpenSSL prove
to be the same, works here. A child that dies, or whose two ends export different data, means that
the type is not available; so does anything unusual: another Python, a free-threaded, debugging or
static build, a second OpenSSL in reach. Once Python has the type itself
(``ssl.CHANNEL_BINDING_TYPES``), that is used and nothing of the above happens.
"""

import functools
import os
import ssl
import subprocess
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Final

TLS_EXPORTER: Final = "tls-exporter"

_LABEL: Final = b"EXPORTER-Channel-Binding"
_SIZE: Final = 32
_CHECK_SECONDS: Final = 30.0

_Tls = ssl.SSLObject | ssl.SSLSocket
_Export = Callable[[_Tls], bytes | None]


def tls_exporter(tls: _Tls) -> bytes | None:
    """Return a connection's *tls-exporter* data: 32 bytes, the same at both ends and nowhere else.

    None where it cannot be had (see `available`) and below TLS 1.3, where it would need the
    extended master secret and no renegotiation (RFC 9266 §3), as well as before the handshake is
    done and after the connection is closed. Call it where the connection is read and written.
    """
    if not available() or tls.version() != "TLSv1.3":
        return None
    return _export()(tls)


@functools.cache
def available() -> bool:
    """Tell whether this Python can give the data.

    The first call takes some tenths of a second, for the check in a child process; make it before
    the server listens.
    """
    if TLS_EXPORTER in ssl.CHANNEL_BINDING_TYPES:
        return True
    try:
        _native_export()
        return _child_reports() == _fingerprint()
    except (
        ImportError,
        OSError,
        AttributeError,
        LookupError,
        ValueError,
        subprocess.SubprocessError,
    ):
        return False


@functools.cache
def _export() -> _Export:
    if TLS_EXPORTER in ssl.CHANNEL_BINDING_TYPES:
        return lambda tls: tls.get_channel_binding(TLS_EXPORTER)
    return _native_export()


def _native_export() -> _Export:
    """Make the function that asks OpenSSL; raises one of what `available` catches."""
    import _ssl
    import ctypes

    pointer_size = ctypes.sizeof(ctypes.c_void_p)
    head = object.__basicsize__
    if sys.implementation.name != "cpython" or head != 2 * pointer_size:
        raise ImportError("the layout of objects is not the usual one")
    wrapped_type = vars(_ssl)["_SSLSocket"]
    # The GIL is kept: nothing may happen to the connection meanwhile, and it is microseconds.
    library = ctypes.PyDLL(_ssl.__file__)
    _refuse_second_library(library, ctypes.PyDLL(None))
    export = library.SSL_export_keying_material
    export.restype = ctypes.c_int
    export.argtypes = (
        *(ctypes.c_void_p, ctypes.c_char_p, ctypes.c_size_t),
        *(ctypes.c_char_p, ctypes.c_size_t),
        *(ctypes.c_char_p, ctypes.c_size_t, ctypes.c_int),
    )
    clear_errors = library.ERR_clear_error
    clear_errors.restype = None
    clear_errors.argtypes = ()

    def native(tls: _Tls) -> bytes | None:
        wrapped = getattr(tls, "_sslobj", None)
        if type(wrapped) is not wrapped_type:
            return None
        pointer = ctypes.c_void_p.from_address(id(wrapped) + head + pointer_size)
        if not pointer.value:
            return None
        data = ctypes.create_string_buffer(_SIZE)
        if export(pointer, data, _SIZE, _LABEL, len(_LABEL), b"", 0, 1) != 1:
            clear_errors()  # or the next read of any connection would report it
            return None
        return data.raw

    return native


def _refuse_second_library(linked: object, everywhere: object) -> None:
    """Raise ImportError when `_ssl` may itself be using another OpenSSL than it is linked to."""
    import ctypes

    def address(library: object) -> int | None:
        function = getattr(library, "SSL_export_keying_material", None)
        return ctypes.cast(function, ctypes.c_void_p).value if function else None

    if address(everywhere) not in (None, address(linked)):
        raise ImportError("there are two OpenSSL libraries in this process")


def _fingerprint() -> str:
    import _ssl

    size = vars(_ssl)["_SSLSocket"].__basicsize__
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
    """Compare what both ends of two connections in memory export; the child's whole work."""
    export = _native_export()
    with tempfile.TemporaryDirectory() as directory:
        context = _server_context(Path(directory))
        first, second = _connect(context), _connect(context)
    exported = [[export(end) for end in ends] for ends in (first, second)]
    (one, same), (other, same_other) = exported
    if one is None or one != same or other is None or other != same_other or one == other:
        sys.exit("the ends of a connection do not export the same data")
    sys.stdout.buffer.write(_fingerprint().encode("utf-8"))


def _connect(server_context: ssl.SSLContext) -> tuple[ssl.SSLObject, ssl.SSLObject]:
    client_context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    client_context.check_hostname = False
    client_context.verify_mode = ssl.CERT_NONE  # the peer is a few lines further down
    client_context.minimum_version = ssl.TLSVersion.TLSv1_3
    up, down = ssl.MemoryBIO(), ssl.MemoryBIO()
    client = client_context.wrap_bio(down, up)
    server = server_context.wrap_bio(up, down, server_side=True)
    for end in (client, server, client, server):
        try:
            end.do_handshake()
        except ssl.SSLWantReadError:
            continue
    return client, server


def _server_context(directory: Path) -> ssl.SSLContext:
    """Make a TLS context with a certificate of its own."""
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
    path = directory / "check.pem"
    pem = serialization.Encoding.PEM
    private = serialization.PrivateFormat.PKCS8
    path.write_bytes(
        key.private_bytes(pem, private, serialization.NoEncryption())
        + certificate.public_bytes(pem)
    )
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(path)
    return context


if __name__ == "__main__":
    _check()
