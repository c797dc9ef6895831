"""Writes roster rows: what comes in while one transaction commits goes into the next together."""

import asyncio
from collections.abc import Callable, Coroutine, Sequence
from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import Delete, delete
from sqlalchemy.ext.asyncio import AsyncConnection

from palaver.ext.roster.table import Values, table
from palaver.jid import BareJID
from palaver.kernel.storage import Database, StorageUnavailable

_BATCH: Final = 500  # changes in one transaction


@dataclass(frozen=True, slots=True)
class Change:
    """What is to be written for one account: a row to put, or a contact to delete.

    ``forget``  also forget the removals up to this version
    """

    account_id: int
    row: Values | None = None
    delete: BareJID | None = None
    forget: int | None = None


class Writer:
    """Commits changes, in groups; nobody may hand in a second for one contact before the first."""

    def __init__(
        self, database: Database, spawn: Callable[[Coroutine[Any, Any, None]], object]
    ) -> None:
        """``spawn`` runs work in the background."""
        self._database = database
        self._spawn = spawn
        self._waiting: list[tuple[Change, asyncio.Future[None]]] = []
        self._writing = False

    async def write(self, change: Change) -> None:
        """Return when the change is committed.

        Raises:
            StorageUnavailable: it is not; nothing was changed.
        """
        done: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._waiting.append((change, done))
        if not self._writing:
            self._writing = True
            self._spawn(self._write_all())
        await done

    async def _write_all(self) -> None:
        try:
            while self._waiting:
                batch, self._waiting = self._waiting[:_BATCH], self._waiting[_BATCH:]
                await self._commit(batch)
        finally:
            self._writing = False
            for _, done in self._waiting:  # the server is stopping
                done.cancel()

    async def _commit(self, batch: Sequence[tuple[Change, "asyncio.Future[None]"]]) -> None:
        try:
            async with self._database.begin() as connection:
                await self._execute(connection, [change for change, _ in batch])
        except asyncio.CancelledError:
            for _, done in batch:
                done.cancel()
            raise
        except Exception as error:
            if len(batch) > 1 and not isinstance(error, StorageUnavailable):
                for single in batch:  # one of them is at fault, such as an account just deleted
                    await self._commit([single])
                return
            _settle(batch, error)
        else:
            _settle(batch, None)

    async def _execute(self, connection: AsyncConnection, changes: Sequence[Change]) -> None:
        rows = [change.row for change in changes if change.row is not None]
        await self._database.upsert(connection, table, rows, ["account_id", "contact"])
        for change in changes:
            for statement in _deletions(change):
                await connection.execute(statement)


def _settle(
    batch: Sequence[tuple[Change, "asyncio.Future[None]"]], error: Exception | None
) -> None:
    for _, done in batch:
        if done.done():
            continue
        if error is None:
            done.set_result(None)
        else:
            done.set_exception(error)


def _deletions(change: Change) -> list[Delete]:
    found = []
    own = delete(table).where(table.c.account_id == change.account_id)
    if change.delete is not None:
        found.append(own.where(table.c.contact == change.delete))
    if change.forget is not None:
        gone = (table.c.subscription == "remove") & (table.c.version <= change.forget)
        found.append(own.where(gone))
    return found
