"""Connections that carry stanzas both ways (XEP-0288): how they end, and who is kept away."""

import asyncio
import ssl
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path

import pytest
from tests.attacks.raw import Raw
from tests.federation.mallory import EXTERNAL, header
from tests.federation.peer import FEATURES, Peer, admit, place
from tests.support.certificates import Authority
from tests.support.names import Names
from tests.unit.net.s2s.federating import Federating, federating, write
from tests.unit.net.serving import DEADLINE, HOST, OTHER

from palaver import jid
from palaver.net.s2s.counting import Counted, Handled, Unacknowledged
from palaver.stream.s2s.dialback import Pair
from palaver.wire.stanza import Stanza

PEER, SPAM = "peer.example", "spam.example"
SM = "urn:xmpp:sm:3"
OFFER = "<bidi xmlns='urn:xmpp:features:bidi'/></stream:features>"
BOTH = FEATURES.replace("</stream:features>", OFFER)
COUNTING = BOTH.replace("</stream:features>", f"<sm xmlns='{SM}'/></stream:features>")
ENABLED = f"<enabled xmlns='{SM}' id='token' resume='true'/>"
PING = f"<iq type='get' id='ping' from='x@{PEER}' to='{HOST}'><ping xmlns='urn:xmpp:ping'/></iq>"
MORE = """
retry_after = 0.001
streams_per_domain = 2
[extensions.blocklists]
block = ["spam.example"]
"""


@pytest.fixture
async def here(tmp_path: Path, authority: Authority, names: Names) -> AsyncIterator[Federating]:
    async with federating(tmp_path, authority, names, MORE) as here:
        yield here


async def test_who_closes_their_side_still_takes_what_comes(
    here: Federating, authority: Authority, names: Names, directory: Path
) -> None:
    """RFC 6120 §4.4: what goes to the other server meanwhile goes by another stream."""
    answered, closed = asyncio.Event(), asyncio.Event()

    async def behave(raw: Raw) -> None:
        await admit(raw, PEER, BOTH)
        await raw.read_until(b"id='first'", b"id='ping'")
        if b"id='ping'" in raw.received:
            answered.set()
            await raw.read_to_end()
            return
        (connection,) = here.servers.connections
        connection.sweep(asyncio.get_running_loop().time() + 10_000)  # it was idle for long
        await raw.read_until(b"</stream:stream>")
        await raw.send(PING)
        await answered.wait()
        await raw.send("</stream:stream>")
        await raw.read_to_end()
        closed.set()

    async with Peer(PEER, authority, directory, behave) as peer, asyncio.timeout(DEADLINE):
        place(names, peer)
        write(here, "first")
        await closed.wait()
        assert peer.connections == 2


async def test_who_opened_a_stream_opens_it_again_where_the_other_server_may_wait_for_that(
    here: Federating, authority: Authority, names: Names, directory: Path
) -> None:
    """Nobody else can resume it (XEP-0198 §5): so it does though it has nothing to say."""
    again = asyncio.Event()

    async def behave(raw: Raw) -> None:
        await admit(raw, PEER, COUNTING)
        await raw.read_until(b"<enable ", b"<resume ")
        if b"<resume " in raw.received:
            assert b"previd='token'" in raw.received
            again.set()
            await raw.read_to_end()
        await raw.send(ENABLED)
        await raw.read_until(b"<r ")
        await raw.send(f"<a xmlns='{SM}' h='1'/>{PING}")
        await raw.read_until(b"type='result'")
        await raw.read_until(b"<r ")
        await raw.send(f"<a xmlns='{SM}' h='2'/><r xmlns='{SM}'/>")
        await raw.read_until(b"<a ")

    async with Peer(PEER, authority, directory, behave) as peer, asyncio.timeout(DEADLINE):
        place(names, peer)
        write(here, "first")
        await again.wait()


# -- who connects ----------------------------------------------------------------------------------


