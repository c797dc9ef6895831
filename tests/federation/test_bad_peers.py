"""What becomes of stanzas for servers that do not behave as servers do."""

import asyncio
import re
from pathlib import Path

import pytest
from tests.attacks.raw import Raw
from tests.federation.conftest import (
    CAPULET,
    MONTAGUE,
    Domain,
    StartDomain,
    returned,
    untaken,
)
from tests.federation.peer import FEATURES, HEADER, Behaviour, Peer, admit, greet, place
from tests.support.certificates import Authority
from tests.support.client import Client
from tests.support.names import Names

PEER = "peer.example"
QUICK = {"hold_time": 0, "retry_after": 0.1, "retry_at_most": 0.1, "connect_timeout": 1.5}
CERTIFIED = {MONTAGUE: {"authentication": "certificate"}}
MANY = 160  # messages: TLS reads a quarter of a megabyte ahead
BODY = "x" * 5_000
LAUGHS = "<!DOCTYPE x [<!ENTITY a 'ha'><!ENTITY b '&a;&a;&a;'>]>"


@pytest.fixture(scope="module")
def capulet(start_domain: StartDomain) -> Domain:
    return start_domain(CAPULET, "juliet", federation=QUICK, domains=CERTIFIED)


def say(*texts: str) -> Behaviour:
    """Give a behaviour that answers a header with these, and then reads all that comes."""

    async def behave(raw: Raw) -> None:
        await raw.read_until(b"xml:lang='en'>")
        for text in texts:
            await raw.send(text.replace("{name}", PEER))
        await raw.read_to_end()

    return behave


async def drip(raw: Raw) -> None:
    """Say a header very slowly, without end."""
    await raw.send("<?xml version='1.0'?><stream:stream ")
    while True:
        await raw.send(" ")
        await asyncio.sleep(0.05)


async def challenge(raw: Raw) -> None:
    """Ask something more after each answer, without end."""
    sasl = "urn:ietf:params:xml:ns:xmpp-sasl"
    mechanisms = f"<mechanisms xmlns='{sasl}'><mechanism>EXTERNAL</mechanism></mechanisms>"
    await greet(raw, PEER, f"<stream:features>{mechanisms}</stream:features>")
    await raw.read_until(b"</auth>")
    while True:
        raw.received = b""
        await raw.send(f"<challenge xmlns='{sasl}'/>")
        await raw.read_until(b"<response ")


async def hang_up(raw: Raw) -> None:
    """Say nothing at all, and go."""


RESULT = f"<db:result from='{PEER}' to='{CAPULET}'"
PECULIAR: dict[str, Behaviour] = {
    "goes at once": hang_up,
    "drips": drip,
    "challenges without end": challenge,
    "is no XML": say("HTTP/1.1 400 Bad Request\r\n\r\n"),
    "defines entities": say(LAUGHS + HEADER + FEATURES),
    "is for clients": say(HEADER.replace("jabber:server'", "jabber:client'") + FEATURES),
    "has no id": say(HEADER.replace(" id='peer'", "") + FEATURES),
    "is of another version": say(HEADER.replace("'1.0' id", "'0.9' id") + FEATURES),
    "has features without end": say(HEADER + "<stream:features>" + "<x xmlns='y'/>" * 20_000),
    "sends a stanza instead": say(HEADER + f"<message from='{CAPULET}' to='juliet@{CAPULET}'/>"),
    "answers what nobody asked": say(HEADER + FEATURES, f"{RESULT} type='perhaps'/>"),
    "closes with an error": say(HEADER + "<stream:error><made-up/></stream:error></stream:stream>"),
    "begins anew": say(HEADER + FEATURES, HEADER),
}


@pytest.mark.parametrize("how", PECULIAR)
async def test_stanzas_come_back_from_a_server_that_is_peculiar(
    names: Names, juliet: Client, authority: Authority, tmp_path: Path, how: str
) -> None:
    async with Peer(PEER, authority, tmp_path, PECULIAR[how]) as peer:
        place(names, peer, f"{peer.port}.{PEER}")
        assert await returned(juliet, f"a@{peer.port}.{PEER}") == "remote-server-timeout"
        assert peer.connections > 0


