"""Certificates that expire while a stream lasts (RFC 6120 §13.7.2.3)."""

import asyncio
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from tests.attacks.raw import Raw
from tests.federation.mallory import EXTERNAL, header
from tests.federation.peer import Peer, admit, place
from tests.support.certificates import Authority
from tests.support.names import Names
from tests.unit.net.serving import CONFIGURATION, DEADLINE, HOST, OTHER, certificates

from palaver import jid
from palaver.app import assembled
from palaver.kernel.clock import SystemClock
from palaver.kernel.config import parse
from palaver.net.clients import Clients
from palaver.net.components import Components
from palaver.net.listener import Listeners
from palaver.net.s2s.contexts import ServerContexts
from palaver.net.s2s.servers import Servers
from palaver.net.tls import Certificates
from palaver.net.traffic import Traffic
from palaver.sasl.decoys import Decoys
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


@dataclass(frozen=True, slots=True)
class Federating:
    """A server that speaks to others, and its port for those that begin with TLS."""

    servers: Servers
    port: int

    async def until(self, domains: tuple[str, str]) -> None:
        """Wait until there is a stream for a pair of domains."""
        async with asyncio.timeout(DEADLINE):
            while domains not in [  # noqa: ASYNC110 - it may be anything
                stream.pair for stream in self.servers.federation.streams()
            ]:
                await asyncio.sleep(0.001)

    def age(self) -> None:
        """Look at all connections when all certificates have expired."""
        self.servers.server.clock = FarFuture()
        for connection in list(self.servers.connections):
            connection.sweep(asyncio.get_running_loop().time())


@pytest.fixture
def names() -> Iterator[Names]:
    with Names() as names:
        yield names


@pytest.fixture
async def here(tmp_path: Path, authority: Authority, names: Names) -> AsyncIterator[Federating]:
    certificates(tmp_path, authority, (HOST, OTHER))
    ca = authority.publish(tmp_path)
    settings = parse(
        f'[hosts."{HOST}"]\n[hosts."{OTHER}"]\n{CONFIGURATION}'.replace(
            "[listen]", '[listen]\nservers = []\nservers_tls = ["127.0.0.1:0"]'
        )
        + f'[federation]\nenabled = true\nca = "{ca}"\nthis_machine = true\n'
        f'nameservers = ["{names.address}"]\n'
    )
    async with assembled(settings, tmp_path) as server:
        traffic = Traffic(server.log, settings.limits.output_bytes)
        loaded = Certificates(settings, tmp_path)
        clients = Clients(server, loaded, Decoys(b"s" * 32), traffic)
        components = Components(server, traffic)
        servers = Servers(server, ServerContexts(settings, tmp_path, loaded), traffic)
        listeners = Listeners(clients, components, servers)
        await server.start()
        await listeners.open()
        ports = {purpose: port for purpose, _, port in listeners.addresses}
        try:
            servers.begin()
            yield Federating(servers, ports["servers_tls"])
        finally:
            listeners.close()
            await components.close()
            await servers.close()
            await clients.close()
            await server.stop()


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
        here.age()
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
        here.age()
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
        here.age()
        here.servers.router.route(message("again"))
        async with asyncio.timeout(DEADLINE):
            await said
        assert peer.connections == 1
