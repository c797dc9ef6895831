"""Data of *tls-exporter* on real connections, against RFC 8446 computed from the key log."""

import asyncio
import ctypes
import hashlib
import hmac
import re
import ssl
import struct
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace

import pytest
import uvloop
from tests.unit.sasl.certificate import write_pem

from palaver.sasl import exporter

LABEL = b"EXPORTER-Channel-Binding"


@pytest.fixture(scope="module")
def contexts(tmp_path_factory: pytest.TempPathFactory) -> tuple[ssl.SSLContext, ssl.SSLContext]:
    """Make the server's and the client's TLS context."""
    directory = tmp_path_factory.mktemp("tls")
    write_pem(directory / "server.pem")
    server = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    server.load_cert_chain(directory / "server.pem")
    client = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    client.load_verify_locations(directory / "server.pem")
    client.check_hostname = False
    client.keylog_filename = str(directory / "keys.log")
    return server, client


@pytest.fixture(params=["asyncio", "uvloop"])
def runner(request: pytest.FixtureRequest) -> Iterator[asyncio.Runner]:
    factory = uvloop.new_event_loop if request.param == "uvloop" else asyncio.new_event_loop
    with asyncio.Runner(loop_factory=factory) as runner:
        yield runner


async def exported(
    server_context: ssl.SSLContext, client_context: ssl.SSLContext
) -> tuple[bytes | None, bytes | None]:
    """Connect over loopback; return what the server's and the client's end export."""
    at_server: asyncio.Future[bytes | None] = asyncio.get_running_loop().create_future()

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        at_server.set_result(exporter.tls_exporter(writer.get_extra_info("ssl_object")))
        await reader.read()
        writer.close()

    server = await asyncio.start_server(serve, "127.0.0.1", 0, ssl=server_context)
    async with server:
        port = server.sockets[0].getsockname()[1]
        _, writer = await asyncio.open_connection("127.0.0.1", port, ssl=client_context)
        tls = writer.get_extra_info("ssl_object")
        at_client = exporter.tls_exporter(tls)
        result = await at_server, at_client
        writer.close()
        await writer.wait_closed()
    return result


def expand_label(secret: bytes, label: bytes, context: bytes, size: int) -> bytes:
    """HKDF-Expand-Label with SHA-384 (RFC 8446 section 7.1), for up to one block."""
    label = b"tls13 " + label
    info = struct.pack(">HB", size, len(label)) + label + bytes((len(context),)) + context
    return hmac.digest(secret, info + b"\1", "sha384")[:size]


def from_key_log(path: Path) -> bytes:
    """Compute the exporter of RFC 8446 section 7.5 from the last connection's secret."""
    secret = re.findall(r"^EXPORTER_SECRET \w+ (\w+)$", path.read_text(), re.MULTILINE)[-1]
    empty = hashlib.sha384(b"").digest()
    derived = expand_label(bytes.fromhex(secret), LABEL, empty, 48)
    return expand_label(derived, b"exporter", empty, 32)


def test_this_python_can_export() -> None:
    """CPython from Debian or python.org on Linux can; elsewhere this is the place to say so."""
    assert exporter.available()


def test_both_ends_export_what_rfc_8446_says(
    contexts: tuple[ssl.SSLContext, ssl.SSLContext], runner: asyncio.Runner
) -> None:
    server, client = contexts
    seen = set()
    for _ in range(3):
        at_server, at_client = runner.run(exported(server, client))
        assert at_server == at_client == from_key_log(Path(client.keylog_filename))
        seen.add(at_server)
    assert len(seen) == 3


def test_below_tls_1_3_there_is_none(
    contexts: tuple[ssl.SSLContext, ssl.SSLContext], runner: asyncio.Runner
) -> None:
    server, client = contexts
    client.maximum_version = ssl.TLSVersion.TLSv1_2
    try:
        assert runner.run(exported(server, client)) == (None, None)
    finally:
        client.maximum_version = ssl.TLSVersion.MAXIMUM_SUPPORTED


def test_before_the_handshake_there_is_none(
    contexts: tuple[ssl.SSLContext, ssl.SSLContext],
) -> None:
    for context in contexts:
        fresh = context.wrap_bio(
            ssl.MemoryBIO(), ssl.MemoryBIO(), server_side=context is contexts[0]
        )
        assert exporter.tls_exporter(fresh) is None
        # Nor does asking OpenSSL all the same do any harm.
        assert exporter._native_export()(fresh) is None


def test_what_is_no_connection_has_none() -> None:
    assert exporter._native_export()(object()) is None  # type: ignore[arg-type]  # that is the test


def test_a_second_openssl_in_reach_is_refused() -> None:
    libc = ctypes.PyDLL(None)
    one, other = (SimpleNamespace(SSL_export_keying_material=f) for f in (libc.strlen, libc.abs))
    exporter._refuse_second_library(one, one)
    exporter._refuse_second_library(one, SimpleNamespace())
    with pytest.raises(ImportError, match="two OpenSSL"):
        exporter._refuse_second_library(one, other)


def test_the_check_passes_in_a_child_of_its_own() -> None:
    assert exporter._child_reports() == exporter._fingerprint()


@pytest.mark.parametrize(
    "script",
    ["import os; os.abort()", "import sys; sys.exit(1)", "print('another Python')", ""],
    ids=["crashes", "fails", "differs", "says nothing"],
)
def test_a_check_that_does_not_pass_disables_the_type(script: str, tmp_path: Path) -> None:
    """The check's file is replaced by one that behaves as a wrong layout would."""
    (tmp_path / "check.py").write_text(script)
    program = (
        "from palaver.sasl import exporter\n"
        f"exporter.__file__ = {str(tmp_path / 'check.py')!r}\n"
        "print(exporter.available())"
    )
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True
    )
    assert done.stdout == "False\n"
