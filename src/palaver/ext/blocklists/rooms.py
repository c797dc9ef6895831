"""Puts those who are blocked out of the rooms that they are in already (XEP-0045 §9.1)."""

from contextlib import suppress
from typing import ClassVar, Final

from palaver.ext.blocklists.extension import Blocklists
from palaver.ext.muc import names
from palaver.ext.muc.extension import Muc
from palaver.ext.muc.occupant import Occupant
from palaver.ext.muc.privileges import Affiliation
from palaver.ext.muc.room import Room
from palaver.ext.muc.shown import News
from palaver.kernel import hooks
from palaver.kernel.extension import Extension, on
from palaver.kernel.host import Host
from palaver.wire.errors import StanzaError

_BANNED: Final = News((names.BANNED,), gone=True, affiliation=Affiliation.OUTCAST)


class BlockedOccupants(Extension):
    """Looks through the rooms of a host when it blocks others than before.

    To those inside it is a ban, though by the host: none of its rooms has it in a list. Those who
    are not in a room yet do not come as far as its service.
    """

    name: ClassVar = "blocked_occupants"
    requires: ClassVar = ("blocklists", "muc")

    @on(hooks.blocks_changed)
    def look_through(self, host: Host) -> None:
        """Find the rooms in which somebody is blocked now."""
        for room in self.server.extension(Muc).engine.rooms.all():
            service = self.server.services.get(room.jid.domain)
            if service is not None and service.host is host and self._blocked(room, host):
                self.server.spawn(self._clear(room, host))

    def _blocked(self, room: Room, host: Host) -> list[Occupant]:
        """Return the occupants who are blocked."""
        blocks = self.server.extension(Blocklists)
        return [
            occupant
            for occupant in room.occupants.values()
            if any(blocks.found(host.name, who) for who in occupant.attendants)
        ]

    async def _clear(self, room: Room, host: Host) -> None:
        engine = self.server.extension(Muc).engine
        with suppress(StanzaError):  # the room is no more
            async with engine.turn(room):
                for occupant in self._blocked(room, host):
                    # Who cannot be reached has left by now, as others were removed.
                    if room.occupants.get(occupant.nick) is occupant:
                        engine.remove(room, occupant, _BANNED)
