"""Being somebody else: a forged sender, a stolen resource, a stream that is over."""

import pytest
from tests.attacks.conftest import HOST, PASSWORD
from tests.attacks.raw import stream_error
from tests.support.client import Client, ClientError, StreamEndedError
from tests.support.server import Server


async def connected(server: Server, name: str, resource: str) -> Client:
    jid = f"{name}@{HOST}/{resource}"
    return await server.client(jid, PASSWORD, security="direct", mechanism="PLAIN").connect()


async def ending(client: Client) -> str | None:
    condition = None
    try:
        while True:
            condition = stream_error(await client.receive()) or condition
    except StreamEndedError:
        await client.abort()
        return condition


@pytest.mark.parametrize("kind", ["message", "presence", "iq"])
async def test_a_forged_sender_ends_the_stream_and_reaches_nobody(
    target: Server, kind: str
) -> None:
    mallory, bob = [await connected(target, name, kind) for name in ("alice", "bob")]
    for forged in (f"carol@{HOST}", f"carol@{HOST}/x", HOST, f"alice@{HOST}/other"):
        if mallory.ended:
            mallory = await connected(target, "alice", kind)
        await mallory.send(
            f"<{kind} type='get' id='1' from='{forged}' to='{bob.jid}'>"
            f"<query xmlns='urn:x'/></{kind}>"
        )
        assert await ending(mallory) == "invalid-from"
    assert await bob.drain() == []
    await bob.abort()


async def test_the_server_writes_the_sender_itself(target: Server) -> None:
    alice, bob = [await connected(target, name, "sender") for name in ("alice", "bob")]
    for claimed in ("", f" from='alice@{HOST}'", f" from='{alice.jid}'", f" from='ALICE@{HOST}'"):
        await alice.send(f"<message{claimed} to='{bob.jid}'><body>hello</body></message>")
        assert (await bob.receive()).get("from") == alice.jid
    for client in (alice, bob):
        await client.abort()


async def test_a_sender_hidden_in_a_prefix_is_not_believed(target: Server) -> None:
    alice, bob = [await connected(target, name, "prefix") for name in ("alice", "bob")]
    await alice.send(
        f"<message xmlns:x='jabber:client' x:from='carol@{HOST}' to='{bob.jid}'><body>a</body>"
        "</message>"
    )
    assert (await bob.receive()).get("from") == alice.jid
    for client in (alice, bob):
        await client.abort()


async def test_content_cannot_break_out_of_its_stanza(target: Server) -> None:
    """Whatever is inside, the recipient's stream stays well-formed and has one stanza more."""
    alice, bob = [await connected(target, name, "inside") for name in ("alice", "bob")]
    for inside in (
        "<body><![CDATA[</body></message><message from='carol@example.test'>]]></body>",
        "<body>&lt;/body&gt;&lt;/message&gt;&lt;message&gt;</body>",
        "<a xmlns='urn:x' b=\"'/>&lt;/message>&lt;message>\"/>",
        "<body xmlns:q0='urn:q'>a</body><q0:b xmlns:q0='urn:y' q0:c='d'/>",
    ):
        await alice.send(
            f"<message xmlns:p='urn:p' xmlns:q='urn:q' p:a='1' q:a='2' p:b='&apos;>&lt;x/>'"
            f" to='{bob.jid}'>{inside}</message>"
        )
    stanzas = await bob.drain()
    assert [stanza.get("from") for stanza in stanzas] == [alice.jid] * 4
    for client in (alice, bob):
        await client.abort()


async def test_a_stanza_after_the_end_is_not_delivered(target: Server) -> None:
    alice, bob = [await connected(target, name, "end") for name in ("alice", "bob")]
    message = f"<message to='{bob.jid}'><body>late</body></message>"
    await alice.send("</stream:stream>" + message)
    assert await ending(alice) is None
    assert await bob.drain() == []
    await bob.abort()


async def test_only_the_account_itself_can_take_over_its_resource(target: Server) -> None:
    alice = await connected(target, "alice", "mine")
    bob = await connected(target, "bob", "mine")
    assert bob.jid == f"bob@{HOST}/mine"
    await alice.barrier()
    newer = await connected(target, "alice", "mine")
    assert await ending(alice) == "conflict"
    assert newer.jid == f"alice@{HOST}/mine"
    await newer.barrier()
    for client in (bob, newer):
        await client.abort()


async def test_a_resource_that_names_another_account_is_only_a_resource(target: Server) -> None:
    client = target.client(f"alice@{HOST}/bob@{HOST}/x", PASSWORD, security="direct")
    try:
        await client.connect()
        assert client.jid == f"alice@{HOST}/bob@{HOST}/x"
    except ClientError:
        pass
    await client.abort()
