"""A connection that another server opened to us."""

import secrets
import ssl
from functools import partial
from typing import TYPE_CHECKING, Final

import structlog

from palaver import jid
from palaver.jid import JID
from palaver.net.s2s.counting import Handled, Unacknowledged
from palaver.net.s2s.exchange import Exchange
from palaver.net.s2s.resumables import RESUMABLE
from palaver.stream import management
from palaver.stream.events import Enable, Resume
from palaver.stream.s2s.dialback import Pair
from palaver.stream.s2s.events import Authorised, Event, Refused, Verify
from palaver.stream.s2s.receiving import ReceivingStream
from palaver.stream.s2s.settings import PeerCertificate
from palaver.wire.errors import StreamError

if TYPE_CHECKING:
    from palaver.net.s2s.servers import Servers

log = structlog.get_logger()

_MOST_PATIENCE: Final = 3  # times the time to say who one is, while keys are looked into
_WAIT: Final = 2.0  # seconds until a server that says nothing of counting does not count


class IncomingConnection(Exchange):
    """A connection that another server opened.

    ``stranger``  whether it counts among those of its address that are not known
    """

    __slots__ = ("_last_moment", "stranger")

    _stream: ReceivingStream

    def __init__(self, servers: "Servers", *, direct_tls: bool) -> None:
        super().__init__(servers, direct_tls=direct_tls)
        self.stranger = False
        self._last_moment = self._loop.time() + _MOST_PATIENCE * servers.patience

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

    def told(self, event: Event) -> None:
        """Take what the other server asks for, and who it is."""
        if isinstance(event, Verify):
            later = self._loop.time() + self.servers.patience
            self.deadline = min(later, self._last_moment)
        if isinstance(event, Authorised):
            self._let(event)
        elif isinstance(event, Enable):
            self._count(event)
        elif isinstance(event, Resume):
            self._resume(event)
        elif isinstance(event, Refused):
            self.servers.federation.note(event.pair, event.reason, incoming=True)
        else:
            super().told(event)

    def _let(self, event: Authorised) -> None:
        """Take note of who the other server is."""
        self.method = event.method
        self.servers.known(self)
        self.servers.authorised(self, event.pair.sender)
        self._log("server connected", event)
        if self.ready:
            self._offer()
        elif self._stream.bidi:
            self._loop.call_later(_WAIT, self._wait_no_more)

    # -- stanzas for the other server --------------------------------------------------------------

    def _wait_no_more(self) -> None:
        if self._taken is None:
            self.get_ready()

    def get_ready(self) -> None:
        """Let stanzas go where they may."""
        if not self.ready and not self._discarding:
            self.ready = True
            self._offer()

    def _offer(self) -> None:
        self._send_output()
        for pair in self._stream.outgoing:
            self.servers.federation.offered(pair, self)

    # -- stream management -------------------------------------------------------------------------

    def _count(self, wish: Enable) -> None:
        """Count stanzas from now on (XEP-0198 §3)."""
        self._sent = Unacknowledged()
        self._taken = Handled()
        self._token = secrets.token_urlsafe(18) if wish.resume else None
        self._send_output()
        self.write(management.enabled(self._token, RESUMABLE))
        self.get_ready()

    def _resume(self, wish: Resume) -> None:
        """Go on with a stream, as soon as all is safe that was taken on it before (XEP-0198 §5)."""
        counted = self.servers.resumed(wish.token, self._stream.incoming, self)
        if counted is None:
            self._stream.cannot_resume()
            return
        try:
            self.servers.federation.arrived(counted.sent.acknowledge(wish.h))
        except StreamError as error:
            self.end(error)
            return
        counted.sent.begin_again()
        self._sent, self._taken, self._token = counted.sent, counted.taken, counted.token
        say = partial(self._go_on, management.resumed(wish.token, counted.taken.number))
        counted.taken.when_finished(partial(self._when_stored, say))

    def _go_on(self, answer: bytes) -> None:
        self._send_output()
        self.write(answer)
        self.get_ready()

    def give_up(self, token: str, pairs: set[Pair]) -> None:
        """Let another connection of the same server go on, if it has this stream's token.

        Nobody reads at the end of this one, so it gets no stream error (XEP-0198 §5).
        """
        if token == self._token and self._stream.incoming & pairs:
            self._discarding = True  # what it has not handled yet comes again
            self.lost("the stream goes on by another connection")
            self._transport.abort()

    # -- the end -----------------------------------------------------------------------------------

    def lost(self, reason: str) -> None:
        """Count it no longer; what it did not get across may go by another."""
        self.servers.known(self)
        if self._stream is None:  # it ended before it began
            return
        self._take_out_of_use()
        self._keep()
        if self.method:
            log.info("server disconnected", peer=self.peer, reason=reason, **self.who())
            self.method = ""
        elif self._stream.peer and self._stream.host and not self._stream.authorised:
            pair = (self._stream.peer, self._stream.host)
            log.info("server not authorised", pair=" → ".join(pair), reason=reason)

    def _keep(self) -> None:
        """Let the stream be resumed, if it may be; meanwhile what is left waits for that."""
        counted = self._uncount()
        if counted is None:
            return
        pair = Pair(self._stream.peer, self._stream.host)
        self.servers.resumables.keep(pair, counted, self._loop.time())
        if self.servers.stopping:
            return
        if counted.token is not None and not self._stream.closed:
            self.servers.expect(self._stream.outgoing)
        self.servers.federation.put_back(counted.sent.stanzas)

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
        if self.stuck(now) or self._expired():
            return
        if self._discarding and now > self.deadline:
            self._transport.abort()
        elif self._answers_too_late(now):
            return
        elif not self._discarding and not self._stream.authorised and now > self.deadline:
            self.end(StreamError("connection-timeout", "it took too long to say who you are"))
        elif now - self.used > self.servers.patience:
            self._stream.rest()
