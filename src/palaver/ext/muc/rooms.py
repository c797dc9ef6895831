"""The rooms in use: loaded once, kept while somebody is in them, and what waits meanwhile in order.

Whoever needs a room gives a function to call with it. Where the room is at hand, that happens at
once; while it is being loaded, made or deleted, such calls wait and run in the order in which they
were asked for. One that makes the room is a coroutine, and those behind it wait for its end.
"""

import asyncio
from collections import OrderedDict, deque
from collections.abc import Callable, Coroutine
from typing import TYPE_CHECKING, Any, Final

import structlog

from palaver.ext.muc.room import Room
from palaver.ext.muc.storage import RoomStore
from palaver.jid import BareJID
from palaver.kernel.answering import refusal_for
from palaver.kernel.host import Host
from palaver.kernel.storage import LogFilter
from palaver.wire.errors import StanzaError

if TYPE_CHECKING:
    from palaver.kernel.server import Server

log = structlog.get_logger()

_KEPT_EMPTY: Final = 1_000  # rooms in memory that nobody is in

Outcome = Room | StanzaError | None
"""A room, None where there is none, or why that cannot be told now."""

Work = Coroutine[Any, Any, None]

Making = Coroutine[Any, Any, Room]

Then = Callable[[Outcome], Work | None]
"""What is done with a room, or without it."""


class Rooms:
    """The rooms of all services that are in memory."""

    def __init__(self, server: "Server", store: RoomStore) -> None:
        self._server = server
        self._store = store
        self._rooms: dict[BareJID, Room] = {}
        self._empty: OrderedDict[BareJID, None] = OrderedDict()
        self._waiting: dict[BareJID, deque[Then | Work]] = {}

    def at_hand(self, address: BareJID) -> Room | None:
        """Return a room if it is in memory and nothing is done to it as a whole."""
        return None if address in self._waiting else self._rooms.get(address)

    def all(self) -> list[Room]:
        """Return the rooms in memory."""
        return list(self._rooms.values())

    def when_ready(self, address: BareJID, host: Host, then: Then) -> None:
        """Call ``then`` with a room, or with None where there is none of that address."""
        waiting = self._waiting.get(address)
        if waiting is not None:
            waiting.append(then)
            return
        room = self._rooms.get(address)
        if room is None:
            self._begin(address, host, then)
            return
        work = then(room)
        if work is not None:
            self._begin(address, host, work)

    async def get(self, address: BareJID, host: Host) -> Room | None:
        """Return a room, or None, in turn with what waits for it.

        Raises:
            StanzaError: storage cannot tell now.
        """
        room = self.at_hand(address)
        if room is not None:
            return room
        found: asyncio.Future[Outcome] = asyncio.get_running_loop().create_future()

        def settle(outcome: Outcome) -> None:
            if not found.done():
                found.set_result(outcome)

        self.when_ready(address, host, settle)
        outcome = await found
        if isinstance(outcome, StanzaError):
            raise outcome
        return outcome

    async def make(self, address: BareJID, host: Host, making: Callable[[], Making]) -> Room | None:
        """Make a room that nobody enters, in turn with what waits for it; None if there is one.

        Raises:
            StanzaError: storage cannot tell now.
        """
        made: asyncio.Future[Room | None] = asyncio.get_running_loop().create_future()

        def then(outcome: Outcome) -> Work | None:
            if made.done():
                return None  # whoever wanted it has gone
            if isinstance(outcome, StanzaError):
                made.set_exception(outcome)
                return None
            if outcome is not None:
                made.set_result(None)
                return None
            return self._make(making(), made)

        self.when_ready(address, host, then)
        return await made

    async def _make(self, making: Making, made: asyncio.Future[Room | None]) -> None:
        try:
            room = await making
        except Exception as error:
            if not made.done():
                made.set_exception(error)
            return
        self.put(room)
        self.emptied(room)
        if not made.done():
            made.set_result(room)

    def put(self, room: Room) -> None:
        """Take a room into use that was made."""
        self._rooms[room.jid] = room

    def emptied(self, room: Room) -> None:
        """Take note that nobody is in a room any more; it may leave memory when others come."""
        self._empty[room.jid] = None
        while len(self._empty) > _KEPT_EMPTY:
            address, _ = self._empty.popitem(last=False)
            idle = self._rooms.get(address)
            if idle is not None and not idle.attendants and address not in self._waiting:
                del self._rooms[address]

    def delete(self, room: Room, *first: Work) -> None:
        """Let a room be no more; what comes for its address waits until its rows are gone.

        ``first`` is what is to be done before that.
        """
        if self._rooms.get(room.jid) is not room:
            for work in first:
                work.close()
            return
        room.ended = True
        self._rooms.pop(room.jid, None)
        self._empty.pop(room.jid, None)
        self._begin(room.jid, room.host, *first, self._store.delete(room))

    def _begin(self, address: BareJID, host: Host, *first: Then | Work) -> None:
        """Let what comes for a room wait until this is done."""
        waiting = self._waiting.get(address)
        if waiting is not None:
            waiting.extendleft(reversed(first))
            return
        self._waiting[address] = deque(first)
        self._server.spawn(self._go_on(address, host))

    async def _go_on(self, address: BareJID, host: Host) -> None:
        """Do what waits for a room, one after the other."""
        waiting = self._waiting[address]
        try:
            while waiting:
                first = waiting.popleft()
                try:
                    work = first(await self._outcome(address, host)) if callable(first) else first
                    if work is not None:
                        await work
                except Exception:
                    log.exception("a room could not be changed", room=str(address))
        finally:
            del self._waiting[address]

    async def _outcome(self, address: BareJID, host: Host) -> Outcome:
        try:
            return await self._room(address, host)
        except Exception as error:
            return refusal_for(error, room=str(address))

    async def _room(self, address: BareJID, host: Host) -> Room | None:
        room = self._rooms.get(address)
        if room is None:
            room = await self._store.find(address, host)
            if room is None:
                return None
            await self._remember(room)
            self._rooms[address] = room
            self.emptied(room)
        return room

    async def _remember(self, room: Room) -> None:
        if room.config.logging and room.config.history:
            most = room.config.history
            rows = await self._server.log.page(room.id, LogFilter(), most, newest=True)
            room.history.fill(rows, room.jid, most)
