"""Each kind of message goes the same ways as plain text: devices, copies, archive, offline, push.

What is in a message concerns the server for one reason only: what is to become of it.
"""

from collections.abc import AsyncIterator, Iterator
from contextlib import AsyncExitStack
from pathlib import Path
from xml.etree.ElementTree import Element, canonicalize, fromstring, tostring

import pytest
from tests.end_to_end.features import CLIENT, FEATURES, Feature
from tests.support.certificates import Authority
from tests.support.client import Client, NothingArrivedError
from tests.support.component import Component
from tests.support.config import ServerOptions
from tests.support.server import Server

PUSH = "push.localhost"
PASSWORD = "wherefore"
SETTINGS = {"components": {PUSH: {"secret": PASSWORD}}}
CARBONS = "{urn:xmpp:carbons:2}"
FORWARD = "{urn:xmpp:forward:0}"
MAM = "{urn:xmpp:mam:2}"
IDS = "{urn:xmpp:sid:0}"
DELAY = "{urn:xmpp:delay}delay"


@pytest.fixture(scope="module")
def server(
    palaver_command: Path, authority: Authority, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Server]:
    options = ServerOptions(settings=SETTINGS)
    directory = tmp_path_factory.mktemp("end-to-end")
    with Server(options, directory, command=palaver_command, authority=authority) as server:
        names = [f"{who}{number}" for number in range(len(FEATURES)) for who in ("romeo", "juliet")]
        server.add_accounts([(f"{name}@localhost", PASSWORD) for name in (*names, "r", "j")])
        yield server


class People:
    """Romeo with two devices, Juliet with two, and the push service of Juliet's phone."""

    def __init__(self, server: Server, romeo: str, juliet: str, stack: AsyncExitStack) -> None:
        self.romeo, self.juliet = f"{romeo}@localhost", f"{juliet}@localhost"
        self._server = server
        self._stack = stack

    async def connect(self, jid: str) -> Client:
        client = self._server.client(jid, PASSWORD)
        await client.connect()
        self._stack.push_async_callback(client.abort)
        assert (await client.iq("set", "<enable xmlns='urn:xmpp:carbons:2'/>")).get(
            "type"
        ) == "result"
        await client.send("<presence/>")
        await client.barrier()
        client.inbox.clear()
        return client

    async def push(self) -> Component:
        component = await self._server.component(PUSH, PASSWORD).connect()
        self._stack.push_async_callback(component.abort)
        return component


@pytest.fixture
async def stack() -> AsyncIterator[AsyncExitStack]:
    async with AsyncExitStack() as stack:
        yield stack


def inside(message: Element) -> list[str]:
    """Return the children of a message, but for what servers add, in a form to compare."""
    added = (f"{IDS}stanza-id", DELAY)
    return [canonicalize(tostring(child)) for child in message if child.tag not in added]


def written(feature: Feature) -> list[str]:
    return inside(fromstring(f"<message xmlns='jabber:client'>{feature.xml}</message>"))


async def send(client: Client, to: str, feature: Feature, id_: str) -> None:
    await client.send(
        f"<message to='{to}' type='{feature.type}' id='{id_}'>{feature.xml}</message>"
    )


async def message(client: Client) -> Element:
    return await client.expect(lambda stanza: stanza.tag == f"{CLIENT}message")


def copy_of(carbon: Element, direction: str) -> Element:
    found = carbon.find(f"{CARBONS}{direction}/{FORWARD}forwarded/{CLIENT}message")
    assert found is not None, tostring(carbon)
    return found


async def archived(client: Client) -> list[Element]:
    """Ask for the whole archive."""
    await client.send("<iq type='set' id='mam'><query xmlns='urn:xmpp:mam:2'/></iq>")
    found: list[Element] = []
    while True:
        stanza = await client.receive()
        if stanza.get("id") == "mam":
            return found
        inner = stanza.find(f"{MAM}result/{FORWARD}forwarded/{CLIENT}message")
        if inner is not None:
            found.append(inner)


