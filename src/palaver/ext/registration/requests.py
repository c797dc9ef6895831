"""Accounts that wait for approval, in storage."""

from collections.abc import Sequence
from typing import Final, NamedTuple

from sqlalchemy import Column, ColumnElement, Table, delete, exists, func, insert, or_, select

from palaver.kernel.storage import Database, Name, Timestamp, account_column, metadata

REASON_BYTES: Final = 4000
_ADDRESS_BYTES: Final = 64

table: Final = Table(
    "registration_requests",
    metadata,
    account_column(primary_key=True),
    Column("reason", Name(REASON_BYTES), nullable=False),
    Column("peer", Name(_ADDRESS_BYTES), nullable=False),
    Column("since", Timestamp, nullable=False),
    Column("until", Timestamp, nullable=False),
)
_c: Final = table.c


class Waiting(NamedTuple):
    """An account that waits for approval.

    ``reason``          why its user wants it
    ``peer``            the IP address that asked
    ``since``, ``until``  in microseconds since 1970
    """

    account_id: int
    host: str
    localpart: str
    reason: str
    peer: str
    since: int
    until: int


class Requests:
    """The accounts of all hosts that wait; everything raises StorageUnavailable."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def add(self, account_id: int, reason: str, peer: str, since: int, until: int) -> None:
        """Store one."""
        row = {
            "account_id": account_id,
            "reason": reason.encode()[:REASON_BYTES].decode(errors="ignore"),
            "peer": peer[:_ADDRESS_BYTES],
            "since": since,
            "until": until,
        }
        async with self._database.begin() as connection:
            await connection.execute(insert(table), row)

    async def of_host(self, host: str) -> Sequence[Waiting]:
        """Return those of a host, the oldest first."""
        return await self._some(_accounts().c.host == host)

    async def over(self, now: int) -> Sequence[Waiting]:
        """Return those that nobody decided on in time."""
        return await self._some(_c.until <= now)

    async def find(self, host: str, localpart: str) -> Waiting | None:
        """Return the one of that name."""
        accounts = _accounts().c
        found = await self._some(accounts.host == host, accounts.localpart == localpart)
        return found[0] if found else None

    async def count(self, host: str) -> int:
        """Count those of a host."""
        accounts = _accounts()
        query = select(func.count()).select_from(table.join(accounts))
        query = query.where(accounts.c.host == host, accounts.c.disabled_at.is_not(None))
        async with self._database.connect() as connection:
            return await connection.scalar(query) or 0

    async def remove(self, account_id: int) -> bool:
        """Take one off; tell whether it was there."""
        query = delete(table).where(_c.account_id == account_id)
        async with self._database.begin() as connection:
            return (await connection.execute(query)).rowcount > 0

    async def half_made(self, why: str, before: int) -> Sequence[tuple[int, str, str]]:
        """Return accounts disabled for a reason since before a moment that cannot be decided on.

        Each with its id, host and localpart: they are not in the queue, or no password fits.
        """
        accounts, keys = _accounts().c, metadata.tables["credentials"].c
        waits = exists().where(_c.account_id == accounts.id)
        has_keys = exists().where(keys.account_id == accounts.id)
        query = select(accounts.id, accounts.host, accounts.localpart).where(
            accounts.disabled_at < before,
            accounts.disabled_reason == why,
            or_(~waits, ~has_keys),
        )
        async with self._database.connect() as connection:
            return [(id_, host, name) for id_, host, name in await connection.execute(query)]

    async def tidy(self) -> None:
        """Take off those that an administrator has enabled in another way."""
        accounts = _accounts().c
        enabled = select(accounts.id).where(accounts.disabled_at.is_(None))
        async with self._database.begin() as connection:
            await connection.execute(delete(table).where(_c.account_id.in_(enabled)))

    async def _some(self, *conditions: ColumnElement[bool]) -> Sequence[Waiting]:
        accounts = _accounts()
        query = (
            select(
                _c.account_id,
                accounts.c.host,
                accounts.c.localpart,
                _c.reason,
                _c.peer,
                _c.since,
                _c.until,
            )
            .select_from(table.join(accounts))
            .where(accounts.c.disabled_at.is_not(None), *conditions)
            .order_by(_c.since)
        )
        async with self._database.connect() as connection:
            return [Waiting(*row) for row in await connection.execute(query)]


def _accounts() -> Table:
    return metadata.tables["accounts"]
