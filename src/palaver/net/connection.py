"""One client's connection: bytes between the socket, the stream machine, and the session."""

import asyncio
from collections.abc import Sequence
from functools import partial
from time import monotonic
from typing import TYPE_CHECKING, Final, cast

import structlog

from palaver.jid import BareJID
from palaver.kernel.management import StreamManager
from palaver.kernel.session import Session
from palaver.net.carrier import POSTPONED, STUCK, Carrier
from palaver.net.managed import Managed
from palaver.net.peer import address_of, why
from palaver.sasl import Channel
from palaver.stream.client import ClientStream
from palaver.stream.events import (
    Acknowledged,
    AcknowledgementAsked,
    ClientState,
    Enable,
    Ended,
    Event,
    StartTls,
)
from palaver.wire.errors import StreamError
from palaver.wire.events import Event as ScannerEvent
from palaver.wire.stanza import Stanza

if TYPE_CHECKING:
    import ssl

    from palaver.net.clients import Clients

log = structlog.get_logger()

_SLICE: Final = 0.004  # seconds one client's stanzas may take of one turn of the loop
_LOOK: Final = 16  # stanzas between looks at the clock
_MOMENT: Final = 2.0  # seconds a client may leave far too much unacknowledged
# The client may come back.
_SILENT: Final = frozenset({"connection-timeout", "resource-constraint", "system-shutdown"})
_QUEUE: Final = 64  # requests of a session that wait for one before them, until it is not read


