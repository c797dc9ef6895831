"""A session without a connection: what stands in for it, and by what the client finds it again."""

import asyncio
import hmac
from collections.abc import Callable
from hashlib import sha256
from typing import Final

from palaver.jid import BareJID
from palaver.kernel.account import Account
from palaver.kernel.session import Session, Wire
from palaver.kernel.slots import Slot
from palaver.wire.errors import StreamError

_REMEMBERED: Final = 8  # sessions of an account that ended, for each of which ``h`` is known


class NoWire:
    """The wire of a session that has none: nothing is written, and nobody waits."""

    __slots__ = ("_close", "peer", "secure")

    takes_many = False

    def __init__(self, peer: str, secure: bool, close: Callable[[], None]) -> None:
        """Tell what is known of the last connection; ``close`` ends the session."""
        self.peer = peer
        self.secure = secure
        self._close = close

    @property
    def congested(self) -> bool:
        """Tell whether too much waits: never, since what waits is not kept here."""
        return False

    @property
    def drained(self) -> bool:
        """Tell whether all that was queued has left: always, as nothing is."""
        return True

    def write(self, data: bytes) -> None:
        """Drop what is meant for the connection alone."""

    def wait_for(self, other: Wire) -> None:
        """Read nothing, as always."""

    def hold(self) -> Callable[[], None]:
        """Read nothing, as always."""
        return _nothing

    def end(self, _error: StreamError | None) -> None:
        """End the session."""
        self._close()


class Resumable:
    """What is known of a session that may be resumed.

    ``digest``   of its token: nothing here or in storage is good for resuming it
    ``seconds``  how long it is kept without a connection
    ``until``    when that is over, on the server's clock; 0 while there is a connection
    ``timer``    ends it then
    """

    __slots__ = ("digest", "seconds", "timer", "until")

    def __init__(self, digest: bytes, seconds: int) -> None:
        self.digest = digest
        self.seconds = seconds
        self.until = 0.0
        self.timer: asyncio.TimerHandle | None = None

    def stop_timer(self) -> None:
        """Take note that the session is resumed or over."""
        if self.timer is not None:
            self.timer.cancel()
            self.timer = None
        self.until = 0.0


RESUMABLE: Final[Slot[Resumable]] = Slot("resumption")
_ENDED: Final[Slot[dict[bytes, int]]] = Slot("streams that ended")


def digest_of(token: str, account: BareJID) -> bytes:
    """Return what is kept of a token; it is good for one account of one host only."""
    return sha256(f"{account}\0{token}".encode()).digest()


def find(account: Account, token: str) -> Session | None:
    """Return the session of an account with this token; comparing takes the same time for all."""
    wanted = digest_of(token, account.jid)
    for session in account.sessions.values():
        known = RESUMABLE.get(session)
        if known is not None and hmac.compare_digest(known.digest, wanted):
            return session
    return None


def absent(account: Account) -> list[Session]:
    """Return the sessions without a connection, the one that ends first at the beginning."""
    found = [(known.until, s) for s in account.sessions.values() if (known := RESUMABLE.get(s))]
    return [session for until, session in sorted(found, key=lambda pair: pair[0]) if until]


def remember(account: Account, digest: bytes, h: int) -> None:
    """Remember how many stanzas a session handled that is over (XEP-0198 §5)."""
    ended = _ENDED.get(account)
    if ended is None:
        ended = {}
        _ENDED.set(account, ended)
    ended[digest] = h
    if len(ended) > _REMEMBERED:
        del ended[next(iter(ended))]


def handled(account: Account, token: str) -> int | None:
    """Return how many stanzas a session handled that is over, if it is remembered."""
    return (_ENDED.get(account) or {}).get(digest_of(token, account.jid))


def _nothing() -> None:
    pass