@pytest.mark.parametrize(
    ("answer", "expected"),
    [
        (f"{RESULT} type='invalid'/>", "internal-server-error"),
        (
            f"{RESULT} type='error'><error type='cancel'>"
            "<item-not-found xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/></error></db:result>",
            "remote-server-timeout",
        ),
        ("<stream:error><host-unknown xmlns='urn:ietf:params:xml:ns:xmpp-streams'/>"
        "</stream:error></stream:stream>", "remote-server-not-found"),
    ],
)  # fmt: skip
async def test_who_is_refused_hears_what_the_specifications_say(
    names: Names,
    juliet: Client,
    authority: Authority,
    tmp_path: Path,
    answer: str,
    expected: str,
) -> None:
    """XEP-0220 §2.1.1, RFC 6120 §10.4."""

    async def behave(raw: Raw) -> None:
        await greet(raw, PEER)
        await raw.read_until(b"</db:result>")
        (name,) = re.findall(rb"<db:result from='[^']*' to='([^']*)'", raw.received)
        await raw.send(answer.replace(PEER, name.decode()))
        await raw.read_to_end()

    async with Peer(PEER, authority, tmp_path, behave) as peer:
        place(names, peer, f"{peer.port}.{PEER}")
        assert await returned(juliet, f"a@{peer.port}.{PEER}") == expected


async def test_dns_that_lies_leads_nobody_with_another_certificate_to_our_stanzas(
    names: Names, juliet: Client, authority: Authority, tmp_path: Path
) -> None:
    """Where certificates are required: RFC 6120 §13.7.2."""
    heard: list[bytes] = []

    async def behave(raw: Raw) -> None:
        try:
            await admit(raw, MONTAGUE)
            await raw.read_to_end()
        finally:
            heard.append(raw.received)

    async with Peer("mallory.example", authority, tmp_path, behave) as peer:
        place(names, peer, MONTAGUE)
        assert await returned(juliet, f"romeo@{MONTAGUE}") == "remote-server-timeout"
        assert peer.connections > 0
    assert not any(b"<message" in each or b"<db:result" in each for each in heard)


async def test_dns_that_tells_of_very_many_servers_is_believed_a_few(
    names: Names, juliet: Client, authority: Authority, tmp_path: Path
) -> None:
    async with Peer(PEER, authority, tmp_path, hang_up) as peer:
        record = f"0 0 {peer.port} here.test."
        hosts = [record.replace("here", f"here{number}") for number in range(100)]
        for number in range(100):
            names.set(f"here{number}.test", "A", "127.0.0.1")
        names.set("_xmpps-server._tcp.lots.example", "SRV", *hosts)
        assert await returned(juliet, "a@lots.example") == "remote-server-timeout"
        assert 0 < peer.connections <= 8


async def test_what_a_server_that_counts_nothing_did_not_take_comes_back(
    names: Names, juliet: Client, authority: Authority, tmp_path: Path
) -> None:
    """Without XEP-0198 that much is known: what its machine did not confirm."""
    taken, gone = asyncio.Event(), asyncio.Event()

    async def behave(raw: Raw) -> None:
        await admit(raw, PEER)
        await raw.read_until(b"</message>")
        raw.writer.transport.pause_reading()  # type: ignore[attr-defined]  # a Transport of asyncio
        taken.set()
        await gone.wait()

    async with Peer(PEER, authority, tmp_path, behave, buffer=4096) as peer:
        place(names, peer)
        for number in range(MANY):
            await juliet.send(f"<message to='a@{PEER}' id='{number}'><body>{BODY}</body></message>")
            if number == 0:
                async with asyncio.timeout(20):
                    await taken.wait()
        await juliet.barrier()
        gone.set()
        found = await untaken(juliet, MANY)
    assert found == list(range(found[0], MANY))
    assert found[0] < MANY // 2
