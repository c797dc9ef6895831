"""Writes roster rows: what comes in while one transaction commits goes into the next together."""

import asyncio
from collections.abc import Callable, Coroutine, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any, Final

from sqlalchemy import Connection, bindparam, delete, insert

from palaver.ext.roster.table import REMOVED, Values, table
from palaver.jid import BareJID
from palaver.kernel.storage import Database, StorageUnavailable

_BATCH: Final = 500  # changes in one transaction

# Made once: to build and compile a statement takes longer than to run it.
_OWN: Final = table.c.account_id == bindparam("account")
_DELETE: Final = delete(table).where(_OWN, table.c.contact == bindparam("who"))
_INSERT: Final = insert(table)
_FORGET: Final = delete(table).where(
    _OWN, table.c.subscription == REMOVED, table.c.version <= bindparam("last")
)


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
            await self._database.transact(partial(_execute, [change for change, _ in batch]))
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


def _execute(changes: Sequence[Change], connection: Connection) -> None:
    replaced = [
        {
            "account": change.account_id,
            "who": change.row["contact"] if change.row else change.delete,
        }
        for change in changes
    ]
    connection.execute(_DELETE, replaced)
    rows = [dict(change.row) for change in changes if change.row is not None]
    if rows:
        connection.execute(_INSERT, rows)
    for change in changes:
        if change.forget is not None:
            forgotten = {"account": change.account_id, "last": change.forget}
            connection.execute(_FORGET, forgotten)
