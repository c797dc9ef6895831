"""Keeps what is blocked by command, and what lists said last, over restarts."""

from collections.abc import Iterable, Sequence
from typing import Final

from sqlalchemy import ColumnElement, delete, insert, select

from palaver.ext.blocklists.matching import Block
from palaver.ext.blocklists.tables import entries, items
from palaver.kernel.storage import Database

_e: Final = entries.c
_i: Final = items.c
_BATCH: Final = 500


class Storage:
    """The blocks of all hosts; everything raises StorageUnavailable."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def blocks(self, now: int) -> Sequence[tuple[str, Block]]:
        """Return the blocks made by command, each with its host ("" for all); delete what ended."""
        async with self._database.begin() as connection:
            await connection.execute(delete(entries).where(_e.until <= now))
            rows = await connection.execute(select(entries).order_by(_e.id))
            return [
                (row.host, Block(row.address, row.reason, "command", row.since, row.until))
                for row in rows
            ]

    async def put(self, host: str, block: Block) -> None:
        """Store a block in place of one of the same address."""
        row = {
            "host": host,
            "address": block.address,
            "reason": block.reason,
            "since": block.since,
            "until": block.until,
        }
        async with self._database.begin() as connection:
            await connection.execute(delete(entries).where(*_which(host, block.address)))
            await connection.execute(insert(entries), row)

    async def remove(self, host: str, address: str) -> bool:
        """Delete a block; tell whether there was one."""
        async with self._database.begin() as connection:
            found = await connection.execute(delete(entries).where(*_which(host, address)))
            return found.rowcount > 0

    # -- lists -------------------------------------------------------------------------------------

    async def items(self, key: bytes) -> list[str]:
        """Return what a list said last."""
        async with self._database.connect() as connection:
            return list(await connection.scalars(select(_i.item).where(_i.list == key)))

    async def replace(self, key: bytes, old: Iterable[str], new: Iterable[str]) -> None:
        """Store what a list says now, after what it said."""
        before, after = set(old), set(new)
        for part in _parts(before - after):
            await self.forget(key, part)
        for part in _parts(after - before):
            await self.learn(key, part)

    async def learn(self, key: bytes, names: Sequence[str]) -> None:
        """Add to what a list says."""
        rows = [{"list": key, "item": name} for name in names]
        async with self._database.begin() as connection:
            await connection.execute(delete(items).where(_i.list == key, _i.item.in_(names)))
            await connection.execute(insert(items), rows)

    async def forget(self, key: bytes, names: Sequence[str]) -> None:
        """Take from what a list says."""
        async with self._database.begin() as connection:
            await connection.execute(delete(items).where(_i.list == key, _i.item.in_(names)))

    async def keep_only(self, keys: Sequence[bytes]) -> None:
        """Delete what lists said that are not followed any more."""
        async with self._database.begin() as connection:
            await connection.execute(delete(items).where(_i.list.not_in(keys)))


def _which(host: str, address: str) -> tuple[ColumnElement[bool], ColumnElement[bool]]:
    return _e.host == host, _e.address == address


def _parts(names: Iterable[str]) -> Iterable[list[str]]:
    ordered = sorted(names)
    for start in range(0, len(ordered), _BATCH):
        yield ordered[start : start + _BATCH]
