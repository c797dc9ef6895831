"""A connection that we opened to another server; the `Link` for the stanzas it gets."""

import asyncio
import ssl
from typing import TYPE_CHECKING, Final

import structlog

from palaver.kernel.federation import Failure
from palaver.net.s2s.connection import ServerConnection, server_name
from palaver.net.s2s.counting import Unacknowledged
from palaver.net.s2s.resolver import UnreachableError
from palaver.net.s2s.untaken import Untaken, unconfirmed
from palaver.stream.events import Acknowledged
from palaver.stream.foreign import written
from palaver.stream.s2s.dialback import Pair
from palaver.stream.s2s.events import (
    Answered,
    Authorised,
    Ended,
    Event,
    Managed,
    Refused,
    Resumed,
    Usable,
)
from palaver.stream.s2s.initiating import InitiatingStream
from palaver.stream.s2s.settings import PeerCertificate
from palaver.wire.errors import StanzaError, StreamError
from palaver.wire.stanza import Stanza

if TYPE_CHECKING:
    from palaver.net.s2s.servers import Servers

log = structlog.get_logger()

_PATIENCE: Final = 3.0  # seconds for which senders wait for a server that does not read
_FEW: Final = 0.1  # seconds after which an acknowledgement of a few stanzas is asked for
_LOOK: Final = 0.25  # seconds between looks at what was confirmed
_UNKNOWN: Final = frozenset({"host-unknown", "host-gone"})


