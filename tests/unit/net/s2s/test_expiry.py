"""Certificates that expire while a stream lasts (RFC 6120 §13.7.2.3)."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from tests.attacks.raw import Raw
from tests.federation.mallory import EXTERNAL, header
from tests.federation.peer import Peer, admit, place
from tests.support.certificates import Authority
from tests.support.names import Names
from tests.unit.net.s2s.federating import Federating, federating
from tests.unit.net.serving import DEADLINE, HOST

from palaver import jid
from palaver.kernel.clock import SystemClock
from palaver.wire.stanza import Stanza

PEER = "peer.example"


def message(id_: str) -> Stanza:
    return Stanza.make(
        "message", jid.parse(f"juliet@{HOST}"), jid.parse(f"romeo@{PEER}"), {"id": id_}
    )


class FarFuture(SystemClock):
    """Shows a time at which all certificates have expired."""

    def now(self) -> float:
        return 1e12


def age(here: Federating) -> None:
    """Look at all connections when all certificates have expired."""
    here.servers.server.clock = FarFuture()
    for connection in list(here.servers.connections):
        connection.sweep(asyncio.get_running_loop().time())


@pytest.fixture
async def here(tmp_path: Path, authority: Authority, names: Names) -> AsyncIterator[Federating]:
    async with federating(tmp_path, authority, names) as here:
        yield here


async def test_a_stream_of_another_server_ends_with_its_certificate(
    here: Federating, authority: Authority, tmp_path: Path
) -> None:
    (tmp_path / "peer").mkdir()
    issued = authority.issue([PEER], tmp_path / "peer")
    issued.trust.load_cert_chain(issued.certificate, issued.key)
    async with await Raw.open(("127.0.0.1", here.port), issued.trust, HOST) as raw:
        await raw.send(header(PEER, HOST))
        await raw.read_until(b"</stream:features>")
        await raw.send(EXTERNAL)
        await raw.read_until(b"<success")
        await raw.send(header(PEER, HOST))
        await here.until((PEER, HOST))
        age(here)
        await raw.read_until(b"</stream:stream>")
        assert b"<reset " in raw.received


async def test_our_stream_ends_with_the_certificate_of_the_other_server(
    here: Federating, authority: Authority, names: Names, tmp_path: Path
) -> None:
    (tmp_path / "peer").mkdir()
    ended = asyncio.get_running_loop().create_future()

    async def behave(raw: Raw) -> None:
        await admit(raw, PEER)
        await raw.read_until(b"</stream:stream>")
        ended.set_result(raw.received)

    async with Peer(PEER, authority, tmp_path / "peer", behave) as peer:
        place(names, peer)
        here.servers.router.route(message("m"))
        await here.until((HOST, PEER))
        age(here)
        async with asyncio.timeout(DEADLINE):
            assert b"<reset " in await ended


async def test_a_stream_that_rests_on_no_certificate_outlives_it(
    here: Federating, authority: Authority, names: Names, tmp_path: Path
) -> None:
    (tmp_path / "peer").mkdir()
    said = asyncio.get_running_loop().create_future()

    async def behave(raw: Raw) -> None:
        await admit(raw, PEER)
        await raw.read_until(b"id='again'")
        said.set_result(None)

    async with Peer(PEER, Authority(), tmp_path / "peer", behave) as peer:
        place(names, peer)
        here.servers.router.route(message("m"))
        await here.until((HOST, PEER))
        age(here)
        here.servers.router.route(message("again"))
        async with asyncio.timeout(DEADLINE):
            await said
        assert peer.connections == 1
