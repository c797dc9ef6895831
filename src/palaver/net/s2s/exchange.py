"""Stanzas on a connection between servers: those it carries, those it brings, and their number.

Each connection brings stanzas or carries them, as those of one pair of domains go one way; where
both servers know XEP-0288, it does both. What is counted (XEP-0198) is counted both ways.
"""

from abc import abstractmethod
from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING, Final

import structlog

from palaver.jid import JID
from palaver.net.s2s.connection import ServerConnection
from palaver.net.s2s.counting import Counted, Handled, Unacknowledged
from palaver.net.s2s.untaken import Untaken, unconfirmed
from palaver.stream import management
from palaver.stream.events import Acknowledged, AcknowledgementAsked
from palaver.stream.foreign import written
from palaver.stream.s2s.dialback import Pair
from palaver.stream.s2s.events import Authorised, Event, Verify
from palaver.wire.errors import StanzaError, StreamError
from palaver.wire.stanza import Stanza

if TYPE_CHECKING:
    from palaver.net.s2s.servers import Servers

log = structlog.get_logger()

_PATIENCE: Final = 3.0  # seconds for which senders wait for a server that does not read
_FEW: Final = 0.1  # seconds after which an acknowledgement of a few stanzas is asked for
_LOOK: Final = 0.25  # seconds between looks at what was confirmed


