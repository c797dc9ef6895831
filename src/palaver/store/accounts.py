"""Accounts and their SCRAM keys in the database."""

import asyncio
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import replace
from functools import partial
from itertools import islice
from typing import Any, Final

import structlog
from sqlalchemy import Connection, Row, bindparam, delete, func, insert, select, update
from sqlalchemy.exc import IntegrityError

from palaver.kernel.storage import (
    AccountExists,
    AccountRecord,
    Credential,
    NewAccount,
    Role,
    StorageUnavailable,
    now,
    stored_skeleton,
)
from palaver.store.accounts_table import accounts, credentials
from palaver.store.engine import SqlDatabase

logger = structlog.get_logger()

_ACCOUNTS_PER_TRANSACTION: Final = 500
_LOGINS_EVERY: Final = 5.0  # seconds
_SAMPLE: Final = 30_000  # keys, of the oldest accounts and of the newest
_AFTER_ALL: Final = "\U0010ffff"  # in the order of bytes of UTF-8
_a = accounts.c
_k = credentials.c


# Made once: putting a statement together costs more than running it.
_NAMED: Final = (_a.host == bindparam("host"), _a.localpart == bindparam("localpart"))
_FIND: Final = select(accounts).where(*_NAMED)
_FIND_WITH_KEYS: Final = (
    select(accounts, *credentials.c).outerjoin(credentials).where(*_NAMED).order_by(_k.mechanism)
)


class SqlAccountStore:
    """Implements `palaver.kernel.storage.AccountStore`."""

    def __init__(self, database: SqlDatabase) -> None:
        self._database = database
        self._logins: dict[int, int] = {}
        self._writing_logins: asyncio.Task[None] | None = None

    async def close(self) -> None:
        """Write the times of the last logins that are not written yet."""
        if self._writing_logins is not None:
            self._writing_logins.cancel()
            await asyncio.wait([self._writing_logins])
        with suppress(StorageUnavailable):
            await self._write_logins()

    # Creating and deleting

    async def create(self, account: NewAccount) -> AccountRecord:
        """Create an account; raises AccountExists."""
        if await self.create_many([account]):
            raise AccountExists(account.host, account.localpart)
        record = await self.find(account.host, account.localpart)
        if record is None:
            raise LookupError("the account was deleted at once")
        return record

    async def create_many(
        self, accounts: Iterable[NewAccount], *, progress: Callable[[int], None] | None = None
    ) -> list[NewAccount]:
        """Create many accounts, and return those that existed already."""
        existing: list[NewAccount] = []
        done = 0
        for part in _parts(accounts):
            work = partial(_create, part)
            try:
                existing += await self._database.transact(work)
            except IntegrityError:
                # Someone else created one of them in between; this time it is seen.
                existing += await self._database.transact(work)
            done += len(part)
            if progress is not None:
                progress(done)
        return existing

    async def delete(self, account_id: int) -> None:
        """Delete an account and all rows that are its own."""
        self._logins.pop(account_id, None)
        async with self._database.begin() as connection:
            result = await connection.execute(delete(accounts).where(_a.id == account_id))
            _found(result.rowcount)

    # Reading

    async def find(self, host: str, localpart: str) -> AccountRecord | None:
        """Return the account of an address, if there is one."""
        who = {"host": host, "localpart": localpart}
        row = await self._database.read(lambda connection: connection.execute(_FIND, who).first())
        return None if row is None else self._record(row)

    async def find_with_keys(
        self, host: str, localpart: str
    ) -> tuple[AccountRecord, list[Credential]] | None:
        """Return the account of an address and its keys."""
        who = {"host": host, "localpart": localpart}
        rows = await self._database.read(
            lambda connection: connection.execute(_FIND_WITH_KEYS, who).all()
        )
        if not rows:
            return None
        width = len(_a)
        keys = [Credential(*row[width + 1 :]) for row in rows if row[width] is not None]
        return self._record(rows[0][:width]), keys

    async def look_alikes(self, host: str, skeleton: str) -> list[AccountRecord]:
        """Return the accounts of a host whose names have this skeleton."""
        query = select(accounts).where(_a.host == host, _a.skeleton == stored_skeleton(skeleton))
        async with self._database.connect() as connection:
            return [self._record(row) for row in await connection.execute(query)]

    async def page(
        self, host: str, *, prefix: str = "", after: str = "", limit: int = 100
    ) -> list[AccountRecord]:
        """List accounts by localpart."""
        query = select(accounts).where(_a.host == host, _a.localpart > after)
        if prefix:
            query = query.where(_a.localpart >= prefix, _a.localpart < prefix + _AFTER_ALL)
        async with self._database.connect() as connection:
            rows = await connection.execute(query.order_by(_a.localpart).limit(limit))
            return [self._record(row) for row in rows]

    async def count(self, host: str | None = None) -> int:
        """Count the accounts of a host, or all."""
        query = select(func.count()).select_from(accounts)
        if host is not None:
            query = query.where(_a.host == host)
        async with self._database.connect() as connection:
            return await connection.scalar(query) or 0

    async def keys(self, account_id: int) -> list[Credential]:
        """Return an account's keys."""
        query = select(credentials).where(_k.account_id == account_id).order_by(_k.mechanism)
        async with self._database.connect() as connection:
            return [Credential(*row[1:]) for row in await connection.execute(query)]

    # Changing

    async def iterations(self) -> dict[str, dict[int, int]]:
        """Count how many keys have so many iterations, by mechanism.

        Looks at the oldest and the newest accounts only, where there are many.
        """
        columns = credentials.c.mechanism, credentials.c.iterations
        found: dict[str, dict[int, int]] = {}
        async with self._database.connect() as connection:
            for order in (credentials.c.account_id, credentials.c.account_id.desc()):
                some = select(*columns).order_by(order).limit(_SAMPLE).subquery()
                query = select(some, func.count()).group_by(*some.c)
                for mechanism, iterations, count in await connection.execute(query):
                    counts = found.setdefault(mechanism, {})
                    counts[iterations] = counts.get(iterations, 0) + count
        return found

    async def set_keys(self, account_id: int, credentials_: Sequence[Credential]) -> None:
        """Replace all keys of an account."""

        def work(connection: Connection) -> None:
            # Locks the account, so that two changes at once do not mix their keys.
            one = select(_a.id).where(_a.id == account_id).with_for_update()
            _found(len(connection.execute(one).all()))
            connection.execute(delete(credentials).where(_k.account_id == account_id))
            if credentials_:
                rows = [_key_row(account_id, credential) for credential in credentials_]
                connection.execute(insert(credentials), rows)

        await self._database.transact(work)

    async def add_key(self, account_id: int, credential: Credential) -> None:
        """Add a key that an account lacks, unless it has none at all."""

        def work(connection: Connection) -> None:
            # As in `set_keys`: one who changes the password meanwhile gives all the keys there are.
            one = select(_a.id).where(_a.id == account_id).with_for_update()
            _found(len(connection.execute(one).all()))
            query = select(_k.mechanism).where(_k.account_id == account_id)
            present = connection.scalars(query).all()
            if present and credential.mechanism not in present:
                connection.execute(insert(credentials), [_key_row(account_id, credential)])

        await self._database.transact(work)

    async def set_disabled(
        self, account_id: int, reason: str | None, until: int | None = None
    ) -> None:
        """Disable an account for a reason, until a moment or for ever, or enable it with None."""
        since = None if reason is None else now()
        await self._change(
            account_id,
            disabled_at=since,
            disabled_reason=reason,
            disabled_until=None if reason is None else until,
        )

    async def set_role(self, account_id: int, role: Role) -> None:
        """Change an account's role."""
        await self._change(account_id, role=role)

    async def _change(self, account_id: int, **values: Any) -> None:
        async with self._database.begin() as connection:
            result = await connection.execute(
                update(accounts).where(_a.id == account_id).values(values)
            )
            _found(result.rowcount)

    def touch_login(self, account_id: int) -> None:
        """Note that the account logs in now."""
        self._logins[account_id] = now()
        if self._writing_logins is None:
            self._writing_logins = asyncio.create_task(self._write_logins_later())

    async def _write_logins_later(self) -> None:
        while self._logins:
            await asyncio.sleep(_LOGINS_EVERY)
            try:
                await self._write_logins()
            except StorageUnavailable as error:
                logger.warning("times of logins cannot be stored now", reason=str(error))
        self._writing_logins = None

    async def _write_logins(self) -> None:
        logins = dict(self._logins)
        if not logins:
            return
        rows = [{"account": id_, "moment": moment} for id_, moment in sorted(logins.items())]
        change = (
            update(accounts)
            .where(_a.id == bindparam("account"))
            .values(last_login=bindparam("moment"))
        )
        async with self._database.begin() as connection:
            await connection.execute(change, rows)
        for id_, moment in logins.items():
            if self._logins.get(id_) == moment:
                del self._logins[id_]

    def _record(self, row: Row[Any] | Sequence[Any]) -> AccountRecord:
        record = AccountRecord(*row)
        moment = self._logins.get(record.id)
        return record if moment is None else replace(record, last_login=moment)