@pytest.mark.parametrize(("number", "feature"), list(enumerate(FEATURES)), ids=str)
async def test_it_reaches_every_place(
    server: Server, stack: AsyncExitStack, number: int, feature: Feature
) -> None:
    people = People(server, f"romeo{number}", f"juliet{number}", stack)
    push = await people.push()
    orchard = await people.connect(f"{people.romeo}/orchard")
    street = await people.connect(f"{people.romeo}/street")
    balcony = await people.connect(f"{people.juliet}/balcony")
    phone = await people.connect(f"{people.juliet}/phone")
    await phone.iq("set", f"<enable xmlns='urn:xmpp:push:0' jid='{PUSH}' node='{number}'/>")

    # Both are there: the one it is for, and copies on the other devices of both.
    await send(orchard, f"{people.juliet}/balcony", feature, "1")
    assert inside(await message(balcony)) == written(feature)
    for device, direction in ((phone, "received"), (street, "sent")):
        assert inside(copy_of(await message(device), direction)) == written(feature)

    # A phone in a pocket is woken by what matters, and by nothing else.
    await phone.send("<inactive xmlns='urn:xmpp:csi:0'/>")
    await phone.barrier()
    await send(orchard, people.juliet, feature, "2")
    assert inside(await message(balcony)) == written(feature)
    await orchard.barrier()
    if not feature.urgent:
        with pytest.raises(NothingArrivedError):
            await phone.receive(0.2)
        await phone.send("<active xmlns='urn:xmpp:csi:0'/>")
    assert inside(await message(phone)) == written(feature)

    # She is away: it waits, and her phone is told.
    await balcony.close()
    await phone.close()
    await send(orchard, people.juliet, feature, "3")
    await orchard.barrier()
    if feature.notified:
        told = await push.receive()
        assert told.find(".//{urn:xmpp:push:0}notification") is not None
    else:
        with pytest.raises(NothingArrivedError):
            await push.receive(0.3)
    phone = server.client(f"{people.juliet}/phone", PASSWORD)
    await phone.connect()
    stack.push_async_callback(phone.abort)
    await phone.send("<presence/>")
    waiting = [stanza for stanza in await phone.barrier() if stanza.tag == f"{CLIENT}message"]
    phone.inbox.clear()
    assert [inside(stanza) for stanza in waiting] == [written(feature)] * feature.kept
    assert all(stanza.find(DELAY) is not None for stanza in waiting)

    # It is in both archives, once each time.
    for client in (phone, orchard):
        client.inbox.clear()
        rows = await archived(client)
        expected = ["1", "2", "3"] if feature.kept else []
        assert [(row.get("id"), inside(row)) for row in rows] == [
            (id_, written(feature)) for id_ in expected
        ]


async def test_ringing_stops_on_the_other_devices(server: Server, stack: AsyncExitStack) -> None:
    """XEP-0353 §3.3: who takes the call on one device tells the others by telling the caller."""
    people = People(server, "r", "j", stack)
    orchard = await people.connect(f"{people.romeo}/orchard")
    balcony = await people.connect(f"{people.juliet}/balcony")
    phone = await people.connect(f"{people.juliet}/phone")
    by_name = {feature.name.rpartition(": ")[2]: feature for feature in FEATURES}
    await send(orchard, people.juliet, by_name["propose"], "propose")
    for device in (balcony, phone):
        assert inside(await message(device)) == written(by_name["propose"])
        await send(device, orchard.jid, by_name["ringing"], "ringing")
    await balcony.barrier_from(phone)
    await phone.barrier_from(balcony)
    for device in (balcony, phone):
        assert inside(copy_of(await message(device), "sent")) == written(by_name["ringing"])
    await send(phone, orchard.jid, by_name["proceed"], "proceed")
    assert inside(copy_of(await message(balcony), "sent")) == written(by_name["proceed"])
    assert [inside(await message(orchard)) for _ in range(3)] == [
        *[written(by_name["ringing"])] * 2,
        written(by_name["proceed"]),
    ]
