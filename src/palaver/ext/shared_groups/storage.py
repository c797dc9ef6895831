"""The tables of the groups: who is in them is stored once, and never per pair of members."""

from collections.abc import Sequence
from typing import Final

from sqlalchemy import (
    Boolean,
    Column,
    Connection,
    ForeignKey,
    Index,
    Table,
    UniqueConstraint,
    delete,
    insert,
    select,
    update,
)

from palaver import jid as addresses
from palaver.ext.shared_groups.directory import Directory, Group
from palaver.jid import BareJID
from palaver.kernel.storage import BigId, Database, Name, account_column, metadata

NAME_BYTES: Final = 512


def _of_group(name: str) -> Column[int]:
    to = ForeignKey("shared_groups.id", ondelete="CASCADE")
    return Column(name, BigId, to, primary_key=True, nullable=False, autoincrement=False)


groups: Final = Table(
    "shared_groups",
    metadata,
    Column("id", BigId, primary_key=True),
    Column("host", Name(1023), nullable=False),
    Column("name", Name(NAME_BYTES), nullable=False),
    Column("everybody", Boolean, nullable=False),
    UniqueConstraint("host", "name"),
    sqlite_autoincrement=True,
)
members: Final = Table(
    "shared_group_members",
    metadata,
    _of_group("group_id"),
    account_column(primary_key=True),
)
Index(None, members.c.account_id)
displays: Final = Table(
    "shared_group_displays",
    metadata,
    _of_group("group_id"),
    _of_group("shown_to"),
)
versions: Final = Table(
    "shared_group_versions",
    metadata,
    Column("host", Name(1023), primary_key=True),
    Column("version", BigId, nullable=False),
)
TABLES: Final = (groups, members, displays, versions)


class GroupStorage:
    """Reads and writes the groups; every coroutine raises StorageUnavailable."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def load(self, host: str) -> Directory:
        """Read the groups of a host."""
        return await self._database.read(lambda connection: _load(connection, host))

    async def accounts(self, host: str) -> set[BareJID]:
        """Read the addresses of all accounts of a host."""
        table = metadata.tables["accounts"]
        query = select(table.c.localpart).where(table.c.host == host)
        async with self._database.connect() as connection:
            names = (await connection.scalars(query)).all()
        return {addresses.make(name, host).bare for name in names}

    async def set_version(self, host: str, version: int) -> None:
        """Note since when the groups are as they are."""
        row = {"host": host, "version": version}
        async with self._database.begin() as connection:
            await self._database.upsert(connection, versions, row, ["host"])

    async def create(self, host: str, name: str, *, everybody: bool) -> Group:
        """Store a new group, which is shown to its own members."""
        row = {"host": host, "name": name, "everybody": everybody}
        async with self._database.begin() as connection:
            result = await connection.execute(insert(groups).values(row))
            (id_,) = result.inserted_primary_key or (0,)
            await connection.execute(insert(displays).values(group_id=id_, shown_to=id_))
        return Group(id_, name, everybody, set(), {id_})

    async def delete(self, group: Group) -> None:
        """Delete a group."""
        async with self._database.begin() as connection:
            await connection.execute(delete(groups).where(groups.c.id == group.id))

    async def rename(self, group: Group, name: str) -> None:
        """Give a group another name."""
        async with self._database.begin() as connection:
            await connection.execute(
                update(groups).where(groups.c.id == group.id).values(name=name)
            )

    async def set_everybody(self, group: Group, everybody: bool) -> None:
        """Let all accounts of the host be in a group, or only its members."""
        query = update(groups).where(groups.c.id == group.id).values(everybody=everybody)
        async with self._database.begin() as connection:
            await connection.execute(query)

    async def add(self, group: Group, account_ids: Sequence[int]) -> None:
        """Add accounts to a group that are not in it."""
        rows = [{"group_id": group.id, "account_id": each} for each in account_ids]
        async with self._database.begin() as connection:
            await connection.execute(insert(members), rows)

    async def remove(self, group: Group, account_id: int) -> None:
        """Take an account out of a group."""
        this = members.c.group_id == group.id, members.c.account_id == account_id
        async with self._database.begin() as connection:
            await connection.execute(delete(members).where(*this))

    async def show(self, group: Group, to: Group) -> None:
        """Show a group to the members of another to whom it is not shown yet."""
        async with self._database.begin() as connection:
            await connection.execute(insert(displays).values(group_id=group.id, shown_to=to.id))

    async def hide(self, group: Group, from_: Group) -> None:
        """Hide a group from the members of another."""
        this = displays.c.group_id == group.id, displays.c.shown_to == from_.id
        async with self._database.begin() as connection:
            await connection.execute(delete(displays).where(*this))


def _load(connection: Connection, host: str) -> Directory:
    found = {
        row.id: Group(row.id, row.name, row.everybody)
        for row in connection.execute(select(groups).where(groups.c.host == host))
    }
    accounts = metadata.tables["accounts"]
    who = (
        select(members.c.group_id, accounts.c.localpart)
        .join_from(members, accounts, accounts.c.id == members.c.account_id)
        .where(accounts.c.host == host)
    )
    for group_id, name in connection.execute(who):
        if group_id in found:
            found[group_id].members.add(addresses.make(name, host).bare)
    for group_id, shown_to in connection.execute(select(displays)):
        if group_id in found:
            found[group_id].shown_to.add(shown_to)
    version = connection.scalar(select(versions.c.version).where(versions.c.host == host))
    return Directory(found.values(), set(), version or 0)
