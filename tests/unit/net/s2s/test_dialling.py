"""Which stream carries what is for a further domain of another server (XEP-0220 §2.5.2)."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from pathlib import Path

import pytest
from tests.attacks.raw import Raw
from tests.federation.peer import FEATURES, Behaviour, Peer, admit, believe, greet, place
from tests.support.certificates import Authority
from tests.support.names import Names
from tests.unit.net.s2s.federating import Federating, federating, message, write
from tests.unit.net.serving import DEADLINE, HOST

PEER, ROOMS = "peer.example", "rooms.example"
OFFER = "<bidi xmlns='urn:xmpp:features:bidi'/></stream:features>"
ATTEMPTS = 8
MORE = f"retry_after = 0.001\nattempts = {ATTEMPTS}\n"
SM = "urn:xmpp:sm:3"
BOTH = FEATURES.replace("</stream:features>", OFFER)
COUNTING = BOTH.replace("</stream:features>", f"<sm xmlns='{SM}'/></stream:features>")
REFUSAL = (
    f"<db:result from='{ROOMS}' to='{HOST}' type='error'><error type='cancel'>"
    "<item-not-found xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/></error></db:result>"
)


@pytest.fixture
async def here(tmp_path: Path, authority: Authority, names: Names) -> AsyncIterator[Federating]:
    async with federating(tmp_path, authority, names, MORE) as here:
        yield here


async def admit_all(raw: Raw) -> None:
    """Believe whoever connected, whatever they ask for."""
    await greet(raw, PEER)
    while True:
        await raw.read_until(b"</db:result>")
        await believe(raw)


@asynccontextmanager
async def one_server(
    names: Names, authority: Authority, directory: Path, behave: Behaviour
) -> AsyncIterator[Peer]:
    """Let both domains be at one place, with a certificate for both."""
    async with (
        Peer(PEER, authority, directory, behave, also=ROOMS) as peer,
        asyncio.timeout(DEADLINE),
    ):
        for domain in (PEER, ROOMS):
            place(names, peer, domain)
        yield peer


@pytest.mark.parametrize(("also", "connections"), [(ROOMS, 1), ("", 2)])
async def test_only_a_certificate_for_both_shows_that_two_domains_at_one_place_have_one_server(
    here: Federating,
    authority: Authority,
    names: Names,
    directory: Path,
    also: str,
    connections: int,
) -> None:
    """What stands there may be a proxy that goes by the name that TLS or the header says."""
    async with (
        Peer(PEER, authority, directory, admit_all, also=also) as peer,
        asyncio.timeout(DEADLINE),
    ):
        for domain in (PEER, ROOMS):
            place(names, peer, domain)
            write(here, "m", domain)
            await here.until((HOST, domain))
        assert peer.connections == connections


async def test_what_is_refused_to_one_domain_does_not_end_the_stream_of_the_other(
    here: Federating, authority: Authority, names: Names, directory: Path
) -> None:
    """It is asked for when the first is let in; what is refused before that ends a stream."""
    first, ended = True, False

    async def refuse_rooms(raw: Raw) -> None:
        await greet(raw, PEER)
        await raw.read_until(b"</db:result>")
        write(here, "m", ROOMS)
        with suppress(TimeoutError):  # where it does not come yet, as it should not
            async with asyncio.timeout(0.2):
                await raw.read_until(f"to='{ROOMS}'".encode())
                await raw.send(REFUSAL)
        await believe(raw)
        await raw.read_until(f"to='{ROOMS}'".encode())
        await raw.send(REFUSAL)
        await raw.read_to_end()

    async def behave(raw: Raw) -> None:
        nonlocal first, ended
        if not first:
            await admit_all(raw)
        first = False
        try:
            await refuse_rooms(raw)
        finally:
            ended = True

    async with one_server(names, authority, directory, behave):
        write(here, "m", PEER)
        for domain in (PEER, ROOMS):
            await here.until((HOST, domain))
        assert not ended


async def test_who_ends_the_stream_when_asked_for_a_further_domain_is_not_asked_again(
    here: Federating, authority: Authority, names: Names, directory: Path
) -> None:
    """That stream carries the stanzas of others."""
    ended, heard = 0, asyncio.Queue[bytes]()

    async def behave(raw: Raw) -> None:
        nonlocal ended
        await admit(raw, PEER)
        came = await raw.read_until(b"</db:result>", b"id='m1'", b"id='m2'")
        ended += b"</db:result>" in came
        await raw.send("</stream:stream>")
        await raw.read_to_end()
        heard.put_nowait(came)

    async with one_server(names, authority, directory, behave):
        for id_ in ("m1", "m2"):
            write(here, "m", PEER)
            await here.until((HOST, PEER))
            write(here, id_, ROOMS)
            while f"id='{id_}'".encode() not in await heard.get():
                pass
        assert ended == 1


async def test_what_is_answered_when_a_stream_is_closed_takes_it_not_into_use_again(
    here: Federating, authority: Authority, names: Names, directory: Path
) -> None:
    heard = asyncio.Event()

    async def behave(raw: Raw) -> None:
        await admit(raw, PEER, BOTH)
        await raw.read_until(b"</db:result>", b"id='m'")
        if b"id='m'" in raw.received:
            heard.set()
            await raw.read_to_end()
            return
        (connection,) = here.servers.connections
        connection.sweep(asyncio.get_running_loop().time() + 10_000)  # it was idle for long
        await raw.read_until(b"</stream:stream>")
        await believe(raw)
        await raw.read_to_end()

    async with one_server(names, authority, directory, behave) as peer:
        write(here, "first", PEER)
        await here.until((HOST, PEER))
        write(here, "m", ROOMS)
        await heard.wait()
        assert peer.connections == 2


async def test_who_opened_a_stream_that_broke_asks_again_for_all_whom_it_was_for(
    here: Federating, authority: Authority, names: Names, directory: Path
) -> None:
    """The other server may have stanzas of any of them that it can send nowhere else."""
    again: asyncio.Future[bytes] = asyncio.get_running_loop().create_future()

    async def behave(raw: Raw) -> None:
        await admit(raw, PEER, COUNTING)
        if b"<resume " in await raw.read_until(b"<enable ", b"<resume "):
            await raw.send(f"<resumed xmlns='{SM}' previd='token' h='2'/>")
            again.set_result(await raw.read_until(b"</db:result>"))
            await raw.read_to_end()
        await raw.send(f"<enabled xmlns='{SM}' id='token' resume='true'/>")
        await raw.read_until(b"id='first'")
        write(here, "second", ROOMS)
        await raw.read_until(b"</db:result>")
        raw.received = raw.received[raw.received.index(b"<db:result") :]
        await believe(raw)
        await raw.read_until(b"id='second'")
        await raw.send(f"<a xmlns='{SM}' h='2'/><r xmlns='{SM}'/>")
        await raw.read_until(b"<a ")

    async with one_server(names, authority, directory, behave) as peer:
        write(here, "first", PEER)
        assert f"<db:result from='{HOST}' to='{ROOMS}'>".encode() in await again
        assert peer.connections == 2


async def test_a_stream_is_resumed_for_whoever_waits_for_that_also_at_a_later_attempt(
    here: Federating, authority: Authority, names: Names, directory: Path
) -> None:
    """Nothing waits for the domain that it was made for; what the other one was sent arrived."""
    connections = 0
    heard: asyncio.Future[bytes] = asyncio.get_running_loop().create_future()

    async def behave(raw: Raw) -> None:
        nonlocal connections
        connections += 1
        if connections == 2:
            return  # the network is away yet
        await admit(raw, PEER, COUNTING)
        came = await raw.read_until(b"<enable ", b"<resume ")
        if connections > 2:
            heard.set_result(came)
            await raw.read_to_end()
        await raw.send(f"<enabled xmlns='{SM}' id='token' resume='true'/>")
        await raw.read_until(b"<r ")
        await raw.send(f"<a xmlns='{SM}' h='1'/>")
        write(here, "second", ROOMS)
        await raw.read_until(b"</db:result>")
        await believe(raw)
        await raw.read_until(b"id='second'")

    async with one_server(names, authority, directory, behave):
        write(here, "first", PEER)
        assert b" previd='token'" in await heard


async def test_a_site_whose_servers_do_not_answer_keeps_nobody_from_the_others(
    here: Federating, authority: Authority, names: Names, directory: Path
) -> None:
    """What goes on after a break or a restart is tried however many domains it is for."""
    names.silent.add("mallory.example")
    late = [message("late", f"{number}.mallory.example") for number in range(2 * ATTEMPTS)]
    here.servers.federation.go_on(late)
    async with Peer(PEER, authority, directory, admit_all) as peer, asyncio.timeout(DEADLINE / 2):
        place(names, peer)
        write(here, "m", PEER)
        await here.until((HOST, PEER))
