"""Nodes of others: publishing into them, reading what is closed, telling lies, too much of them."""

import asyncio
from collections.abc import AsyncIterator

import pytest
from tests.attacks.conftest import HOST, PASSWORD, memory
from tests.support.client import Client
from tests.support.server import Server

PUBSUB = "http://jabber.org/protocol/pubsub"
ALICE, BOB = f"alice@{HOST}", f"bob@{HOST}"
SECRET = "<a xmlns='urn:x'>the secret</a>"


async def connected(server: Server, name: str, resource: str) -> Client:
    jid = f"{name}@{HOST}/{resource}"
    return await server.client(jid, PASSWORD, security="direct", mechanism="PLAIN").connect()


def pubsub(content: str, namespace: str = PUBSUB) -> str:
    return f"<pubsub xmlns='{namespace}'>{content}</pubsub>"


def publish(node: str, payload: str = SECRET, **options: str) -> str:
    fields = "".join(
        f"<field var='pubsub#{name}'><value>{value}</value></field>"
        for name, value in {**options}.items()
    )
    form = (
        "<publish-options><x xmlns='jabber:x:data' type='submit'><field var='FORM_TYPE'><value>"
        f"{PUBSUB}#publish-options</value></field>{fields}</x></publish-options>"
    )
    return pubsub(f"<publish node='{node}'><item id='i'>{payload}</item></publish>{form}")


async def answers(client: Client, kind: str, payload: str, to: str = "") -> str:
    answer = await client.iq(kind, payload, to or None)
    error = answer.find("{jabber:client}error")
    return "done" if error is None else error[0].tag.rpartition("}")[2]


@pytest.fixture
async def alice(target: Server) -> AsyncIterator[Client]:
    client = await connected(target, "alice", "nodes")
    yield client
    await client.abort()


@pytest.fixture
async def mallory(target: Server) -> AsyncIterator[Client]:
    client = await connected(target, "bob", "nodes")
    yield client
    await client.abort()


async def test_nobody_publishes_into_the_nodes_of_others(alice: Client, mallory: Client) -> None:
    assert await answers(alice, "set", publish("urn:mine", access_model="open")) == "done"
    for node, condition in (("urn:mine", "forbidden"), ("urn:new", "item-not-found")):
        assert (
            await answers(mallory, "set", publish(node, "<b xmlns='urn:x'/>"), ALICE) == condition
        )
    owner = f"{PUBSUB}#owner"
    for request in (
        "<delete node='urn:mine'/>",
        "<purge node='urn:mine'/>",
        f"<affiliations node='urn:mine'><affiliation jid='{BOB}' affiliation='owner'/>"
        "</affiliations>",
        f"<subscriptions node='urn:mine'><subscription jid='{BOB}' subscription='subscribed'/>"
        "</subscriptions>",
        "<configure node='urn:mine'><x xmlns='jabber:x:data' type='submit'/></configure>",
    ):
        assert await answers(mallory, "set", pubsub(request, owner), ALICE) == "forbidden"
    assert await answers(mallory, "set", pubsub("<create node='urn:new'/>"), ALICE) == "forbidden"


@pytest.mark.parametrize("model", ["whitelist", "authorize", "presence", "roster"])
async def test_what_is_closed_does_not_leak(alice: Client, mallory: Client, model: str) -> None:
    node = f"urn:closed:{model}"
    assert await answers(alice, "set", publish(node, access_model=model)) == "done"
    requests = [
        ("get", pubsub(f"<items node='{node}'/>")),
        ("get", pubsub(f"<items node='{node}'><item id='i'/></items>")),
        ("get", pubsub(f"<items node='{node}' max_items='1'/>")),
        ("set", pubsub(f"<subscribe node='{node}' jid='{BOB}'/>")),
        ("set", pubsub(f"<subscribe node='{node}' jid='{ALICE}'/>")),
        ("get", f"<query xmlns='http://jabber.org/protocol/disco#info' node='{node}'/>"),
        ("get", f"<query xmlns='http://jabber.org/protocol/disco#items' node='{node}'/>"),
        ("get", "<query xmlns='http://jabber.org/protocol/disco#items'/>"),
        ("get", pubsub("<subscriptions/>")),
        ("get", pubsub(f"<configure node='{node}'/>", f"{PUBSUB}#owner")),
        ("get", pubsub(f"<subscriptions node='{node}'/>", f"{PUBSUB}#owner")),
    ]
    for kind, payload in requests:
        answer = await mallory.iq(kind, payload, ALICE)
        assert "the secret" not in "".join(answer.itertext())
        if answer.get("type") == "result" and model != "authorize":
            listed = [e for e in answer.iter() if e.tag.endswith(("}item", "}subscription"))]
            assert node not in str([element.attrib for element in listed])
    assert await answers(alice, "set", publish(node)) == "done"
    heard = [m for m in await mallory.drain() if "the secret" in "".join(m.itertext())]
    assert heard == []


async def test_an_event_has_the_address_of_who_sent_it(alice: Client, mallory: Client) -> None:
    items = f"<items node='n'><item id='i'>{SECRET}</item></items>"
    event = f"<event xmlns='{PUBSUB}#event'>{items}</event>"
    await mallory.send(f"<message to='{alice.jid}' type='headline'>{event}</message>")
    came = [m for m in await alice.drain() if m.find(f"{{{PUBSUB}#event}}event") is not None]
    assert [message.get("from") for message in came] == [mallory.jid]


async def test_floods_of_nodes_and_bytes_end_at_the_limits(tight: Server) -> None:
    carol = await connected(tight, "carol", "flood")
    found = [await answers(carol, "set", publish(f"n{n}")) for n in range(12)]
    assert found == ["done"] * 10 + ["policy-violation"] * 2
    large = f"<a xmlns='urn:x'>{'x' * 9_000}</a>"
    found = [await answers(carol, "set", publish(f"n{n}", large)) for n in range(10)]
    assert found[0] == "done"
    assert found[-1] == "policy-violation"
    huge = f"<a xmlns='urn:x'>{'x' * 140_000}</a>"
    assert await answers(carol, "set", publish("n0", huge)) == "not-acceptable"
    await carol.abort()


async def test_capabilities_of_many_kinds_take_little_memory(tight: Server) -> None:
    carol = await connected(tight, "carol", "caps")
    before = memory(tight)
    for number in range(3_000):
        await carol.send(
            "<presence><c xmlns='http://jabber.org/protocol/caps' hash='sha-1' node='urn:x' "
            f"ver='{number:0200}'/></presence>"
        )
    await asyncio.wait_for(carol.barrier(), 20)
    assert memory(tight) - before < 50_000_000
    await carol.abort()
