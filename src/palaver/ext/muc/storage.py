"""Rooms between their rows and what is in memory."""

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any, NamedTuple

from sqlalchemy import (
    ColumnElement,
    Connection,
    Update,
    and_,
    delete,
    func,
    insert,
    select,
    update,
)
from sqlalchemy.ext.asyncio import AsyncConnection

from palaver import jid
from palaver.ext.muc import configuration, wardrobe
from palaver.ext.muc.configuration import RoomConfig
from palaver.ext.muc.privileges import AFFILIATIONS, ROLES, Affiliation
from palaver.ext.muc.roles import Changes, when_changed
from palaver.ext.muc.room import Room, Standing, Subject
from palaver.ext.muc.tables import affiliations, hat_wearers, roles, rooms
from palaver.jid import BareJID
from palaver.kernel.host import Host
from palaver.kernel.storage import AccountExists, NewAccount, StorageUnavailable

if TYPE_CHECKING:
    from palaver.kernel.server import Server


class Row(NamedTuple):
    """What is stored of a room; ``created`` and ``used`` are in microseconds since 1970."""

    id: int
    name: str
    creator: BareJID
    created: int
    used: int
    config: RoomConfig
    affiliated: int


class Listed(NamedTuple):
    """A room that is public: its localpart, and how it is configured."""

    name: str
    config: RoomConfig


