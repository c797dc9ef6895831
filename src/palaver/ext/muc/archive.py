"""The archive of a room, for those who could have read along (XEP-0313 §5.1.2)."""

from typing import Final

from palaver.ext.archive import queries
from palaver.ext.archive.answers import Asker, answer, metadata
from palaver.ext.archive.names import NS as NS
from palaver.ext.muc.discovering import may_read
from palaver.ext.muc.engine import Engine
from palaver.ext.muc.names import USER
from palaver.ext.muc.privileges import Affiliation, Role
from palaver.ext.muc.retracting import Retracting
from palaver.ext.muc.room import Room
from palaver.jid import JID
from palaver.kernel.extension import Answer, Request
from palaver.kernel.storage import LogEntry
from palaver.wire import escape
from palaver.wire.element import Element
from palaver.wire.errors import StanzaError
from palaver.wire.rereading import reread

_CLOSING: Final = b"</message>"


class RoomArchive:
    """Takes the questions to the archives of rooms."""

    def __init__(self, engine: Engine, retracting: Retracting) -> None:
        self._engine = engine
        self._retracting = retracting

    def _check(self, room: Room, who: JID) -> None:
        """Check that somebody may read an archive.

        Raises:
            StanzaError: feature-not-implemented, there is none; forbidden.
        """
        if not room.config.logging:
            raise StanzaError("feature-not-implemented", "this room has no archive")
        if not may_read(self._engine, room, who):
            raise StanzaError("forbidden", "you could not enter this room")

    def _sees_addresses(self, room: Room, who: JID) -> bool:
        moderates = room.role(who) is Role.MODERATOR
        by_right = self._engine.power(room, who) >= Affiliation.ADMIN
        return moderates or by_right or not room.config.anonymous

    async def query(self, room: Room, request: Request, most: int) -> Answer:
        """Send a page of the archive.

        Raises:
            StanzaError: as `_check`, and as `palaver.ext.archive.answers.answer` does.
        """
        self._check(room, request.sender)
        asked = queries.read(request.payload, searchable=False)
        revealing = self._sees_addresses(room, request.sender)
        if asked.which.peer is not None and not revealing:
            raise StanzaError("forbidden", "who said what is not for you to know here")
        await self._retracting.settle(room)
        asker = self._asker(room, request, revealing=revealing)
        return await answer(self._engine.server.log, room.id, asked, asker, most)

    def _asker(self, room: Room, request: Request, *, revealing: bool) -> Asker:
        session, router = request.session, self._engine.server.router
        dressed = _with_author if revealing else _plain
        if session is None:
            return Asker(
                room.jid,
                request.sender,
                lambda data: router.route(reread(data)),
                lambda: False,
                dressed,
            )
        return Asker(
            room.jid,
            request.sender,
            session.write,
            lambda: session.wire.congested and not session.closed,
            dressed,
        )

    def form(self, room: Room, who: JID) -> Answer:
        """Tell which fields a question may have."""
        self._check(room, who)
        return queries.form(searchable=False)

    async def metadata(self, room: Room, who: JID) -> Element:
        """Tell where the archive begins and ends."""
        self._check(room, who)
        return await metadata(self._engine.server.log, room.id)


def _plain(row: LogEntry) -> bytes:
    return row.stanza


def _with_author(row: LogEntry) -> bytes:
    """Return a message with the real address of whoever said it."""
    author = f"{row.peer}/{row.peer_resource}" if row.peer_resource else row.peer
    item = f"<x xmlns='{USER}'><item jid='{escape.attribute(author)}'/></x>".encode()
    return b"".join((row.stanza.removesuffix(_CLOSING), item, _CLOSING))
