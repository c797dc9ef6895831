"""The sockets that others connect to."""

import asyncio
import errno
import socket
import ssl
from collections.abc import Iterable
from contextlib import AbstractContextManager
from functools import partial
from typing import Final, Protocol

import structlog

from palaver.kernel.endpoint import Endpoint
from palaver.net.bytestreams import Bytestreams
from palaver.net.clients import Clients
from palaver.net.components import Components
from palaver.net.peer import address_of, why

log = structlog.get_logger()

_HINTS: Final = {
    errno.EADDRINUSE: ". Another server uses it: stop that one, or set other ports in [listen]",
    errno.EACCES: ". Ports below 1024 are root's: set others in [listen]",
}
_PAUSE: Final = 1.0  # seconds until connections are taken again when there are no descriptors left


class ListenError(Exception):
    """Says which address cannot be listened on, and why."""


class Entrance(Protocol):
    """Takes connections that begin in clear or with TLS: of clients, or of servers."""

    handshake_timeout: float

    @property
    def direct_tls(self) -> ssl.SSLContext | None:
        """The context for those who begin with TLS; None without a certificate."""

    def connection(self, *, direct_tls: bool) -> asyncio.Protocol:
        """Make the protocol object for a new socket."""

    def handshake(self, peer: str) -> AbstractContextManager[bool]:
        """Count an address while it begins TLS; False: it is too many."""


class Listeners:
    """Listens on every configured address, in clear (STARTTLS) and with direct TLS."""

    def __init__(
        self, clients: Clients, components: Components, servers: Entrance | None = None
    ) -> None:
        """Take connections for these; ``servers`` is None where there is no federation."""
        self._clients = clients
        self._components = components
        self._federation = servers
        self._servers: list[asyncio.Server] = []
        self._accepting: dict[asyncio.Task[None], socket.socket] = {}
        self.addresses: list[tuple[str, str, int]] = []
        """Of each socket: its purpose as in ``[listen]``, its address, its port."""

    async def open(self) -> None:
        """Open all sockets.

        Raises:
            ListenError: one cannot be opened; then none stays open.
        """
        listen = self._clients.server.settings.listen
        try:
            await self._open(listen.starttls, "starttls", self._clients)
            await self._open_tls(listen.tls, "tls", self._clients)
            if self._federation is not None:
                await self._open(listen.servers, "servers", self._federation)
                await self._open_tls(listen.servers_tls, "servers_tls", self._federation)
            if self._clients.server.components:
                await self._open_for_components(listen.components)
        except ListenError:
            self.close()
            raise

    @property
    def _backlog(self) -> int:
        return self._clients.server.settings.listen.backlog

    async def _open(self, endpoints: Iterable[Endpoint], purpose: str, entrance: Entrance) -> None:
        loop = asyncio.get_running_loop()
        for endpoint in endpoints:
            sock = bind(endpoint)
            factory = partial(entrance.connection, direct_tls=False)
            server = await loop.create_server(factory, sock=sock, backlog=self._backlog)
            self._servers.append(server)
            self._note(purpose, sock)

    async def _open_tls(
        self, endpoints: Iterable[Endpoint], purpose: str, entrance: Entrance
    ) -> None:
        if entrance.direct_tls is None:
            return
        loop = asyncio.get_running_loop()
        for endpoint in endpoints:
            sock = bind(endpoint)
            sock.setblocking(False)
            sock.listen(self._backlog)
            self._accepting[loop.create_task(self._accept(sock, entrance))] = sock
            self._note(purpose, sock)

    async def _open_for_components(self, endpoints: Iterable[Endpoint]) -> None:
        loop = asyncio.get_running_loop()
        for endpoint in endpoints:
            sock = bind(endpoint)
            if not endpoint.is_loopback:
                log.warning("components are not encrypted", address=str(endpoint))
            server = await loop.create_server(self._components.connection, sock=sock)
            self._servers.append(server)
            self._note("components", sock)

    async def open_proxy(self, bytestreams: Bytestreams) -> None:
        """Open the sockets of the proxy for files; the server does without where it cannot."""
        loop = asyncio.get_running_loop()
        try:
            for endpoint in self._clients.server.settings.listen.bytestreams:
                sock = bind(endpoint)
                server = await loop.create_server(bytestreams.connection, sock=sock)
                self._servers.append(server)
                self._note("bytestreams", sock)
                bytestreams.rendezvous.port = sock.getsockname()[1]
        except ListenError as error:
            log.warning("no proxy for files", reason=str(error))

    def _note(self, purpose: str, sock: socket.socket) -> None:
        address, port = sock.getsockname()[:2]
        self.addresses.append((purpose, address, port))
        log.info("listening", address=address, port=port, purpose=purpose)

    async def _accept(self, sock: socket.socket, entrance: Entrance) -> None:
        """Take connections that begin with TLS.

        The loop's own server would tell of them only after the handshake: nobody could count how
        many an address has begun.
        """
        loop = asyncio.get_running_loop()
        while True:
            try:
                accepted, address = await loop.sock_accept(sock)
            except OSError as error:
                log.error("connections cannot be taken", reason=error.strerror or str(error))
                await asyncio.sleep(_PAUSE)
                continue
            self._clients.spawn(self._begin(accepted, address_of(address), entrance))

    async def _begin(self, accepted: socket.socket, peer: str, entrance: Entrance) -> None:
        with entrance.handshake(peer) as allowed:
            if not allowed or entrance.direct_tls is None:
                accepted.close()
                return
            await self._shake_hands(accepted, peer, entrance)

    async def _shake_hands(self, accepted: socket.socket, peer: str, entrance: Entrance) -> None:
        try:
            await asyncio.get_running_loop().connect_accepted_socket(
                partial(entrance.connection, direct_tls=True),
                accepted,
                ssl=entrance.direct_tls,
                ssl_handshake_timeout=entrance.handshake_timeout,
            )
        except OSError as error:
            log.info("TLS handshake failed", peer=peer, reason=why(error))

    def close(self) -> None:
        """Take no more connections."""
        for server in self._servers:
            server.close()
        self._servers.clear()
        for task, sock in self._accepting.items():
            task.cancel()
            sock.close()
        self._accepting.clear()


def obstacle(endpoints: Iterable[Endpoint]) -> ListenError | None:
    """Return why one of several endpoints cannot be listened on; None where all can."""
    for endpoint in endpoints:
        try:
            bind(endpoint).close()
        except ListenError as error:
            return error
    return None


def bind(endpoint: Endpoint) -> socket.socket:
    """Return a socket bound to an endpoint; ``[::]`` takes IPv4 too, or only IPv4 without IPv6.

    Raises:
        ListenError: the address is in use, not ours, or not allowed.
    """
    try:
        return _bind(endpoint.address, endpoint.port)
    except OSError as error:
        without_ipv6 = error.errno in (errno.EAFNOSUPPORT, errno.EADDRNOTAVAIL)
        if endpoint.address == "::" and without_ipv6:
            return bind(Endpoint("0.0.0.0", endpoint.port))  # noqa: S104 - all was asked for
        hint = _HINTS.get(error.errno or 0, "")
        told = f"cannot listen on {endpoint}: {error.strerror or error}{hint}"
        raise ListenError(told) from error


def _bind(address: str, port: int) -> socket.socket:
    family, kind, protocol, _, where = socket.getaddrinfo(
        address, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE
    )[0]
    sock = socket.socket(family, kind, protocol)
    try:
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        if family == socket.AF_INET6:
            sock.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 0 if address == "::" else 1)
        sock.bind(where)
    except OSError:
        sock.close()
        raise
    return sock
