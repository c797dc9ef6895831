"""Writing to the message log: what is appended is committed in groups, every few milliseconds."""

import asyncio
import time
from collections import deque
from collections.abc import Callable, Iterable, Sequence
from typing import Final

import structlog
from sqlalchemy import Connection, func, select
from sqlalchemy.exc import DataError, IntegrityError, InterfaceError

from palaver.kernel.storage import (
    MAX_ORIGIN_ID,
    LogEntry,
    MessageReader,
    StorageUnavailable,
)
from palaver.store.accounts_table import accounts
from palaver.store.engine import SqlDatabase
from palaver.store.indexing import Indexer
from palaver.store.log_table import Key, acknowledger, inserter, log_table, row_of
from palaver.store.outages import reason_of

logger = structlog.get_logger()

_ROWS_PER_COMMIT: Final = 4096
_ROW_BYTES: Final = 300  # what an entry takes in memory beside its stanza
# The fault of a row. asyncpg tells of values it cannot encode by an InterfaceError.
_ROW_ERRORS: Final = (IntegrityError, DataError, InterfaceError, ValueError, OverflowError)
_FIRST_PAUSE: Final = 0.05  # seconds before a failed commit is tried again; doubles
_LONGEST_PAUSE: Final = 1.0


class _Batch:
    """What goes into one transaction."""

    __slots__ = ("acknowledged", "barriers", "done", "entries", "size")

    def __init__(self) -> None:
        self.entries: dict[Key, LogEntry] = {}
        self.acknowledged: list[Key] = []
        self.barriers: list[Callable[[], None]] = []
        self.size = 0  # bytes
        self.done: asyncio.Future[None] | None = None

    def __bool__(self) -> bool:
        # Entries acknowledged early are gone from it, but not who waits for its end.
        return bool(self.entries or self.acknowledged or self.barriers or self.done)


