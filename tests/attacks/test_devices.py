"""What is meant for one's own devices, misused: push registrations that point anywhere, floods."""

import asyncio
import json

import pytest
from tests.attacks.conftest import HOST, PASSWORD
from tests.support.client import Client
from tests.support.server import Server

PUSH = "urn:xmpp:push:0"
STANZAS = "{urn:ietf:params:xml:ns:xmpp-stanzas}"
SERVICE = "push.example"


def enable(service: str, node: str = "n") -> str:
    return f"<enable xmlns='{PUSH}' jid='{service}' node='{node}'/>"


async def connected(server: Server, name: str) -> Client:
    jid = f"{name}@{HOST}/devices"
    return await server.client(jid, PASSWORD, security="direct", mechanism="PLAIN").connect()


async def registered(target: Server, name: str) -> list[str]:
    """Return the nodes that are registered for an account."""
    done = await asyncio.to_thread(target.command, "push", "list", f"{name}@{HOST}", "--json")
    return sorted(each["node"] for each in json.loads(done.stdout))


@pytest.mark.parametrize(
    "service", [f"bob@{HOST}", f"bob@{HOST}/phone", HOST, f"nobody@{HOST}", "push.example/x"]
)
async def test_a_registration_does_not_point_at_somebodys_client(
    target: Server, service: str
) -> None:
    alice = await connected(target, "alice")
    answer = await alice.iq("set", enable(service))
    assert answer.find(f"*/{STANZAS}not-acceptable") is not None
    await alice.close()


async def test_a_registration_that_points_nowhere_costs_others_nothing(target: Server) -> None:
    alice, bob = await connected(target, "alice"), await connected(target, "bob")
    await alice.iq("set", enable("nowhere.example"))
    await alice.close()
    for number in range(50):
        await bob.send(f"<message to='alice@{HOST}' type='chat'><body>{number}</body></message>")
    await bob.barrier()
    assert not any(stanza.get("type") == "error" for stanza in bob.inbox)
    await bob.close()
    alice = await connected(target, "alice")
    await alice.iq("set", f"<disable xmlns='{PUSH}' jid='nowhere.example'/>")
    await alice.close()


async def test_a_flood_of_registrations_is_bounded(target: Server) -> None:
    alice = await connected(target, "alice")
    kinds = [(await alice.iq("set", enable(SERVICE, str(n)))).get("type") for n in range(60)]
    assert kinds.count("result") == 20
    assert kinds[-1] == "error"
    await alice.iq("set", f"<disable xmlns='{PUSH}' jid='{SERVICE}'/>")
    assert await registered(target, "alice") == []
    await alice.close()


async def test_nobody_ends_the_notifications_of_another(target: Server) -> None:
    alice, bob = await connected(target, "alice"), await connected(target, "bob")
    await alice.iq("set", enable(SERVICE))
    affiliation = f"<affiliation jid='alice@{HOST}' affiliation='none'/>"
    await bob.send(
        f"<message to='alice@{HOST}/devices'><pubsub xmlns='http://jabber.org/protocol/pubsub'"
        f" node='n'>{affiliation}</pubsub></message>"
    )
    disable = f"<disable xmlns='{PUSH}' jid='{SERVICE}'/>"
    assert (await bob.iq("set", disable, to=f"alice@{HOST}")).get("type") == "error"
    assert await registered(target, "alice") == ["n"]
    await alice.iq("set", disable)
    await alice.close()
    await bob.close()
