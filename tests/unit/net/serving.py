"""A server on real sockets in the test's own process.

It runs on the standard event loop; the processes under `tests.attacks` and the stories on uvloop.
"""

import asyncio
import ssl
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path

from tests.support.certificates import Authority
from tests.support.client import Client
from tests.support.component import ACCEPT, Component
from tests.support.stream import Stream

from palaver.app import assembled
from palaver.ext.accounts import credentials_of
from palaver.kernel.config import parse
from palaver.kernel.server import Server
from palaver.kernel.storage import NewAccount
from palaver.net.clients import Clients
from palaver.net.components import Components
from palaver.net.listener import Listeners
from palaver.net.tls import Certificates
from palaver.net.traffic import Traffic
from palaver.sasl.decoys import Decoys

HOST = "capulet.example"
OTHER = "montague.example"
PASSWORD = "wherefore"
DEADLINE = 10.0
CONFIGURATION = """
[listen]
starttls = ["127.0.0.1:0"]
tls = ["127.0.0.1:0"]
components = ["127.0.0.1:0"]
bytestreams = ["127.0.0.1:0"]
[sasl]
iterations = 4096
"""


class Serving:
    """The parts, and clients of theirs."""

    def __init__(
        self,
        clients: Clients,
        components: Components,
        listeners: Listeners,
        trust: ssl.SSLContext,
    ) -> None:
        self.clients = clients
        self.components = components
        self.listeners = listeners
        self.trust = trust
        self._made: list[Stream] = []

    @property
    def server(self) -> Server:
        return self.clients.server

    def address(self, kind: str) -> tuple[str, int]:
        return next((host, port) for name, host, port in self.listeners.addresses if name == kind)

    async def account(self, name: str, host: str = HOST) -> None:
        found = credentials_of(PASSWORD, 4096)
        await self.server.store.create(NewAccount(host, name, skeleton=name, credentials=found))

    def client(self, jid: str, *, direct: bool = True) -> Client:
        made = Client(
            jid,
            PASSWORD,
            address=self.address("tls" if direct else "starttls"),
            security="direct" if direct else "starttls",
            trust=self.trust,
            mechanism="PLAIN",
        )
        self._made.append(made)
        return made

    def component(self, domain: str, secret: str, namespace: str = ACCEPT) -> Component:
        made = Component(domain, secret, address=self.address("components"), namespace=namespace)
        self._made.append(made)
        return made

    async def hang_up(self) -> None:
        """Drop all connections."""
        for made in self._made:
            await made.abort()

    async def until(self, reached: Callable[[], object]) -> None:
        """Wait until ``reached()`` holds."""
        async with asyncio.timeout(DEADLINE):
            while not reached():  # noqa: ASYNC110 - it may be anything
                await asyncio.sleep(0.001)


def certificates(directory: Path, authority: Authority, names: tuple[str, ...]) -> None:
    """Put a certificate for each host where the server looks for it."""
    place = directory / "certificates"
    place.mkdir(exist_ok=True)
    for name in names:
        issued = authority.issue([name], directory)
        issued.certificate.rename(place / f"{name}.crt")
        issued.key.rename(place / f"{name}.key")


@asynccontextmanager
async def serving(directory: Path, authority: Authority, more: str = "") -> AsyncIterator[Serving]:
    """Open two hosts, each with a certificate; ``more`` is more of the configuration file."""
    certificates(directory, authority, (HOST, OTHER))
    hosts = f'[hosts."{HOST}"]\n[hosts."{OTHER}"]\n'
    settings = parse(hosts + CONFIGURATION + more)
    async with assembled(settings, directory) as server:
        traffic = Traffic(server.log, settings.limits.output_bytes)
        loaded = Certificates(settings, directory)
        clients = Clients(server, loaded, Decoys(b"s" * 32), traffic)
        components = Components(server, traffic)
        listeners = Listeners(clients, components)
        await server.start()
        await listeners.open()
        opened = Serving(clients, components, listeners, authority.trust())
        try:
            yield opened
        finally:
            await opened.hang_up()
            listeners.close()
            await components.close()
            await clients.close()
            await server.stop()
