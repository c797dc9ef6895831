"""The sockets that clients and components connect to."""

import asyncio
import errno
import socket
import ssl
from collections.abc import Iterable
from functools import partial
from typing import Final

import structlog

from palaver.kernel.endpoint import Endpoint
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


class Listeners:
    """Listens on every configured address, in clear (STARTTLS) and with direct TLS."""

    def __init__(self, clients: Clients, components: Components) -> None:
        self._clients = clients
        self._components = components
        self._servers: list[asyncio.Server] = []
        self._accepting: dict[asyncio.Task[None], socket.socket] = {}
        self.addresses: list[tuple[str, str, int]] = []
        """Of each socket: ``"starttls"``, ``"tls"`` or ``"components"``, address, port."""

    async def open(self) -> None:
        """Open all sockets.

        Raises:
            ListenError: one cannot be opened; then none stays open.
        """
        listen = self._clients.server.settings.listen
        try:
            await self._open(listen.starttls, direct_tls=False)
            if self._clients.certificates.default is not None:
                await self._open(listen.tls, direct_tls=True)
            if self._clients.server.components:
                await self._open_for_components(listen.components)
        except ListenError:
            self.close()
            raise

    async def _open(self, endpoints: Iterable[Endpoint], *, direct_tls: bool) -> None:
        loop = asyncio.get_running_loop()
        clients = self._clients
        for endpoint in endpoints:
            sock = bind(endpoint)
            backlog = clients.server.settings.listen.backlog
            if direct_tls:
                sock.setblocking(False)
                sock.listen(backlog)
                self._accepting[loop.create_task(self._accept(sock))] = sock
            else:
                factory = partial(clients.connection, direct_tls=False)
                server = await loop.create_server(factory, sock=sock, backlog=backlog)
                self._servers.append(server)
            self._note("tls" if direct_tls else "starttls", sock)

    async def _open_for_components(self, endpoints: Iterable[Endpoint]) -> None:
        loop = asyncio.get_running_loop()
        for endpoint in endpoints:
            sock = bind(endpoint)
            if not endpoint.is_loopback:
                log.warning("components are not encrypted", address=str(endpoint))
            server = await loop.create_server(self._components.connection, sock=sock)
            self._servers.append(server)
            self._note("components", sock)

    def _note(self, purpose: str, sock: socket.socket) -> None:
        address, port = sock.getsockname()[:2]
        self.addresses.append((purpose, address, port))
        log.info("listening", address=address, port=port, purpose=purpose)

    async def _accept(self, sock: socket.socket) -> None:
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
            self._clients.spawn(self._begin(accepted, address_of(address)))

    async def _begin(self, accepted: socket.socket, peer: str) -> None:
        clients = self._clients
        context = clients.certificates.default
        with clients.handshake(peer) as allowed:
            if not allowed or context is None:
                accepted.close()
                return
            await self._shake_hands(accepted, peer, context)

    async def _shake_hands(self, accepted: socket.socket, peer: str, tls: ssl.SSLContext) -> None:
        try:
            await asyncio.get_running_loop().connect_accepted_socket(
                partial(self._clients.connection, direct_tls=True),
                accepted,
                ssl=tls,
                ssl_handshake_timeout=self._clients.handshake_timeout,
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
