"""Clients that take their time: dripping bytes, half a handshake, reading nothing."""

import asyncio
import ssl
import time

import pytest
from tests.attacks.bad_input import DECLARATION, STREAM
from tests.attacks.conftest import HOST, PASSWORD, memory
from tests.attacks.raw import Raw
from tests.support.client import Client
from tests.support.server import Server

PATIENCE = 20.0
"""Seconds: two for the limit, five until the server looks, some for a busy machine."""
PING = "<ping xmlns='urn:xmpp:ping'/>"


async def connected(server: Server, name: str, resource: str = "here") -> Client:
    jid = f"{name}@{HOST}/{resource}"
    return await server.client(jid, PASSWORD, security="direct", mechanism="PLAIN").connect()


@pytest.mark.parametrize("data", [DECLARATION + STREAM, " " * 1_000])
async def test_one_byte_at_a_time_does_not_keep_a_connection(tight: Server, data: str) -> None:
    """The limit is on the time to log in, whatever is sent meanwhile (slowloris)."""
    async with await Raw.open(tight.address) as raw:
        end = asyncio.create_task(raw.read_to_end(PATIENCE))
        for character in data:
            if end.done():
                break
            await raw.send(character)
            await asyncio.wait([end], timeout=0.1)
        assert b"<connection-timeout " in await end


@pytest.mark.parametrize("kind", ["silent", "half a hello", "starttls"])
async def test_half_a_handshake_does_not_keep_a_connection(tight: Server, kind: str) -> None:
    hello = ssl.MemoryBIO()
    trust = tight.client(f"alice@{HOST}")._trust
    assert trust is not None
    tls = trust.wrap_bio(ssl.MemoryBIO(), hello, server_hostname=HOST)
    with pytest.raises(ssl.SSLWantReadError):
        tls.do_handshake()
    async with await Raw.open(tight.address if kind == "starttls" else tight.tls_address) as raw:
        if kind == "starttls":
            await raw.send(
                DECLARATION + STREAM + "<starttls xmlns='urn:ietf:params:xml:ns:xmpp-tls'/>"
            )
            await raw.read_until(b"<proceed ")
        if kind != "silent":
            await raw.send(hello.read()[:50])
        await raw.read_to_end(PATIENCE)


async def test_a_client_that_never_reads_stops_who_writes_to_it_and_nobody_else(
    tight: Server,
) -> None:
    writer, reader = await connected(tight, "alice"), await connected(tight, "bob")
    other = await connected(tight, "carol")
    reader.writer.transport.pause_reading()  # type: ignore[attr-defined]  # of sockets can
    message = f"<message to='{reader.jid}'><body>{'x' * 50_000}</body></message>".encode()
    before = memory(tight)
    flood = asyncio.create_task(write_until_stopped(writer, message))
    slowest = 0.0
    while not flood.done():
        start = time.monotonic()
        await other.iq("get", PING, to=HOST)
        slowest = max(slowest, time.monotonic() - start)
        await asyncio.sleep(0.01)
    await flood
    assert slowest < 2, "others are answered meanwhile"
    assert memory(tight) - before < 64 << 20, "with what the archive keeps of it"
    reader.writer.transport.resume_reading()  # type: ignore[attr-defined]
    assert (await reader.receive()).tag == "{jabber:client}message"
    for client in (writer, reader, other):
        await client.abort()


async def write_until_stopped(client: Client, message: bytes) -> None:
    """Write until nothing is taken for two seconds; that is, until the writer is paused."""
    for _ in range(4_000):
        client.writer.write(message)
        try:
            async with asyncio.timeout(2):
                await client.writer.drain()
        except TimeoutError:
            return
    raise AssertionError("the server took 200 MB for a client that does not read")


async def write_for_ever(client: Client, message: bytes) -> None:
    while True:
        client.writer.write(message)
        async with asyncio.timeout(10):
            await client.writer.drain()


async def test_a_client_that_never_reads_its_answers_is_disconnected(tight: Server) -> None:
    client = await connected(tight, "alice")
    client.writer.transport.pause_reading()  # type: ignore[attr-defined]  # of sockets can
    before = memory(tight)
    echo = f"<message to='{client.jid}'><body>{'x' * 50_000}</body></message>".encode()
    with pytest.raises((OSError, TimeoutError)):
        await write_for_ever(client, echo)
    assert memory(tight) - before < 32 << 20
    await client.abort()
