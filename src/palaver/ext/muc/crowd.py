"""Presence in large rooms: changes are gathered for a moment, and told together (XEP-0045 §7.2.3).

In a room with thousands of occupants each of whom hears of each other, many enter at once. Nearly
all the work is to write to each of them. So what happens within some hundred milliseconds is told
in one write; and that to some of them in each turn of the loop, so that nobody else waits. Before
anything is said of or by an occupant, all know of that one.
"""

import asyncio
from collections import deque
from collections.abc import Callable
from typing import Final

from palaver.ext.muc.arriving import Arrivals
from palaver.ext.muc.limits import MucConfig
from palaver.ext.muc.occupant import Occupant
from palaver.ext.muc.room import Room
from palaver.ext.muc.shown import News, copies_of
from palaver.ext.muc.telling import Telling
from palaver.kernel.host import Host

_PER_SECOND: Final = 50_000  # recipients; a room tells of its occupants after its size by this
_LONGEST: Final = 0.2  # seconds
_MOST: Final = 500  # changes that are told together, some 150 KB for each


class Crowd:
    """Gathers and tells changes of presence."""

    def __init__(self, arrivals: Arrivals, limits: Callable[[Host], MucConfig]) -> None:
        self._arrivals = arrivals
        self._limits = limits
        self._rooms: deque[Room] = deque()

    def is_in(self, room: Room) -> bool:
        """Tell whether a room is a large one."""
        return len(room.attendants) >= self._limits(room.host).crowd

    # -- gathering ---------------------------------------------------------------------------------

    def shows(
        self, room: Room, occupant: Occupant, *, new: bool = False, news: News | None = None
    ) -> None:
        """Let the others know soon of the presence of an occupant they may see."""
        self._keep_order(room, occupant.nick)
        room.gathered.shows(occupant, new=new, news=news)
        self._plan(room)

    def goes(self, room: Room, occupant: Occupant, news: News) -> None:
        """Let the others know soon that an occupant has left, or is hidden."""
        self._keep_order(room, occupant.nick)
        plain = copies_of(room, occupant, news, revealing=False, own=False, left=True)
        revealing = copies_of(room, occupant, news, revealing=True, own=False, left=True)
        room.gathered.goes(occupant, (plain, revealing))
        self._plan(room)

    def _keep_order(self, room: Room, nick: str) -> None:
        """Tell at once what is more than presence, before something else takes its place."""
        change = room.gathered.changes.get(nick)
        if change is not None and change.news is not None:
            self.settle(room, nick)

    def _plan(self, room: Room) -> None:
        gathered = room.gathered
        if gathered.timer is None and gathered.telling is None and gathered.changes:
            delay = min(_LONGEST, len(room.attendants) / _PER_SECOND)
            gathered.timer = asyncio.get_running_loop().call_later(delay, self._begin, room)

    # -- telling -----------------------------------------------------------------------------------

    def settle(self, room: Room, nick: str) -> None:
        """Tell what is still to be told of a nickname, as something else is about to be said."""
        gathered = room.gathered
        if gathered.telling is not None:
            gathered.telling.hurry(nick)
        change = gathered.changes.pop(nick, None)
        if change is not None:
            viewers = room.occupants.values()
            Telling(room, self._arrivals, {nick: change}, gathered.newcomers, viewers).finish()

    def _begin(self, room: Room) -> None:
        """Begin to tell of what was gathered: one slice, of one room, in each turn of the loop."""
        gathered = room.gathered
        gathered.timer = None
        changes, newcomers = gathered.take(_MOST)
        viewers = room.occupants.values()
        gathered.telling = Telling(room, self._arrivals, changes, newcomers, viewers)
        self._rooms.append(room)
        if len(self._rooms) == 1:
            self._go_on()

    def _go_on(self) -> None:
        """Tell some, and let the next room have its turn."""
        room = self._rooms.popleft()
        telling, left = room.gathered.telling, False
        try:
            left = telling is not None and telling.go_on()
        finally:
            if left:
                self._rooms.append(room)
            else:
                room.gathered.telling = None
                self._plan(room)
            if self._rooms:
                asyncio.get_running_loop().call_soon(self._go_on)