class LogWriter:
    """Writes the log: the half of `palaver.store.log.SqlMessageLog` that appends and commits.

    ``interval``     seconds from the begin of one commit to the next, at least
    ``queue_rows``,
    ``queue_bytes``  beyond either of these the log is `full`
    ``patience``     seconds for which a failed commit is tried again while the entries wait. After
                     that the entries are refused, and so are all others until a commit works
                     again; that is tried once in a while.
    """

    def __init__(
        self,
        database: SqlDatabase,
        *,
        interval: float = 0.002,
        queue_rows: int = 50_000,
        queue_bytes: int = 64 << 20,
        patience: float = 3.0,
    ) -> None:
        self._database = database
        self._interval = interval
        self._queue_rows = queue_rows
        self._queue_bytes = queue_bytes
        self._patience = patience
        self._insert = inserter(database.dialect)
        self._acknowledge = acknowledger(database.dialect)
        self._last_id = 0
        self._rows = 0
        self._bytes = 0
        self._filling = _Batch()
        self._waiting: deque[_Batch] = deque()  # full batches, and the one being filled last
        self._storing: _Batch | None = None
        self._wake = asyncio.Event()
        self._task: asyncio.Task[None] | None = None
        self._drained: list[Callable[[], None]] = []
        self._outage: StorageUnavailable | None = None
        self._pause = 0.0
        self._next_try = 0.0
        self._indexer: Indexer | None = None

    # Life

    async def start(self) -> None:
        """Find out the last id used, and begin to commit; raises StorageUnavailable."""
        last = (
            select(log_table.c.id)
            .where(log_table.c.account_id == accounts.c.id)
            .order_by(log_table.c.id.desc())
            .limit(1)
            .correlate(accounts)
            .scalar_subquery()
        )
        # One look into the primary key for each account, rather than a scan of the log.
        async with self._database.connect() as connection:
            found = await connection.scalar(select(func.max(last)).select_from(accounts))
        self._last_id = max(self._last_id, found or 0)
        self._task = asyncio.create_task(self._run(), name="message log")

    async def close(self) -> None:
        """Commit what waits, and stop. What cannot be committed is refused."""
        if self._task is None:
            return
        await self.flush()
        self._queue_rows = 0  # From now on append() refuses.
        if self._indexer is not None:
            await self._indexer.close()
        self._task.cancel()
        await asyncio.wait([self._task])
        self._task = None

    def index_with(self, reader: MessageReader) -> None:
        """Index what is archived."""
        self._indexer = Indexer(self._database, reader)

    # Appending

    @property
    def size(self) -> int:
        """Entries not yet settled."""
        return self._rows

    @property
    def full(self) -> bool:
        """Whether the bound on entries or on bytes is reached."""
        return self._rows >= self._queue_rows or self._bytes >= self._queue_bytes

    @property
    def available(self) -> bool:
        """Whether the last commit worked."""
        return self._outage is None

    def new_id(self) -> int:
        """Return an id greater than all before."""
        id_ = time.time_ns() // 1_000_000 << 20
        last = self._last_id
        if id_ <= last:
            id_ = last + 1
        self._last_id = id_
        return id_

    def append(self, entry: LogEntry) -> None:
        """Take an entry for the next commit."""
        if entry.origin_id is not None and len(entry.origin_id) > MAX_ORIGIN_ID:
            raise ValueError("the origin-id is too long")
        rows, size = self._rows, self._bytes
        if rows >= 2 * self._queue_rows or size >= 2 * self._queue_bytes:
            self._settle_soon(entry, StorageUnavailable("too much waits to be stored"))
            return
        batch = self._filling
        entries = batch.entries
        if not entries:
            self._wake.set()
        cost = len(entry.stanza) + _ROW_BYTES
        entries[entry[:2]] = entry
        batch.size += cost
        self._rows = rows + 1
        self._bytes = size + cost
        if len(entries) >= _ROWS_PER_COMMIT:
            self._waiting.append(batch)
            self._filling = _Batch()

    def acknowledge(self, account_id: int, ids: Iterable[int]) -> None:
        """Take an acknowledgement for the next commit, or into what has not been committed."""
        for id_ in ids:
            key = (account_id, id_)
            for batch in (self._filling, *self._waiting):
                if key in batch.entries:
                    self._acknowledge_early(batch, key)
                    break
            else:
                self._filling.acknowledged.append(key)
                self._wake.set()

    def _acknowledge_early(self, batch: _Batch, key: Key) -> None:
        entry = batch.entries[key]
        if entry.archived:
            batch.entries[key] = entry._replace(pending=False)
            return
        del batch.entries[key]
        cost = len(entry.stanza) + _ROW_BYTES
        batch.size -= cost
        self._release(1, cost)
        self._settle_soon(entry, None)

    def unsettled(self, account_id: int, id_: int) -> bool:
        """Tell whether an entry is neither committed nor refused yet."""
        key = (account_id, id_)
        if key in self._filling.entries or any(key in batch.entries for batch in self._waiting):
            return True
        return self._storing is not None and key in self._storing.entries

    def on_drain(self, callback: Callable[[], None]) -> None:
        """Call back once as soon as the log is not full any more."""
        self._drained.append(callback)
        self._release(0, 0)

    def _release(self, rows: int, size: int) -> None:
        self._rows -= rows
        self._bytes -= size
        if self._drained and not self.full:
            loop = asyncio.get_running_loop()
            for callback in self._drained:
                loop.call_soon(callback)
            self._drained.clear()

    # Committing

    async def _run(self) -> None:
        loop = asyncio.get_running_loop()
        while True:
            await self._wake.wait()
            started = loop.time()
            await self._commit(self._take())
            rest = started + self._interval - loop.time()
            if rest > 0:
                await asyncio.sleep(rest)

    def _take(self) -> _Batch:
        if self._waiting:
            batch = self._waiting.popleft()
        else:
            batch = self._filling
            self._filling = _Batch()
        if not self._waiting and not self._filling:
            self._wake.clear()
        self._storing = batch
        return batch

    async def _commit(self, batch: _Batch) -> None:
        """Commit a batch and settle it, or refuse it."""
        entries = list(batch.entries.values())
        failed: dict[Key, BaseException] = {}
        try:
            await self._store_patiently(entries, batch.acknowledged, failed)
        except Exception as error:
            # The ids stay: nobody would acknowledge those messages again.
            self._filling.acknowledged[:0] = batch.acknowledged
            failed = dict.fromkeys(batch.entries, error)
            # Look whether storage is back even when nobody appends anything.
            asyncio.get_running_loop().call_at(self._next_try, self._wake.set)
        self._storing = None
        if self._indexer is not None:
            self._indexer.note(entries)
        for entry in entries:
            settled = entry.settled
            if settled is None:
                continue
            try:
                settled(failed.get(entry[:2]) if failed else None)
            except Exception:
                logger.exception("what waited for a row failed", account_id=entry.account_id)
        self._release(len(entries), batch.size)
        for passed in batch.barriers:
            try:
                passed()
            except Exception:
                logger.exception("what waited for a commit failed")
        if batch.done is not None and not batch.done.done():
            batch.done.set_result(None)

    async def _store_patiently(
        self, entries: Sequence[LogEntry], keys: Sequence[Key], failed: dict[Key, BaseException]
    ) -> None:
        """Store, and try again for a while when the database is away.

        Raises StorageUnavailable when that is in vain; at once while it is known to be away.
        """
        loop = asyncio.get_running_loop()
        if self._outage is not None and loop.time() < self._next_try:
            raise StorageUnavailable(str(self._outage)) from self._outage
        patient_until = loop.time() + (self._patience if self._outage is None else 0)
        again = False
        while True:
            try:
                await self._store(entries, keys, failed, again)
            except StorageUnavailable as error:
                self._pause = min(self._pause * 2 or _FIRST_PAUSE, _LONGEST_PAUSE)
                if loop.time() + self._pause >= patient_until:
                    self._note_outage(error)
                    raise
                # It may have been committed, and only the answer have been lost.
                again = True
                await asyncio.sleep(self._pause)
            else:
                self._note_success()
                return

    def _note_outage(self, error: StorageUnavailable) -> None:
        if self._outage is None:
            logger.error("messages cannot be stored; they are refused", reason=str(error))
        self._outage = error
        self._next_try = asyncio.get_running_loop().time() + self._pause

    def _note_success(self) -> None:
        if self._outage is not None:
            logger.warning("messages can be stored again")
        self._outage = None
        self._pause = 0.0

    async def _store(
        self,
        entries: Sequence[LogEntry],
        keys: Sequence[Key],
        failed: dict[Key, BaseException],
        again: bool,
    ) -> None:
        """Store in one transaction; leave out the entries that the database will not have.

        Such are entries of an account deleted meanwhile. One must not spoil the others, so halves
        are tried on their own, down to a single entry. Those refused are noted in ``failed``.
        """

        def work(connection: Connection) -> None:
            if entries:
                self._insert(connection, [row_of(entry) for entry in entries], again)
            if keys:
                self._acknowledge(connection, keys)

        try:
            await self._database.transact(work)
        except _ROW_ERRORS as error:
            if len(entries) > 1:
                half = len(entries) // 2
                await self._store(entries[:half], keys, failed, again)
                await self._store(entries[half:], (), failed, again)
                return
            if not await self._of_deleted(entries):
                logger.error("the database refuses rows of the log", reason=reason_of(error))
            failed.update((entry[:2], error) for entry in entries)
            if entries and keys:
                await self._store((), keys, failed, again)

    async def _of_deleted(self, entries: Sequence[LogEntry]) -> bool:
        """Tell whether the account of an entry was deleted: that is no trouble of the database."""
        if not entries:
            return False
        query = select(accounts.c.id).where(accounts.c.id == entries[0].account_id)
        async with self._database.connect() as connection:
            return await connection.scalar(query) is None

    def _settle_soon(self, entry: LogEntry, error: BaseException | None) -> None:
        if entry.settled is not None:
            asyncio.get_running_loop().call_soon(entry.settled, error)

    def barrier(self, callback: Callable[[], None]) -> None:
        """Call back once all entries appended so far are committed or refused."""
        if self._filling.entries:
            self._filling.barriers.append(callback)
        elif self._waiting:
            self._waiting[-1].barriers.append(callback)
        elif self._storing is not None and self._storing.entries:
            self._storing.barriers.append(callback)
        else:
            callback()

    async def flush(self) -> None:
        """Wait until all that was appended and acknowledged so far is committed or refused."""
        if self._filling:
            batch = self._filling
        elif self._waiting:
            batch = self._waiting[-1]
        elif self._storing is not None:
            batch = self._storing
        else:
            return
        if batch.done is None:
            batch.done = asyncio.get_running_loop().create_future()
        await asyncio.shield(batch.done)
