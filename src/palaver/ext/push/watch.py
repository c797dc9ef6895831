"""Looks again, after a while, at what somebody may not have got."""

import asyncio
from collections.abc import Callable
from heapq import heappop, heappush
from itertools import count
from typing import NamedTuple

from palaver.ext.custody import custody_of
from palaver.ext.push.notices import Notice
from palaver.ext.push.registrations import Registration
from palaver.ext.roster.roster import roster_of
from palaver.jid import JID
from palaver.kernel.account import Account
from palaver.kernel.session import Session


class Watched(NamedTuple):
    """A message that was handed over, or a request for a subscription.

    ``row``     of the message in the account's log; 0 for a request
    ``sender``  whose it is
    ``places``  who is told if nobody has acknowledged it
    """

    account: Account
    row: int
    sender: JID
    places: tuple[Registration, ...]
    notice: Notice


class Watch:
    """Looks at everything when its time has come."""

    def __init__(self, tell: Callable[[Watched], None]) -> None:
        """Call ``tell`` with what nobody has acknowledged in time."""
        self._tell = tell
        self._watched: list[tuple[float, int, Watched]] = []  # a heap: what is due first is first
        self._numbers = count()
        self._timer: asyncio.TimerHandle | None = None

    def add(self, seconds: float, watched: Watched) -> None:
        """Look at this after so many seconds."""
        due = asyncio.get_running_loop().time() + seconds
        heappush(self._watched, (due, next(self._numbers), watched))
        if self._timer is None or due < self._timer.when():
            self._wait()

    def _wait(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
        loop, watched = asyncio.get_running_loop(), self._watched
        self._timer = loop.call_at(watched[0][0], self._look) if watched else None

    def _look(self) -> None:
        now, watched = asyncio.get_running_loop().time(), self._watched
        while watched and watched[0][0] <= now:
            each = heappop(watched)[2]
            if _waits(each):
                self._tell(each)
        self._wait()


def _waits(each: Watched) -> bool:
    """Tell whether nobody has acknowledged a message, or seen a request."""
    account = each.account
    if each.row:
        return custody_of(account).waits(each.row) or not account.receivers
    there = any(s.available and not is_absent(s) for s in account.sessions.values())
    return not there and roster_of(account).state_of(each.sender).pending_in


def is_absent(session: Session) -> bool:
    """Tell whether a session has no connection."""
    return session.outbox is not None and session.outbox.detached
