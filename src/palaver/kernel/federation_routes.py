"""What is known of the way from one domain to another, and what waits for a stream there.

A pair of domains is (who it is from, who it is for).
"""

from collections import deque
from dataclasses import dataclass
from typing import Final, Protocol

from palaver.kernel.breaks import Breaks
from palaver.kernel.components import Link
from palaver.kernel.sharing import Lane, alike
from palaver.wire.stanza import Stanza

Pair = tuple[str, str]

OVERHEAD: Final = 500  # bytes that a stanza takes besides its content
RECIPIENT: Final = 200  # bytes that one more recipient takes of a stanza that waits for many
_TOGETHER: Final = 1.0  # seconds within which what is the same for many is sent to all of them


@dataclass(frozen=True, slots=True)
class Failure:
    """Why a domain was not reached.

    ``condition``  what those whose stanzas come back are told (RFC 6120 §8.3.3)
    ``reason``     for people
    ``permanent``  whether it is no use to wait a little and try again
    """

    condition: str
    reason: str
    permanent: bool = False


class Waiting:
    """A stanza that waits for a stream, or one that is the same for many recipients.

    ``until``    when it goes back to its sender, by a clock that never goes back
    ``stanzas``  one for each recipient, in the order in which they came
    ``size``     what that takes, in bytes
    """

    __slots__ = ("size", "stanzas", "until")

    def __init__(self, until: float, stanza: Stanza) -> None:
        self.until = until
        self.stanzas = [stanza]
        self.size = len(stanza.inner) + OVERHEAD

    def more(self, until: float, stanza: Stanza) -> bool:
        """Tell whether a stanza is one more of the same."""
        return until - self.until < _TOGETHER and alike(self.stanzas[0], stanza)


class Outlet(Link, Protocol):
    """A stream to another server.

    ``slow``  whether it has not been read for so long that nobody waits for it any more
    """

    slow: bool


class Route:
    """What is known of the way between two domains.

    ``pair``      the domains
    ``site``      what the other one counts as, together with those beside and below it
    ``link``      the stream that is there, or None
    ``trying``    whether one is being made, or will be tried again
    ``failure``   why the last attempt failed
    ``breaks``    how often its streams break
    ``waiting``   the stanzas that wait for a stream
    ``size``      what these take, in bytes
    ``lane``      what is sent once for many
    """

    __slots__ = (
        "_retry_at", "breaks", "failure", "failures", "lane", "link", "pair", "site", "size",
        "trying", "waiting",
    )  # fmt: skip

    def __init__(self, pair: Pair) -> None:
        self.pair = pair
        self.site = site(pair[1])
        self.link: Outlet | None = None
        self.trying = False
        self.failure: Failure | None = None
        self.failures = 0
        self.breaks = Breaks()
        self.size = 0
        self.waiting: deque[Waiting] = deque()
        self.lane = Lane()
        self._retry_at = 0.0

    def refused(self, now: float) -> Failure | None:
        """Return why there is no use in trying now."""
        return self.failure if not self.trying and now < self._retry_at else None

    def pause(self, seconds: float, now: float) -> None:
        """Try no more before so many seconds have passed."""
        self._retry_at = now + seconds

    def due(self, now: float) -> float:
        """Return the seconds until the next attempt may begin."""
        return max(0.0, self._retry_at - now)

    def idle(self, now: float) -> bool:
        """Tell whether there is nothing to remember."""
        return self.link is None and not self.trying and now >= self._retry_at


def site(domain: str) -> str:
    """Return what a domain counts as: all below the same two labels most likely have one owner."""
    return ".".join(domain.rsplit(".", 2)[-2:])
