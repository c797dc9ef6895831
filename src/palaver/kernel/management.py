"""What the connections of clients ask of stream management (XEP-0198), which is an extension."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

from palaver.kernel.account import Account
from palaver.kernel.session import Session, Wire
from palaver.wire.errors import StanzaError


@dataclass(frozen=True, slots=True)
class Enabled:
    """How stream management was enabled.

    ``token``    what the client resumes its session with; None when it cannot
    ``seconds``  how long it is kept for that without a connection
    """

    token: str | None
    seconds: int


class ResumptionError(StanzaError):
    """Tells why a session is not resumed; ``h`` is how many stanzas it handled, where known."""

    def __init__(self, condition: str, h: int | None = None) -> None:
        super().__init__(condition)
        self.h = h


class StreamManager(Protocol):
    """Keeps sessions whose streams are managed; returned by handlers of `hooks.stream_manager`."""

    def ack_timeout(self, session: Session) -> float:
        """Return the seconds after which a client that acknowledges nothing is taken for dead."""

    @property
    def settled(self) -> bool:
        """Whether all is stored that had to be, but for what the log has not settled yet."""

    def when_settled(self, callback: Callable[[], None]) -> None:
        """Call back as soon as it is so again."""

    def enable(self, session: Session, *, resume: bool, seconds: int | None) -> Enabled:
        """Give a session an outbox; ``seconds`` is what the client would like.

        Raises:
            StanzaError: it is not possible.
        """

    def acknowledge(self, session: Session, h: int) -> None:
        """Take what the client acknowledged.

        Raises:
            StreamError: it acknowledged what was never sent.
        """

    def find(self, account: Account, token: str) -> Session:
        """Return the session that may be resumed with this token.

        Raises:
            ResumptionError: there is none.
        """

    async def complete(self, session: Session) -> None:
        """Wait until what the client sent is handled to the end and stored, or for some seconds.

        Raises:
            StreamError: it could not be stored; the client may come back for the session.
        """

    def resume(self, session: Session, wire: Wire) -> None:
        """Put a session that has no connection on this one; its outbox waits to be pumped."""

    def fetch(self, session: Session, then: Callable[[], None]) -> None:
        """Fill in the outbox what was left in the log; call ``then`` when there is some."""

    def lost(self, session: Session) -> None:
        """Take note that a session's connection was lost: keep the session or end it."""
