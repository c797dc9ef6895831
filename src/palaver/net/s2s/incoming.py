"""A connection that another server opened to us; the `Source` of the stanzas it sends."""

import secrets
import ssl
from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING, Final

import structlog

from palaver import jid
from palaver.jid import JID
from palaver.net.s2s.connection import ServerConnection
from palaver.net.s2s.counting import RESUMABLE, Handled
from palaver.stream import management
from palaver.stream.events import AcknowledgementAsked, Enable, Resume
from palaver.stream.s2s.dialback import Pair
from palaver.stream.s2s.events import Authorised, Event, Refused, Verify
from palaver.stream.s2s.receiving import ReceivingStream
from palaver.stream.s2s.settings import PeerCertificate
from palaver.wire.errors import StreamError
from palaver.wire.stanza import Stanza

if TYPE_CHECKING:
    from palaver.net.s2s.servers import Servers

log = structlog.get_logger()

_MOST_PATIENCE: Final = 3  # times the time to say who one is, while keys are looked into


class IncomingConnection(ServerConnection):
    """A connection that another server opened.

    ``stranger``  whether it counts among those of its address that are not known
    """

    __slots__ = ("_handled", "_last_moment", "_token", "stranger")

    _stream: ReceivingStream

    def __init__(self, servers: "Servers", *, direct_tls: bool) -> None:
        super().__init__(servers, direct_tls=direct_tls)
        self.stranger = False
        self._last_moment = self._loop.time() + _MOST_PATIENCE * servers.patience
        self._handled: Handled | None = None
        self._token: str | None = None

    def begin(self, certificate: PeerCertificate | None) -> None:
        """Wait for the header, unless too many from that address do."""
        self._stream = ReceivingStream(self.servers.stream_settings, certificate)
        if not self.servers.admit(self):
            self.end(StreamError("resource-constraint", "too many connections from your address"))

    @property
    def stream(self) -> ReceivingStream:
        """What is read from it."""
        return self._stream

    @property
    def jid(self) -> JID:
        """The domain that its header said it is from."""
        return jid.parse(self._stream.peer or self._stream.host)

    def submit(self, stanza: Stanza) -> None:
        """Take a stanza; one that the other server may not send ends the stream."""
        if self._handled is not None:
            self._handled.number += 1
        try:
            self.servers.router.submit_remote(stanza, self._stream.pairs, self)
        except StreamError as error:
            self.end(error)

    def told(self, event: Event) -> None:
        """Look into keys, and tell who it is."""
        if isinstance(event, Verify):
            later = self._loop.time() + self.servers.patience
            self.deadline = min(later, self._last_moment)
            self.servers.look_into(self, event)
        elif isinstance(event, Enable | Resume | AcknowledgementAsked):
            self._manage(event)
        elif isinstance(event, Refused):
            self.servers.federation.note(event.pair, event.reason, incoming=True)
        elif isinstance(event, Authorised):
            self.method = event.method
            self.servers.known(self)
            self.servers.authorised(self, event.pair.sender)
            log.info(
                "server connected",
                pair=str(event.pair),
                method=event.method,
                peer=self.peer,
                tls=self.secure,
            )

    # -- stream management -------------------------------------------------------------------------

    def put_off(self) -> Callable[[], None]:
        """Take note that the stanza being handled takes longer, and is not acknowledged before."""
        return super().put_off() if self._handled is None else self._handled.put_off()

    def _manage(self, event: Enable | Resume | AcknowledgementAsked) -> None:
        """Count stanzas, go on counting, or say how many there were (XEP-0198)."""
        if isinstance(event, Enable):
            self._handled = Handled()
            self._token = secrets.token_urlsafe(18) if event.resume else None
            self.write(management.enabled(self._token, RESUMABLE))
        elif isinstance(event, Resume):
            self._resume(event.token)
        elif self._handled is not None:
            self._when_stored(partial(self._acknowledge, self._handled.finished))

    def _resume(self, token: str) -> None:
        """Go on with a stream, as soon as all is safe that was taken on it before."""
        self._handled = handled = self.servers.resumed(token, self._stream.pairs, self)
        if handled is None:
            self._stream.cannot_resume()
            return
        self._token = token
        say = partial(self.write, management.resumed(token, handled.number))
        handled.when_finished(partial(self._when_stored, say))

    def _when_stored(self, say: Callable[[], None]) -> None:
        """Say something once what was taken so far is in storage, or refused."""
        self.servers.server.log.barrier(say)

    def _acknowledge(self, h: int) -> None:
        self.write(management.acknowledgement(h))

    def end(self, error: StreamError | None) -> None:
        """Close the stream in order, then the connection; say before what was taken.

        A server that stops brings all of it into storage yet; otherwise only what is there counts.
        """
        if self._handled is not None and not self._discarding:
            say = partial(self._acknowledge, self._handled.finished)
            if self.servers.stopping:
                say()
            else:
                self._when_stored(say)
        super().end(error)

    def give_up(self, token: str, pairs: set[Pair]) -> None:
        """Let another connection of the same server go on, if it has this stream's token."""
        if token == self._token and self._stream.pairs & pairs:
            self._discarding = True  # what it has not handled yet comes again
            self._keep()
            self._transport.abort()

    def _keep(self) -> None:
        """Let the stream be resumed, if it may be."""
        token, self._token = self._token, None
        if self._handled is not None and token is not None:
            pair = Pair(self._stream.peer, self._stream.host)
            self.servers.resumables.keep(token, pair, self._handled, self._loop.time())

    # -- keys, and the end -------------------------------------------------------------------------

    def verified(self, event: Verify, outcome: str) -> None:
        """Go on: it is known now what the key is worth."""
        self.handle(self._stream.verified(event.pair, event.stream_id, outcome))

    def lost(self, reason: str) -> None:
        """Count it no longer."""
        self.servers.known(self)
        if self._stream is None:  # it ended before it began
            return
        self._keep()
        if self.method:
            log.info("server disconnected", peer=self.peer, reason=reason, **self.who())
        elif self._stream.peer and self._stream.host:
            pair = (self._stream.peer, self._stream.host)
            log.info("server not authorised", pair=" → ".join(pair), reason=reason)

    def context(self, host: str) -> ssl.SSLContext | None:
        """Return the context for TLS with our domain at this end."""
        return self.servers.contexts.receiving(host)

    @property
    def server_name(self) -> None:
        """None: the other server connected to us."""
        return

    def who(self) -> dict[str, str]:
        """Say which server it is."""
        return {"server": self._stream.peer} if self._stream.peer else {}

    def sweep(self, now: float) -> None:
        """Close the connection when its time is over.

        One that is authorised stays: what is on its way when we close it would be lost. That the
        other server is gone without a word, the system finds out.
        """
        if self.stuck(now):
            return
        if self._discarding and now > self.deadline:
            self._transport.abort()
        elif not self._discarding and not self._stream.pairs and now > self.deadline:
            self.end(StreamError("connection-timeout", "it took too long to say who you are"))
        elif now - self.used > self.servers.patience:
            self._stream.rest()
