"""Finds those who are in a room no more, but never said so (XEP-0045 §16.3, XEP-0199).

Sessions here leave when they end, and whoever's server returns a stanza of the room leaves by that.
Who only listens, in a room where nothing is said, is found by asking: devices elsewhere of which
nothing came for a while are pinged.
"""

import asyncio
from typing import Final

from palaver.ext.disco import NS_INFO
from palaver.ext.muc import names
from palaver.ext.muc.engine import Engine
from palaver.ext.muc.occupant import Attendant
from palaver.ext.muc.room import Room
from palaver.ext.muc.shown import News
from palaver.ext.ping import NS as PING
from palaver.jid import JID
from palaver.wire.element import Element
from palaver.wire.errors import StanzaError

_AT_ONCE: Final = 200  # pings under way
_MINUTE: Final = 60_000_000  # microseconds
_MOST_SILENT: Final = 3  # pings without an answer; a session may be on its way back
_GONE: Final = frozenset(
    {"gone", "item-not-found", "recipient-unavailable", "redirect", "remote-server-not-found"}
)


class Ghosts:
    """Asks devices elsewhere whether they are still there."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._silent: dict[Attendant, int] = {}

    async def look(self) -> None:
        """Ask all of whom nothing came for long; those that are not there any more leave."""
        due = [
            (room, each)
            for room in self._engine.rooms.all()
            for each in room.attendants.values()
            if self._is_due(room, each)
        ]
        for first in range(0, len(due), _AT_ONCE):
            some = due[first : first + _AT_ONCE]
            await asyncio.gather(*(self._check(*each) for each in some))
        here = {each for room in self._engine.rooms.all() for each in room.attendants.values()}
        self._silent = {each: times for each, times in self._silent.items() if each in here}

    def _is_due(self, room: Room, attendant: Attendant) -> bool:
        server, domain = self._engine.server, attendant.jid.domain
        if domain in server.hosts or domain in server.components:
            return False  # they end with their session, or their connection
        minutes = self._engine.limits(room.host).ghost_minutes
        return bool(minutes) and self._engine.now() - attendant.seen >= minutes * _MINUTE

    async def _check(self, room: Room, attendant: Attendant) -> None:
        asked = self._engine.now()
        gone = await self._is_gone(room, attendant)
        if not gone:
            attendant.seen = max(attendant.seen, asked)
        elif room.attendants.get(attendant.jid) is attendant and attendant.seen < asked:
            self._engine.part(room, attendant, News((names.FAILED,), gone=True))

    async def _is_gone(self, room: Room, attendant: Attendant) -> bool:
        """Tell whether a device is there no more.

        To a ping, service-unavailable may be the word of a client that knows no pings, or of its
        server (RFC 6121 §8.5.3.2.2): what it is has to be told by all who can be in a room
        (XEP-0045 §6.7).
        """
        condition = await self._ask(room, attendant.jid, Element("ping", PING))
        if condition == "service-unavailable":
            condition = await self._ask(room, attendant.jid, Element("query", NS_INFO))
            if condition == "service-unavailable":
                return True
        if condition != "remote-server-timeout":
            self._silent.pop(attendant, None)
            return condition in _GONE
        self._silent[attendant] = times = self._silent.get(attendant, 0) + 1
        return times >= _MOST_SILENT

    async def _ask(self, room: Room, to: JID, payload: Element) -> str:
        """Send a request in the name of the room; return the condition of the error, or ""."""
        try:
            await self._engine.server.requests.ask("get", room.jid, to, payload)
        except StanzaError as error:
            return error.condition
        return ""