class RoomStore:
    """The rooms of all services. Every coroutine raises StorageUnavailable.

    What changes a room in memory does so when the change is committed.
    """

    def __init__(self, server: "Server") -> None:
        self._server = server
        self._database = server.database

    async def find(self, address: BareJID, host: Host) -> Room | None:
        """Return a room, or None."""

        def work(connection: Connection) -> Room | None:
            which = rooms.c.service == address.domain, rooms.c.name == address.local
            row = connection.execute(select(rooms).where(*which)).first()
            if row is None:
                return None
            creator, config = jid.parse_bare(row.creator), configuration.from_json(row.config)
            room = Room(row.account_id, address, host, creator, config)
            room.versions.key = self._key(room)
            room.subject = Subject(row.subject.encode(), row.subject_nick, row.subject_at)
            mine = select(affiliations).where(affiliations.c.account_id == room.id)
            for each in connection.execute(mine):
                standing = Standing(AFFILIATIONS[each.affiliation], each.nick, each.reason)
                room.put(jid.parse_bare(each.jid), standing)
            wardrobe.load(connection, room)
            kept = select(roles).where(roles.c.account_id == room.id)
            room.roles.put(
                {jid.parse_bare(each.jid): ROLES[each.role] for each in connection.execute(kept)}
            )
            room.used = row.used
            return room

        return await self._database.read(work)

    async def create(
        self, address: BareJID, host: Host, creator: BareJID, config: RoomConfig
    ) -> Room:
        """Make a room; its creator owns it."""
        account_id = await self._account(address)
        owner = Standing(Affiliation.OWNER)
        now = int(self._server.clock.now() * 1_000_000)
        row = {
            "account_id": account_id,
            "service": address.domain,
            "name": address.local,
            "creator": creator,
            "created": now,
            "used": now,
            "subject": "",
            "subject_nick": "",
            "subject_at": 0,
            **_config_row(config),
        }
        async with self._database.begin() as connection:
            await connection.execute(insert(rooms).values(row))
            await connection.execute(
                insert(affiliations).values(_standing_row(account_id, creator, owner))
            )
        room = Room(account_id, address, host, creator, config)
        room.versions.key = self._key(room)
        room.put(creator, owner)
        room.used = now
        return room

    def _key(self, room: Room) -> bytes:
        """Return what makes the versions of a room's affiliations its own."""
        return self._server.secret.derive("affiliations", room.jid, str(room.id))

    async def _account(self, address: BareJID) -> int:
        store = self._server.store
        try:
            record = await store.create(NewAccount(address.domain, address.local, address.local))
        except AccountExists:  # of a room that was begun when the server ended
            found = await store.find(address.domain, address.local)
            if found is None:
                raise StorageUnavailable("the room is being deleted") from None
            record = found
        return record.id

    async def change(
        self, room: Room, config: RoomConfig | None, standings: Mapping[BareJID, Standing]
    ) -> None:
        """Give a room another configuration, and addresses another standing: all or nothing.

        The roles that are kept follow that.
        """
        kept = when_changed(room, config or room.config, standings)
        async with self._database.begin() as connection:
            if config is not None:
                await connection.execute(_changed(room, _config_row(config)))
            await self._write(connection, room, standings)
            await self._write_roles(connection, room, kept)
        if config is not None:
            room.config = config
        for who, standing in standings.items():
            room.put(who, standing)
        room.roles.put(kept)

    async def keep(self, room: Room, changes: Changes) -> None:
        """Keep other roles for the next visits; those of temporary accounts only in memory."""
        if not changes:
            return
        async with self._database.begin() as connection:
            await self._write_roles(connection, room, changes)
        room.roles.put(changes)

    async def _write_roles(self, connection: AsyncConnection, room: Room, changes: Changes) -> None:
        for who, role in changes.items():
            this = and_(roles.c.account_id == room.id, roles.c.jid == who)
            await connection.execute(delete(roles).where(this))
            account = self._server.accounts.loaded(who)
            if role is not None and not (account is not None and account.temporary):
                row = {"account_id": room.id, "jid": who, "role": role.word}
                await connection.execute(insert(roles).values(row))

    async def use(self, room: Room) -> None:
        """Store when a room was used last, which it has in memory already."""
        await self._update(room, {"used": room.used})

    async def _update(self, room: Room, values: dict[str, object]) -> None:
        async with self._database.begin() as connection:
            await connection.execute(_changed(room, values))

    async def _write(
        self, connection: AsyncConnection, room: Room, standings: Mapping[BareJID, Standing]
    ) -> None:
        for who, standing in standings.items():
            this = and_(affiliations.c.account_id == room.id, affiliations.c.jid == who)
            await connection.execute(delete(affiliations).where(this))
            if standing.affiliation is not Affiliation.NONE:
                row = _standing_row(room.id, who, standing)
                await connection.execute(insert(affiliations).values(row))

    async def set_subject(self, room: Room, subject: Subject) -> None:
        """Store the subject of a room, which has it in memory already."""
        values: dict[str, object] = {
            "subject": subject.content.decode(),
            "subject_nick": subject.nick,
            "subject_at": subject.at,
        }
        await self._update(room, values)

    async def disown(self, room: Room, who: BareJID) -> None:
        """Forget that somebody created a room."""
        if room.creator != who:
            return
        await self._update(room, {"creator": room.jid})
        room.creator = room.jid

    async def delete(self, room: Room) -> None:
        """Delete a room with all that was said in it."""
        await self._server.log.forget(room.id)
        await self._server.store.delete(room.id)

    # -- many --------------------------------------------------------------------------------------

    async def listed(
        self, service: str, limit: int, *, after: str = "", before: str = "", last: bool = False
    ) -> list[Listed]:
        """Return rooms of a service that are public, in the order of their names.

        Those next to ``after``, or, if it is to be the ``last`` ones, next to ``before``.
        """
        query = select(rooms.c.name, rooms.c.config).where(*_public(service), rooms.c.name > after)
        if before:
            query = query.where(rooms.c.name < before)
        query = query.order_by(rooms.c.name.desc() if last else rooms.c.name).limit(limit)
        found = await self._database.read(lambda connection: connection.execute(query).all())
        rows = [Listed(row.name, configuration.from_json(row.config)) for row in found]
        return rows[::-1] if last else rows

    async def count_listed(self, service: str) -> int:
        """Count the rooms of a service that are public."""
        query = select(func.count()).select_from(rooms).where(*_public(service))
        return await self._database.read(lambda connection: connection.scalar(query) or 0)

    async def page(self, service: str, *, prefix: str, after: str, limit: int) -> list[Row]:
        """Return what is stored of all rooms of a service, in the order of their names."""
        mine = affiliations.c.account_id == rooms.c.account_id
        affiliated = select(func.count()).where(mine).scalar_subquery()
        which = (
            rooms.c.service == service,
            rooms.c.name > after,
            rooms.c.name.startswith(prefix, autoescape=True),
        )
        columns = (
            rooms.c.account_id,
            rooms.c.name,
            rooms.c.creator,
            rooms.c.created,
            rooms.c.used,
            rooms.c.config,
            affiliated.label("affiliated"),
        )
        query = select(*columns).where(*which).order_by(rooms.c.name).limit(limit)
        found = await self._database.read(lambda connection: connection.execute(query).all())
        return [
            Row(
                each.account_id,
                each.name,
                jid.parse_bare(each.creator),
                each.created,
                each.used,
                configuration.from_json(each.config),
                each.affiliated,
            )
            for each in found
        ]

    async def row(self, room: Room) -> Row:
        """Return what is stored of a room."""
        query = select(rooms.c.created).where(rooms.c.account_id == room.id)
        created = await self._database.read(lambda connection: connection.scalar(query) or 0)
        name, count = room.jid.local, len(room.standings)
        return Row(room.id, name, room.creator, created, room.used, room.config, count)

    async def count(self, service: str, creator: BareJID) -> int:
        """Count the rooms of a service that somebody created."""
        which = rooms.c.service == service, rooms.c.creator == creator
        query = select(func.count()).select_from(rooms).where(*which)
        return await self._database.read(lambda connection: connection.scalar(query) or 0)

    async def temporary(self) -> list[BareJID]:
        """Return the rooms that do not outlast their occupants."""
        query = select(rooms.c.service, rooms.c.name).where(~rooms.c.persistent)
        return await self._addresses(query)

    async def concerning(self, who: BareJID) -> list[BareJID]:
        """Return the rooms with which an address is affiliated, where it has a role, or its own.

        A role or a hat, that is; its own are those that it created.
        """
        affiliated = select(affiliations.c.account_id).where(affiliations.c.jid == who)
        wearing = select(hat_wearers.c.account_id).where(hat_wearers.c.jid == who)
        given = select(roles.c.account_id).where(roles.c.jid == who)
        room = rooms.c.account_id
        which = (
            room.in_(affiliated) | room.in_(wearing) | room.in_(given) | (rooms.c.creator == who)
        )
        return await self._addresses(select(rooms.c.service, rooms.c.name).where(which))

    async def _addresses(self, query: Any) -> list[BareJID]:
        async with self._database.connect() as connection:
            found: Iterable[Any] = await connection.execute(query)
        return [jid.parse_bare(f"{row.name}@{row.service}") for row in found]


def _changed(room: Room, values: dict[str, object]) -> Update:
    """Return the order to change the row of a room."""
    return update(rooms).where(rooms.c.account_id == room.id).values(values)


def _public(service: str) -> tuple[ColumnElement[bool], ...]:
    return rooms.c.service == service, rooms.c.public


def _config_row(config: RoomConfig) -> dict[str, object]:
    text = configuration.to_json(config)
    return {"config": text, "persistent": config.persistent, "public": config.public}


def _standing_row(account_id: int, who: BareJID, standing: Standing) -> dict[str, object]:
    return {
        "account_id": account_id,
        "jid": who,
        "affiliation": standing.affiliation.word,
        "nick": standing.nick,
        "reason": standing.reason,
    }
