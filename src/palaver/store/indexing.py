"""Keeps the index of words up to date: behind the commits, and never in their way.

Retractions are carried out when the index comes to them, in the order of the log: what they take
back is indexed by then, and none is forgotten in a crash.
"""

import asyncio
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import partial
from typing import Final

import structlog
from sqlalchemy import Column, Connection, Table, func, select

from palaver.kernel.storage import (
    BigId,
    IndexedMessage,
    LogEntry,
    MessageReader,
    StorageUnavailable,
    account_column,
    despite_deletion,
    metadata,
)
from palaver.store import retractions, words
from palaver.store.accounts_table import accounts
from palaver.store.engine import SqlDatabase
from palaver.store.log_table import log_table
from palaver.store.upsert import upsert
from palaver.store.words import Indexed

logger = structlog.get_logger()

indexed_table: Final = Table(
    "log_indexed",
    metadata,
    account_column(primary_key=True),
    Column("upto", BigId, nullable=False),  # the id of the last row that is indexed
)
_c: Final = log_table.c
_ROWS: Final = 50  # of a transaction: others who write wait for it
_REST: Final = 4.0  # times as long as it works, the index waits
_DELAY: Final = 1.0  # seconds
_MOST_FOR_SEARCH: Final = 20_000  # rows that a search waits for
_AFTER_OUTAGE: Final = 10.0  # seconds


