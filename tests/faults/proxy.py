"""A TCP proxy that breaks connections in the ways networks do."""

import asyncio
import socket
import struct
from contextlib import suppress
from typing import Self


class _End(asyncio.Protocol):
    """One of the two connections of a link."""

    def __init__(self, link: "Link") -> None:
        self.link = link
        self.transport: asyncio.Transport | None = None
        self._early: list[bytes] = []

    @property
    def other(self) -> "_End":
        near, far = self.link.ends
        return far if self is near else near

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self.transport = transport
        if self.link.over:
            transport.abort()
            return
        for data in self._early:
            transport.write(data)
        self._early.clear()

    def data_received(self, data: bytes) -> None:
        self.link.forward(data, self.other)

    def connection_lost(self, exc: Exception | None) -> None:
        self.link.lost(self)

    def pause_writing(self) -> None:
        if self.other.transport is not None:
            self.other.transport.pause_reading()

    def resume_writing(self) -> None:
        if self.other.transport is not None:
            self.other.transport.resume_reading()

    def write(self, data: bytes) -> None:
        if self.transport is None:
            self._early.append(data)
        else:
            self.transport.write(data)

    def reset(self) -> None:
        """End the connection with RST."""
        if self.transport is None:
            return
        sock: socket.socket = self.transport.get_extra_info("socket")
        with suppress(OSError):
            sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self.transport.abort()


class Link:
    """One proxied connection."""

    def __init__(self, proxy: "Proxy") -> None:
        self._proxy = proxy
        self.ends = (_End(self), _End(self))
        self.silent = False
        self.over = False
        self._left: int | None = None

    def go_silent(self) -> None:
        """Forward nothing any more, and tell nobody: as a cable pulled out."""
        self.silent = True

    def reset_after(self, size: int) -> None:
        """Forward so many bytes more, most likely half a stanza, then reset both connections."""
        self._left = size

    def forward(self, data: bytes, to: _End) -> None:
        """Pass on bytes, as far as the link still does."""
        if self.silent:
            return
        if self._left is None:
            to.write(data)
            return
        to.write(data[: self._left])
        self._left -= len(data)
        if self._left <= 0:
            self.reset()

    def reset(self) -> None:
        """End both connections with RST."""
        self.over = True
        for end in self.ends:
            end.reset()

    def lost(self, end: _End) -> None:
        """Take note that one connection is gone; the other goes too, unless nobody tells it."""
        self.over = self.over or not self.silent
        if not self.silent and end.other.transport is not None:
            end.other.transport.close()
        if not self.silent:  # the other end of a silent one is closed at the very end
            self._proxy.links.discard(self)


class Proxy:
    """Listens on a loopback port and forwards to ``target``; an async context manager."""

    def __init__(self, target: tuple[str, int]) -> None:
        self._target = target
        self._server: asyncio.Server | None = None
        self._tasks: set[asyncio.Task[None]] = set()
        self._cut = False
        self.links: set[Link] = set()

    @property
    def address(self) -> tuple[str, int]:
        """Where clients connect."""
        assert self._server is not None
        host, port = self._server.sockets[0].getsockname()
        return host, port

    def cut(self) -> None:
        """Let all connections go silent, and new ones too: as a network that is gone."""
        self._cut = True
        for link in self.links:
            link.go_silent()

    def heal(self) -> None:
        """Let new connections through again; those before never hear of each other any more."""
        self._cut = False

    async def __aenter__(self) -> Self:
        loop = asyncio.get_running_loop()
        self._server = await loop.create_server(self._accept, "127.0.0.1", 0)
        return self

    async def __aexit__(self, *_: object) -> None:
        assert self._server is not None
        self._server.close()
        for link in list(self.links):
            link.reset()
        await asyncio.gather(*self._tasks)

    def _accept(self) -> _End:
        link = Link(self)
        self.links.add(link)
        if self._cut:
            link.go_silent()
            return link.ends[0]
        task = asyncio.get_running_loop().create_task(self._connect(link))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        return link.ends[0]

    async def _connect(self, link: Link) -> None:
        near, far = link.ends
        try:
            await asyncio.get_running_loop().create_connection(lambda: far, *self._target)
        except OSError:
            near.reset()
