"""A client's stream for tests: a real connection, raw bytes out, elements from `xml.etree` in."""

import asyncio
import os
import ssl
import time
from collections import deque
from collections.abc import Callable
from contextlib import suppress
from typing import Literal, Self
from xml.etree.ElementTree import Element, tostring
from xml.sax.saxutils import quoteattr

from tests.support.pretty import pretty
from tests.support.xmlstream import (
    CLIENT,
    SASL,
    STREAM,
    TLS,
    Event,
    StreamOpened,
    XmlStream,
)

DEADLINE = float(os.environ.get("PALAVER_TEST_DEADLINE", "30"))
"""Seconds within which a server must have answered."""

BARRIER = "barrier-"
"""What the ids of the barrier's pings start with; they are not shown to the test."""

Security = Literal["starttls", "direct", "plain"]
Journal = Callable[[str, str], None]
Predicate = Callable[[Element], bool]


class ClientError(Exception):
    """Says what the server did instead of what the client waited for."""


class NothingArrivedError(ClientError):
    """Says that the deadline passed."""


class StreamEndedError(ClientError):
    """Says that the server closed the stream or the connection."""


class Stream:
    """One connection to the server under test, secured as ``security`` says.

    ``trust`` is needed for TLS. ``sender`` is who the stream says it is from, if anybody.
    ``journal`` is told of every piece of XML, with ``"sends"`` or ``"receives"``. What arrives
    while the test waits for something else is kept in ``inbox``.
    """

    def __init__(
        self,
        domain: str,
        *,
        address: tuple[str, int],
        security: Security = "starttls",
        trust: ssl.SSLContext | None = None,
        language: str | None = None,
        journal: Journal | None = None,
    ) -> None:
        self.domain = domain
        self.address = address
        self.security = security
        self.language = language
        self.sender: str | None = None
        self.header: dict[str, str] = {}
        self.features: Element | None = None
        self.ended = False
        self.heard = 0
        """Bytes that came, to be set back by whoever counts them."""
        self.inbox: deque[Element] = deque()
        self._trust = trust
        self._journal: Journal = journal or (lambda direction, xml: None)
        self._events: deque[Event] = deque()
        self._xml = XmlStream()
        self._reader: asyncio.StreamReader | None = None
        self._writer: asyncio.StreamWriter | None = None

    # Opening

    async def open(self) -> Self:
        """Connect and secure the stream, up to the features before login."""
        direct = self._tls() if self.security == "direct" else None
        try:
            async with asyncio.timeout(DEADLINE):
                self._reader, self._writer = await asyncio.open_connection(
                    *self.address, ssl=direct, server_hostname=self.domain if direct else None
                )
        except OSError as error:
            raise ClientError(f"cannot connect to {self.address}: {error}") from error
        await self.start_stream()
        if self.security == "starttls":
            await self.starttls()
        return self

    async def start_stream(self) -> Element:
        """Send a stream header and wait for the server's header and its features."""
        self._xml = XmlStream()
        language = f" xml:lang={quoteattr(self.language)}" if self.language else ""
        sender = f" from={quoteattr(self.sender)}" if self.sender else ""
        await self.send(
            f"<?xml version='1.0'?><stream:stream to={quoteattr(self.domain)} version='1.0'"
            f"{sender}{language} xmlns='{CLIENT}' xmlns:stream='{STREAM}'>"
        )
        event = await self._event(DEADLINE)
        if not isinstance(event, StreamOpened):
            raise ClientError(f"instead of a stream header the server sent {event}")
        self.header = event.attributes
        self.features = await self._element(f"{{{STREAM}}}features")
        return self.features

    async def starttls(self) -> None:
        """Negotiate TLS (RFC 6120 §5) and restart the stream."""
        await self.send(f"<starttls xmlns='{TLS}'/>")
        await self._element(f"{{{TLS}}}proceed")
        await self.writer.start_tls(self._tls(), server_hostname=self.domain)
        await self.start_stream()

    def _tls(self) -> ssl.SSLContext:
        if self._trust is None:
            raise ClientError("TLS needs to know whom to trust")
        return self._trust

    @property
    def writer(self) -> asyncio.StreamWriter:
        """The open connection; raises `ClientError` before and after it is there."""
        if self._writer is None:
            raise ClientError(f"the client of {self.domain} is not connected")
        return self._writer

    @property
    def mechanisms(self) -> list[str]:
        """The SASL mechanisms that the server offers now."""
        if self.features is None:
            return []
        return [found.text or "" for found in self.features.iter(f"{{{SASL}}}mechanism")]

    # Sending and receiving

    async def send(self, xml: str | bytes | Element) -> None:
        """Send bytes, text or an element as they are."""
        data = tostring(xml, "utf-8") if isinstance(xml, Element) else xml
        data = data.encode() if isinstance(data, str) else data
        self._journal("sends", data.decode(errors="replace"))
        self.writer.write(data)
        async with asyncio.timeout(DEADLINE):
            await self.writer.drain()

    async def receive(self, deadline: float = DEADLINE) -> Element:
        """Return the next element; raises `NothingArrivedError` or `StreamEndedError`."""
        if self.inbox:
            return self.inbox.popleft()
        while True:
            stanza = await self._next(deadline)
            if not _is_barrier(stanza):
                return stanza

    async def expect(self, wanted: Predicate, deadline: float = DEADLINE) -> Element:
        """Return the next element that satisfies ``wanted``; the others stay in the inbox."""
        for stanza in self.inbox:
            if wanted(stanza):
                self.inbox.remove(stanza)
                return stanza
        while True:
            stanza = await self._next(deadline)
            if wanted(stanza):
                return stanza
            if not _is_barrier(stanza):
                self.inbox.append(stanza)

    # Ending

    async def expect_end(self, deadline: float = DEADLINE) -> None:
        """Wait until the server has closed the connection; elements stay in the inbox."""
        while not self.ended:
            try:
                self.inbox.append(await self._next(deadline))
            except StreamEndedError:
                break
        await self.abort()

    async def close(self) -> None:
        """Close the stream in order (RFC 6120 §4.4) and wait for the server to do the same."""
        if self._writer is None:
            return
        if not self.ended:
            await self.send("</stream:stream>")
            await self.expect_end()
        await self.abort()

    async def abort(self) -> None:
        """Drop the connection without a word."""
        writer, self._writer = self._writer, None
        self.ended = True
        if writer is not None:
            writer.transport.abort()
            with suppress(OSError):
                await writer.wait_closed()

    # Events

    async def _element(self, tag: str) -> Element:
        found = await self.receive()
        if found.tag != tag:
            raise ClientError(f"instead of {tag} the server sent\n{pretty(found)}")
        return found

    async def _next(self, deadline: float) -> Element:
        event = await self._event(deadline)
        if isinstance(event, Element):
            self._journal("receives", pretty(event))
            return event
        if isinstance(event, StreamOpened):
            raise ClientError("the server sent a second stream header")
        self.ended = True
        raise StreamEndedError("the server closed the stream")

    async def _event(self, deadline: float) -> Event:
        if self._reader is None or self.ended:
            raise StreamEndedError("the stream is closed")
        until = time.monotonic() + deadline
        while not self._events:
            try:
                async with asyncio.timeout(until - time.monotonic()):
                    data = await self._reader.read(65536)
            except TimeoutError:
                raise NothingArrivedError(f"nothing arrived within {deadline:g} seconds") from None
            except OSError as error:
                data = b""
                self._journal("loses", str(error))
            if not data:
                self.ended = True
                raise StreamEndedError("the server closed the connection")
            self.heard += len(data)
            self._events.extend(self._xml.feed(data))
        return self._events.popleft()


def _is_barrier(stanza: Element) -> bool:
    return stanza.get("id", "").startswith(BARRIER)