def _create(new: Sequence[NewAccount], connection: Connection) -> list[NewAccount]:
    """Create those accounts that do not exist, and return the others."""
    names = [(account.host, account.localpart) for account in new]
    taken = set(_ids(connection, names))
    existing = []
    creating: dict[tuple[str, str], NewAccount] = {}
    for name, account in zip(names, new, strict=True):
        if name in taken:
            existing.append(account)
        else:
            taken.add(name)
            creating[name] = account
    if not creating:
        return existing
    created = now()
    connection.execute(
        insert(accounts), [_account_row(account, created) for account in creating.values()]
    )
    keys = [
        _key_row(id_, credential)
        for name, id_ in _ids(connection, list(creating)).items()
        for credential in creating[name].credentials
    ]
    if keys:
        connection.execute(insert(credentials), keys)
    return existing


def _ids(connection: Connection, names: Sequence[tuple[str, str]]) -> dict[tuple[str, str], int]:
    """Return the ids of those accounts that exist, by host and localpart."""
    found: dict[tuple[str, str], int] = {}
    for host in {host for host, _ in names}:
        wanted = [localpart for each, localpart in names if each == host]
        query = select(_a.localpart, _a.id).where(_a.host == host, _a.localpart.in_(wanted))
        found |= {(host, localpart): id_ for localpart, id_ in connection.execute(query)}
    return found


def _account_row(account: NewAccount, created: int) -> dict[str, Any]:
    return {
        "host": account.host,
        "localpart": account.localpart,
        "skeleton": stored_skeleton(account.skeleton),
        "created": created,
        "role": account.role,
        "disabled_at": None if account.disabled is None else created,
        "disabled_reason": account.disabled,
    }


def _key_row(account_id: int, credential: Credential) -> dict[str, Any]:
    return {
        "account_id": account_id,
        "mechanism": credential.mechanism,
        "salt": credential.salt,
        "iterations": credential.iterations,
        "stored_key": credential.stored_key,
        "server_key": credential.server_key,
    }


def _parts(accounts: Iterable[NewAccount]) -> Iterator[list[NewAccount]]:
    remaining = iter(accounts)
    while part := list(islice(remaining, _ACCOUNTS_PER_TRANSACTION)):
        yield part


def _found(rows: int) -> None:
    if not rows:
        raise LookupError("no such account")
