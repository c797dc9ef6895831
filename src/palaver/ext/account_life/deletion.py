"""Deletes accounts in steps that can all be taken again, so that a crash leaves none half there."""

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

import structlog
from sqlalchemy import select, update

from palaver import jid as addresses
from palaver.ext.account_life.tables import deletions
from palaver.jid import BareJID
from palaver.kernel import hooks
from palaver.kernel.storage import AccountRecord, metadata, now
from palaver.wire.errors import StreamError

if TYPE_CHECKING:
    from palaver.kernel.server import Server

log = structlog.get_logger()


class Deletion:
    """Carries out deletions; everything raises StorageUnavailable."""

    def __init__(self, server: "Server") -> None:
        self._server = server
        self._under_way: set[int] = set()

    async def run(
        self, record: AccountRecord, *, before_ending: Callable[[], None] | None = None
    ) -> None:
        """Delete an account with all its rows, and end its sessions.

        ``before_ending`` is called when all is told to others and the sessions end next.

        Raises:
            LookupError: somebody else deleted it meanwhile.
        """
        self._under_way.add(record.id)
        try:
            await self._run(record, before_ending)
        finally:
            self._under_way.discard(record.id)

    async def _run(self, record: AccountRecord, before_ending: Callable[[], None] | None) -> None:
        server = self._server
        jid = addresses.make(record.localpart, record.host).bare
        # First no more logins, as if there were no account any more; then what others must hear,
        # then the rows.
        await self.begin(record)
        await server.store.set_keys(record.id, ())
        account = await server.accounts.get(jid)
        if account:
            account.revoked = server.clock.monotonic()
            for handle in account.host.dispatch.handlers(hooks.account_deleting):
                await handle(account)
        if before_ending is not None:
            before_ending()
        end_sessions(server, jid, "not-authorized", "The account was deleted.")
        server.accounts.forget(jid)
        await server.log.forget(record.id)
        await server.store.delete(record.id)
        server.accounts.forget(jid)

    async def begin(self, record: AccountRecord) -> None:
        """Let nobody log in, and note that it is to be gone on with; both or nothing.

        Raises:
            LookupError: there is no such account any more.
        """
        accounts, database, since = metadata.tables["accounts"], self._server.database, now()
        closed = {"disabled_at": since, "disabled_reason": "being deleted", "disabled_until": None}
        async with database.begin() as connection:
            change = update(accounts).where(accounts.c.id == record.id).values(closed)
            if not (await connection.execute(change)).rowcount:
                raise LookupError("no such account")
            row = {"account_id": record.id, "since": since}
            await database.upsert(connection, deletions, row, ["account_id"])

    async def has_begun(self, record: AccountRecord) -> bool:
        """Tell whether an account is being deleted."""
        query = select(deletions.c.account_id).where(deletions.c.account_id == record.id)
        async with self._server.database.connect() as connection:
            return await connection.scalar(query) is not None

    async def resume(self) -> None:
        """Go on with deletions that were cut short."""
        for host, name, id_ in await self._unfinished():
            record = await self._server.store.find(host, name)
            if id_ in self._under_way or record is None or record.id != id_:
                continue
            try:
                await self.run(record)
            except LookupError:
                continue  # somebody else was faster
            log.info("deletion finished", account=f"{name}@{host}")

    async def _unfinished(self) -> Sequence[tuple[str, str, int]]:
        accounts = metadata.tables["accounts"]
        query = select(accounts.c.host, accounts.c.localpart, accounts.c.id).join_from(
            deletions, accounts, accounts.c.id == deletions.c.account_id
        )
        async with self._server.database.connect() as connection:
            return [(host, name, id_) for host, name, id_ in await connection.execute(query)]


def end_sessions(server: "Server", jid: BareJID, condition: str, text: str) -> int:
    """End all sessions of an account with a stream error; returns how many there were."""
    account = server.accounts.loaded(jid)
    sessions = list(account.sessions.values()) if account else []
    for session in sessions:
        session.wire.end(StreamError(condition, text))
    server.end_logins(jid, StreamError(condition, text))
    return len(sessions)
