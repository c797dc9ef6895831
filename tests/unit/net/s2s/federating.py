"""A server that speaks to others, on real sockets in the test's own process."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

from tests.support.certificates import Authority
from tests.support.names import Names
from tests.unit.net.serving import CONFIGURATION, DEADLINE, HOST, OTHER, certificates

from palaver import jid
from palaver.app import assembled
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


def write(here: Federating, id_: str, domain: str = "peer.example") -> None:
    """Send a message to another domain."""
    here.servers.router.route(message(id_, domain))


def message(id_: str, domain: str) -> Stanza:
    """Make a message for another domain."""
    sender, to = jid.parse(f"juliet@{HOST}"), jid.parse(f"romeo@{domain}")
    return Stanza.make("message", sender, to, {"id": id_})


@asynccontextmanager
async def federating(
    tmp_path: Path, authority: Authority, names: Names, more: str = ""
) -> AsyncIterator[Federating]:
    """Open two hosts; ``more`` is more of the section on federation, and what follows it."""
    certificates(tmp_path, authority, (HOST, OTHER))
    ca = authority.publish(tmp_path)
    settings = parse(
        f'[hosts."{HOST}"]\n[hosts."{OTHER}"]\n{CONFIGURATION}'.replace(
            "[listen]", '[listen]\nservers = []\nservers_tls = ["127.0.0.1:0"]'
        )
        + f'[federation]\nenabled = true\nca = "{ca}"\nthis_machine = true\n'
        f'nameservers = ["{names.address}"]\n' + more
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
