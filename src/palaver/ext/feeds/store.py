"""Feeds in storage: where they are, when they are asked next, and what was found already."""

import json
from collections.abc import Sequence
from typing import Any, Final, NamedTuple

from sqlalchemy import (
    Column,
    ColumnElement,
    ForeignKey,
    Index,
    Integer,
    Table,
    delete,
    insert,
    select,
    update,
)

from palaver.kernel.storage import BigId, Database, JidText, Name, Timestamp, Xml, metadata

table: Final = Table(
    "feeds",
    metadata,
    Column("id", BigId, primary_key=True),
    # Of a feed in an account's node: it goes with the account.
    Column("account_id", BigId, ForeignKey("accounts.id", ondelete="CASCADE")),
    Column("service", JidText, nullable=False),
    Column("node", Name(512), nullable=False),
    Column("url", Xml, nullable=False),
    Column("every", Integer, nullable=False),  # seconds
    Column("next", Timestamp, nullable=False),
    Column("fetched", Timestamp, nullable=False),  # the last time that it worked; 0 for never
    Column("failures", Integer, nullable=False),  # since then
    Column("error", Xml, nullable=False),
    Column("etag", Xml, nullable=False),
    Column("modified", Xml, nullable=False),
    Column("seen", Xml, nullable=False),  # JSON: ids of items, with a digest of what they had
    sqlite_autoincrement=True,
)
Index(None, table.c.account_id)
Index(None, table.c.next)
_c: Final = table.c


class Source(NamedTuple):
    """A feed: the rows of `table`."""

    id: int
    account_id: int | None
    service: str
    node: str
    url: str
    every: int
    next: int
    fetched: int = 0
    failures: int = 0
    error: str = ""
    etag: str = ""
    modified: str = ""
    seen: str = "{}"

    @property
    def known(self) -> dict[str, str]:
        """Digests of what was found already, by the ids of the items."""
        return {str(key): str(value) for key, value in json.loads(self.seen).items()}


class Sources:
    """The feeds of all nodes; everything raises StorageUnavailable."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def add(self, source: Source) -> int:
        """Store a new one and return its id."""
        values = source._asdict()
        del values["id"]
        async with self._database.begin() as connection:
            done = await connection.execute(insert(table), values)
            key = done.inserted_primary_key
            assert key is not None
            return int(key[0])

    async def get(self, id_: int) -> Source | None:
        """Return one."""
        found = await self._some(_c.id == id_)
        return found[0] if found else None

    async def all(self) -> list[Source]:
        """Return all."""
        return await self._some()

    async def at(self, service: str, node: str) -> list[Source]:
        """Return those of a node."""
        return await self._some(_c.service == service, _c.node == node)

    async def due(self, now: int, most: int) -> list[Source]:
        """Return those that are to be asked by now, those that wait longest first."""
        query = select(table).where(_c.next <= now).order_by(_c.next).limit(most)
        async with self._database.connect() as connection:
            return [Source(*row) for row in await connection.execute(query)]

    async def change(self, id_: int, **values: Any) -> None:
        """Change one, if it is still there."""
        async with self._database.begin() as connection:
            await connection.execute(update(table).where(_c.id == id_).values(**values))

    async def remove(self, id_: int) -> bool:
        """Delete one; tell whether it was there."""
        async with self._database.begin() as connection:
            return (await connection.execute(delete(table).where(_c.id == id_))).rowcount > 0

    async def _some(self, *conditions: ColumnElement[bool]) -> list[Source]:
        query = select(table).where(*conditions).order_by(_c.id)
        async with self._database.connect() as connection:
            rows: Sequence[Any] = (await connection.execute(query)).all()
            return [Source(*row) for row in rows]
