"""Stream management on one connection: when acknowledgements are asked for and sent (XEP-0198)."""

from functools import partial
from typing import Protocol

from palaver.kernel.management import StreamManager
from palaver.kernel.outbox import Outbox
from palaver.kernel.session import Session
from palaver.kernel.storage import MessageLog
from palaver.stream import management


class Line(Protocol):
    """The connection, as far as it is needed here."""

    @property
    def congested(self) -> bool:
        """Tell whether too much is waiting to be read by the peer."""

    def write(self, data: bytes) -> None:
        """Queue bytes."""

    def flush(self) -> None:
        """Write what is queued."""


class Managed:
    """What a connection whose stream is managed has in addition.

    Asked for are acknowledgements when something is written that the log keeps until it is
    acknowledged, or a few stanzas are unacknowledged, or some are left when nothing more is
    written: but never before the last request was answered, so it is one in a round trip.
    """

    __slots__ = ("_answering", "_asked_again", "_line", "_log", "manager", "outbox", "session")

    def __init__(
        self, session: Session, outbox: Outbox, line: Line, manager: StreamManager, log: MessageLog
    ) -> None:
        self.session = session
        self.outbox = outbox
        self.manager = manager
        self._line = line
        self._log = log
        self._answering = False
        self._asked_again = False
        session.when_done = None

    # -- what the client has handled ---------------------------------------------------------------

    def ask(self, now: float) -> bytes:
        """Return the request to send; ``now`` is when."""
        self.outbox.asked = now
        return management.REQUEST

    def acknowledged(self, h: int, now: float) -> None:
        """Take what the client has handled; ask again at once when more was sent meanwhile.

        Raises:
            StreamError: it says more than it was sent.
        """
        self.manager.acknowledge(self.session, h)
        if self.outbox.due:
            self._line.write(self.ask(now))

    def dead(self, now: float, *, unread: bool) -> bool:
        """Tell whether the client has left a request unanswered for too long; ask if need be.

        ``unread`` tells that nothing is read from it now: its answer may be waiting there.
        """
        asked = self.outbox.asked
        if asked is not None and unread:
            self.outbox.asked = now
            return False
        if asked is not None:
            return now - asked > self.manager.ack_timeout(self.session)
        if self.outbox.entries:
            self._line.write(self.ask(now))
        return False

    def send_on(self) -> None:
        """Send what the client has not got, as far as there is room."""
        outbox, line = self.outbox, self._line
        more = bool(outbox.held)
        while more and not line.congested:
            more = outbox.pump()
            line.flush()
        if outbox.held and not line.congested and not self.session.closed:
            self.manager.fetch(self.session, self._fetched)

    def _fetched(self) -> None:
        if not self.outbox.detached:
            self.send_on()

    # -- what we have handled ----------------------------------------------------------------------

    def asked(self) -> None:
        """Answer as soon as what the stanzas so far put into the log is committed, or refused."""
        if self._answering:
            self._asked_again = True
            return
        self._answering = True
        self._log.barrier(partial(self._answer, self.session.finished))

    def _answer(self, h: int) -> None:
        self._answering = False
        session = self.session
        settled = self.manager.settled
        if settled and h > session.safe:
            session.safe = h
        self._line.write(management.acknowledgement(session.safe))
        if self._asked_again:
            self._asked_again = False
            self.asked()
        elif not settled:
            self.manager.when_settled(self._tell)
        elif session.safe != session.handled:
            session.when_done = self._tell

    def _tell(self) -> None:
        """Say unasked that what took longer is done."""
        self.session.when_done = None
        self.asked()
