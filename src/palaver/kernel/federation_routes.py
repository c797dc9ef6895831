"""What is known of the way from one domain to another, and what waits for a stream there.

A pair of domains is (who it is from, who it is for).
"""

from dataclasses import dataclass
from typing import Final, Protocol

from palaver.kernel.breaks import Breaks
from palaver.kernel.components import Link
from palaver.kernel.sharing import Lane
from palaver.kernel.waiting import Queue, Total

SHARE: Final = 4
"""One part of so many of the ways that are known, and of attempts, is the most for one site."""

Pair = tuple[str, str]


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


@dataclass(frozen=True, slots=True)
class Failed:
    """A failure as it is told to administrators; ``when`` is a time of day."""

    pair: Pair
    when: float
    reason: str
    incoming: bool


@dataclass(frozen=True, slots=True)
class Stream:
    """A pair of domains on a stream, as it is told to administrators.

    ``incoming``  whether stanzas of the pair come; else they go
    ``bidi``      whether those of the other direction do so on the same stream (XEP-0288)
    ``since``     a time of day
    """

    pair: Pair
    incoming: bool
    bidi: bool
    method: str
    address: str
    encrypted: bool
    since: float


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
    ``lane``      what is sent once for many
    """

    __slots__ = (
        "_retry_at", "breaks", "failure", "failures", "lane", "link", "pair", "site", "trying",
        "waiting",
    )  # fmt: skip

    def __init__(self, pair: Pair, total: Total) -> None:
        self.pair = pair
        self.site = site(pair[1])
        self.link: Outlet | None = None
        self.trying = False
        self.failure: Failure | None = None
        self.failures = 0
        self.breaks = Breaks()
        self.waiting = Queue(total)
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