class Indexer:
    """Indexes what was committed, a few rows at a time.

    What is not indexed yet is known by account: its first row. After a crash it is found out by
    comparing what is indexed with what there is.
    """

    def __init__(self, database: SqlDatabase, reader: MessageReader) -> None:
        self._database = database
        self._reader = reader
        self._write = words.writer(database.dialect)
        self._first: dict[int, int] = {}
        self._turn = asyncio.Lock()
        self._wake = asyncio.Event()
        self._task = asyncio.create_task(self._run(), name="word index")

    async def close(self) -> None:
        """Stop; what is not indexed then is indexed after the next start."""
        self._task.cancel()
        await asyncio.wait([self._task])

    def note(self, entries: Iterable[LogEntry]) -> None:
        """Take note of entries that were committed."""
        first = self._first
        for entry in entries:
            if entry.archived:
                known = first.get(entry.account_id)
                if known is None or entry.id < known:
                    first[entry.account_id] = entry.id
        if first:
            self._wake.set()

    async def catch_up(self, account_id: int) -> bool:
        """Index what an account has that is not indexed; tell whether that was not too much."""
        for _ in range(_MOST_FOR_SEARCH // _ROWS):
            await self._some(account_id)  # or wait for what is being indexed at the moment
            if account_id not in self._first:
                return True
        return False

    async def _run(self) -> None:
        while True:
            try:
                await self._find_unindexed()
                break
            except StorageUnavailable:
                await asyncio.sleep(_AFTER_OUTAGE)
        while True:
            await self._wake.wait()
            await asyncio.sleep(_DELAY)
            try:
                await self._all()
            except StorageUnavailable as error:
                logger.warning("messages are not indexed at the moment", reason=str(error))
                await asyncio.sleep(_AFTER_OUTAGE)
            except Exception:  # one mistake must not end the index
                logger.exception("messages cannot be indexed")
                await asyncio.sleep(_AFTER_OUTAGE)

    async def _find_unindexed(self) -> None:
        last = (
            select(_c.id)
            .where(_c.account_id == accounts.c.id)
            .order_by(_c.id.desc())
            .limit(1)
            .correlate(accounts)
            .scalar_subquery()
        )
        upto = func.coalesce(indexed_table.c.upto, 0)
        query = (
            select(accounts.c.id, upto)
            .select_from(accounts.outerjoin(indexed_table))
            .where(last > upto)
        )
        async with self._database.connect() as connection:
            for account_id, done in await connection.execute(query):
                known = self._first.get(account_id, done + 1)
                self._first[account_id] = min(known, done + 1)
        if self._first:
            self._wake.set()

    async def _all(self) -> None:
        while self._first:
            started = time.monotonic()
            await self._some(next(iter(self._first)))
            await asyncio.sleep(_REST * (time.monotonic() - started))
        self._wake.clear()

    async def _some(self, account_id: int) -> None:
        """Index a few rows of one account."""
        async with self._turn:
            first = self._first.pop(account_id, None)
            if first is None:
                return
            try:
                index = partial(self._index, account_id, first)
                last = await despite_deletion(partial(self._database.transact, index))
            except BaseException:
                self._first[account_id] = min(first, self._first.get(account_id, first))
                raise
            if last is not None:
                self._first[account_id] = min(last + 1, self._first.get(account_id, last + 1))

    def _index(self, account_id: int, first: int, connection: Connection) -> int | None:
        """Index rows from an id on; return the last, or None when there are no more."""
        query = (
            select(log_table)
            .where(_c.account_id == account_id, _c.id >= first, _c.archived)
            .order_by(_c.id)
            .limit(_ROWS)
        )
        entries = [LogEntry(*row) for row in connection.execute(query)]
        if not entries:
            return None
        host = connection.scalar(select(accounts.c.host).where(accounts.c.id == account_id))
        with_words = host is not None and self._reader.searchable(host)
        self._index_entries(connection, entries, with_words=with_words)
        names = ["account_id", "upto"]
        statement = upsert(self._database.dialect, indexed_table, names, names[:1])
        connection.execute(statement, [{"account_id": account_id, "upto": entries[-1].id}])
        return entries[-1].id if len(entries) == _ROWS else None

    def _index_entries(
        self, connection: Connection, entries: Iterable[LogEntry], *, with_words: bool
    ) -> None:
        rows: dict[int, Indexed] = {}
        ids: dict[str, list[int]] = {}  # of these entries, which the index does not find yet
        for entry in entries:
            found = self._read(entry, with_words=with_words)
            if found.retracts is not None:
                for buried in self._carry_out(connection, entry, found, ids):
                    rows.pop(buried, None)
            if found.words or found.ids:
                rows[entry.id] = row_of_index(entry, found)
            for id_ in found.ids:
                ids.setdefault(id_, []).append(entry.id)
        if rows:
            self._write(connection, list(rows.values()))

    def _carry_out(
        self,
        connection: Connection,
        retraction: LogEntry,
        found: IndexedMessage,
        unindexed: Mapping[str, Sequence[int]],
    ) -> list[int]:
        assert found.retracts is not None
        reader = self._reader
        if found.entry is not None:
            original = retractions.named(connection, retraction.account_id, found.entry)
            if original is not None and _same_author(original, retraction):
                stone = partial(reader.stone, retraction=retraction)
                return retractions.bury(connection, original, reader, stone, unindexed)
        these = unindexed.get(found.retracts, ())
        return retractions.carry_out(connection, retraction, reader, found.retracts, these)

    async def bury(
        self, account_id: int, id_: int, stone: Callable[[LogEntry], bytes | None]
    ) -> list[int]:
        """Replace an entry and what corrects it, as `MessageLog.bury` says."""
        await self.catch_up(account_id)

        def work(connection: Connection) -> list[int]:
            original = retractions.named(connection, account_id, id_)
            if original is None:
                return []
            return retractions.bury(connection, original, self._reader, stone, {})

        async with self._turn:
            return await self._database.transact(work)

    def _read(self, entry: LogEntry, *, with_words: bool) -> IndexedMessage:
        """Read a message; one that cannot be read must not keep those behind it from the index."""
        try:
            return self._reader.read(entry.stanza, entry.origin_id, with_words=with_words)
        except Exception:
            logger.exception("a message cannot be indexed", account_id=entry.account_id)
            return IndexedMessage([])


def _same_author(original: LogEntry, retraction: LogEntry) -> bool:
    return (
        original.id < retraction.id
        and original.peer == retraction.peer
        and original.outgoing == retraction.outgoing
    )


def row_of_index(entry: LogEntry, found: IndexedMessage) -> Indexed:
    """Return what is written into the index for a message."""
    account_id = entry.account_id
    prefix = words.token(account_id, "")
    tokens = [f"{prefix}{word}" for word in found.words]
    tokens += [words.id_token(account_id, id_) for id_ in found.ids]
    tokens.append(words.peer_token(account_id, entry.peer))
    return Indexed(account_id, entry.id, " ".join(tokens))
