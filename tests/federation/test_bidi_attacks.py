"""What an attacker does with a stream that carries stanzas both ways (XEP-0288)."""

import asyncio
import re
import ssl
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from tests.attacks.raw import Raw
from tests.federation.conftest import (
    CAPULET,
    MALLORY,
    MONTAGUE,
    Domain,
    StartDomain,
    error_of,
    is_new_message,
    returned,
)
from tests.federation.mallory import authenticated, connected, header
from tests.federation.peer import FEATURES, Peer, admit, believe, greet, place
from tests.support.certificates import Authority
from tests.support.client import Client
from tests.support.names import Names

PEER = "peer.example"  # is connected to; mallory connects
JULIET = f"juliet@{CAPULET}"
BIDI = "<bidi xmlns='urn:xmpp:bidi'/>"
OFFER = "<bidi xmlns='urn:xmpp:features:bidi'/></stream:features>"
BOTH = FEATURES.replace("</stream:features>", OFFER)
ENABLE = "<enable xmlns='urn:xmpp:sm:3' resume='true'/>"
QUICK = {"hold_time": 0, "retry_after": 0.1, "retry_at_most": 0.1}


@pytest.fixture(scope="module")
def capulet(start_domain: StartDomain) -> Domain:
    return start_domain(CAPULET, "juliet", federation=QUICK)


# -- who connects ----------------------------------------------------------------------------------


async def test_who_has_proved_nothing_gets_nothing(
    capulet: Domain, juliet: Client, trust: ssl.SSLContext
) -> None:
    async with connected(capulet, trust, header() + BIDI) as raw:
        await raw.read_until(b"</stream:features>")
        assert await returned(juliet, f"a@{MALLORY}", "m1") == "remote-server-not-found"
        await raw.send("<iq type='get'/>")  # nobody yet: that is the end
        await raw.read_until(b"</stream:stream>")
        assert b"<message" not in raw.received


async def test_it_cannot_be_asked_for_after_the_proof(
    capulet: Domain, juliet: Client, trust: ssl.SSLContext
) -> None:
    async with authenticated(capulet, trust) as raw:
        await raw.send(BIDI)
        await raw.read_until(b"</stream:stream>")
        assert b"<policy-violation " in raw.received
    assert await returned(juliet, f"a@{MALLORY}", "m2") == "remote-server-not-found"


async def test_who_connects_gets_what_is_for_it_and_nothing_else(
    capulet: Domain, juliet: Client, trust: ssl.SSLContext
) -> None:
    async with authenticated(capulet, trust, BIDI) as raw:
        await raw.send(ENABLE)
        await raw.read_until(b"<enabled ")
        for number, domain in enumerate((MONTAGUE, f"sub.{MALLORY}")):
            assert await returned(juliet, f"a@{domain}", f"o{number}") == "remote-server-not-found"
        await juliet.send(f"<message to='x@{MALLORY}' id='mine'><body>?</body></message>")
        await raw.read_until(b"</message>")
        assert raw.received.count(b"<message") == 1
        assert b"id='mine'" in raw.received
        await raw.send(f"<message from='{JULIET}' to='x@{MALLORY}' id='i'/>")  # as what we send
        await raw.read_until(b"</stream:stream>")
        assert b"<invalid-from " in raw.received


async def test_an_address_that_is_none_here_costs_only_its_stanza(
    capulet: Domain, juliet: Client, trust: ssl.SSLContext
) -> None:
    """Unicode grows, other servers may know more of it, and all their users share a stream."""
    nobody = "\u0378"  # unassigned
    async with authenticated(capulet, trust, BIDI) as raw:
        await raw.send(
            f"<message from='x@{MALLORY}/{nobody}' to='{JULIET}'><body>?</body></message>"
            f"<message from='x@{MALLORY}' to='{nobody}@{CAPULET}' id='to'><body>?</body></message>"
            f"<message from='x@{MALLORY}' to='{JULIET}/{nobody}' type='error'/>"
            f"<message from='x@{MALLORY}' to='{JULIET}' id='after'><body>!</body></message>"
        )
        message = await juliet.expect(is_new_message)
        assert message.get("id") == "after"
        await raw.read_until(b"</message>")
        assert b"<jid-malformed " in raw.received
        assert f"from='{CAPULET}' to='x@{MALLORY}' type='error' id='to'".encode() in raw.received
        await raw.send(f"<message from='x@{MONTAGUE}/{nobody}' to='{JULIET}'/>")
        await raw.read_until(b"</stream:stream>")
        assert b"<invalid-from " in raw.received


