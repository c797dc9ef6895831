"""What users send to other domains outlasts the end of their own server, whatever ends it."""

import asyncio
import sqlite3
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, closing
from pathlib import Path

import pytest
from tests.attacks.raw import Raw
from tests.federation.conftest import Domain, StartDomain, error_of, numbers
from tests.federation.peer import Peer, admit
from tests.support.certificates import Authority
from tests.support.client import Client
from tests.support.managed import Managed
from tests.support.names import Names
from tests.support.ports import free_ports

DEADLINE = 60.0
FEDERATION = {
    "hold_time": 600, "retry_after": 0.2, "retry_at_most": 0.5, "queue_stanzas": 100_000,
    "queue_bytes": 50_000_000,
}  # fmt: skip
BODY = "{jabber:client}body"
DELAY = "{urn:xmpp:delay}delay"


@pytest.fixture(scope="module")
def home(start_domain: StartDomain) -> Domain:
    """Start the server that is going to be ended: it holds stanzas for as long as it takes."""
    return start_domain("home.example", "nurse", "angelica", federation=FEDERATION)


@pytest.fixture(scope="module")
def abroad(start_domain: StartDomain) -> Domain:
    return start_domain("abroad.example", "romeo", "benvolio")


@pytest.fixture
def away(abroad: Domain) -> Iterator[Domain]:
    """Take the other server away for a while."""
    abroad.server.stop()
    yield abroad
    if not abroad.server.alive:
        abroad.server.start()


@asynccontextmanager
async def managed(home: Domain) -> AsyncIterator[Managed]:
    """Log in with stream management; the connection is gone at the end, and not closed."""
    client = home.client("nurse")
    await client.connect()
    nurse = Managed(client)
    await nurse.enable("")
    try:
        yield nurse
    finally:
        await client.abort()


async def acknowledged(nurse: Managed, count: int) -> None:
    """Wait until so many stanzas are acknowledged."""
    async with asyncio.timeout(DEADLINE):
        while await nurse.ask() < count:
            pass


async def send(client: Client, to: str, first: int, last: int) -> None:
    for number in range(first, last):
        await client.send(f"<message to='{to}' id='n{number}'><body>{number}</body></message>")


@asynccontextmanager
async def speaking(home: Domain, romeo: Client) -> AsyncIterator[Managed]:
    """Log in as `managed` does, and let there be a stream: the first message has arrived."""
    await romeo.send("<presence/>")
    async with managed(home) as nurse:
        await send(nurse.client, romeo.jid, 0, 1)
        await romeo.expect(lambda stanza: stanza.get("id") == "n0")
        yield nurse


async def rows(home: Domain, count: int) -> None:
    """Wait until so many rows wait for another domain, as another process sees it."""
    (file,) = home.server.data.glob("*.sqlite3")
    query = "SELECT count(*) FROM log WHERE pending AND outgoing"
    found = -1
    async with asyncio.timeout(DEADLINE):
        while found != count:
            with closing(sqlite3.connect(file)) as connection:
                (found,) = connection.execute(query).fetchone()
            await asyncio.sleep(0.02)


@pytest.mark.parametrize("how", ["kill", "stop"])
async def test_what_waits_for_a_server_that_is_away_is_sent_after_a_restart(
    home: Domain, away: Domain, how: str
) -> None:
    """Once, in order, and with the time at which it was sent (XEP-0203)."""
    async with managed(home) as nurse:
        await send(nurse.client, f"romeo@{away.name}", 0, 50)
        await acknowledged(nurse, 50)
        if how == "kill":
            home.server.kill()
        else:
            await asyncio.to_thread(home.server.stop)
    home.server.start()
    async with home.client("nurse") as nurse:
        await send(nurse, f"romeo@{away.name}", 50, 51)
    away.server.start()
    async with away.client("romeo") as romeo:
        await romeo.send("<presence/>")
        found = []
        while len(found) < 51:
            found.append(await romeo.expect(lambda stanza: stanza.find(BODY) is not None, 60))
    assert [each.get("id") for each in found] == [f"n{number}" for number in range(51)]
    by = [each.get("from") for message in found for each in message.iter(DELAY)]
    assert by.count(home.name) == 50
    await rows(home, 0)


async def test_nothing_acknowledged_is_lost_when_its_server_is_killed_under_load(
    home: Domain, abroad: Domain
) -> None:
    """What the other server had already may come twice, in order still."""
    async with abroad.client("romeo") as romeo:
        async with speaking(home, romeo) as nurse:
            await send(nurse.client, romeo.jid, 1, 700)
            await acknowledged(nurse, 700)
            await send(nurse.client, romeo.jid, 700, 800)  # nobody promised to keep these
            home.server.kill()
        home.server.start()
        async with home.client("nurse") as nurse:
            await send(nurse, romeo.jid, 1000, 1001)
        found = [0, *await numbers(romeo, 1001)]
    assert set(range(700)) <= set(found)
    assert list(dict.fromkeys(found)) == sorted(set(found))
    await rows(home, 0)


async def test_very_much_that_waited_goes_once_and_in_order(home: Domain, away: Domain) -> None:
    """It is more than what ends the connection of somebody who does not read."""
    async with managed(home) as nurse:
        for number in range(120):
            text = f"<body>{number:0100000}</body>"
            await nurse.client.send(
                f"<message to='romeo@{away.name}' id='n{number}'>{text}</message>"
            )
        await acknowledged(nurse, 120)
        away.server.start()
        async with away.client("romeo") as romeo:
            await romeo.send("<presence/>")
            assert await numbers(romeo, 120) == list(range(120))
    await rows(home, 0)