class Exchange(ServerConnection):
    """A connection as the kernel knows it: the `Link` and the `Source` of stanzas.

    ``ready``  whether stanzas may go: what is to be agreed on before is
    ``slow``   whether the other server has not read for so long that nobody waits for it any more
    """

    __slots__ = (
        "_asking", "_looking", "_sent", "_taken", "_token", "_untaken", "ready", "slow",
    )  # fmt: skip

    def __init__(self, servers: "Servers", *, direct_tls: bool) -> None:
        super().__init__(servers, direct_tls=direct_tls)
        self.ready = False
        self.slow = False
        self._sent: Unacknowledged | None = None
        self._taken: Handled | None = None
        self._token: str | None = None
        self._untaken = Untaken()
        self._looking = False
        self._asking = False

    # -- what it carries ---------------------------------------------------------------------------

    def sends(self, pair: Pair) -> bool:
        """Tell whether stanzas of a pair may go here."""
        return self.ready and not self._discarding and pair in self._stream.outgoing

    def carry(self, stanza: Stanza) -> None:
        """Send a stanza to the other server.

        Raises:
            StanzaError: resource-constraint, it has not read for too long; or policy-violation, it
                does not take stanzas of that size, and would end the stream (XEP-0478 §5).
        """
        if self.slow:
            raise StanzaError("resource-constraint", "that server does not take what it is sent")
        data, most = written(stanza), self._stream.takes
        if most and len(data) > most:
            raise StanzaError("policy-violation", f"that server takes {most} bytes in a stanza")
        if self._sent is not None:
            self._sent.sent(stanza)
        else:
            self._untaken.sent(stanza, len(data))
        self.write(data)

    def flush(self) -> None:
        """Write what is queued, and ask for an acknowledgement where one is due."""
        self.used = self._loop.time()
        sent = self._sent
        if sent is not None and not self._discarding:
            if sent.due and sent.asked is None:
                self._ask_for(sent)
            if sent.size > self._traffic.soft_limit:
                self._be_congested()
        super().flush()
        if self._untaken.stanzas:
            self._look()
            self._look_soon()
        self._take_more()

    def _take_more(self) -> None:
        """Take more of what waited for the stream, unless it is not read from."""
        federation = self.servers.federation
        if federation.behind and not self.congested:
            federation.catch_up(self)

    def ask_what_arrived(self) -> bool:
        """Ask for the acknowledgement of what has none; tell whether there is such."""
        sent = self._sent
        if sent is None or not sent.stanzas or self._discarding:
            return False
        if sent.asked is None:
            self.write(sent.ask(self._loop.time()))
        return True

    def _ask_for(self, sent: Unacknowledged) -> None:
        """Ask for an acknowledgement: of many stanzas now, of a few with those that follow."""
        if sent.urgent:
            self.write(sent.ask(self._loop.time()))
        elif not self._asking:
            self._asking = True
            self._loop.call_later(_FEW, self._ask_at_last)

    def _ask_at_last(self) -> None:
        self._asking = False
        sent = self._sent
        if sent is not None and sent.due and sent.asked is None:
            self.write(sent.ask(self._loop.time()))

    def _look_soon(self) -> None:
        if self._untaken.stanzas and not self._looking:
            self._looking = True
            self._loop.call_later(_LOOK, self._look_again)

    def _look_again(self) -> None:
        self._looking = False
        if self._transport.is_closing():
            return  # nothing can be known of its socket, and `connection_lost` comes in a moment
        if not self._look():
            self.servers.federation.crossed(self._untaken.take())  # this system does not tell
        self._look_soon()

    def _look(self) -> bool:
        """See what the other machine has confirmed; tell whether that is known."""
        end = self._transport.get_extra_info("socket")
        size = None if end is None else unconfirmed(end)
        if size is None:
            return False
        outstanding = size + self._queued + self._transport.get_write_buffer_size()
        self.servers.federation.crossed(self._untaken.look(outstanding))
        return True

    def _relieve(self) -> None:
        """Let others write again, unless the other server neither reads nor acknowledges."""
        sent = self._sent
        if sent is None or sent.size <= self._traffic.soft_limit:
            self.slow = False
            super()._relieve()
            self._take_more()

    def _be_congested(self) -> None:
        """Let who writes to the other server wait until it takes more, but not for long."""
        if not self.congested:
            super()._be_congested()
            self._loop.call_later(_PATIENCE, self._lose_patience, self.stuck_since)

    def _lose_patience(self, since: float) -> None:
        if not self.congested or self.stuck_since != since:
            return
        if not self._answers_too_late(self._loop.time()):  # then all of it goes by another stream
            self.slow = True
            log.warning("server does not read: its stanzas are refused", **self.who())
            self._wake()

    # -- what it brings ----------------------------------------------------------------------------

    @property
    @abstractmethod
    def jid(self) -> JID:
        """The domain at the other end, where one must be named."""

    def submit(self, stanza: Stanza) -> None:
        """Take a stanza; one that the other server may not send ends the stream."""
        if self._taken is not None:
            self._taken.number += 1
        elif not self.ready:
            self.get_ready()  # it counts nothing, or it would have said so before
        try:
            self.servers.router.submit_remote(stanza, self._stream.incoming, self)
        except StreamError as error:
            self.end(error)

    def get_ready(self) -> None:
        """Let stanzas go where they may: by now the other server counts them, if it does at all."""

    def put_off(self) -> Callable[[], None]:
        """Take note that the stanza being handled takes longer, and is not acknowledged before."""
        return super().put_off() if self._taken is None else self._taken.put_off()

    # -- what both do ------------------------------------------------------------------------------

    def told(self, event: Event) -> None:
        """Look into keys, and take or tell how many stanzas were handled."""
        if isinstance(event, Verify):
            self.servers.look_into(self, event)
        elif isinstance(event, AcknowledgementAsked):
            self._when_stored(partial(self._acknowledge, self._finished))
        elif isinstance(event, Acknowledged) and self._sent is not None:
            try:
                self.servers.federation.crossed(self._sent.acknowledge(event.h))
            except StreamError as error:
                self.end(error)
                return
            if self._sent.due:
                self._ask_for(self._sent)
            self._relieve()

    def verified(self, event: Verify, outcome: str) -> None:
        """Go on: it is known now what the key is worth; where the connection is gone, nothing."""
        if self._discarding:
            return
        self.handle(self._stream.verified(event.pair, event.stream_id, outcome))

    def _log(self, what: str, event: Authorised) -> None:
        log.info(
            what,
            pair=str(event.pair),
            method=event.method,
            peer=self.peer,
            tls=self.secure,
            bidi=self._stream.bidi,
        )

    @property
    def _finished(self) -> int:
        return self._taken.finished if self._taken is not None else 0

    def _when_stored(self, say: Callable[[], None]) -> None:
        """Say something once what was taken so far is in storage, or refused."""
        self.servers.server.unstored.barrier(say)

    def _acknowledge(self, h: int) -> None:
        self.write(management.acknowledgement(h))

    def end(self, error: StreamError | None) -> None:
        """Close the stream in order, then the connection; say before what was taken.

        A server that stops brings all of it into storage yet; otherwise only what is there counts.
        """
        if self._taken is not None and not self._discarding:
            say = partial(self._acknowledge, self._finished)
            if self.servers.stopping:
                say()
            else:
                self._when_stored(say)
        super().end(error)

    def connection_lost(self, exc: Exception | None) -> None:
        """Forget the connection, and send back what the other server has not taken.

        What its machine confirmed at the very last comes back as well.
        """
        super().connection_lost(exc)
        if not self.servers.stopping:
            self.servers.federation.lost(self._untaken.take())

    def _take_out_of_use(self) -> None:
        """Let nothing be sent here any more."""
        self.ready = False
        progress = self._sent is not None and self._sent.progress
        for pair in self._stream.outgoing:
            self.servers.federation.left(pair, self, progress=progress)

    def _uncount(self) -> Counted | None:
        """Give up what is counted, and return it, if anything is."""
        sent, self._sent = self._sent, None
        taken, self._taken = self._taken, None
        token, self._token = self._token, None
        return None if sent is None else Counted(sent, taken or Handled(), token)

    def _do_not_count(self) -> None:
        """Go by what the other machine confirms: its server does not count after all."""
        sent, self._sent = self._sent, None
        if sent is not None:
            for stanza in sent.stanzas:
                self._untaken.sent(stanza, len(written(stanza)))
        self._look_soon()
        self._relieve()

    def _answers_too_late(self, now: float) -> bool:
        """Disconnect from a server that acknowledges nothing; tell whether it was so.

        While we do not read, there is nothing that it could be blamed for.
        """
        sent = self._sent
        if sent is None:
            return False
        if sent.asked is None:
            self.ask_what_arrived()
            return False
        if self._blockers:
            sent.asked = now
        if now - sent.asked <= self.servers.settings.acknowledge_timeout:
            return False
        log.warning("server does not acknowledge: disconnected", **self.who())
        self._transport.abort()
        return True
