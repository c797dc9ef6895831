"""Tells those who enter a large room who is in it, a slice in each turn of the loop.

What the room says to them meanwhile waits behind that, so everything comes in the order of
XEP-0045 §7.1: all others, themselves with the status 110, the history, the subject, and then what
has happened since. Nobody else in the server waits for thousands of presences to be written; and
for who reads slowly, the next slice waits until there is room.
"""

import asyncio
from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from time import monotonic
from typing import Final

from palaver.ext.muc.fanout import Fanout, write
from palaver.ext.muc.occupant import Attendant
from palaver.ext.muc.room import Room
from palaver.ext.muc.sheets import Copies, Sheet, sheets
from palaver.kernel.session import Wire
from palaver.wire.errors import StreamError

_SLICE: Final = 4  # sheets, some 80 KB
_TURN: Final = 0.004  # seconds of one turn
_PATIENCE: Final = 0.02  # seconds until those are looked at again who read slowly
_MOST: Final = 20_000  # stanzas that may wait behind the others


class _Arrival:
    """A device that is being told; of others in a room only as long as it is in that."""

    __slots__ = ("attendant", "links", "room", "session", "sheets")

    def __init__(self, room: Room | None, attendant: Attendant, told: Iterable[Sheet]) -> None:
        self.room = room
        self.attendant = attendant
        self.session = attendant.session
        self.sheets = deque(told)
        self.links: list[Wire] = []

    @property
    def congested(self) -> bool:
        """Tell whether too much waits for the device already."""
        if self.session is not None:
            return self.session.wire.congested
        return any(link.congested for link in self.links)

    @property
    def gone(self) -> bool:
        """Tell whether it has left."""
        room, attendant = self.room, self.attendant
        return room is not None and room.attendants.get(attendant.jid) is not attendant


class Arrivals:
    """All that are being told who is in a room."""

    def __init__(self, fanout: Fanout) -> None:
        self._fanout = fanout
        fanout.put_off = self.put_off
        self._queue: deque[_Arrival] = deque()
        self._planned = False

    def begin(self, room: Room, attendant: Attendant, told: Sequence[Sheet]) -> None:
        """Send all this to a device; what is for it from now on waits."""
        backlog = attendant.backlog
        if backlog is None:
            self._wait(_Arrival(room, attendant, told))
        elif len(backlog) < _MOST:  # else it gets at least what is on its way
            backlog += told

    def put_off(self, copies: Copies, attendant: Attendant) -> None:
        """Send a stanza to a device in one of the next turns, and what follows behind that."""
        backlog = self._wait(_Arrival(None, attendant, ()))
        backlog.append(copies)

    def _wait(self, arrival: _Arrival) -> list[Copies | Sheet]:
        attendant, backlog = arrival.attendant, list[Copies | Sheet]()
        self._queue.append(arrival)
        attendant.session, attendant.backlog = None, backlog
        self._plan(0.0)
        return backlog

    def _plan(self, delay: float) -> None:
        if not self._planned:
            self._planned = True
            asyncio.get_running_loop().call_later(delay, self._go_on)

    def _go_on(self) -> None:
        """Send a slice to each, as far as the time of a turn allows."""
        self._planned = False
        until, queue, moved = monotonic() + _TURN, self._queue, False
        for _ in range(len(queue)):
            arrival = queue.popleft()
            moved |= self._step(arrival)
            if arrival.attendant.backlog is not None:
                queue.append(arrival)
            if monotonic() > until:
                break
        if queue:
            self._plan(0.0 if moved else _PATIENCE)

    def _step(self, arrival: _Arrival) -> bool:
        """Send a slice; tell whether that could be done."""
        attendant, session, left = arrival.attendant, arrival.session, arrival.sheets
        backlog = attendant.backlog
        assert backlog is not None
        if session is not None and session.closed:
            left.clear()
            backlog.clear()
        elif arrival.congested:
            if len(backlog) > _MOST and session is not None:
                session.wire.end(StreamError("resource-constraint", "you do not read"))
            return False
        if arrival.gone:
            left.clear()
        for _ in range(_SLICE):
            if not left and backlog:
                left.extend(_sheets(backlog))
                backlog.clear()
            if not left:
                break
            if not self._send(left.popleft(), arrival):
                break
        if not (left or backlog):
            attendant.session, attendant.backlog = session, None
        return True

    def _send(self, sheet: Sheet, arrival: _Arrival) -> bool:
        """Send a sheet; tell whether more may follow in this turn."""
        attendant, session = arrival.attendant, arrival.session
        if session is not None:
            write(sheet, attendant, session)
            return True
        arrival.links = []
        for copies in sheet.copies:
            arrival.links += self._fanout.route(copies, attendant)
            if arrival.gone:  # as it could not be reached
                break
        return False


def _sheets(backlog: Iterable[Copies | Sheet]) -> Iterator[Sheet]:
    """Put on sheets what is on none yet."""
    some: list[Copies] = []
    for each in backlog:
        if isinstance(each, Sheet):
            yield from sheets(some)
            some.clear()
            yield each
        else:
            some.append(each)
    yield from sheets(some)