@pytest.mark.parametrize("ending", ["</stream:stream>", "", "<resume>"])
async def test_what_was_sent_and_not_acknowledged_is_never_lost(
    capulet: Domain, juliet: Client, trust: ssl.SSLContext, ending: str
) -> None:
    """Nobody else takes stanzas for mallory, so that they come back.

    That is found out by looking for somebody who does, at least where mallory did that only once.
    """
    async with authenticated(capulet, trust, BIDI) as raw:
        await raw.send(ENABLE)
        await raw.read_until(b"<enabled ")
        token = raw.received.partition(b" id='")[2].partition(b"'")[0].decode()
        await juliet.send(f"<message to='x@{MALLORY}' id='l1'><body>?</body></message>")
        await raw.read_until(b"</message>")
        await raw.send(ending if ending != "<resume>" else "")
    if ending == "<resume>":  # to acknowledge what was not sent
        async with authenticated(capulet, trust, BIDI) as raw:
            await raw.send(f"<resume xmlns='urn:xmpp:sm:3' h='7' previd='{token}'/>")
            await raw.read_until(b"</stream:stream>")
            assert b"<undefined-condition " in raw.received
    error = await juliet.expect(lambda stanza: stanza.get("id") == "l1", 30)
    assert error_of(error) in {"remote-server-not-found", "remote-server-timeout"}


async def test_what_is_proved_too_late_takes_no_dead_stream_into_use(
    names: Names,
    capulet: Domain,
    juliet: Client,
    trust: ssl.SSLContext,
    authority: Authority,
    tmp_path: Path,
) -> None:
    other = "other.example"
    over, asked, gone, answered, got = (asyncio.Event() for _ in range(5))

    async def behave(raw: Raw) -> None:
        await greet(raw, other)
        await raw.read_until(b"</db:verify>", b"</db:result>")
        if b"</db:verify>" not in raw.received:
            await believe(raw)
            await raw.read_until(b"first", b"second")
            if b"second" in raw.received:
                got.set()
            await raw.send("</stream:stream>")
            await raw.read_to_end()
            over.set()
            return
        asked.set()
        await gone.wait()
        (id_,) = re.findall(r"<db:verify [^>]* id='([^']*)'", raw.received.decode())
        await raw.send(f"<db:verify from='{other}' to='{CAPULET}' id='{id_}' type='valid'/>")
        await raw.read_to_end()
        answered.set()

    async with (
        Peer(other, authority, tmp_path, behave) as another,
        asyncio.timeout(60),
    ):
        place(names, another)
        await juliet.send(f"<message to='a@{other}' id='l1'><body>first</body></message>")
        await over.wait()
        async with authenticated(capulet, trust, BIDI) as raw:
            await raw.send(f"<db:result from='{other}' to='{CAPULET}'>0</db:result>")
            await asked.wait()
        await juliet.barrier()
        gone.set()
        await answered.wait()
        await juliet.send(f"<message to='a@{other}' id='l3'><body>second</body></message>")
        await got.wait()


# -- who is connected to ---------------------------------------------------------------------------


def stanza(sender: str, to: str) -> str:
    return f"<message from='{sender}' to='{to}' id='spoofed'><body>pay me</body></message>"


@asynccontextmanager
async def playing(
    names: Names, authority: Authority, directory: Path, text: str, features: str = BOTH
) -> AsyncIterator["asyncio.Future[bytes]"]:
    """Be a server that says something once it is trusted; give what it hears then."""
    heard: asyncio.Future[bytes] = asyncio.get_running_loop().create_future()

    async def behave(raw: Raw) -> None:
        await admit(raw, PEER, features)
        await raw.send(text)
        answer = await raw.read_to_end()
        if not heard.done():
            heard.set_result(answer)

    async with Peer(PEER, authority, directory, behave) as peer:
        place(names, peer)
        yield heard


