"""Presence in large rooms: changes are gathered for a moment, and told together (XEP-0045 §7.2.3).

In a room with thousands of occupants each of whom hears of each other, many enter at once. Nearly
all the work is to write to each of them. So what happens within some hundred milliseconds is told
in one write; before anything else is said in the room, so that nobody hears of one who is unknown.
"""

import asyncio
from collections.abc import Callable, Iterator
from typing import Final

from palaver.ext.muc.fanout import Fanout
from palaver.ext.muc.gathering import Change
from palaver.ext.muc.limits import MucConfig
from palaver.ext.muc.occupant import Attendant, Occupant
from palaver.ext.muc.room import Room
from palaver.ext.muc.sheets import Copies, Sheet, sheets
from palaver.ext.muc.shown import News, copies_of, current
from palaver.kernel.host import Host

_PER_SECOND: Final = 50_000  # recipients; a room tells of its occupants after its size by this
_LONGEST: Final = 0.2  # seconds
_AT_ONCE: Final = 100_000  # copies, some 30 MB, that are written at once


class Crowd:
    """Gathers and tells changes of presence."""

    def __init__(self, fanout: Fanout, limits: Callable[[Host], MucConfig]) -> None:
        self._fanout = fanout
        self._limits = limits

    def is_in(self, room: Room) -> bool:
        """Tell whether a room is a large one."""
        return len(room.attendants) >= self._limits(room.host).crowd

    # -- gathering ---------------------------------------------------------------------------------

    def shows(self, room: Room, occupant: Occupant, *, new: bool = False) -> None:
        """Let the others know soon of the presence of an occupant they may see."""
        room.gathered.shows(occupant, new=new)
        self._plan(room)

    def goes(self, room: Room, occupant: Occupant, news: News) -> None:
        """Let the others know soon that an occupant has left."""
        plain = copies_of(room, occupant, news, revealing=False, own=False, left=True)
        revealing = copies_of(room, occupant, news, revealing=True, own=False, left=True)
        room.gathered.goes(occupant, (plain, revealing))
        self._plan(room)

    def _plan(self, room: Room) -> None:
        gathered, size = room.gathered, len(room.attendants)
        if len(gathered.changes) * size >= _AT_ONCE:
            self.tell(room)
        elif gathered.timer is None:
            delay = min(_LONGEST, size / _PER_SECOND)
            gathered.timer = asyncio.get_running_loop().call_later(delay, self.tell, room)

    # -- telling -----------------------------------------------------------------------------------

    def tell(self, room: Room) -> None:
        """Tell all of what was gathered; it is nothing to those who are concerned themselves."""
        changes, newcomers = room.gathered.take()
        if not changes:
            return
        written = [_written(room, changes, revealing=revealing) for revealing in (False, True)]
        audiences: tuple[list[Attendant], list[Attendant]] = ([], [])
        open_to_all = not room.config.anonymous
        for viewer in room.occupants.values():
            revealing = open_to_all or room.sees_addresses(viewer)
            if viewer.nick not in changes and newcomers.isdisjoint(viewer.attendants.values()):
                audiences[revealing].extend(viewer.attendants.values())
            else:
                self._tell_one(viewer, written[revealing], newcomers)
        for audience, told in zip(audiences, written, strict=True):
            self._fanout.send_sheets(sheets([copies for _, _, copies in told]), audience)

    def _tell_one(
        self, viewer: Occupant, written: list[tuple[int, str, Copies]], newcomers: set[Attendant]
    ) -> None:
        """Tell an occupant of the others, and newcomers of what happened since they entered."""
        for attendant in list(viewer.attendants.values()):
            since = attendant.entered if attendant in newcomers else 0
            told = [
                each for number, nick, each in written if number > since and nick != viewer.nick
            ]
            if told:
                self._fanout.send_sheets((Sheet(told),), (attendant,))


def _written(
    room: Room, changes: dict[str, Change], *, revealing: bool
) -> list[tuple[int, str, Copies]]:
    return [
        (change.number, nick, copies)
        for nick, change in changes.items()
        for copies in _copies(room, change, revealing=revealing)
    ]


def _copies(room: Room, change: Change, *, revealing: bool) -> Iterator[Copies]:
    if change.gone is not None:
        yield change.gone[revealing]
    if change.now is not None and room.config.shows(change.now.role):
        yield current(room, change.now, revealing=revealing)
