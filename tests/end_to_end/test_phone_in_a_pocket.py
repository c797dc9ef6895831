"""A day of a phone: what client state indication (XEP-0352) spares it, in bytes and wake-ups.

Two phones of one account live through the same day, one in a pocket and one in the hand. Whatever
comes at one moment of the day is one wake-up of the radio.
"""

import asyncio
import random
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from pathlib import Path
from typing import Final

import pytest
from tests.support.certificates import Authority
from tests.support.client import Client
from tests.support.config import ServerOptions
from tests.support.server import Server

PASSWORD: Final = "wherefore"
CONTACTS: Final = 30
CHANGES: Final = 20  # of a contact's presence in a day
TALKS: Final = 15  # conversations in a day
SHOWS: Final = ("", "<show>away</show>", "<show>dnd</show>", "<show>xa</show>")
STATES: Final = "xmlns='http://jabber.org/protocol/chatstates'"


class Phone:
    """Reads all the time; counts what comes, and at how many moments."""

    def __init__(self, client: Client) -> None:
        self.client = client
        self.moment = 0
        self.bytes: dict[int, int] = {}
        self.messages: list[tuple[int, str]] = []
        self.presence: dict[str, str] = {}
        self._task = asyncio.create_task(self._read())

    async def _read(self) -> None:
        while True:
            stanza = await self.client.receive(60)
            heard, self.client.heard = self.client.heard, 0
            self.bytes[self.moment] = self.bytes.get(self.moment, 0) + heard
            body = stanza.findtext("{jabber:client}body")
            if body:
                self.messages.append((self.moment, body))
            if stanza.tag == "{jabber:client}presence":
                show = stanza.findtext("{jabber:client}show") or stanza.get("type") or ""
                self.presence[stanza.get("from", "")] = show

    @property
    def wake_ups(self) -> int:
        return len(self.bytes)

    async def stop(self) -> None:
        self._task.cancel()
        await asyncio.gather(self._task, return_exceptions=True)


@pytest.fixture
async def stack() -> AsyncIterator[AsyncExitStack]:
    async with AsyncExitStack() as stack:
        yield stack


async def test_a_phone_in_a_pocket_is_woken_by_what_matters(
    palaver_command: Path, authority: Authority, tmp_path: Path, stack: AsyncExitStack
) -> None:
    server = Server(ServerOptions(), tmp_path, command=palaver_command, authority=authority)
    stack.enter_context(server)
    names = [f"contact{number}" for number in range(CONTACTS)]
    server.add_accounts([(f"{name}@localhost", PASSWORD) for name in (*names, "juliet")])

    async def arrive(jid: str) -> Client:
        client = await server.client(jid, PASSWORD).connect()
        stack.push_async_callback(client.abort)
        await client.iq("get", "<query xmlns='jabber:iq:roster'/>")
        await client.send("<presence/>")
        await client.barrier()
        return client

    contacts = [await arrive(f"{name}@localhost/desk") for name in names]
    juliet = await arrive("juliet@localhost/table")
    for contact in contacts:
        await befriend(juliet, contact)
    await juliet.close()
    clients = [await arrive(f"juliet@localhost/{name}") for name in ("pocket", "hand")]
    await clients[0].send("<inactive xmlns='urn:xmpp:csi:0'/>")
    for client in clients:
        await client.barrier()
        client.inbox.clear()
        client.heard = 0
    pocket, hand = (Phone(client) for client in clients)
    sent: list[tuple[int, str]] = []
    for moment, (contact, stanzas) in enumerate(day(contacts), 1):
        pocket.moment = hand.moment = moment
        heard = len(hand.bytes)
        await contact.send(stanzas)
        if "<body>" in stanzas:
            sent.append((moment, stanzas.partition("<body>")[2].partition("<")[0]))
        async with asyncio.timeout(10):
            while len(hand.bytes) == heard:  # noqa: ASYNC110 - a phone tells nobody
                await asyncio.sleep(0)
        await asyncio.sleep(0.002)  # both phones are written to in the same turn
    # Nothing is late, and nothing is lost.
    assert pocket.messages == sent
    assert hand.messages == sent
    await pocket.client.send("<active xmlns='urn:xmpp:csi:0'/>")
    async with asyncio.timeout(10):
        while pocket.presence != hand.presence:  # noqa: ASYNC110 - as above
            await asyncio.sleep(0.01)
    phones = {"in the hand": hand, "in the pocket": pocket}
    spared = [
        f"{name}: {phone.wake_ups} wake-ups, {sum(phone.bytes.values()):,} bytes"
        for name, phone in phones.items()
    ]
    print("; ".join(spared))  # noqa: T201 - the counts are the result
    assert pocket.wake_ups * 5 <= hand.wake_ups
    assert sum(pocket.bytes.values()) < sum(hand.bytes.values())
    for phone in (pocket, hand):
        await phone.stop()


async def befriend(one: Client, other: Client) -> None:
    """Subscribe two accounts to each other."""
    for asking, asked in ((one, other), (other, one)):
        await asking.send(f"<presence type='subscribe' to='{asked.bare}'/>")
        await asked.barrier_from(asking)
        await asked.send(f"<presence type='subscribed' to='{asking.bare}'/>")
        await asking.barrier_from(asked)
    one.inbox.clear()
    other.inbox.clear()


def day(contacts: list[Client]) -> list[tuple[Client, str]]:
    """Write the script: presence that changes, and conversations in between, in some order."""
    dice = random.Random(27)
    lives = [
        [(contact, f"<presence>{dice.choice(SHOWS)}</presence>") for _ in range(CHANGES)]
        for contact in contacts
    ]
    for number in range(TALKS):
        contact = dice.choice(contacts)
        to = "to='juliet@localhost' type='chat'"
        lives.append(
            [
                (contact, f"<message {to}><composing {STATES}/></message>"),
                (contact, f"<message {to}><paused {STATES}/></message>"),
                (contact, f"<message {to}><composing {STATES}/></message>"),
                (contact, f"<message {to}><body>talk {number}</body><active {STATES}/></message>"),
                (contact, f"<message {to}><gone {STATES}/></message>"),
            ]
        )
    script: list[tuple[Client, str]] = []
    while lives:
        life = dice.choice(lives)
        script.append(life.pop(0))
        if not life:
            lives.remove(life)
    return script
