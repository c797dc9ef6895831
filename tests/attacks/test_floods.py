"""Too much of something: connections, sessions, bytes, requests."""

import asyncio
from contextlib import AsyncExitStack, suppress

import pytest
from tests.attacks.bad_input import DECLARATION, STREAM
from tests.attacks.conftest import HOST, PASSWORD, TIGHT, memory
from tests.attacks.raw import Raw, stream_error
from tests.support.client import Client, ClientError, StreamEndedError
from tests.support.server import Server

ALLOWED = TIGHT["limits"]["connections_per_address"]


async def connected(server: Server, name: str, resource: str = "here") -> Client:
    jid = f"{name}@{HOST}/{resource}"
    return await server.client(jid, PASSWORD, security="direct", mechanism="PLAIN").connect()


async def test_an_address_has_so_many_connections_that_did_not_log_in(tight: Server) -> None:
    alice = await connected(tight, "alice")
    async with AsyncExitStack() as stack:
        for _ in range(int(ALLOWED)):
            raw = await stack.enter_async_context(await Raw.open(tight.address))
            await raw.send(DECLARATION + STREAM)
            await raw.read_until(b"</stream:features>")
        async with await Raw.open(tight.address) as refused:
            assert b"<resource-constraint " in await refused.read_to_end()
        with pytest.raises(OSError):  # noqa: PT011 - reset or closed
            await Raw.open(tight.tls_address, tight.client(f"x@{HOST}")._trust, HOST)
        answer = await alice.iq("get", "<ping xmlns='urn:xmpp:ping'/>", to=HOST)
        assert answer.get("type") == "result", "who is logged in goes on"
    async with asyncio.timeout(10):
        while True:
            try:
                bob = await connected(tight, "bob")
            except ClientError:
                continue  # until the server has seen that the others are gone
            break
    await bob.abort()
    await alice.abort()


async def test_an_account_has_so_many_sessions(tight: Server) -> None:
    sessions = [await connected(tight, "carol", str(number)) for number in range(3)]
    client = tight.client(f"carol@{HOST}", PASSWORD, security="direct", mechanism="PLAIN")
    await client.open()
    await client.authenticate()
    with pytest.raises(ClientError, match="resource-constraint"):
        await client.bind()
    await sessions.pop().close()
    await client.bind()
    for each in (client, *sessions):
        await each.abort()


async def test_a_huge_stanza_before_login_ends_the_stream(target: Server) -> None:
    before = memory(target)
    for _ in range(20):
        async with await Raw.open(target.address) as raw:
            await raw.send(DECLARATION + STREAM + "<message><body>" + "x" * 2_000_000)
            assert b"<policy-violation " in await raw.read_to_end()
    assert memory(target) - before < 16 << 20


async def test_a_huge_stanza_after_login_ends_the_stream(target: Server) -> None:
    before = memory(target)
    for _ in range(5):
        client = await connected(target, "alice")
        with suppress(ConnectionError):  # closed in the middle
            await client.send(f"<message to='bob@{HOST}'><body>" + "x" * 5_000_000)
        with suppress(StreamEndedError):
            assert stream_error(await client.receive()) == "policy-violation"
        with pytest.raises(StreamEndedError):
            await client.receive()
        await client.abort()
    assert memory(target) - before < 16 << 20


async def test_a_flood_of_requests_is_answered_in_order_within_bounded_memory(
    target: Server,
) -> None:
    client = await connected(target, "alice")
    before = memory(target)
    count = 5_000
    vcard = "<vCard xmlns='vcard-temp'/>"
    requests = "".join(f"<iq type='get' id='{n}'>{vcard}</iq>" for n in range(count))
    sending = asyncio.create_task(client.send(requests))
    answers = [(await client.receive()).get("id") for _ in range(count)]
    await sending
    assert answers == [str(number) for number in range(count)]
    assert memory(target) - before < 32 << 20
    await client.abort()


async def test_stanzas_of_ever_new_children_do_not_stay(target: Server) -> None:
    """What the server remembers of combinations of children is bounded in bytes."""
    client = await connected(target, "alice")
    before = memory(target)
    for block in range(100):
        children = "".join(f"<n{block}-{number}/>" for number in range(5_000))
        await client.send(f"<message type='error' to='{HOST}'>{children}</message>")
    await client.barrier()
    await client.abort()
    assert memory(target) - before < 40 << 20
