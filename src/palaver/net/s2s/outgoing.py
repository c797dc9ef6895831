"""A connection that we opened to another server."""

import asyncio
import ssl
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, Final

import structlog

from palaver import jid
from palaver.jid import JID
from palaver.kernel.federation_routes import Failure
from palaver.net.carrier import STUCK
from palaver.net.s2s.connection import server_name
from palaver.net.s2s.counting import Counted, Handled, Unacknowledged
from palaver.net.s2s.exchange import Exchange
from palaver.net.s2s.resolver import Place, UnreachableError
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
from palaver.wire.errors import StreamError

if TYPE_CHECKING:
    from palaver.net.s2s.servers import Servers

log = structlog.get_logger()

# A redirection (see-other-host) is an error like others: DNS says where a server is, and whoever
# answers there before TLS is not to say anything else (RFC 6120 §4.9.3.19).
_UNKNOWN: Final = frozenset({"host-unknown", "host-gone"})
_PAIRS: Final = 256  # of one stream; ours takes no more of another server either


class OutgoingConnection(Exchange):
    """A connection that we opened for a pair of domains.

    ``pair``    who it is from and for
    ``place``   where the other server is
    """

    __slots__ = (
        "_answers", "_held", "_made", "_only_questions", "_outcomes", "_parting", "_resuming",
        "_usable", "pair", "place",
    )  # fmt: skip

    _stream: InitiatingStream

    def __init__(
        self, servers: "Servers", pair: Pair, place: Place, *, only_questions: bool
    ) -> None:
        super().__init__(servers, direct_tls=place.direct)
        self.pair = pair
        self.place = place
        self._only_questions = only_questions
        self._usable = False
        self._outcomes: dict[Pair, asyncio.Future[None]] = {pair: self._loop.create_future()}
        self._resuming: Counted | None = None
        self._held: list[Authorised] = []
        self._parting = False
        self._made = self._loop.time()
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
        """Tell whether a pair may be asked for on this stream too, if it leads to its target.

        One for questions ends with them, and nobody has looked at who is at its other end.
        """
        asked = self._outcomes
        if self._only_questions or self.pair not in asked or pair in asked or len(asked) >= _PAIRS:
            return False
        return self.usable and self._stream.suits(pair.target)

    def refused(self, pair: Pair) -> bool:
        """Tell whether the stream goes on without a pair that was asked for."""
        return self.usable and pair not in self._outcomes

    def resumes(self, pair: Pair) -> bool:
        """Tell whether it waits to hear what arrived on a pair's stream that broke."""
        return self._resuming is not None and self.pair == pair

    @property
    def usable(self) -> bool:
        """Tell whether questions can be asked."""
        return self._usable and not self._discarding and not self._parting

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

    @property
    def jid(self) -> JID:
        """The domain that it was opened to."""
        return jid.parse(self.pair.target)

    def told(self, event: Event) -> None:
        """Pass on what the other server says."""
        if isinstance(event, Authorised):
            self._authorised(event)
        elif isinstance(event, Refused):
            self._refused(event)
        elif isinstance(event, Usable):
            self._usable = True
            if self._only_questions:
                self._settle(self.pair, None)
        elif isinstance(event, Answered):
            future = self._answers.pop((event.pair, event.stream_id), None)
            if future is not None and not future.done():
                future.set_result(event.outcome)
        elif isinstance(event, Managed):
            if self._sent is not None:
                self._token = event.token
                self._taken = Handled()
        elif isinstance(event, Resumed):
            self._resumed(event)
        elif isinstance(event, Ended) and event.theirs in _UNKNOWN:
            reason = f"it does not serve {self.pair.target}"
            self._fail(Failure("remote-server-not-found", reason, permanent=True))
        else:
            super().told(event)

    def _refused(self, event: Refused) -> None:
        if not self.servers.ours(event.pair.sender):  # it asked for more
            self.servers.federation.note(event.pair, event.reason, incoming=True)
            return
        failure = Failure(event.condition, event.reason, permanent=event.final)
        self._settle(event.pair, failure)

    # -- stream management -------------------------------------------------------------------------

    def _authorised(self, event: Authorised) -> None:
        """Let stanzas be counted, if that can be; then let them flow.

        Nothing goes any more where our side is closed already.
        """
        if not self.usable:
            return
        self.method = self.method or event.method
        if self.servers.ours(event.pair.target):  # the other server asked for more
            self._log("server connected", event)
            self._send_output()
            self.servers.federation.offered(event.pair.reversed, self)
            return
        if event.pair == self.pair and self._stream.counts:
            self._count()
        self._let(event)

    def _count(self) -> None:
        """Have stanzas counted, or go on counting where a stream before broke (XEP-0198 §5)."""
        earlier = self.servers.broken.take(self.pair)
        if earlier is None:
            self._sent = Unacknowledged()
            self._stream.manage(None)
        else:
            self._resuming = earlier
            self.deadline = self._loop.time() + self.servers.patience
            earlier.taken.when_finished(partial(self._when_stored, partial(self._resume, earlier)))

    def _resume(self, earlier: Counted) -> None:
        if self._resuming is earlier:
            self._stream.manage(earlier.token, earlier.taken.number)
            self._send_output()

    def _resumed(self, event: Resumed) -> None:
        """Take whether the other server goes on, and what it has."""
        earlier, self._resuming = self._resuming, None
        if earlier is None:
            if self._taken is None:
                self._do_not_count()
            return
        try:
            if event.h is not None:
                self.servers.federation.arrived(earlier.sent.acknowledge(event.h))
        except StreamError as error:
            self.end(error)
            return
        if event.anew:
            self._count()
        else:
            earlier.sent.begin_again()
            self._sent, self._taken, self._token = earlier.sent, earlier.taken, earlier.token
        held, self._held = self._held, []
        for each in held:
            self._let(each)

    def _put_back(self) -> None:
        """Let what is not acknowledged go by another stream."""
        resuming, self._resuming = self._resuming, None
        counted = resuming or self._uncount()
        if counted is None or self.servers.stopping:
            return
        missed = self._missed()
        if counted.token is not None:
            self.servers.broken.keep(self.pair, counted, missed)
        if resuming is None:
            self.servers.federation.put_back(counted.sent.stanzas)
            # One that broke at once is not made again for the sake of the other server.
            lasted = self._loop.time() - self._made > self.servers.settings.retry_after
            for pair in missed if counted.token is not None and lasted else ():
                self.servers.federation.again(pair)

    def _give_up_resuming(self) -> None:
        """Let the next stream begin anew: the other server does not say what it has."""
        if self._resuming is not None:
            self._resuming = replace(self._resuming, token=None)

    def _missed(self) -> frozenset[Pair]:
        """Return the pairs for which the other server may wait to send: only we can resume."""
        broke = self._stream.bidi and not self._stream.closed
        return frozenset(self._stream.outgoing if broke else ())

    # -- the stream's end, and its pairs -----------------------------------------------------------

    def _let(self, event: Authorised) -> None:
        """Let stanzas of a pair flow, unless it is to be found out first what is resumed."""
        if self._resuming is not None:
            self._held.append(event)
            return
        self._log("connected to server", event)
        self._send_output()
        self.ready = True
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
            self._take_out_of_use()
            for event in self._stream.unanswered():
                self.told(event)
            self._put_back()
        if self.method:
            log.info("disconnected from server", reason=reason, **self.who())
            self.method = ""

    def context(self, host: str) -> ssl.SSLContext | None:
        """Return the context for TLS with our domain at this end."""
        return self.servers.contexts.initiating(host, direct=False)

    @property
    def server_name(self) -> str:
        """The domain that we want of the other server."""
        return server_name(self.pair.target)

    def who(self) -> dict[str, str]:
        """Say which server it is."""
        return {"pair": str(self.pair)}

    def sweep(self, now: float) -> None:
        """Close the connection when its time is over, or nothing is to be sent any more."""
        if self.stuck(now) or self._expired() or self._answers_too_late(now):
            return
        idle = self.servers.settings.idle_timeout
        if self._discarding or self._parting:
            if now > self.deadline:
                self._transport.abort()
        elif self._resuming is not None or not (self._stream.authorised or self._usable):
            if now > self.deadline:
                self._give_up_resuming()
                self.end(StreamError("connection-timeout", "the stream took too long"))
        elif self._sent is not None and self._sent.stanzas:
            pass  # what is on its way is not to be lost
        elif not self._answers and now - self.used > (
            self.servers.patience if self._only_questions else idle or float("inf")
        ):
            self._part()
        else:
            self._stream.rest()

    def _part(self) -> None:
        """Close the stream; what the other server does not count is taken to its end."""
        if not self._stream.bidi or self._taken is not None:
            self.end(None)
            return
        self._parting = True
        self._fail(Failure("remote-server-timeout", "the stream was closed"))
        self._sent = None
        self.deadline = self._loop.time() + STUCK
        self._take_out_of_use()
        self._stream.leave()
        self._send_output()
