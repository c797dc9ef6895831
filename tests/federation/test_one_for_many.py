"""One stanza goes to another server for many who are there, if it takes that (XEP-0033)."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager

import pytest
from tests.faults.proxy import Proxy
from tests.federation.conftest import CAPULET, Domain, StartDomain, error_of
from tests.support.client import Client
from tests.support.names import Names

NAMES = [f"user{number}" for number in range(6)]
CLIENT = "{jabber:client}"
MUC = "http://jabber.org/protocol/muc"
PATIENT = {"retry_after": 0.2, "retry_at_most": 0.5, "acknowledge_timeout": 1}


@pytest.fixture(scope="module")
def capulet(start_domain: StartDomain) -> Domain:
    return start_domain(CAPULET, "juliet", federation=PATIENT)


@pytest.fixture(scope="module")
def taking(start_domain: StartDomain) -> Domain:
    """Start a server that takes stanzas for many."""
    return start_domain("taking.example", *NAMES)


@pytest.fixture(scope="module")
def unable(start_domain: StartDomain) -> Domain:
    """Start a server that does not know how."""
    off = {"multicast": {"enabled": False}}
    return start_domain("unable.example", *NAMES, extensions=off)


@pytest.fixture(scope="module")
def refusing(start_domain: StartDomain) -> Domain:
    """Start a server that says it does, and then refuses them."""
    closed = {"multicast": {"servers": False}}
    return start_domain("refusing.example", *NAMES, extensions=closed)


@asynccontextmanager
async def in_room(juliet: Client, domain: Domain) -> AsyncIterator[tuple[str, list[Client]]]:
    """Give a room at Juliet's, and all users of a domain, who are in it with her."""
    room = f"{domain.name.partition('.')[0]}@conference.{CAPULET}"
    await juliet.send(f"<presence to='{room}/juliet'><x xmlns='{MUC}'/></presence>")
    await juliet.expect(lambda stanza: stanza.get("from") == f"{room}/juliet")
    await juliet.send(
        f"<iq type='set' id='o1' to='{room}'><query xmlns='{MUC}#owner'>"
        "<x xmlns='jabber:x:data' type='submit'/></query></iq>"
    )
    await juliet.expect(lambda stanza: stanza.get("id") == "o1")
    async with AsyncExitStack() as stack:
        clients = []
        for name in NAMES:
            client = await stack.enter_async_context(domain.client(name))
            await client.send(f"<presence to='{room}/{name}'><x xmlns='{MUC}'/></presence>")
            await client.expect(lambda stanza: stanza.tag == f"{CLIENT}message", 10)
            clients.append(client)
        yield room, clients
        await juliet.send(f"<presence to='{room}/juliet' type='unavailable'/>")


async def said(client: Client, last: str) -> list[str]:
    """Give the texts that come, up to the last one, and that none comes again."""
    found: list[str] = []
    while last not in found:
        message = await client.expect(lambda each: each.find(f"{CLIENT}body") is not None, 60)
        found.append(message.findtext(f"{CLIENT}body") or "")
    again = [each.findtext(f"{CLIENT}body") for each in await client.barrier()]
    return found + [text for text in again if text]


async def speak(juliet: Client, room: str, texts: list[str]) -> None:
    for text in texts:
        await juliet.send(f"<message to='{room}' type='groupchat'><body>{text}</body></message>")


@pytest.mark.parametrize("server", ["taking", "unable", "refusing"])
async def test_all_in_a_room_get_everything_once_and_in_order(
    request: pytest.FixtureRequest, juliet: Client, server: str
) -> None:
    domain: Domain = request.getfixturevalue(server)
    texts = [f"text {number}" for number in range(30)]
    async with in_room(juliet, domain) as (room, clients):
        await speak(juliet, room, ["first"])
        assert await asyncio.gather(*(said(each, "first") for each in clients)) == (
            [["first"]] * len(clients)
        )
        await speak(juliet, room, texts)
        for client in clients:
            assert await said(client, texts[-1]) == texts


async def test_nothing_is_lost_when_the_connection_breaks(
    start_domain: StartDomain, names: Names, juliet: Client
) -> None:
    domain = start_domain("broken.example", *NAMES)
    texts = [f"text {number}" for number in range(100)]
    async with Proxy(("127.0.0.1", domain.port)) as proxy:
        names.forget(domain.name)
        names.service(domain.name, proxy.address[1])
        async with in_room(juliet, domain) as (room, clients):
            await speak(juliet, room, ["first"])
            await asyncio.gather(*(said(each, "first") for each in clients))
            for number in range(0, len(texts), 20):
                await speak(juliet, room, texts[number : number + 10])
                for link in list(proxy.links):
                    link.reset_after(777)
                await speak(juliet, room, texts[number + 10 : number + 20])
            for client in clients:
                assert await said(client, texts[-1]) == texts


async def test_an_error_comes_from_the_recipient_that_it_is_about(
    taking: Domain, juliet: Client
) -> None:
    names = [*NAMES, "nobody"]
    addresses = "".join([f"<address type='bcc' jid='{name}@{taking.name}'/>" for name in names])
    for attempt in ("plain", "shared"):
        await juliet.send(
            f"<message to='{CAPULET}' id='{attempt}' type='chat'><body>All</body>"
            "<addresses xmlns='http://jabber.org/protocol/address'>"
            f"<address type='noreply'/>{addresses}</addresses></message>"
        )
        error = await juliet.expect(lambda stanza: stanza.get("type") == "error", 10)
        assert error.get("from") == f"nobody@{taking.name}"
        assert error_of(error) == "service-unavailable"