class OutgoingConnection(ServerConnection):
    """A connection that we opened for a pair of domains.

    ``pair``    who it is from and for
    ``slow``    whether the other server has not read for so long that nobody waits for it any more
    """

    __slots__ = (
        "_answers", "_asking", "_looking", "_only_questions", "_outcomes", "_resuming",
        "_unacknowledged", "_untaken", "_usable", "pair", "slow",
    )  # fmt: skip

    _stream: InitiatingStream

    def __init__(
        self, servers: "Servers", pair: Pair, *, direct_tls: bool, only_questions: bool
    ) -> None:
        super().__init__(servers, direct_tls=direct_tls)
        self.pair = pair
        self.slow = False
        self._only_questions = only_questions
        self._usable = False
        self._outcomes: dict[Pair, asyncio.Future[None]] = {pair: self._loop.create_future()}
        self._unacknowledged: Unacknowledged | None = None
        self._resuming: Authorised | None = None
        self._untaken = Untaken()
        self._looking = False
        self._asking = False
        self._answers: dict[tuple[Pair, str], asyncio.Future[str]] = {}

    def begin(self, certificate: PeerCertificate | None) -> None:
        """Send the header."""
        self._stream = InitiatingStream(
            self.servers.stream_settings,
            self.pair,
            certificate,
            only_questions=self._only_questions,
        )

    # -- for whoever opened it ---------------------------------------------------------------------

    async def outcome(self, pair: Pair) -> None:
        """Wait until stanzas of a pair may be sent, or the stream is usable for questions.

        Raises:
            UnreachableError: they may not.
        """
        await asyncio.shield(self._outcomes[pair])

    def takes_more(self, pair: Pair) -> bool:
        """Tell whether a pair may be asked for on this stream too (XEP-0220 §2.5)."""
        return self.usable and self._stream.errors and pair.target == self.pair.target

    @property
    def usable(self) -> bool:
        """Tell whether questions can be asked."""
        return self._usable and not self._discarding

    def ask(self, pair: Pair) -> None:
        """Ask for another pair; see `outcome`."""
        if pair not in self._outcomes:
            self._outcomes[pair] = self._loop.create_future()
            self._stream.ask(pair)
            self._send_output()

    async def question(self, pair: Pair, stream_id: str, key: str) -> str:
        """Ask whether a key is the other server's; see `Answered` for what is returned."""
        future: asyncio.Future[str] = self._loop.create_future()
        self._answers[pair, stream_id] = future
        self._stream.question(pair, stream_id, key)
        self._send_output()
        self.used = self._loop.time()
        try:
            return await future
        finally:
            self._answers.pop((pair, stream_id), None)
            if self._only_questions and not self._answers:
                self.end(None)

    # -- the stream's side -------------------------------------------------------------------------

    def submit(self, stanza: Stanza) -> None:
        """Take no stanza: this stream is for ours."""
        self.end(StreamError("not-authorized", "stanzas come on a stream of your own"))

    def told(self, event: Event) -> None:
        """Pass on what the other server says."""
        if isinstance(event, Authorised):
            self.method = event.method
            self._manage(event)
        elif isinstance(event, Refused):
            failure = Failure(event.condition, event.reason, permanent=event.final)
            self._settle(event.pair, failure)
        elif isinstance(event, Usable):
            self._usable = True
            if self._only_questions:
                self._settle(self.pair, None)
        elif isinstance(event, Answered):
            future = self._answers.pop((event.pair, event.stream_id), None)
            if future is not None and not future.done():
                future.set_result(event.outcome)
        elif isinstance(event, Managed | Resumed | Acknowledged):
            try:
                self._counted(event)
            except StreamError as error:
                self.end(error)
        elif isinstance(event, Ended) and event.theirs in _UNKNOWN:
            reason = f"it does not serve {self.pair.target}"
            self._fail(Failure("remote-server-not-found", reason, permanent=True))

    # -- stream management -------------------------------------------------------------------------

    def _manage(self, event: Authorised) -> None:
        """Let stanzas be counted, if that can be; then let them flow."""
        if event.pair != self.pair or not self._stream.counts:
            self._let(event)
            return
        earlier = self.servers.broken.pop(self.pair, None)
        if earlier is not None:
            self._unacknowledged = earlier
            self._resuming = event
            self._stream.manage(earlier.token)
        else:
            self._unacknowledged = Unacknowledged()
            self._stream.manage(None)
            self._let(event)

    def _counted(self, event: Managed | Resumed | Acknowledged) -> None:
        """Take what the other server says of what it counted (XEP-0198)."""
        unacknowledged, resuming = self._unacknowledged, self._resuming
        if unacknowledged is None:
            return
        if isinstance(event, Managed):
            unacknowledged.token = event.token
            return
        if event.h is not None:
            arrived = unacknowledged.acknowledge(event.h)
            if resuming is not None:
                self.servers.federation.arrived(arrived)
        if isinstance(event, Acknowledged):
            if unacknowledged.due:
                self._ask_for(unacknowledged)
            self._relieve()
        elif resuming is None:
            self._unacknowledged = None  # it does not count after all
        else:
            self._resuming = None
            unacknowledged.begin_again()
            if event.anew:
                self._unacknowledged = Unacknowledged()
                self._stream.manage(None)
            self._let(resuming)

    def flush(self) -> None:
        """Write what is queued, and ask for an acknowledgement where one is due."""
        self.used = self._loop.time()
        unacknowledged = self._unacknowledged
        if unacknowledged is not None and not self._discarding and self._resuming is None:
            if unacknowledged.due and unacknowledged.asked is None:
                self._ask_for(unacknowledged)
            if unacknowledged.size > self._traffic.soft_limit:
                self._be_congested()
        super().flush()
        if self._untaken.stanzas:
            self._look()
            self._look_soon()

    def _ask_for(self, unacknowledged: Unacknowledged) -> None:
        """Ask for an acknowledgement: of many stanzas now, of a few with those that follow."""
        if unacknowledged.urgent:
            self.write(unacknowledged.ask(self._loop.time()))
        elif not self._asking:
            self._asking = True
            self._loop.call_later(_FEW, self._ask_at_last)

    def _ask_at_last(self) -> None:
        self._asking = False
        unacknowledged = self._unacknowledged
        if unacknowledged is None or not unacknowledged.due or unacknowledged.asked is not None:
            return
        if self._resuming is None:
            self.write(unacknowledged.ask(self._loop.time()))

    def _look_soon(self) -> None:
        if self._untaken.stanzas and not self._looking:
            self._looking = True
            self._loop.call_later(_LOOK, self._look_again)

    def _look_again(self) -> None:
        self._looking = False
        if not self._look():
            self._untaken.take()  # this system does not tell
        self._look_soon()

    def _look(self) -> bool:
        """See what the other machine has confirmed; tell whether that is known."""
        end = self._transport.get_extra_info("socket")
        size = None if end is None else unconfirmed(end)
        if size is None:
            return False
        self._untaken.look(size + self._queued + self._transport.get_write_buffer_size())
        return True

    def _relieve(self) -> None:
        """Let others write again, unless the other server neither reads nor acknowledges."""
        unacknowledged = self._unacknowledged
        if unacknowledged is None or unacknowledged.size <= self._traffic.soft_limit:
            self.slow = False
            super()._relieve()

    def _put_back(self) -> None:
        """Let what is not acknowledged go by another stream."""
        unacknowledged, self._unacknowledged = self._unacknowledged, None
        resuming, self._resuming = self._resuming, None
        if unacknowledged is None or self.servers.stopping:
            return
        if unacknowledged.token is not None:
            self.servers.broken[self.pair] = unacknowledged
        if resuming is None:
            self.servers.federation.put_back(unacknowledged.stanzas)

    # -- the stream's end, and its pairs -----------------------------------------------------------

    def _let(self, event: Authorised) -> None:
        log.info(
            "connected to server",
            pair=str(event.pair),
            method=event.method,
            peer=self.peer,
            tls=self.secure,
        )
        self._send_output()
        self.servers.federation.joined(event.pair, self)
        self._settle(event.pair, None)

    def _settle(self, pair: Pair, failure: Failure | None) -> None:
        future = self._outcomes.get(pair)
        if future is None or future.done():
            return
        if failure is None:
            future.set_result(None)
        else:
            future.set_exception(UnreachableError(failure))
            future.exception()  # it may be that nobody waits any more
            del self._outcomes[pair]

    def _fail(self, failure: Failure) -> None:
        for pair in list(self._outcomes):
            self._settle(pair, failure)

    def lost(self, reason: str) -> None:
        """Take the stream out of use, and answer all that waits for it."""
        self._usable = False
        self._fail(Failure("remote-server-timeout", reason))
        if self._stream is not None:
            for pair in self._stream.pairs:
                self.servers.federation.left(pair, self)
            for event in self._stream.unanswered():
                self.told(event)
            self._put_back()
        if self.method:
            log.info("disconnected from server", reason=reason, **self.who())
            self.method = ""

    def connection_lost(self, exc: Exception | None) -> None:
        """Forget the connection, and send back what the other server has not taken.

        What its machine confirmed at the very last comes back as well.
        """
        super().connection_lost(exc)
        if not self.servers.stopping:
            self.servers.federation.lost(self._untaken.take())

    def context(self, host: str) -> ssl.SSLContext | None:
        """Return the context for TLS with our domain at this end."""
        return self.servers.contexts.initiating(host, direct=False)

    @property
    def server_name(self) -> str:
        """The domain that we want of the other server."""
        return server_name(self.pair.target)

    # -- the kernel's side -------------------------------------------------------------------------

    def carry(self, stanza: Stanza) -> None:
        """Send a stanza to the other server.

        Raises:
            StanzaError: resource-constraint, it has not read for too long.
        """
        if self.slow:
            raise StanzaError("resource-constraint", "that server does not take what it is sent")
        data = written(stanza)
        if self._unacknowledged is not None:
            self._unacknowledged.sent(stanza)
        else:
            self._untaken.sent(stanza, len(data))
        self.write(data)

    def _be_congested(self) -> None:
        """Let who writes to the other server wait until it takes more, but not for long."""
        if not self.congested:
            super()._be_congested()
            self._loop.call_later(_PATIENCE, self._lose_patience, self.stuck_since)

    def _lose_patience(self, since: float) -> None:
        if self.congested and self.stuck_since == since:
            self.slow = True
            log.warning("server does not read: its stanzas are refused", **self.who())
            self._wake()

    def who(self) -> dict[str, str]:
        """Say which server it is."""
        return {"pair": str(self.pair)}

    def sweep(self, now: float) -> None:
        """Close the connection when its time is over, or nothing is to be sent any more."""
        if self.stuck(now):
            return
        unacknowledged = self._unacknowledged
        if unacknowledged is not None and self._answers_too_late(unacknowledged, now):
            return
        idle = self.servers.settings.idle_timeout
        if self._discarding:
            if now > self.deadline:
                self._transport.abort()
        elif not self._stream.pairs and not self._usable:
            if now > self.deadline:
                self.end(StreamError("connection-timeout", "the stream took too long"))
        elif unacknowledged is not None and unacknowledged.stanzas:
            pass  # what is on its way is not to be lost
        elif not self._answers and now - self.used > (
            self.servers.patience if self._only_questions else idle or float("inf")
        ):
            self.end(None)
        else:
            self._stream.rest()

    def _answers_too_late(self, unacknowledged: Unacknowledged, now: float) -> bool:
        """Disconnect from a server that acknowledges nothing; tell whether it was so."""
        if unacknowledged.asked is None:
            if unacknowledged.stanzas and self._resuming is None and not self._discarding:
                self.write(unacknowledged.ask(now))
            return False
        if now - unacknowledged.asked <= self.servers.settings.acknowledge_timeout:
            return False
        log.warning("server does not acknowledge: disconnected", **self.who())
        self._transport.abort()
        return True
