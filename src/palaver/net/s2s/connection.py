"""A connection to another server, whoever opened it: bytes between the socket and the stream."""

import asyncio
from abc import abstractmethod
from collections.abc import Callable, Sequence
from time import monotonic
from typing import TYPE_CHECKING, Final, cast

import idna
import structlog

from palaver.kernel.federation_routes import Stream
from palaver.net.carrier import POSTPONED, STUCK, Carrier
from palaver.net.pace import Pace
from palaver.net.peer import address_of, watch, why
from palaver.net.s2s.trust import chain_of
from palaver.stream.s2s.events import Ended, Event, StartTls
from palaver.stream.s2s.machine import Machine
from palaver.stream.s2s.settings import PeerCertificate
from palaver.wire.errors import StreamError
from palaver.wire.stanza import Stanza

if TYPE_CHECKING:
    import ssl

    from palaver.net.s2s.servers import Servers

log = structlog.get_logger()

_SLICE: Final = 0.004  # seconds one server's stanzas may take of one turn of the loop
_LOOK: Final = 16  # stanzas between looks at the clock


class ServerConnection(Carrier):
    """The protocol object of a socket between servers.

    ``method``    how the one that opened it proved who it is; empty until then
    ``since``     when it was connected; a time of day
    ``used``      when something was last heard, or sent on our own stream; the loop's clock
    ``deadline``  when it must be authorised, or closed by the other side
    """

    __slots__ = (
        "_pace", "_postponed", "_stream", "deadline", "method", "servers", "since", "used",
    )  # fmt: skip

    _stream: Machine

    def __init__(self, servers: "Servers", *, direct_tls: bool) -> None:
        """Wait for the socket; with ``direct_tls`` the handshake comes first (XEP-0368)."""
        super().__init__(servers.traffic, secure=direct_tls)
        settings = servers.settings
        self.servers = servers
        self._stream = cast("Machine", None)
        self._postponed: list[Event] | None = None
        self._pace = Pace(settings.stanzas_per_second, settings.bytes_per_second)
        self.method = ""
        self.since = servers.server.clock.now()
        self.deadline = 0.0
        self.used = self._loop.time()

    # -- asyncio's side ----------------------------------------------------------------------------

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Start the stream, once TCP (and TLS on a direct port) is established."""
        self._adopt(transport)
        watch(transport)
        self.peer = address_of(transport.get_extra_info("peername"))
        self.deadline = self._loop.time() + self.servers.patience
        self.servers.connections.add(self)
        self.begin(self._certificate() if self.secure else None)
        self._send_output()

    @abstractmethod
    def begin(self, certificate: PeerCertificate | None) -> None:
        """Make the stream."""

    def data_received(self, data: bytes) -> None:
        """Take bytes."""
        self._traffic.bytes_in += len(data)
        self.used = now = self._loop.time()
        if self._discarding:
            return
        events = self._stream.receive(data)
        pause = self._pace.take(len(events), len(data), now)
        if pause and self._pace not in self._blockers:
            self._stop_for(self._pace)
            self._loop.call_later(pause, self.unblocked_by, self._pace)
        if self._postponed is not None:
            self._postponed += events
            return
        self.handle(events)
        self._traffic.look_after(self)

    def handle(self, events: Sequence[Event]) -> None:
        """Do what a chunk asks for; the rest of a long one in the next turn of the loop."""
        submit, traffic = self.submit, self._traffic
        until = monotonic() + _SLICE
        for number, event in enumerate(events, 1):
            if event.__class__ is not Stanza:
                self._do(event)
            elif not self._discarding:
                traffic.stanzas_in += 1
                submit(event)
            if not number % _LOOK and monotonic() > until:
                self._postponed = [*events[number:]]
                self._stop_for(POSTPONED)
                self._loop.call_soon(self._catch_up)
                return
        self._send_output()

    def _send_output(self) -> None:
        output = self._stream.output()
        if output:
            self.write(output)

    def _catch_up(self) -> None:
        events, self._postponed = self._postponed, None
        if events:
            self.handle(events)
            self._traffic.look_after(self)
        if self._postponed is None:
            self.unblocked_by(POSTPONED)

    def _do(self, event: Event) -> None:
        if isinstance(event, StartTls):
            self.servers.spawn(self._start_tls(event.host))
        elif isinstance(event, Ended):
            self.told(event)
            self._close(event)
        else:
            self.told(event)

    @abstractmethod
    def submit(self, stanza: Stanza) -> None:
        """Take a stanza."""

    @abstractmethod
    def told(self, event: Event) -> None:
        """Take what else the stream tells."""

    @abstractmethod
    def lost(self, reason: str) -> None:
        """Take note that nothing can be sent or taken any more."""

    @abstractmethod
    def sweep(self, now: float) -> None:
        """Close the connection when its time is over; ``now`` is on the loop's clock."""

    @abstractmethod
    def context(self, host: str) -> "ssl.SSLContext | None":
        """Return the context for TLS with our domain at this end."""

    @property
    @abstractmethod
    def server_name(self) -> str | None:
        """The domain that we want of the other server; None where it connected to us."""

    def eof_received(self) -> bool:
        """Let the transport close."""
        return False

    def connection_lost(self, exc: Exception | None) -> None:
        """Forget the connection."""
        self._discarding = True
        self.servers.connections.discard(self)
        self.lost(why(exc) if exc else "the connection was closed")
        self._wake()
        self._unblock()

    def streams(self) -> list[Stream]:
        """Tell of each pair of domains whose stanzas may come or go here."""
        if self._discarding:
            return []
        stream = self._stream
        facts = (stream.bidi, self.method, self.peer, self.secure, self.since)
        pairs = [(pair, True) for pair in stream.incoming]
        pairs += [(pair, False) for pair in stream.outgoing]
        return [Stream(pair, incoming, *facts) for pair, incoming in pairs]

    # -- the end -----------------------------------------------------------------------------------

    def end(self, error: StreamError | None) -> None:
        """Close the stream in order, then the connection."""
        self.handle(self._stream.end(error))

    def _close(self, event: Ended) -> None:
        self._send_output()
        self._discarding = True
        self.deadline = self._loop.time() + STUCK
        error = event.error
        if error is not None and error.condition != "system-shutdown":
            about = {"condition": error.condition, "text": error.text}
            log.info("stream of a server closed", peer=self.peer, **about, **self.who())
        self.lost(_reason(event))
        self._unblock()
        self._say_no_more()

    def _expired(self) -> bool:
        """End a stream that outlives the other server's certificate; tell whether it was so.

        Who goes on shows the certificate that it has by now (RFC 6120 §13.7.2.3). Whether one was
        revoked is not looked into, neither then nor in the meantime: authorities stop telling.
        """
        certificate = self._stream.certificate
        if self._discarding or not certificate.trusted:
            return False
        if self.servers.server.clock.now() <= certificate.expires:
            return False
        self.end(StreamError("reset", "your certificate has expired in the meantime"))
        return True

    def put_off(self) -> Callable[[], None]:
        """Do nothing: nothing is acknowledged."""
        return _nothing

    @property
    def wire(self) -> "ServerConnection":
        """What carries it: the connection itself."""
        return self

    # -- TLS ---------------------------------------------------------------------------------------

    async def _start_tls(self, host: str) -> None:
        """Change to TLS (RFC 6120 §5); nothing read before it is processed after it."""
        if self._discarding or self._transport.is_closing():
            return
        context = self.context(host)
        if context is None:  # its certificate was taken away
            self._transport.abort()
            return
        self._transport.pause_reading()
        self.flush()
        self._stream.handshake()
        name = self.server_name
        try:
            transport = await self._loop.start_tls(
                self._transport,
                self,
                context,
                server_side=name is None,
                server_hostname=name,
                ssl_handshake_timeout=self.servers.handshake_timeout,
            )
        except (OSError, asyncio.CancelledError) as error:
            self.lost(f"TLS handshake failed: {why(error)}")
            self._transport.abort()
            return
        if transport is None:
            self._transport.abort()
            return
        self._adopt(transport)
        self.secure = True
        self.handle(self._stream.secured(self._certificate()))

    def _certificate(self) -> PeerCertificate:
        return self.servers.contexts.trust.judge(
            chain_of(self._transport.get_extra_info("ssl_object"))
        )


def server_name(domain: str) -> str:
    """Return a domain as TLS names it (SNI, RFC 6066 §3)."""
    try:
        return idna.encode(domain).decode()
    except idna.IDNAError:
        return domain.strip("[]")


def _reason(event: Ended) -> str:
    if event.theirs:
        return f"it ended the stream: {event.theirs}"
    if event.error is not None:
        return f"the stream was ended: {event.error.condition} {event.error.text}".strip()
    return "the stream was closed"


def _nothing() -> None:
    pass