@pytest.mark.parametrize(
    ("sender", "to", "condition"),
    [
        (f"romeo@{MONTAGUE}", JULIET, "invalid-from"),
        (f"nurse@{CAPULET}", JULIET, "invalid-from"),
        (f"nurse@{CAPULET}", f"x@{PEER}", "invalid-from"),
        (f"x@sub.{PEER}", JULIET, "invalid-from"),
        (f"x@{PEER}", f"news@pubsub.{CAPULET}", "host-unknown"),
        (f"x@{PEER}", f"romeo@{MONTAGUE}", "host-unknown"),
        ("", JULIET, "improper-addressing"),
    ],
)
async def test_who_is_connected_to_speaks_for_its_own_domain_only(
    names: Names,
    juliet: Client,
    authority: Authority,
    tmp_path: Path,
    sender: str,
    to: str,
    condition: str,
) -> None:
    text = stanza(sender, to) + stanza(f"x@{PEER}", JULIET)
    async with playing(names, authority, tmp_path, text) as heard:
        await juliet.send(f"<message to='a@{PEER}' id='p1'><body>?</body></message>")
        async with asyncio.timeout(60):
            assert f"<{condition} ".encode() in await heard
    assert all(each.get("id") != "spoofed" for each in await juliet.barrier())


async def test_without_bidi_no_stanza_comes_on_a_stream_of_ours(
    names: Names, juliet: Client, authority: Authority, tmp_path: Path
) -> None:
    text = stanza(f"x@{PEER}", JULIET)
    async with playing(names, authority, tmp_path, text, FEATURES) as heard:
        await juliet.send(f"<message to='a@{PEER}' id='p2'><body>?</body></message>")
        async with asyncio.timeout(60):
            assert b"<not-authorized " in await heard
    assert all(each.get("id") != "spoofed" for each in await juliet.barrier())


async def test_a_key_that_was_seen_once_proves_nothing_on_a_stream_of_ours(
    names: Names, juliet: Client, authority: Authority, tmp_path: Path
) -> None:
    """XEP-0220 §2.1.2: the id that a key is for is chosen by whoever checks it.

    On a stream of ours the other server chose it. With the id of another stream, on which somebody
    once got hold of the key of a victim, that would be good again and again: the victim made it.
    """
    victim, id_ = "victim.example", "peer"
    said, asked = asyncio.Event(), asyncio.Event()

    async def replay(raw: Raw) -> None:
        await admit(raw, PEER, BOTH)
        await raw.send(f"<db:result from='{victim}' to='{CAPULET}'>0123</db:result>")
        await raw.read_until(b"type='error'", b"type='valid'")
        await raw.send(stanza(f"romeo@{victim}", JULIET))
        assert b"<invalid-from " in await raw.read_to_end()
        said.set()

    async def confirm(raw: Raw) -> None:
        await greet(raw, victim)
        await raw.read_until(b"</db:verify>")
        asked.set()
        await raw.send(f"<db:verify from='{victim}' to='{CAPULET}' id='{id_}' type='valid'/>")
        await raw.read_to_end()

    async with (
        Peer(PEER, authority, tmp_path, replay) as peer,
        Peer(victim, authority, tmp_path, confirm) as another,
    ):
        place(names, peer)
        place(names, another)
        await juliet.send(f"<message to='a@{PEER}' id='p4'><body>?</body></message>")
        async with asyncio.timeout(20):
            await said.wait()
    assert not asked.is_set()
    assert all(each.get("id") != "spoofed" for each in await juliet.barrier())


async def test_before_we_are_believed_no_stanza_comes_on_a_stream_of_ours(
    names: Names, juliet: Client, authority: Authority, tmp_path: Path
) -> None:
    async def behave(raw: Raw) -> None:
        await greet(raw, PEER, BOTH)
        await raw.read_until(b"</db:result>")
        assert BIDI.encode() in raw.received
        await raw.send(stanza(f"x@{PEER}", JULIET))
        await raw.read_to_end()

    async with Peer(PEER, authority, tmp_path, behave) as peer:
        place(names, peer)
        assert await returned(juliet, f"a@{PEER}", "p3") == "remote-server-timeout"
    assert all(each.get("id") != "spoofed" for each in await juliet.barrier())