@pytest.fixture
def trust(authority: Authority, directory: Path) -> ssl.SSLContext:
    """Give what the peer has: a good certificate."""
    issued = authority.issue([PEER, SPAM], directory)
    issued.trust.load_cert_chain(issued.certificate, issued.key)
    return issued.trust


@asynccontextmanager
async def connected(here: Federating, trust: ssl.SSLContext) -> AsyncIterator[Raw]:
    """Connect as the peer, to a stream that is counted and carries stanzas both ways."""
    async with await Raw.open(("127.0.0.1", here.port), trust, HOST) as raw:
        await raw.send(header(PEER, HOST))
        await raw.read_until(b"</stream:features>")
        await raw.send("<bidi xmlns='urn:xmpp:bidi'/>" + EXTERNAL)
        await raw.read_until(b"<success")
        raw.received = b""
        await raw.send(header(PEER, HOST))
        await raw.read_until(b"</stream:features>")
        await raw.send(f"<enable xmlns='{SM}'/>")
        await raw.read_until(b"<enabled ")
        yield raw


async def test_of_too_many_streams_one_ends_and_what_it_carried_goes_by_another(
    here: Federating, trust: ssl.SSLContext
) -> None:
    """Of those the one that was quiet for longest."""
    async with AsyncExitStack() as stack, asyncio.timeout(DEADLINE):
        first = await stack.enter_async_context(connected(here, trust))
        write(here, "m1")
        await first.read_until(b"<r ")
        assert b"id='m1'" in first.received
        second, third = [await stack.enter_async_context(connected(here, trust)) for _ in "23"]
        await first.read_until(b"</stream:stream>")
        assert b"<resource-constraint " in first.received
        reading = [asyncio.create_task(each.read_until(b"id='m1'")) for each in (second, third)]
        done, left = await asyncio.wait(reading, return_when=asyncio.FIRST_COMPLETED)
        for each in left:
            each.cancel()
        assert b"id='m1'" in done.pop().result()


async def test_a_blocked_domain_gets_nothing_on_the_stream_of_one_that_is_not(
    here: Federating, authority: Authority, names: Names, directory: Path, trust: ssl.SSLContext
) -> None:
    """Neither on a stream of theirs nor of ours, whatever certificate they have."""
    key = f"<db:result from='{SPAM}' to='{HOST}'>0</db:result>"
    refused = asyncio.Event()

    async def behave(raw: Raw) -> None:
        await admit(raw, PEER, BOTH)
        await raw.send(key)
        await raw.read_until(b"</db:result>")
        assert b"<not-acceptable " in raw.received
        refused.set()
        await raw.read_to_end()

    async with asyncio.timeout(DEADLINE):
        async with connected(here, trust) as raw:
            await raw.send(key)
            await raw.read_until(b"</db:result>")
            assert b"<not-acceptable " in raw.received
            assert {each.pair for each in here.servers.federation.streams()} == {
                (PEER, HOST),
                (HOST, PEER),
            }
        async with Peer(PEER, authority, directory, behave) as peer:
            place(names, peer)
            write(here, "m1")
            await refused.wait()
            assert SPAM not in {
                domain for each in here.servers.federation.streams() for domain in each.pair
            }


async def test_nobody_waits_for_a_stream_that_its_owner_does_not_make_again(
    here: Federating, authority: Authority, names: Names, directory: Path
) -> None:
    """What was not acknowledged may come twice then, but it comes."""
    heard = asyncio.Event()

    async def behave(raw: Raw) -> None:
        await admit(raw, PEER)
        await raw.read_until(b"id='first'")
        heard.set()

    sent = Unacknowledged()
    sent.sent(Stanza.make("message", jid.parse(HOST), jid.parse(PEER)))
    here.servers.broken.keep(Pair(OTHER, PEER), Counted(sent, Handled(), "token"))
    async with Peer(PEER, authority, directory, behave) as peer, asyncio.timeout(10):
        place(names, peer)
        write(here, "first")
        await heard.wait()
