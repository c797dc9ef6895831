"""The ceiling: a uvloop server that joins connections, in pairs or many, and forwards bytes.

Run as a module it is that server: `python -m benchmarks.relay PLAIN_PORT TLS_PORT CHAIN KEY`.
"""

import asyncio
import ssl
import sys
from collections.abc import Callable
from importlib.metadata import version as package_version
from pathlib import Path
from typing import cast

import uvloop

from benchmarks.login import Session, tls_context
from benchmarks.process import ServerError, ServerProcess
from benchmarks.servers import Server

ROOM = b"room\n"


class Forwarder(asyncio.Protocol):
    """Waits for a line that names its pair, then forwards everything to the other one."""

    waiting: "dict[bytes, Forwarder]" = {}  # noqa: RUF012 - one registry for the process
    rooms: "list[Forwarder]" = []  # noqa: RUF012 - there is one room
    write: Callable[[bytes], None] | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.transport = cast("asyncio.Transport", transport)

    def connection_lost(self, error: Exception | None) -> None:
        self.write = None
        if self in self.rooms:
            self.rooms.remove(self)

    def data_received(self, data: bytes) -> None:
        if self.write is not None:
            self.write(data)
        elif data == ROOM:
            self.rooms.append(self)
            self.write = self.tell_all
            self.transport.write(b"joined\n")
        elif data.endswith(b"\n"):
            self.join(data)

    def tell_all(self, data: bytes) -> None:
        """Forward what one in the room said to all of them."""
        for each in self.rooms:
            each.transport.write(data)

    def join(self, pair: bytes) -> None:
        other = self.waiting.pop(pair, None)
        if other is None:
            self.waiting[pair] = self
            return
        self.write, other.write = other.transport.write, self.transport.write
        for transport in (self.transport, other.transport):
            transport.write(b"joined\n")


class Joining(asyncio.Protocol):
    """The client's side: sends the line and waits for the answer."""

    def __init__(self, pair: bytes, joined: asyncio.Future[None]) -> None:
        self.pair = pair
        self.joined = joined

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        cast("asyncio.Transport", transport).write(self.pair)

    def data_received(self, _data: bytes) -> None:
        self.joined.set_result(None)

    def connection_lost(self, error: Exception | None) -> None:
        if not self.joined.done():
            self.joined.set_exception(ServerError(f"the relay closed the connection: {error}"))


class Relay(Server):
    """The byte relay as a server under test: it has no accounts and keeps nothing."""

    name = "relay"
    speaks_xmpp = False

    @staticmethod
    def version() -> str:
        return f"uvloop {package_version('uvloop')}, Python {sys.version.split()[0]}"

    def launch(self) -> ServerProcess:
        certificate = self.settings.certificate
        return ServerProcess(
            [
                *(sys.executable, "-m", "benchmarks.relay"),
                *(str(self.plain_port), str(self.tls_port)),
                *(str(certificate.chain), str(certificate.key)),
            ],
            self.directory / "output.log",
            core=self.settings.core,
            environment={"PYTHONPATH": str(Path(__file__).parent.parent)},
        )

    def create_accounts(self) -> None:
        """Do nothing: a pair is named in its first line."""

    def archived_here(self) -> int:
        return 0

    async def connect_pair(self, number: int, *, tls: bool) -> tuple[Session, Session]:
        pair = f"pair {number} {tls}\n".encode()
        one, one_joined = await self._join(pair, tls=tls)
        other, other_joined = await self._join(pair, tls=tls)
        async with asyncio.timeout(10):
            await asyncio.gather(one_joined, other_joined)
        return (
            Session(one, f"u{2 * number}@bench.example/a"),
            Session(other, f"u{2 * number}@bench.example/b"),
        )

    async def enter(self, number: int, room: str) -> Session:
        transport, joined = await self._join(ROOM, tls=False)
        async with asyncio.timeout(10):
            await joined
        return Session(transport, f"u{number}@bench.example/occupant")

    async def _join(
        self, line: bytes, *, tls: bool
    ) -> tuple[asyncio.Transport, asyncio.Future[None]]:
        loop = asyncio.get_running_loop()
        joined: asyncio.Future[None] = loop.create_future()
        transport, _ = await loop.create_connection(
            lambda: Joining(line, joined),
            "127.0.0.1",
            self.tls_port if tls else self.plain_port,
            ssl=tls_context() if tls else None,
            server_hostname="relay" if tls else None,
        )
        return transport, joined


async def serve(plain_port: int, tls_port: int, chain: str, key: str) -> None:
    """Relay on both ports until the process is ended."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(chain, key)
    loop = asyncio.get_running_loop()
    plain = await loop.create_server(Forwarder, "127.0.0.1", plain_port)
    await loop.create_server(Forwarder, "127.0.0.1", tls_port, ssl=context)
    await plain.serve_forever()


if __name__ == "__main__":
    uvloop.run(serve(int(sys.argv[1]), int(sys.argv[2]), sys.argv[3], sys.argv[4]))
