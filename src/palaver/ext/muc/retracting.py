"""Messages that are taken back: by their authors (XEP-0424), or by moderators (XEP-0425).

They leave the history for those who enter later at once, and tombstones in the archive. What
authors take back is carried out by the index of the log as well, should the server end before.
"""

from collections import Counter
from collections.abc import Callable, Coroutine
from typing import Any, Final

import structlog

from palaver.ext.archive.names import RETRACT, TOMBSTONE
from palaver.ext.archive.reader import bury
from palaver.ext.delay import timestamp
from palaver.ext.muc.engine import Engine
from palaver.ext.muc.names import OCCUPANT_ID
from palaver.ext.muc.occupant import Occupant
from palaver.ext.muc.privileges import Role
from palaver.ext.muc.room import Room
from palaver.ext.muc.sheets import Copies
from palaver.ext.stanza_ids import stamp
from palaver.jid import JID
from palaver.kernel.storage import (
    LogEntry,
    StorageUnavailable,
    parse_stanza_id,
    stanza_id,
    timestamp_of,
)
from palaver.wire import element
from palaver.wire.element import Element
from palaver.wire.errors import StanzaError, WireError
from palaver.wire.rereading import reread
from palaver.wire.stanza import Stanza

log = structlog.get_logger()

MODERATE: Final = "urn:xmpp:message-moderate:1"
RETRACT_KEY: Final = f"{RETRACT} retract"
FEATURES: Final = (RETRACT, TOMBSTONE, MODERATE)
_CLOSING: Final = b"</message>"


class Retracting:
    """Takes messages back."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._under_way: Counter[int] = Counter()  # by room

    async def settle(self, room: Room) -> None:
        """Wait until what was taken back in a room is so in its archive."""
        if self._under_way[room.id]:
            async with self._engine.turn(room):
                pass

    # -- by its author -----------------------------------------------------------------------------

    def begin(self, stanza: Stanza, room: Room, occupant: Occupant) -> int | None:
        """Take a message out of the history whose author takes it back.

        Return its id in the log, or None where that is not said.

        Raises:
            StanzaError: forbidden, it is said in the name of a moderator, which only rooms do.
        """
        order = element.parse(stanza.part(RETRACT_KEY))
        if order.find("moderated", MODERATE) is not None:
            raise StanzaError("forbidden", "only the room says what moderators have done")
        try:
            id_ = parse_stanza_id(order.get("id") or "")
        except ValueError:
            return None
        room.history.drop(b"".join((occupant.id, stamp(room.jid, id_), _CLOSING)))
        return id_ if stanza.id else None  # the tombstone repeats it (XEP-0424 §5)

    def finish(self, stanza: Stanza, room: Room, id_: int) -> Coroutine[Any, Any, None]:
        """Carry out in the archive what an author takes back; who asks it next waits for that."""
        self._under_way[room.id] += 1
        return self._finish(stanza, room, id_)

    async def _finish(self, stanza: Stanza, room: Room, id_: int) -> None:
        who, ours = stanza.sender.bare, Element("retracted", RETRACT, {"id": stanza.id or None})

        def stone(entry: LogEntry) -> bytes | None:
            return self._stone(entry, ours) if entry.peer == who else None

        try:
            async with self._engine.turn(room):
                await self._bury(room, id_, stone)
        except StorageUnavailable:
            log.info("a retraction is carried out later", room=str(room.jid))
        finally:
            self._under_way -= Counter((room.id,))

    # -- by a moderator ----------------------------------------------------------------------------

    async def moderate(self, room: Room, who: JID, payload: Element) -> None:
        """Take back what somebody else said (XEP-0425 §3).

        Raises:
            StanzaError: forbidden, who asks is no moderator in the room; bad-request, it does not
                say what to do; item-not-found, there is no such message.
        """
        _moderator(room, who)
        if payload.find("retract", RETRACT) is None:
            raise StanzaError("bad-request", "that does not say what is to become of the message")
        try:
            id_ = parse_stanza_id(payload.get("id") or "")
        except ValueError as error:
            raise StanzaError("item-not-found", "there is no such message") from error
        reason = payload.find("reason", MODERATE)
        token = stanza_id(self._engine.server.log.new_id())
        async with self._engine.turn(room):
            about = _about(_moderator(room, who), reason.text if reason is not None else "")
            stone = Element("retracted", RETRACT, {"id": token}, *about)
            if not await self._bury(room, id_, lambda entry: self._stone(entry, stone)):
                raise StanzaError("item-not-found", "there is no such message")
            order = Element("retract", RETRACT, {"id": stanza_id(id_)}, *about)
            self._tell(room, who, token, order)
        await self._engine.server.log.flush()

    def _tell(self, room: Room, who: JID, token: str, order: Element) -> None:
        """Tell all, and keep that for those who come back later."""
        engine, server = self._engine, self._engine.server
        message = Stanza.make("message", room.jid, None, {"type": "groupchat", "id": token}, order)
        head, tail = message.head(), message.tail()
        if room.config.logging:
            id_, bare = server.log.new_id(), who.bare
            row = LogEntry(room.id, id_, False, bare, who.resource, head + tail, False, True)
            server.log.append(row)
            tail = b"".join((tail.removesuffix(_CLOSING), stamp(room.jid, id_), _CLOSING))
        engine.fanout.send(Copies(head, tail), room.attendants.values())

    # -- the archive -------------------------------------------------------------------------------

    async def _bury(
        self, room: Room, id_: int, stone: Callable[[LogEntry], bytes | None]
    ) -> list[int]:
        buried = await self._engine.server.log.bury(room.id, id_, stone)
        for each in buried:
            room.history.drop(stamp(room.jid, each) + _CLOSING)
        return buried

    def _stone(self, entry: LogEntry, retracted: Element) -> bytes | None:
        """Write what remains of a message; None for what says itself that something is gone."""
        try:
            message = reread(entry.stanza)
        except (WireError, KeyError, ValueError):
            return None
        if RETRACT_KEY in message.names:
            return None
        now = timestamp(timestamp_of(self._engine.server.log.new_id()))
        attributes = {**retracted.attrs, "stamp": now}
        return bury(message, Element("retracted", RETRACT, attributes, *retracted.children))


def _moderator(room: Room, who: JID) -> Occupant:
    found = room.occupant(who)
    if found is None or found.role is not Role.MODERATOR:
        raise StanzaError("forbidden", "only moderators take back what others say")
    return found


def _about(moderator: Occupant, reason: str) -> tuple[Element, ...]:
    id_ = element.parse(moderator.id).get("id")
    who = Element("occupant-id", OCCUPANT_ID, {"id": id_})
    done = Element("moderated", MODERATE, {"by": str(moderator.jid)}, who)
    return (done, Element("reason", RETRACT, {}, reason)) if reason else (done,)
