"""The message log: what was appended is read, indexed, and tidied up."""

from collections.abc import Callable, Sequence
from functools import partial
from typing import Final

from sqlalchemy import Connection, bindparam, delete, func, select

from palaver.kernel.storage import LogEntry, LogFilter
from palaver.store import log_pages, log_transfers
from palaver.store.accounts_table import accounts
from palaver.store.log_table import log_table
from palaver.store.log_writer import LogWriter

_ROWS_PER_DELETE: Final = 500  # others wait meanwhile, and the index of words loses them too

_PENDING: Final = (
    select(log_table)
    .where(
        log_table.c.account_id == bindparam("account_id"),
        log_table.c.pending,
        ~log_table.c.outgoing,
        log_table.c.id > bindparam("after_id"),
    )
    .order_by(log_table.c.id)
    .limit(bindparam("limit"))
)

#: By way of the accounts, so that every engine uses its index of what is pending.
_DEPARTING: Final = (
    select(log_table)
    .join(accounts, accounts.c.id == log_table.c.account_id)
    .where(log_table.c.pending, log_table.c.outgoing, log_table.c.id > bindparam("after_id"))
    .order_by(log_table.c.id)
    .limit(bindparam("limit"))
)

_ORIGINS: Final = (
    select(log_table.c.outgoing, log_table.c.pending, log_table.c.peer, log_table.c.origin_id)
    .where(log_table.c.account_id == bindparam("account_id"))
    .order_by(log_table.c.id.desc())
    .limit(bindparam("limit"))
)


class SqlMessageLog(LogWriter):
    """Implements `palaver.kernel.storage.MessageLog` on a database."""

    async def catch_up(self, account_id: int) -> bool:
        """Wait until the account's messages are indexed, unless they are very many."""
        await self.flush()
        return self._indexer is not None and await self._indexer.catch_up(account_id)

    async def bury(
        self, account_id: int, id_: int, stone: Callable[[LogEntry], bytes | None]
    ) -> list[int]:
        """Replace an archived entry, and what corrects it; return the ids of those replaced."""
        await self.flush()
        assert self._indexer is not None, "the log is not indexed"
        return await self._indexer.bury(account_id, id_, stone)

    async def pending(
        self, account_id: int, *, after_id: int = 0, limit: int = 1000
    ) -> list[LogEntry]:
        """Return pending entries after an id, oldest first."""
        await self.flush()
        which = {"account_id": account_id, "after_id": after_id, "limit": limit}
        rows = await self._database.read(
            lambda connection: connection.execute(_PENDING, which).all()
        )
        return [LogEntry(*row) for row in rows]

    def origins(
        self, connection: Connection, account_id: int, limit: int
    ) -> list[tuple[bool, bool, str, str]]:
        """Return of the latest entries that are committed those with an origin-id."""
        rows = connection.execute(_ORIGINS, {"account_id": account_id, "limit": limit})
        return [tuple(row) for row in rows if row.origin_id]

    async def page(
        self, account_id: int, which: LogFilter, limit: int, *, newest: bool = False
    ) -> list[LogEntry]:
        """Return archived entries that match, oldest first: the first ones, or the last."""
        await self.flush()

        def work(connection: Connection) -> list[LogEntry]:
            return log_pages.page(connection, account_id, which, limit, newest=newest)

        if which.words is None and not which.peer_resource:
            return await self._database.read(work)
        # What follows may look at many rows that do not match.
        if which.words is not None and self._indexer is not None:
            await self._indexer.catch_up(account_id)
        async with self._database.connect() as connection:
            return await connection.run_sync(work)

    async def count(self, account_id: int, which: LogFilter) -> int:
        """Count the archived entries that match."""
        await self.flush()
        if which.words is not None and self._indexer is not None:
            await self._indexer.catch_up(account_id)
        async with self._database.connect() as connection:
            return await connection.run_sync(log_pages.count, account_id, which)

    async def known(self, account_id: int, ids: Sequence[int]) -> set[int]:
        """Return those of the ids that are archived entries."""
        await self.flush()
        return await self._database.read(
            lambda connection: log_pages.known(connection, account_id, ids)
        )

    async def departing(self, *, after_id: int = 0, limit: int = 1000) -> list[LogEntry]:
        """Return pending entries that any account sent, after an id, oldest first."""
        await self.flush()
        which = {"after_id": after_id, "limit": limit}
        rows = await self._database.read(
            lambda connection: connection.execute(_DEPARTING, which).all()
        )
        return [LogEntry(*row) for row in rows]

    async def count_pending(self, account_id: int) -> int:
        """Count the pending entries of an account."""
        await self.flush()
        columns = log_table.c
        query = select(func.count()).where(
            columns.account_id == account_id, columns.pending, ~columns.outgoing
        )
        return await self._database.read(lambda connection: connection.scalar(query)) or 0

    async def between(self, account_id: int, after: int, before: int) -> list[LogEntry]:
        """Return all entries of an account between two ids, oldest first."""
        await self.flush()
        async with self._database.connect() as connection:
            return await connection.run_sync(log_transfers.between, account_id, after, before)

    async def let_wait(self, account_id: int, id_: int) -> None:
        """Let an entry be pending."""
        await self.flush()
        work = partial(log_transfers.let_wait, account_id=account_id, id_=id_)
        await self._database.transact(work)

    async def index_again(self, account_id: int, first: int) -> None:
        """Index what was appended with ids of the past."""
        await self.flush()
        of_it = partial(log_transfers.indexed_from, account_id=account_id, first=first)
        if await self._database.read(of_it):
            work = partial(log_transfers.index_from, account_id=account_id, first=first)
            await self._database.transact(work)

    async def expire(self, account_id: int, before: int) -> int:
        """Delete archived entries with lower ids, unless they are pending, a part at a time."""
        await self.flush()
        columns = log_table.c
        old = (
            (columns.account_id == account_id)
            & (columns.id < before)
            & columns.archived
            & ~columns.pending
        )
        one_after = (
            select(columns.id).where(old).order_by(columns.id).offset(_ROWS_PER_DELETE).limit(1)
        )
        deleted = 0
        end: int | None = 0
        while end is not None:
            async with self._database.begin() as connection:
                end = await connection.scalar(one_after)
                part = old if end is None else old & (columns.id < end)
                deleted += (await connection.execute(delete(log_table).where(part))).rowcount
        return deleted

    async def forget(self, account_id: int) -> None:
        """Delete an account's log, a part at a time."""
        await self.flush()
        columns = log_table.c
        mine = columns.account_id == account_id
        one_after = (
            select(columns.id).where(mine).order_by(columns.id).offset(_ROWS_PER_DELETE).limit(1)
        )
        end: int | None = 0
        while end is not None:
            async with self._database.begin() as connection:
                end = await connection.scalar(one_after)
                part = mine if end is None else mine & (columns.id < end)
                await connection.execute(delete(log_table).where(part))
