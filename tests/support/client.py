"""A raw XMPP client for tests: real sockets, plain bytes, elements from `xml.etree`."""

import asyncio
import base64
import itertools
import os
import ssl
import time
from collections import deque
from collections.abc import Callable
from contextlib import suppress
from typing import Literal, Self
from xml.etree.ElementTree import Element, tostring
from xml.sax.saxutils import escape, quoteattr

from tests.support.channel_binding import tls_server_end_point
from tests.support.pretty import pretty, split
from tests.support.scram import HASHES, Scram, plain
from tests.support.xmlstream import (
    BIND,
    CLIENT,
    PING,
    SASL,
    STREAM,
    TLS,
    Event,
    StreamOpened,
    XmlStream,
)

DEADLINE = float(os.environ.get("PALAVER_TEST_DEADLINE", "5"))
"""Seconds within which a server must have answered."""

BARRIER = "barrier-"
"""What the ids of the barrier's pings start with."""

Security = Literal["starttls", "direct", "plain"]
Journal = Callable[[str, str], None]
Predicate = Callable[[Element], bool]

_ids = itertools.count(1)


class ClientError(Exception):
    """Says what the server did instead of what the client waited for."""


class NothingArrivedError(ClientError):
    """Says that the deadline passed."""


class StreamEndedError(ClientError):
    """Says that the server closed the stream or the connection."""


class AuthenticationError(ClientError):
    """Carries the SASL error condition (RFC 6120 §6.5)."""

    def __init__(self, condition: str) -> None:
        super().__init__(condition)
        self.condition = condition


class UnexpectedStanzaError(ClientError):
    """Says that something arrived where nothing was due."""


