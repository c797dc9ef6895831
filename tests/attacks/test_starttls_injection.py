"""STARTTLS injection: what was sent in clear never counts under TLS (RFC 6120 §5.4.3.3)."""

import base64

import pytest
from tests.attacks.bad_input import DECLARATION, NS_SASL, NS_TLS, STREAM
from tests.attacks.conftest import HOST, PASSWORD
from tests.attacks.raw import Raw
from tests.support.server import Server

STARTTLS = f"<starttls xmlns='{NS_TLS}'/>"
PLAIN = base64.b64encode(f"\0alice\0{PASSWORD}".encode()).decode()
INJECTED = f"{STREAM}<auth xmlns='{NS_SASL}' mechanism='PLAIN'>{PLAIN}</auth>"


async def refused(raw: Raw, server: Server) -> None:
    """Check that the connection ends, or that TLS on it fails; and that nobody logs in."""
    try:
        await raw.writer.start_tls(server.client(f"x@{HOST}")._trust, server_hostname=HOST)  # type: ignore[arg-type]
        await raw.send(STREAM)
        await raw.read_to_end()
    except OSError:
        pass
    assert b"<success " not in raw.received
    assert not [e for e in server.log() if e.get("account") == f"alice@{HOST}/injected"]


@pytest.mark.parametrize("injected", [INJECTED, "<", " x", f"<iq type='get' id='1'/>{STREAM}"])
async def test_bytes_in_the_same_packet_end_the_stream(target: Server, injected: str) -> None:
    async with await Raw.open(target.address) as raw:
        await raw.send(DECLARATION + STREAM)
        await raw.read_until(b"</stream:features>")
        await raw.send(STARTTLS + injected)
        received = await raw.read_to_end()
        assert b"<policy-violation " in received
        assert b"<proceed " not in received
        assert b"<success " not in received


async def test_bytes_in_a_packet_of_their_own_are_lost(target: Server) -> None:
    for _ in range(20):
        async with await Raw.open(target.address) as raw:
            await raw.send(DECLARATION + STREAM)
            await raw.read_until(b"</stream:features>")
            raw.writer.write(STARTTLS.encode())
            raw.writer.write(INJECTED.encode())
            try:
                await raw.read_until(b"<proceed ")
            except OSError:
                continue  # ended at once
            await refused(raw, target)


async def test_bytes_behind_a_read_that_is_full_are_lost(target: Server) -> None:
    """The loop reads so much at once, then goes on reading before it does anything else."""
    for size in (65_536, 262_144):
        async with await Raw.open(target.address) as raw:
            await raw.send(DECLARATION + STREAM)
            await raw.read_until(b"</stream:features>")
            await raw.send(STARTTLS.rjust(size) + INJECTED)
            try:
                await raw.read_until(b"<proceed ")
            except OSError:
                continue
            await refused(raw, target)
