"""Another server, played by a test: it says what the test wants, and not what it should."""

import asyncio
import re
import socket
import ssl
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Self

from tests.attacks.raw import Raw
from tests.support.certificates import Authority
from tests.support.names import Names

HEADER = (
    "<?xml version='1.0'?><stream:stream xmlns='jabber:server' xmlns:db='jabber:server:dialback'"
    " xmlns:stream='http://etherx.jabber.org/streams' version='1.0' id='peer' from='{name}'>"
)
FEATURES = (
    "<stream:features><dialback xmlns='urn:xmpp:features:dialback'><errors/></dialback>"
    "</stream:features>"
)
_ASKED = re.compile(rb"<db:result from='([^']*)' to='([^']*)'")

Behaviour = Callable[[Raw], Awaitable[None]]


class Peer:
    """Listens with direct TLS, and behaves to each connection as it is told.

    ``connections``  how many there were
    """

    def __init__(
        self,
        name: str,
        authority: Authority,
        directory: Path,
        behave: Behaviour,
        buffer: int = 0,
        *,
        also: str = "",
    ) -> None:
        """``buffer`` is the size of the system's buffer for what is not read, in bytes.

        ``also`` is a further domain that its certificate is for.
        """
        self.name = name
        self.connections = 0
        self._behave = behave
        issued = authority.issue([each for each in (name, also) if each], directory)
        self._context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        self._context.load_cert_chain(issued.certificate, issued.key)
        self._socket = socket.socket()
        if buffer:
            self._socket.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, buffer)
        self._socket.bind(("127.0.0.1", 0))
        self.port = int(self._socket.getsockname()[1])
        self._server: asyncio.Server | None = None

    async def __aenter__(self) -> Self:
        self._server = await asyncio.start_server(
            self._serve, sock=self._socket, ssl=self._context, limit=1 << 20
        )
        return self

    async def __aexit__(self, *_: object) -> None:
        assert self._server is not None
        self._server.close()

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.connections += 1
        try:
            await self._behave(Raw(reader, writer))
        except (ConnectionError, TimeoutError, asyncio.CancelledError):
            pass  # whoever connected has gone, or the test is over
        finally:
            writer.transport.abort()


def place(names: Names, peer: Peer, domain: str = "") -> None:
    """Let DNS say that a domain's server is a peer; it has its own name if no other is given."""
    domain = domain or peer.name
    names.forget(domain)
    names.service(domain, peer.port, direct=True)


async def greet(raw: Raw, name: str, features: str = FEATURES) -> None:
    """Answer the header of whoever connected."""
    await raw.read_until(b"xml:lang='en'>")
    await raw.send(HEADER.format(name=name) + features)


async def admit(raw: Raw, name: str, features: str = FEATURES) -> None:
    """Believe whoever connected."""
    await greet(raw, name, features)
    await raw.read_until(b"</db:result>")
    await believe(raw)


async def believe(raw: Raw) -> None:
    """Say that a key that came is good."""
    asked = _ASKED.search(raw.received)
    assert asked is not None
    raw.received = b""
    who, whom = asked[1].decode(), asked[2].decode()
    await raw.send(f"<db:result from='{whom}' to='{who}' type='valid'/>")
