"""Stores the hats of rooms, and who wears them (XEP-0317)."""

from typing import TYPE_CHECKING

from sqlalchemy import Connection, and_, delete, insert, select

from palaver import jid
from palaver.ext.muc.hats import Hat
from palaver.ext.muc.room import Room
from palaver.ext.muc.tables import hat_wearers, hats
from palaver.jid import BareJID

if TYPE_CHECKING:
    from palaver.kernel.server import Server


def load(connection: Connection, room: Room) -> None:
    """Let a room in memory have the hats that are stored."""
    for row in connection.execute(select(hats).where(hats.c.account_id == room.id)):
        room.hats.put(Hat(row.uri, row.title, row.hue))
    if not room.hats.all:
        return
    for row in connection.execute(select(hat_wearers).where(hat_wearers.c.account_id == room.id)):
        room.hats.put_on(jid.parse_bare(row.jid), row.uri)


class Wardrobe:
    """The hats of all rooms. Every coroutine raises StorageUnavailable.

    What changes a room in memory does so when the change is committed.
    """

    def __init__(self, server: "Server") -> None:
        self._database = server.database

    async def put(self, room: Room, hat: Hat) -> None:
        """Store a hat, a new one or as it is now."""
        row = {"account_id": room.id, "uri": hat.uri, "title": hat.title, "hue": hat.hue}
        this = and_(hats.c.account_id == room.id, hats.c.uri == hat.uri)
        async with self._database.begin() as connection:
            await connection.execute(delete(hats).where(this))
            await connection.execute(insert(hats).values(row))
        room.hats.put(hat)

    async def remove(self, room: Room, uri: str) -> None:
        """Delete a hat; nobody wears it any more."""
        async with self._database.begin() as connection:
            for table in (hat_wearers, hats):
                this = and_(table.c.account_id == room.id, table.c.uri == uri)
                await connection.execute(delete(table).where(this))
        room.hats.remove(uri)

    async def put_on(self, room: Room, who: BareJID, uri: str) -> None:
        """Let an address wear a hat, which it does not yet."""
        row = {"account_id": room.id, "uri": uri, "jid": who}
        async with self._database.begin() as connection:
            await connection.execute(insert(hat_wearers).values(row))
        room.hats.put_on(who, uri)

    async def take_off(self, room: Room, who: BareJID, *uris: str) -> None:
        """Let an address not wear some hats any more."""
        mine = and_(hat_wearers.c.account_id == room.id, hat_wearers.c.jid == who)
        async with self._database.begin() as connection:
            await connection.execute(delete(hat_wearers).where(mine, hat_wearers.c.uri.in_(uris)))
        for uri in uris:
            room.hats.take_off(who, uri)
