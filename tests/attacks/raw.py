"""A connection of an attacker's: bytes as they are, without a client around them."""

import asyncio
import ssl
from typing import Self
from xml.etree.ElementTree import Element

from tests.support.xmlstream import Event, XmlStream

DEADLINE = 60.0
STREAMS = "urn:ietf:params:xml:ns:xmpp-streams"
STREAM = "http://etherx.jabber.org/streams"


class Raw:
    """One TCP or TLS connection; everything received is kept in ``received``."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.reader = reader
        self.writer = writer
        self.received = b""

    @classmethod
    async def open(
        cls, address: tuple[str, int], trust: ssl.SSLContext | None = None, host: str | None = None
    ) -> Self:
        async with asyncio.timeout(DEADLINE):
            return cls(
                *await asyncio.open_connection(
                    *address, ssl=trust, server_hostname=host if trust else None, limit=1 << 20
                )
            )

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        self.writer.transport.abort()

    async def send(self, data: str | bytes) -> None:
        self.writer.write(data.encode() if isinstance(data, str) else data)
        try:
            async with asyncio.timeout(DEADLINE):
                await self.writer.drain()
        except ConnectionError:
            pass  # the server closed; what it said counts

    async def read_until(self, *marks: bytes) -> bytes:
        """Read until one of the marks has come; raises ConnectionError at the end of the stream."""
        while not any(mark in self.received for mark in marks):
            async with asyncio.timeout(DEADLINE):
                data = await self.reader.read(65_536)
            if not data:
                raise ConnectionError(f"closed after {self.received!r}")
            self.received += data
        return self.received

    async def read_to_end(self, deadline: float = DEADLINE) -> bytes:
        """Read until the server closes the connection."""
        async with asyncio.timeout(deadline):
            while True:
                try:
                    data = await self.reader.read(65_536)
                except ConnectionError:
                    return self.received
                if not data:
                    return self.received
                self.received += data

    def elements(self) -> list[Event]:
        """Return what was received, of the last stream; raises `ParseError` for bad XML."""
        stream = self.received.rpartition(b"<?xml version='1.0'?>")[2]
        return list(XmlStream().feed(stream))


def stream_error(element: Element) -> str | None:
    """Return the condition of a ``<stream:error/>``, None for another element."""
    if element.tag != f"{{{STREAM}}}error":
        return None
    return element[0].tag.removeprefix(f"{{{STREAMS}}}")