async def test_nothing_comes_twice_when_its_server_is_stopped_in_order(
    home: Domain, abroad: Domain
) -> None:
    """What was sent at the last moment is acknowledged before the stream ends."""
    async with abroad.client("romeo") as romeo:
        async with speaking(home, romeo) as nurse:
            await send(nurse.client, romeo.jid, 1, 20)
            await nurse.client.barrier()
        await asyncio.to_thread(home.server.stop)
        home.server.start()
        async with home.client("nurse") as nurse_again:
            await send(nurse_again, romeo.jid, 20, 21)
        assert await numbers(romeo, 21) == list(range(1, 21))
    await rows(home, 0)


async def test_the_end_of_a_subscription_outlasts_its_server(home: Domain, away: Domain) -> None:
    """And so does the leave for one; a chat state, and what is not to be stored, does not."""
    to = f"romeo@{away.name}"
    async with managed(home) as nurse:
        for stanza in (
            f"<presence type='subscribe' to='{to}'/>",
            f"<presence type='unsubscribe' to='{to}'/>",
            f"<message to='{to}'><composing xmlns='http://jabber.org/protocol/chatstates'/></message>",
            f"<message to='{to}'><body>b</body><no-store xmlns='urn:xmpp:hints'/></message>",
            f"<message to='{to}' type='groupchat'><body>to a room</body></message>",
        ):
            await nurse.client.send(stanza)
        await acknowledged(nurse, 5)
        home.server.kill()
    await rows(home, 2)
    home.server.start()
    away.server.start()
    await rows(home, 0)


async def test_what_came_back_is_not_sent_again(home: Domain) -> None:
    async with home.client("nurse") as nurse:
        await send(nurse, "a@nowhere.example", 0, 1)
        error = await nurse.expect(lambda stanza: stanza.get("id") == "n0", DEADLINE)
        assert error_of(error) == "remote-server-not-found"
    await rows(home, 0)


@pytest.mark.parametrize("restart", [True, False])
async def test_who_sent_what_comes_back_later_hears_of_it(
    home: Domain, names: Names, restart: bool
) -> None:
    """With another session: the one that sent it is gone."""
    closing = f"closing-{restart}.example".lower()
    names.service(closing, free_ports(1)[0])
    async with managed(home) as nurse:
        await send(nurse.client, f"a@{closing}", 0, 1)
        await acknowledged(nurse, 1)
        if restart:
            home.server.kill()
    if restart:
        home.server.start()
    async with home.client("nurse", "elsewhere") as client:
        await client.send("<presence/>")
        await client.barrier()
        names.forget(closing)
        error = await client.expect(lambda stanza: stanza.get("id") == "n0", DEADLINE)
        assert (error.get("to"), error.get("from")) == (client.jid, f"a@{closing}")
        assert error_of(error) == "remote-server-not-found"
    await rows(home, 0)


async def heard(client: Client) -> list[str]:
    """Give the ids of what comes back to a client that comes online, until all has come."""
    await client.send("<presence/>")
    await client.send(f"<message to='{client.jid}' id='last'><body>is this all?</body></message>")
    found: list[str] = []
    while "last" not in found:
        stanza = await client.expect(lambda stanza: stanza.get("id") is not None, DEADLINE)
        found.append(stanza.get("id", ""))
    return found[:-1]


@pytest.mark.parametrize("restart", [True, False])
async def test_who_left_hears_of_what_came_back_at_the_next_login(
    home: Domain, names: Names, restart: bool
) -> None:
    left = f"left-{restart}.example".lower()
    names.service(left, free_ports(1)[0])
    async with managed(home) as nurse:
        await send(nurse.client, f"a@{left}", 0, 1)
        await acknowledged(nurse, 1)
    await rows(home, 1)
    names.forget(left)
    await rows(home, 0)
    if restart:
        home.server.kill()
        home.server.start()
    async with home.client("nurse", "elsewhere") as client:
        await client.send("<presence/>")
        error = await client.expect(lambda stanza: stanza.get("id") == "n0", DEADLINE)
        assert error.get("from") == f"a@{left}"
        assert error_of(error) == "remote-server-not-found"
        assert error.find(DELAY) is not None
    async with home.client("nurse", "elsewhere") as client:
        assert await heard(client) == []


@pytest.mark.parametrize("resumed", [True, False])
async def test_who_lost_the_connection_hears_of_what_came_back_once(
    home: Domain, names: Names, resumed: bool
) -> None:
    lost = f"lost-{resumed}.example".lower()
    names.service(lost, free_ports(1)[0])
    client = home.client("angelica")
    await client.connect()
    angelica = Managed(client)
    await angelica.enable()
    await send(client, f"a@{lost}", 0, 1)
    await acknowledged(angelica, 1)
    await client.abort()
    await rows(home, 1)
    names.forget(lost)
    await rows(home, 0)
    if resumed:
        again = home.client("angelica")
        await angelica.resume(again)
        assert (await angelica.next()).get("id") == "n0"
        await angelica.acknowledge()
        await again.barrier()
        await again.close()
    else:
        async with home.client("angelica") as instead:  # the same resource ends the other session
            assert await heard(instead) == ["n0"]
    async with home.client("angelica", "elsewhere") as client:
        assert await heard(client) == []


async def test_what_a_server_that_does_not_count_has_taken_is_kept_no_longer(
    home: Domain, names: Names, authority: Authority, tmp_path: Path
) -> None:
    """As far as the system knows that it has: not all know XEP-0198."""
    silence = asyncio.Event()

    async def behave(raw: Raw) -> None:
        await admit(raw, "plain.example")
        await silence.wait()

    async with Peer("plain.example", authority, tmp_path, behave) as peer:
        names.service("plain.example", peer.port, direct=True)
        async with managed(home) as nurse:
            await send(nurse.client, "a@plain.example", 0, 20)
            await acknowledged(nurse, 20)
        await rows(home, 0)
        silence.set()
