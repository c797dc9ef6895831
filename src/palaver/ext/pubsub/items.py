"""Items in storage: put, taken away, found by their ids, and paged in their order."""

from collections.abc import Sequence
from typing import Any, Final, NamedTuple

from sqlalchemy import ColumnElement, Connection, Select, delete, func, insert, select, update

from palaver.ext.pubsub.node import Node
from palaver.ext.pubsub.tables import ITEM_BYTES, items, nodes
from palaver.jid import BareJID
from palaver.kernel.storage import Database

_i: Final = items.c
_SWEPT: Final = 20_000  # items that are looked at in one transaction
_PART: Final = 1_000  # items changed at once, while others wait to write
_FEW: Final = 5


class Item(NamedTuple):
    """An item of a node.

    ``key``        its place in the order of publication
    ``published``  when, in microseconds since 1970
    ``payload``    the element as XML that fits any place, "" for none
    """

    key: int
    item: str
    publisher: str
    published: int
    size: int
    payload: str


class Window(NamedTuple):
    """Which items of a node are meant: those between two keys, themselves excluded."""

    after: int = 0
    before: int | None = None


_COLUMNS: Final = (_i.id, _i.item, _i.publisher, _i.published, _i.size, _i.payload)


class ItemStore:
    """The items of all nodes. Every coroutine raises StorageUnavailable."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def put(self, node: Node, item: Item, most: int) -> list[str]:
        """Publish an item, in place of one with the same id; return the ids that had to go.

        ``most`` is how many items the node may have; the oldest ones go.
        """

        def work(connection: Connection) -> tuple[int, int, list[str]]:
            count, size = _take_off(connection, node, [item.item])
            values = item._asdict()
            del values["key"]
            connection.execute(insert(items).values(node_id=node.id, **values))
            count, size = node.items - count + 1, node.bytes - size + item.size
            gone: list[str] = []
            while count > most:
                oldest = select(_i.item).where(_i.node_id == node.id).order_by(_i.id)
                names = list(connection.scalars(oldest.limit(min(count - most, _PART))))
                if not names:
                    break
                less, smaller = _take_off(connection, node, names)
                count, size, gone = count - less, size - smaller, gone + names
            _note(connection, node, count, size)
            return count, size, gone

        async with self._database.begin() as connection:
            node_items, node_bytes, gone = await connection.run_sync(work)
        node.items, node.bytes = node_items, node_bytes
        return gone

    async def take_off(self, node: Node, ids: Sequence[str]) -> None:
        """Delete items."""

        def work(connection: Connection) -> tuple[int, int]:
            count, size = 0, 0
            for start in range(0, len(ids), _PART):
                less, smaller = _take_off(connection, node, ids[start : start + _PART])
                count, size = count + less, size + smaller
            _note(connection, node, node.items - count, node.bytes - size)
            return count, size

        async with self._database.begin() as connection:
            count, size = await connection.run_sync(work)
        node.items -= count
        node.bytes -= size

    async def drop_oldest(self, node: Node, count: int) -> None:
        """Delete the oldest items, some of so many; ask again as long as there are too many."""
        query = select(_i.item).where(_i.node_id == node.id).order_by(_i.id)
        async with self._database.connect() as connection:
            ids = list(await connection.scalars(query.limit(min(count, _PART))))
        await self.take_off(node, ids)

    async def purge(self, node: Node) -> None:
        """Delete all items, a part at a time."""
        first = select(_i.item).where(_i.node_id == node.id).order_by(_i.id).limit(_PART)
        while True:
            async with self._database.connect() as connection:
                ids = list(await connection.scalars(first))
            if not ids:
                return
            await self.take_off(node, ids)

    async def get(self, node: Node, ids: Sequence[str]) -> list[Item]:
        """Return those of the items that exist, in their order."""
        ids = [each for each in ids if len(each.encode()) <= ITEM_BYTES]
        # Put in order here: where the database is to do it, SQLite goes through all of the node.
        query = select(*_COLUMNS).where(_i.node_id == node.id, _i.item.in_(ids))
        return sorted(await self._rows(query, few=len(ids) <= _FEW))

    async def page(
        self, node: Node, window: Window, limit: int, *, newest: bool = False
    ) -> list[Item]:
        """Return items in their order: the first ones in the window, or the last."""
        conditions: list[ColumnElement[bool]] = [_i.node_id == node.id, _i.id > window.after]
        if window.before is not None:
            conditions.append(_i.id < window.before)
        order = _i.id.desc() if newest else _i.id
        query = select(*_COLUMNS).where(*conditions).order_by(order).limit(limit)
        found = await self._rows(query, few=limit <= _FEW)
        return found[::-1] if newest else found

    async def _rows(self, query: Select[Any], *, few: bool) -> list[Item]:
        """Read items; ``few`` are read in place, as that takes less than to hand it over."""

        def work(connection: Connection) -> list[Item]:
            return [Item(*row) for row in connection.execute(query)]

        if few:
            return await self._database.read(work)
        async with self._database.connect() as connection:
            return await connection.run_sync(work)

    async def names(self, node: Node, window: Window, limit: int) -> list[tuple[int, str]]:
        """Return keys and ids of items in their order, without what they hold."""
        query = select(_i.id, _i.item).where(_i.node_id == node.id, _i.id > window.after)
        async with self._database.connect() as connection:
            rows = await connection.execute(query.order_by(_i.id).limit(limit))
            return [(key, item) for key, item in rows]

    async def last_of(self, of: Sequence[Node]) -> dict[int, Item]:
        """Return the last item of each of the nodes that has one, by the node's key."""
        found: dict[int, Item] = {}
        async with self._database.connect() as connection:
            for start in range(0, len(of), _PART):
                ids = [node.id for node in of[start : start + _PART]]
                newest = select(_i.id).where(_i.node_id == nodes.c.id)
                one = newest.order_by(_i.id.desc()).limit(1).scalar_subquery()
                keys = list(await connection.scalars(select(one).where(nodes.c.id.in_(ids))))
                rows = await connection.execute(
                    select(_i.node_id, *_COLUMNS).where(_i.id.in_(keys))
                )
                found.update((row[0], Item(*row[1:])) for row in rows)
        return found

    async def of_publisher(self, node: Node, publisher: BareJID) -> list[str]:
        """Return the ids of the oldest items that somebody published."""
        which = (_i.node_id == node.id, _i.publisher == str(publisher))
        query = select(_i.item).where(*which).order_by(_i.id).limit(_PART)
        async with self._database.connect() as connection:
            return list(await connection.scalars(query))

    async def forget_publisher(self, who: BareJID) -> None:
        """Let nobody be the publisher of what an address published, a part of all items at a time.

        Whoever has the address later must not have a say in it.
        """
        service = select(nodes.c.service).where(nodes.c.id == _i.node_id).scalar_subquery()
        change = update(items).where(_i.publisher == str(who)).values(publisher=service)
        async with self._database.connect() as connection:
            last = await connection.scalar(select(func.max(_i.id))) or 0
        for start in range(0, last + 1, _SWEPT):
            async with self._database.begin() as connection:
                await connection.execute(change.where(_i.id.between(start, start + _SWEPT - 1)))

    async def expired(self, node: Node, before: int) -> list[str]:
        """Return the ids of the oldest items, as many as are from before a moment."""
        query = select(_i.item, _i.published).where(_i.node_id == node.id).order_by(_i.id)
        async with self._database.connect() as connection:
            rows = await connection.execute(query.limit(_PART))
            return [item for item, published in rows if published < before]


def _take_off(connection: Connection, node: Node, ids: Sequence[str]) -> tuple[int, int]:
    """Delete items; return how many there were, and their size."""
    which = (_i.node_id == node.id, _i.item.in_(ids))
    sums = select(func.count(), func.coalesce(func.sum(_i.size), 0)).where(*which)
    count, size = connection.execute(sums).one()
    if count:
        connection.execute(delete(items).where(*which))
    return int(count), int(size)


def _note(connection: Connection, node: Node, count: int, size: int) -> None:
    values = {"items": count, "bytes": size}
    connection.execute(update(nodes).where(nodes.c.id == node.id).values(values))
