"""A round in which all in a large room are told of changes of occupants, some of them at a time.

A round begins with those who are in the room then: whoever enters later gets to know what is so
then. It is told in slices, and what concerns one nickname can be told to the rest at once, when
something else is about to be said of it.
"""

from bisect import bisect_right
from collections import deque
from collections.abc import Iterable, Iterator
from operator import itemgetter
from time import monotonic
from typing import Final

from palaver.ext.muc.arriving import Arrivals
from palaver.ext.muc.fanout import write
from palaver.ext.muc.gathering import Change
from palaver.ext.muc.occupant import Attendant, Occupant
from palaver.ext.muc.room import Room
from palaver.ext.muc.sheets import Copies, Sheet, sheets
from palaver.ext.muc.shown import copies_of, current

_COPIES: Final = 20_000  # in one slice
_EACH: Final = 5  # what it costs to turn to another device, in copies
_TURN: Final = 0.004  # seconds of one slice

_number = itemgetter(0)


class _Written:
    """The changes as one audience sees them: with real addresses or without.

    ``told``    all of them by their number: that, the nickname, and the presence
    ``sheets``  the same, for those who get all of it
    """

    __slots__ = ("sheets", "told")

    def __init__(self, room: Room, changes: dict[str, Change], *, revealing: bool) -> None:
        self.told: list[tuple[int, str, Copies]] = [
            (change.number, nick, copies)
            for nick, change in changes.items()
            for copies in _copies(room, change, revealing=revealing)
        ]
        self.sheets: list[Sheet] = sheets([copies for _, _, copies in self.told])


class Telling:
    """A round."""

    __slots__ = ("_arrivals", "_changes", "_newcomers", "_room", "_viewers", "_written")

    def __init__(
        self,
        room: Room,
        arrivals: Arrivals,
        changes: dict[str, Change],
        newcomers: set[Attendant],
        viewers: Iterable[Occupant],
    ) -> None:
        """Tell ``viewers`` of ``changes``; ``newcomers`` know what is older than they are."""
        self._room = room
        self._arrivals = arrivals
        self._changes = changes
        self._newcomers = newcomers
        self._viewers = deque(viewers)
        self._written: list[_Written | None] = [None, None]

    def go_on(self) -> bool:
        """Tell the next few; tell whether others are left."""
        viewers, left = self._viewers, _COPIES
        until = monotonic() + _TURN
        while viewers and left > 0 and monotonic() < until:
            left -= self._tell(viewers.popleft())
        return bool(viewers)

    def hurry(self, nick: str) -> None:
        """Tell the rest of one nickname at once."""
        change = self._changes.pop(nick, None)
        if change is not None:
            self._written = [None, None]
            left = self._viewers
            Telling(self._room, self._arrivals, {nick: change}, self._newcomers, left).finish()

    def finish(self) -> None:
        """Tell all at once."""
        while self._viewers:
            self._tell(self._viewers.popleft())

    def _tell(self, viewer: Occupant) -> int:
        """Tell one occupant of the others; return what it cost."""
        room = self._room
        if room.occupants.get(viewer.nick) is not viewer:
            return 1
        written = self._as_seen(revealing=room.sees_addresses(viewer))
        attendants = list(viewer.attendants.values())
        if viewer.nick in self._changes or not self._newcomers.isdisjoint(attendants):
            for attendant in attendants:
                self._send(self._some(written, viewer.nick, attendant), attendant)
        else:
            for attendant in attendants:
                self._send(written.sheets, attendant)
        return (len(written.told) + _EACH) * len(attendants)

    def _as_seen(self, *, revealing: bool) -> _Written:
        found = self._written[revealing]
        if found is None:
            found = _Written(self._room, self._changes, revealing=revealing)
            self._written[revealing] = found
        return found

    def _some(self, written: _Written, nick: str, attendant: Attendant) -> list[Sheet]:
        """Tell what a device needs to know of the others, and a newcomer since it entered."""
        since = attendant.entered if attendant in self._newcomers else 0
        told = written.told[bisect_right(written.told, since, key=_number) :]
        if len(told) == len(written.told) and nick not in self._changes:
            return written.sheets
        return sheets([copies for _, other, copies in told if other != nick])

    def _send(self, told: list[Sheet], attendant: Attendant) -> None:
        """Tell a device; one that takes longer by and by."""
        session = attendant.session
        if not told:
            return
        if session is None or session.wire.congested:
            self._arrivals.begin(self._room, attendant, told)
            return
        for sheet in told:
            write(sheet, attendant, session)


def _copies(room: Room, change: Change, *, revealing: bool) -> Iterator[Copies]:
    if change.gone is not None:
        yield change.gone[revealing]
    occupant = change.now
    if occupant is None or not room.config.shows(occupant.role):
        return
    if change.news is None:
        yield current(room, occupant, revealing=revealing)
    else:
        yield copies_of(room, occupant, change.news, revealing=revealing, own=False)
