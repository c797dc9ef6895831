"""Which stream carries what is for a further domain of another server (XEP-0220 §2.5.2)."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from tests.attacks.raw import Raw
from tests.federation.peer import Peer, believe, greet, place
from tests.support.certificates import Authority
from tests.support.names import Names
from tests.unit.net.s2s.federating import Federating, federating
from tests.unit.net.serving import DEADLINE, HOST

from palaver import jid
from palaver.wire.stanza import Stanza

PEER, ROOMS = "peer.example", "rooms.example"


@pytest.fixture
async def here(tmp_path: Path, authority: Authority, names: Names) -> AsyncIterator[Federating]:
    async with federating(tmp_path, authority, names) as here:
        yield here


@pytest.fixture
def directory(tmp_path: Path) -> Path:
    """Give a place for what the peer has."""
    (tmp_path / "peer").mkdir()
    return tmp_path / "peer"


def write(here: Federating, id_: str, domain: str) -> None:
    """Send a message to another domain."""
    sender, to = jid.parse(f"juliet@{HOST}"), jid.parse(f"romeo@{domain}")
    here.servers.router.route(Stanza.make("message", sender, to, {"id": id_}))


async def admit_all(raw: Raw) -> None:
    """Believe whoever connected, whatever they ask for."""
    await greet(raw, PEER)
    while True:
        await raw.read_until(b"</db:result>")
        await believe(raw)


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