class ClientConnection(Carrier):
    """The protocol object of a client's socket; a `Wire` to its session."""

    __slots__ = (
        "_clients", "_feed", "_late", "_managed", "_pace", "_postponed", "_stream", "deadline",
        "heard", "quiet_since", "session", "stranger",
    )  # fmt: skip

    def __init__(self, clients: "Clients", *, direct_tls: bool) -> None:
        """Wait for the socket; on a direct TLS port the handshake comes first (XEP-0368)."""
        super().__init__(clients.traffic, secure=direct_tls)
        self._clients = clients
        self._stream: ClientStream = cast("ClientStream", None)
        self._postponed: list[ScannerEvent] | None = None
        self._late: bytes | None = None
        self._managed: Managed | None = None
        self._pace = clients.pace()
        self.stranger = False
        self.session: Session | None = None
        self.heard = True
        self.quiet_since = 0.0
        self.deadline = 0.0

    # -- asyncio's side ----------------------------------------------------------------------------

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Start the stream, once TCP (and TLS on a direct port) is established."""
        self._adopt(transport)
        self.peer = address_of(transport.get_extra_info("peername"))
        channel = self._channel() if self.secure else Channel()
        self._stream = ClientStream(self._clients.stream_settings, channel)
        self._feed = self._stream.feed
        if not self._clients.admit(self):
            self.end(StreamError("resource-constraint", "too many connections from your address"))

    def data_received(self, data: bytes) -> None:
        """Take bytes, or let them wait where too much came in this turn of the loop."""
        self.heard = True
        traffic = self._traffic
        if self._late is not None:
            self._late += data
        elif traffic.turn.is_over:
            self._late = data
            self._stop_for(traffic.turn)
            traffic.turn.put_off(self._take_late)
        else:
            self._take(data)

    def _take_late(self) -> None:
        """Take what had to wait, and read again."""
        late, self._late = self._late, None
        if late is not None:
            self._take(late)
            self.unblocked_by(self._traffic.turn)

    def _take(self, data: bytes) -> None:
        """Give bytes to the stream until a resource is bound, then straight to the router."""
        traffic = self._traffic
        traffic.bytes_in += len(data)
        session = self.session
        if session is None:
            if not self._discarding:
                self._do(self._stream.receive(data))
            return
        events = self._feed(data)
        traffic.stanzas_in += len(events)
        pause = self._pace.take(len(events), len(data), self._loop.time())
        if pause:
            self._slow_down(pause)
        if self._postponed is not None:
            self._postponed += events
            return
        self._handle(events, session)
        self._look_after(session)

    def _slow_down(self, pause: float) -> None:
        """Read nothing more for so many seconds: the session sends faster than it may."""
        if self._pace in self._blockers:
            return
        self._stop_for(self._pace)
        self._loop.call_later(pause, self.unblocked_by, self._pace)

    def _look_after(self, session: Session) -> None:
        """See what the stanzas just handled have piled up, and read no more where it is much."""
        self._traffic.look_after(self)
        waiting = session.waiting
        if waiting is not None and len(waiting) > _QUEUE and not session.closed:
            waiting.append(self.hold())

    def _handle(self, events: Sequence[ScannerEvent], session: Session) -> None:
        """Handle what a bound stream brought; postpone the rest when it is too much for one turn.

        So one client's chunk never keeps the others waiting for more than a moment, and a few small
        requests for much data do not fill the memory.
        """
        submit, soft_limit = self._clients.submit, self._traffic.soft_limit
        until = monotonic() + _SLICE  # the loop's own clock stands still during a turn
        left = iter(events)
        for number, event in enumerate(left, 1):
            if session.closed:
                return
            if event.__class__ is Stanza:
                session.handled += 1
                try:
                    submit(event, session)
                except StreamError as error:
                    self.end(error)
            else:
                self._stream.handle(event)
                self._do(self._stream.receive(b""))
            if self._queued > soft_limit:
                self.flush()
                if self._unread:  # its acknowledgements are read in any case
                    self._postpone(list(left))
                    return
            if not number % _LOOK and monotonic() > until:
                self._postpone(list(left))
                self._loop.call_soon(self._catch_up)
                return

    def _postpone(self, events: list[ScannerEvent]) -> None:
        """Keep what is left of a chunk, and read nothing more until it is handled."""
        self._postponed = events
        self._stop_for(POSTPONED)

    def _catch_up(self) -> None:
        """Handle what was postponed, and read again when it is done."""
        events, self._postponed = self._postponed, None
        session = self.session
        if session is not None and events:
            self._handle(events, session)
            self._look_after(session)
        if self._postponed is None:
            self.unblocked_by(POSTPONED)

    def eof_received(self) -> bool:
        """Let the transport close: a client that closes its half is gone."""
        self._take_late()
        return False

    def connection_lost(self, exc: Exception | None) -> None:
        """Forget everything about the connection; its session ends."""
        self._take_late()
        self._discarding = True
        self._stream.end(None)
        self._clients.forget(self)
        self._wake()
        self._unblock()
        if self.session is not None:
            session, self.session = self.session, None
            lost = partial(self._clients.lost, session, self._managed)
            if self._traffic.turn.is_over:
                self._traffic.turn.put_off(lost)
            else:
                lost()

    def resume_writing(self) -> None:
        """Note that the client reads again."""
        super().resume_writing()
        if self._postponed is not None:
            self._loop.call_soon(self._catch_up)

    def _relieve(self) -> None:
        """Let others write to the client again, unless it neither reads nor acknowledges."""
        managed = self._managed
        if self._unread or (managed is not None and managed.outbox.size > self._traffic.soft_limit):
            return
        self.congested = False
        self._wake()
        if managed is not None and self.session is not None:
            managed.send_on()

    # -- the kernel's side (Wire) ------------------------------------------------------------------

    def end(self, error: StreamError | None) -> None:
        """Close the stream in order, then the connection."""
        if self._stream is not None:
            self._stream.end(error)
            self._do(self._stream.receive(b""))

    # -- inside ------------------------------------------------------------------------------------

    def flush(self) -> None:
        """Write what is queued, and ask for an acknowledgement where one is due."""
        managed = self._managed
        if managed is not None and not self._discarding:
            if managed.outbox.due:
                self._out.append(managed.ask(self._loop.time()))
            if managed.outbox.size > self._traffic.soft_limit:
                self._be_congested()
                too_much = managed.outbox.size > self._traffic.hard_limit
                if too_much and self._loop.time() - self.stuck_since > _MOMENT:
                    self._give_up_on_reader()
        super().flush()

    def sweep(self, now: float) -> None:
        """Close the connection when its time is over; called every few seconds."""
        if self.stuck(now):
            return
        if self.session is None:
            if now > self.deadline and self._discarding:
                self._transport.abort()  # what was written last cannot be sent
            elif now > self.deadline:
                self.end(StreamError("connection-timeout", "login took too long"))
        elif self._managed is not None and self._managed.dead(now, unread=bool(self._blockers)):
            log.info("client does not answer: disconnected", peer=self.peer, **self.who())
            self._transport.abort()
        elif self.heard:
            self.heard = False
            self.quiet_since = now
        else:
            self._stream.rest()
            idle = self._clients.idle_timeout
            if idle and now - self.quiet_since > idle:
                self.end(StreamError("connection-timeout", "nothing was heard for too long"))

    def _do(self, events: list[Event]) -> None:
        """Write what the stream says and do what it asks."""
        data = self._stream.output()
        if data:
            self.write(data)
        for event in events:
            if isinstance(event, Stanza):
                session = self.session
                if session is not None and not session.closed:
                    session.handled += 1
                    try:
                        self._clients.submit(event, session)
                    except StreamError as error:
                        self.end(error)
            elif isinstance(event, Acknowledged | AcknowledgementAsked | Enable):
                self._manage(event)
            elif isinstance(event, ClientState):
                self._clients.client_state(self.session, active=event.active)
            elif isinstance(event, StartTls):
                self._clients.spawn(self._start_tls(event.host))
            elif isinstance(event, Ended):
                self._close(event.error)
            else:
                self._clients.negotiate(self, self._stream, event)

    def _manage(self, event: Acknowledged | AcknowledgementAsked | Enable) -> None:
        """Do what the client of a managed stream asks (XEP-0198)."""
        if self.session is None:
            return
        if isinstance(event, Enable):
            self._clients.enable(self, self._stream, self.session, event)
            self.write(self._stream.output())
        elif self._managed is None:
            return
        elif isinstance(event, AcknowledgementAsked):
            self._managed.asked()
        else:
            try:
                self._managed.acknowledged(event.h, self._loop.time())
            except StreamError as error:
                self.end(error)
            else:
                if self.congested:
                    self.stuck_since = self._loop.time()
                    self._relieve()

    def manage(self, session: Session, manager: StreamManager) -> None:
        """Ask for acknowledgements from now on, and give them."""
        assert session.outbox is not None
        self._managed = Managed(session, session.outbox, self, manager, self._clients.log)

    def resume(self, session: Session, manager: StreamManager, events: list[Event]) -> None:
        """Take a session whose last connection is gone (XEP-0198 §5)."""
        session.speak(self._stream.lang)
        session.mechanism = self._stream.authentication.mechanism
        self.session = session
        self.quiet_since = self._loop.time()
        self._do(events)
        manager.resume(session, self)
        self.manage(session, manager)
        assert self._managed is not None
        self._managed.send_on()
        self._do(self._stream.receive(b""))

    def give_up(self) -> Session:
        """Let another connection have the session."""
        session, self.session, self._managed = self.session, None, None
        assert session is not None
        self.end(StreamError("conflict", "the session was resumed on another connection"))
        return session

    @property
    def account(self) -> BareJID | None:
        """Whose client it is, as soon as it has logged in."""
        identity = None if self._stream is None else self._stream.authentication.identity
        return None if identity is None else identity.jid

    def go_on(self, events: list[Event]) -> None:
        """Go on after something outside was found out for the stream."""
        self._do(events)

    def bind(self, session: Session, events: list[Event]) -> None:
        """Take the session that the client's stream is bound to."""
        self.session = session
        self.quiet_since = self._loop.time()
        self._do(events)

    def _close(self, error: StreamError | None) -> None:
        """Send what is left, say that nothing follows, and wait a moment for the other side."""
        self._discarding = True
        self.deadline = self._loop.time() + STUCK
        self._unblock()
        if error is not None and error.condition != "system-shutdown":
            log.info(
                "stream closed with an error",
                condition=error.condition,
                text=error.text,
                peer=self.peer,
                **self.who(),
            )
        if self.session is not None:
            session, self.session = self.session, None
            if error is not None and error.condition in _SILENT:
                self._clients.lost(session, self._managed)
            else:
                self._clients.ended(session)
        self._say_no_more()

    async def _start_tls(self, host: str) -> None:
        """Change to TLS (RFC 6120 §5); nothing read before it is processed after it."""
        if self._discarding or self._transport.is_closing():
            return  # it is over already
        context = self._clients.certificates.context(host)
        if context is None:  # its certificate was taken away
            self._transport.abort()
            return
        self._transport.pause_reading()
        self.flush()
        self._stream.handshake()
        try:
            transport = await self._loop.start_tls(
                self._transport,
                self,
                context,
                server_side=True,
                ssl_handshake_timeout=self._clients.handshake_timeout,
            )
        except (OSError, asyncio.CancelledError) as error:
            log.info("TLS handshake failed", peer=self.peer, host=host, reason=why(error))
            self._transport.abort()
            return
        if transport is None:
            self._transport.abort()
            return
        self._adopt(transport)
        self.secure = True
        self._do(self._stream.secured(self._channel()))

    def _channel(self) -> Channel:
        tls: ssl.SSLObject = self._transport.get_extra_info("ssl_object")
        return self._clients.certificates.channel(tls)

    def who(self) -> dict[str, str]:
        """Say whose client it is."""
        return {"account": str(self.session.jid)} if self.session else {}