class Client:
    """One connection to the server under test.

    ``jid`` may leave out the resource (the server makes one up), or be a domain alone for a client
    that never logs in. ``trust`` is needed for TLS. ``journal`` is told of every piece of XML, with
    ``"sends"`` or ``"receives"``.
    """

    def __init__(
        self,
        jid: str,
        password: str | None = None,
        *,
        address: tuple[str, int],
        security: Security = "starttls",
        trust: ssl.SSLContext | None = None,
        mechanism: str | None = None,
        language: str | None = None,
        journal: Journal | None = None,
    ) -> None:
        bare, _, resource = jid.partition("/")
        local, at, domain = bare.rpartition("@")
        self.jid = jid
        self.local = local if at else ""
        self.domain = domain
        self.resource = resource or None
        self.password = password
        self.address = address
        self.security = security
        self.mechanism = mechanism
        self.language = language
        self.header: dict[str, str] = {}
        self.features: Element | None = None
        self.bound = False
        self.ended = False
        self.inbox: deque[Element] = deque()
        self._trust = trust
        self._journal: Journal = journal or (lambda direction, xml: None)
        self._events: deque[Event] = deque()
        self._xml = XmlStream()
        self._reader: asyncio.StreamReader | None = None
        self._writer: asyncio.StreamWriter | None = None

    @property
    def bare(self) -> str:
        """The account's address."""
        return self.jid.partition("/")[0]

    # Connecting

    async def connect(self) -> Self:
        """Connect, secure the stream, log in and bind the resource."""
        try:
            await self.open()
            await self.authenticate()
            await self.bind()
        except BaseException:
            await self.abort()
            raise
        return self

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
        await self.send(
            f"<?xml version='1.0'?><stream:stream to={quoteattr(self.domain)} version='1.0'"
            f"{language} xmlns='{CLIENT}' xmlns:stream='{STREAM}'>"
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
        """The open connection; raises `ClientError` before it is there."""
        if self._writer is None:
            raise ClientError(f"{self.jid} is not connected")
        return self._writer

    @property
    def mechanisms(self) -> list[str]:
        """The SASL mechanisms that the server offers now."""
        if self.features is None:
            return []
        return [found.text or "" for found in self.features.iter(f"{{{SASL}}}mechanism")]

    async def authenticate(self) -> None:
        """Log in with SASL and restart the stream; raises `AuthenticationError`."""
        mechanism = self.mechanism or self._best()
        if mechanism == "PLAIN":
            await self._auth(mechanism, plain(self.local, self.password or ""))
            await self._sasl("success")
        elif mechanism == "ANONYMOUS":
            await self._auth(mechanism, b"")
            await self._sasl("success")
        else:
            await self._scram(mechanism)
        await self.start_stream()

    def _best(self) -> str:
        offered = self.mechanisms
        if not self.local:
            return "ANONYMOUS"
        wanted = (*HASHES, "PLAIN")
        found = next((name for name in wanted if name in offered), None)
        if found is None:
            raise ClientError(f"the server offers none of {wanted}, only {offered}")
        return found

    async def _scram(self, mechanism: str) -> None:
        binding = None
        if mechanism.endswith("-PLUS"):
            tls: ssl.SSLObject = self.writer.get_extra_info("ssl_object")
            binding = ("tls-server-end-point", tls_server_end_point(tls))
        scram = Scram(mechanism, self.local, self.password or "", binding=binding)
        await self._auth(mechanism, scram.first())
        answer = base64.b64encode(scram.final(await self._sasl("challenge"))).decode()
        await self.send(f"<response xmlns='{SASL}'>{answer}</response>")
        scram.verify(await self._sasl("success"))

    async def _auth(self, mechanism: str, initial: bytes) -> None:
        data = base64.b64encode(initial).decode() or "="
        await self.send(f"<auth xmlns='{SASL}' mechanism='{mechanism}'>{data}</auth>")

    async def _sasl(self, name: str) -> bytes:
        answer = await self.receive()
        if answer.tag == f"{{{SASL}}}failure":
            raise AuthenticationError(split(answer[0].tag)[1] if len(answer) else "")
        if answer.tag != f"{{{SASL}}}{name}":
            raise ClientError(f"instead of <{name}/> the server sent\n{pretty(answer)}")
        return base64.b64decode(answer.text or "")

    async def bind(self) -> str:
        """Bind the resource (RFC 6120 §7) and return the full JID."""
        resource = f"<resource>{escape(self.resource)}</resource>" if self.resource else ""
        result = await self.iq("set", f"<bind xmlns='{BIND}'>{resource}</bind>")
        jid = result.findtext(f"{{{BIND}}}bind/{{{BIND}}}jid")
        if result.get("type") != "result" or not jid:
            raise ClientError(f"binding {self.resource!r} failed:\n{pretty(result)}")
        self.jid = jid
        self.bound = True
        return jid

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

    async def iq(self, kind: str, payload: str = "", to: str | None = None) -> Element:
        """Send an IQ of type ``kind`` and return its answer, be it result or error."""
        name = f"iq{next(_ids)}"
        target = f" to={quoteattr(to)}" if to else ""
        await self.send(f"<iq type='{kind}' id='{name}'{target}>{payload}</iq>")
        return await self.expect(lambda found: _answers(found, name))

    async def barrier(self) -> list[Element]:
        """Wait until all the client sent is processed, and return all that arrived by then.

        Pings the server and the client itself; stanzas between two entities stay in order
        (RFC 6120 §10.1). What arrived stays in the inbox too.
        """
        await self.ping(self.domain)
        await self.ping(self.jid)
        return list(self.inbox)

    async def ping(self, jid: str) -> None:
        """Ping an entity and wait for an answer of any kind; what else arrives stays."""
        name = await self._send_ping(jid)
        await self._pump(name)

    async def _send_ping(self, jid: str) -> str:
        name = f"{BARRIER}{next(_ids)}"
        payload = f"<ping xmlns='{PING}'/>"
        await self.send(f"<iq type='get' id='{name}' to={quoteattr(jid)}>{payload}</iq>")
        return name

    async def barrier_from(self, sender: "Client") -> None:
        """Wait until all that ``sender`` sent to this client before has arrived here.

        A ping between the two either arrives or, where one blocks the other, comes back.
        """
        name = await sender._send_ping(self.jid)
        ways = [asyncio.create_task(self._pump(name)), asyncio.create_task(sender._pump(name))]
        try:
            await asyncio.wait(ways, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for way in ways:
                way.cancel()
            outcomes = await asyncio.gather(*ways, return_exceptions=True)
        for outcome in outcomes:
            if isinstance(outcome, ClientError):
                raise outcome

    async def expect_nothing(self) -> None:
        """Prove with a barrier that nothing arrived; raises `UnexpectedStanzaError`."""
        arrived = await self.barrier()
        if arrived:
            raise UnexpectedStanzaError("\n".join(pretty(stanza) for stanza in arrived))

    async def drain(self) -> list[Element]:
        """Take all that has arrived up to a barrier."""
        arrived = await self.barrier()
        self.inbox.clear()
        return arrived

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

    async def __aenter__(self) -> Self:
        return await self.connect()

    async def __aexit__(self, kind: object, error: object, trace: object) -> None:
        await (self.abort() if error else self.close())

    # Events

    async def _pump(self, name: str) -> None:
        while True:
            stanza = await self._next(DEADLINE)
            if stanza.get("id") == name:
                return
            if not _is_barrier(stanza):
                self.inbox.append(stanza)

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
        raise StreamEndedError(f"the server closed the stream of {self.jid}")

    async def _event(self, deadline: float) -> Event:
        if self._reader is None or self.ended:
            raise StreamEndedError(f"the stream of {self.jid} is closed")
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
                raise StreamEndedError(f"the server closed the connection of {self.jid}")
            self._events.extend(self._xml.feed(data))
        return self._events.popleft()


def _is_barrier(stanza: Element) -> bool:
    return stanza.get("id", "").startswith(BARRIER)


def _answers(stanza: Element, name: str) -> bool:
    return stanza.get("id") == name and stanza.get("type") in ("result", "error")
