"""The raw client against a peer that plays a fixed part over a real socket."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress

import pytest
from tests.support.client import Client, ClientError, NothingArrivedError, StreamEndedError

HEADER = (
    b"<?xml version='1.0'?><stream:stream from='localhost' id='s1' version='1.0'"
    b" xmlns='jabber:client' xmlns:stream='http://etherx.jabber.org/streams'>"
)
FEATURES = b"<stream:features/>"

Play = Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]


@asynccontextmanager
async def peer(play: Play) -> AsyncIterator[Client]:
    """Give a client that is connected to a peer that plays ``play``."""

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with suppress(ConnectionError):
            await reader.readuntil(b">")
            await reader.readuntil(b">")
            writer.write(HEADER + FEATURES)
            await play(reader, writer)
        writer.close()
        with suppress(ConnectionError):
            await writer.wait_closed()

    server = await asyncio.start_server(serve, "127.0.0.1", 0)
    async with server:
        address = server.sockets[0].getsockname()
        client = Client("romeo@localhost", address=address, security="plain")
        try:
            yield await client.open()
        finally:
            await client.abort()


async def silence(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    await reader.read()


async def test_the_stream_header_and_features_are_kept() -> None:
    async with peer(silence) as client:
        assert client.header["id"] == "s1"
        assert client.features is not None
        assert client.mechanisms == []


async def test_stanzas_are_read_whole_however_they_are_cut() -> None:
    async def dribble(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        for byte in "<message id='1'><body>Ž</body></message> \n <presence/>".encode():
            writer.write(bytes([byte]))
            await writer.drain()
        await reader.read()

    async with peer(dribble) as client:
        message = await client.receive()
        assert message.findtext("{jabber:client}body") == "Ž"
        assert (await client.receive()).tag == "{jabber:client}presence"


async def test_silence_ends_at_the_deadline() -> None:
    async with peer(silence) as client:
        with pytest.raises(NothingArrivedError):
            await client.receive(0.01)


async def test_the_end_of_the_stream_is_told() -> None:
    async def end(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(b"<presence/></stream:stream>")
        await reader.read()

    async with peer(end) as client:
        await client.receive()
        with pytest.raises(StreamEndedError):
            await client.receive()
        assert client.ended


async def test_the_end_of_the_connection_is_told() -> None:
    async def hang_up(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.close()

    async with peer(hang_up) as client:
        with pytest.raises(StreamEndedError):
            await client.receive()


async def test_what_is_not_waited_for_stays_in_the_inbox() -> None:
    async def two(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(b"<message/><presence/>")
        await reader.read()

    async with peer(two) as client:
        await client.expect(lambda stanza: stanza.tag.endswith("presence"))
        assert (await client.receive()).tag == "{jabber:client}message"


async def test_closing_waits_for_the_other_side() -> None:
    async def polite(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"</stream:stream>")
        writer.write(b"<message/></stream:stream>")

    async with peer(polite) as client:
        await client.close()
        assert client.ended
        assert len(client.inbox) == 1


async def test_a_client_without_a_connection_says_so() -> None:
    client = Client("romeo@localhost", address=("127.0.0.1", 1), security="plain")
    with pytest.raises(ClientError, match="cannot connect"):
        await client.open()
    with pytest.raises(ClientError, match="not connected"):
        await client.send("<presence/>")
