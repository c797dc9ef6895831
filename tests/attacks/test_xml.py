"""Attacks on the XML parser: none of them costs the server time or memory."""

import socket

from tests.attacks.bad_input import BILLION, DECLARATION, STREAM
from tests.attacks.conftest import HOST, PASSWORD, memory, processor
from tests.attacks.raw import Raw
from tests.support.client import Client, StreamEndedError
from tests.support.server import Server

MEGABYTE = 1 << 20


async def attacker(server: Server) -> Client:
    client = server.client(f"alice@{HOST}", PASSWORD, security="direct", mechanism="PLAIN")
    return await client.connect()


async def closed(client: Client) -> None:
    try:
        while True:
            await client.receive()
    except StreamEndedError:
        await client.abort()


async def test_a_billion_laughs_are_not_expanded(target: Server) -> None:
    before = memory(target), processor(target)
    for _ in range(20):
        async with await Raw.open(target.address) as raw:
            await raw.send(DECLARATION + BILLION + STREAM + "<message>&i;</message>")
            assert b"<restricted-xml " in await raw.read_to_end()
    assert memory(target) - before[0] < 4 * MEGABYTE
    assert processor(target) - before[1] < 2


async def test_an_external_entity_is_not_fetched(target: Server) -> None:
    """The entity would come from a socket of the test's, where nobody ever connects."""
    with Listening() as listening:
        entity = f"<!DOCTYPE x [<!ENTITY e SYSTEM 'http://127.0.0.1:{listening.port}/'>]>"
        async with await Raw.open(target.address) as raw:
            await raw.send(DECLARATION + entity + STREAM + "<message>&e;</message>")
            received = await raw.read_to_end()
        assert b"<restricted-xml " in received
        assert not listening.connected()


async def test_deep_nesting_ends_the_stream(target: Server) -> None:
    client = await attacker(target)
    await client.send("<message>" + "<a>" * 50_000)
    await closed(client)


async def test_many_attributes_end_the_stream(target: Server) -> None:
    client = await attacker(target)
    await client.send("<message " + " ".join(f"a{n}='1'" for n in range(20_000)) + "/>")
    await closed(client)


async def test_many_namespaces_on_an_element_cost_nothing(target: Server) -> None:
    client = await attacker(target)
    before = processor(target)
    declared = " ".join(f"xmlns:n{number}='urn:{number}'" for number in range(8_000))
    for _ in range(5):
        await client.send(f"<message to='{HOST}' type='error'><a {declared}/></message>")
    await client.barrier()
    await client.abort()
    assert processor(target) - before < 2


async def test_a_million_names_do_not_stay(target: Server) -> None:
    """Every packet ends inside a stanza, so that no parser is ever between two."""
    client = await attacker(target)
    await client.send("<message type='error' to='example.test'>")
    before = memory(target)
    for block in range(1_000):
        names = "".join(f"<n{block}-{number} xmlns='urn:{block}'/>" for number in range(1_000))
        await client.send(f"{names}</message><message type='error' to='example.test'>")
    await client.send("</message>")
    await client.barrier()
    await client.abort()
    assert memory(target) - before < 40 * MEGABYTE


async def test_tag_ends_inside_an_attribute_are_not_read_again_and_again(target: Server) -> None:
    before = processor(target)
    for _ in range(10):
        async with await Raw.open(target.address) as raw:
            await raw.send(DECLARATION + STREAM + "<a b='" + ">" * 200_000)
            assert b"<policy-violation " in await raw.read_to_end()
    assert processor(target) - before < 2


class Listening:
    """A socket that waits for somebody to fetch something."""

    def __init__(self) -> None:
        self._socket = socket.create_server(("127.0.0.1", 0))
        self._socket.setblocking(False)
        self.port = int(self._socket.getsockname()[1])

    def connected(self) -> bool:
        try:
            self._socket.accept()[0].close()
        except BlockingIOError:
            return False
        return True

    def __enter__(self) -> "Listening":
        return self

    def __exit__(self, *_: object) -> None:
        self._socket.close()
