"""What administrators get to know of rooms: a line for each, or all there is about one."""

from collections.abc import AsyncIterator
from dataclasses import dataclass

from palaver import jid
from palaver.ext.delay import timestamp
from palaver.ext.muc import configuration
from palaver.ext.muc.engine import Engine
from palaver.ext.muc.privileges import Affiliation
from palaver.ext.muc.room import Room
from palaver.ext.muc.storage import Row
from palaver.jid import BareJID
from palaver.kernel.services import Service
from palaver.kernel.storage import LogFilter, timestamp_of
from palaver.wire import element

_PAGE = 200  # rooms


@dataclass(frozen=True, slots=True)
class Summary:
    """A room in a list.

    ``occupants``  people who are in it now
    ``said``       when the last message in its archive was said, in microseconds since 1970; None
                   where there is none
    """

    address: BareJID
    row: Row
    occupants: int
    said: int | None

    def idle_since(self) -> int:
        """Return since when nobody was in it, within an hour: in microseconds since 1970."""
        return max(self.row.created, self.row.used, self.said or 0)

    def shown(self) -> dict[str, object]:
        """Return what a list shows of it."""
        config = self.row.config
        return {
            "room": str(self.address),
            "name": config.name,
            "occupants": self.occupants,
            "affiliated": self.row.affiliated,
            "used": timestamp(self.idle_since()),
            "last_message": None if self.said is None else timestamp(self.said),
            "persistent": config.persistent,
            "public": config.public,
            "members_only": config.members_only,
        }


async def summaries(engine: Engine, service: Service, prefix: str = "") -> AsyncIterator[Summary]:
    """Iterate over all rooms of a service whose names begin with something."""
    after = ""
    while page := await engine.store.page(
        str(service.address), prefix=prefix, after=after, limit=_PAGE
    ):
        for row in page:
            yield await _summary(engine, jid.parse_bare(f"{row.name}@{service.address}"), row)
        after = page[-1].name


async def _summary(engine: Engine, address: BareJID, row: Row) -> Summary:
    room = engine.rooms.at_hand(address)
    last = await engine.server.log.page(row.id, LogFilter(), 1, newest=True)
    said = timestamp_of(last[0].id) if last else None
    return Summary(address, row, 0 if room is None else len(room.occupants), said)


async def details(engine: Engine, room: Room) -> dict[str, object]:
    """Return all there is to know of a room, but for its lists of members and of those banned."""
    summary = await _summary(engine, room.jid, await engine.store.row(room))
    archived = await engine.server.log.count(room.id, LogFilter())
    return {
        **summary.shown(),
        "subject": subject_of(room),
        "creator": str(room.creator),
        "created": timestamp(summary.row.created),
        "owners": [str(each) for each in room.affiliated(Affiliation.OWNER)],
        "admins": [str(each) for each in room.affiliated(Affiliation.ADMIN)],
        "members": len(room.affiliated(Affiliation.MEMBER)),
        "banned": len(room.affiliated(Affiliation.OUTCAST)),
        "archived_messages": archived,
        "locked": room.locked,
        "kept_roles": {str(who): role.word for who, role in room.roles.all()},
    }


def subject_of(room: Room) -> str:
    """Return the subject as a text, in the first of its languages."""
    elements = element.parse_all(room.subject.content)
    return next((each.text for each in elements if each.name == "subject"), "")


def occupants(room: Room) -> list[dict[str, object]]:
    """Return who is in a room."""
    return [
        {
            "nick": each.nick,
            "jid": str(each.bare),
            "role": each.role.word,
            "affiliation": room.affiliation(each.bare).word,
            "devices": len(each.attendants),
        }
        for each in room.occupants.values()
    ]


def affiliations(room: Room, only: Affiliation | None) -> list[dict[str, object]]:
    """Return who has to do with a room for good, those with the most to say first."""
    found = sorted(room.standings.items(), key=lambda pair: (-pair[1].affiliation, pair[0]))
    return [
        {
            "jid": str(who),
            "affiliation": each.affiliation.word,
            "nick": each.nick,
            "reason": each.reason,
        }
        for who, each in found
        if only is None or each.affiliation is only
    ]


def options(room: Room) -> list[dict[str, object]]:
    """Return how a room is configured: each option by the name that commands have for it."""
    return [
        {"option": name, "value": ",".join(values), "meaning": label}
        for name, label, values in configuration.written(room.config)
    ]
