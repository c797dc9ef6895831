"""Writes down to whom accounts have written, some at a time."""

from typing import TYPE_CHECKING, Final

import structlog
from sqlalchemy import delete, select

from palaver.ext.strangers.tables import acquaintances
from palaver.jid import BareJID
from palaver.kernel.storage import StorageUnavailable, metadata, now

if TYPE_CHECKING:
    from palaver.kernel.server import Server

log = structlog.get_logger()

_MOST_AT_ONCE: Final = 500  # rows of a transaction
_MOST_UNWRITTEN: Final = 50_000
_KEPT: Final = 2 * 366 * 86_400_000_000  # microseconds


class Register:
    """Keeps the acquaintances of all accounts; what storage refuses is known until a restart."""

    def __init__(self, server: "Server") -> None:
        self._server = server
        self._unwritten: dict[tuple[int, BareJID], int] = {}

    def add(self, account_id: int, peer: BareJID) -> None:
        """Write down that an account has written to somebody, soon."""
        first = not self._unwritten  # else somebody writes already
        if len(self._unwritten) < _MOST_UNWRITTEN:
            self._unwritten[account_id, peer] = now()
        if first:
            self._server.spawn(self._write())

    async def _write(self) -> None:
        while self._unwritten:
            batch = dict(list(self._unwritten.items())[:_MOST_AT_ONCE])
            try:
                await self._store(batch)
            except StorageUnavailable as error:
                log.warning("acquaintances not written", reason=str(error))
                self._unwritten.clear()
                return
            for key in batch:
                self._unwritten.pop(key, None)

    async def _store(self, batch: dict[tuple[int, BareJID], int]) -> None:
        accounts = metadata.tables["accounts"].c
        ids = {account_id for account_id, _ in batch}
        async with self._server.database.begin() as connection:
            # Some may have been deleted since.
            there = set(await connection.scalars(select(accounts.id).where(accounts.id.in_(ids))))
            rows = [
                {"account_id": account_id, "peer": peer, "since": since}
                for (account_id, peer), since in batch.items()
                if account_id in there
            ]
            if rows:
                await self._server.database.upsert(
                    connection, acquaintances, rows, ["account_id", "peer"]
                )

    async def forget(self, peer: BareJID) -> None:
        """Let nobody know an address any more."""
        for key in [key for key in self._unwritten if key[1] == peer]:
            del self._unwritten[key]
        query = delete(acquaintances).where(acquaintances.c.peer == str(peer))
        async with self._server.database.begin() as connection:
            await connection.execute(query)

    async def tidy(self) -> None:
        """Forget those of years ago."""
        query = delete(acquaintances).where(acquaintances.c.since < now() - _KEPT)
        async with self._server.database.begin() as connection:
            await connection.execute(query)
