"""What strangers sent and is held back, in storage."""

from collections.abc import Sequence
from typing import Final, NamedTuple

from sqlalchemy import delete, func, insert, select

from palaver.ext.strangers.tables import quarantine
from palaver.jid import BareJID
from palaver.kernel.storage import Database

_c: Final = quarantine.c
_REQUEST: Final = "<presence"


class Held(NamedTuple):
    """One stanza that is held back since a moment, in microseconds since 1970."""

    id: int
    peer: str
    stanza: str
    since: int


class Quarantine:
    """What is held back for all accounts; everything raises StorageUnavailable."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def add(self, account_id: int, held: Held, most: int, most_of_one: int) -> bool:
        """Hold back a stanza; tell whether there was room. Of requests one is enough."""
        own, peer = _c.account_id == account_id, _c.peer == held.peer
        count = select(func.count()).select_from(quarantine)
        async with self._database.begin() as connection:
            if held.stanza.startswith(_REQUEST):
                again = _c.stanza.startswith(_REQUEST)
                await connection.execute(delete(quarantine).where(own, peer, again))
            if (await connection.scalar(count.where(own)) or 0) >= most:
                return False
            if (await connection.scalar(count.where(own, peer)) or 0) >= most_of_one:
                return False
            row = {"account_id": account_id, "peer": held.peer, "stanza": held.stanza}
            await connection.execute(insert(quarantine), {**row, "since": held.since})
        return True

    async def all(self, account_id: int, peer: BareJID | None = None) -> Sequence[Held]:
        """Return what is held back for an account, in order; of one sender or of all."""
        query = select(_c.id, _c.peer, _c.stanza, _c.since).where(_c.account_id == account_id)
        if peer is not None:
            query = query.where(_c.peer == str(peer))
        async with self._database.connect() as connection:
            return [Held(*row) for row in await connection.execute(query.order_by(_c.id))]

    async def drop(self, ids: Sequence[int]) -> None:
        """Delete some."""
        async with self._database.begin() as connection:
            await connection.execute(delete(quarantine).where(_c.id.in_(ids)))

    async def take_back(self, account_id: int, peer: BareJID) -> None:
        """Delete the request of a sender."""
        own = _c.account_id == account_id, _c.peer == str(peer)
        async with self._database.begin() as connection:
            requests = _c.stanza.startswith(_REQUEST)
            await connection.execute(delete(quarantine).where(*own, requests))

    async def expire(self, host: str, before: int) -> int:
        """Delete what is held back for the accounts of a host since before a moment; count it."""
        accounts = quarantine.metadata.tables["accounts"].c
        own = select(accounts.id).where(accounts.host == host)
        query = delete(quarantine).where(_c.since < before, _c.account_id.in_(own))
        async with self._database.begin() as connection:
            return (await connection.execute(query)).rowcount
