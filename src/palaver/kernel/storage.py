"""What the kernel and the extensions know of storage: tables, types, and what storage can do.

These are the interfaces; `palaver.store` implements them and is handed in at start. Tables are
declared on `metadata` with the column types below, beside the code that owns them.
"""

import time
from collections.abc import Awaitable, Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Any, Literal, Protocol, TypeVar

from sqlalchemy import Connection, Executable, RowMapping, Table
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncConnection

from palaver.kernel.columns import (
    BigId,
    Blob,
    JidText,
    Name,
    Timestamp,
    Xml,
    account_column,
    metadata,
)
from palaver.kernel.message_log import (
    MAX_ORIGIN_ID,
    IndexedMessage,
    LogEntry,
    LogFilter,
    MessageLog,
    MessageReader,
    Tombstone,
    Word,
    parse_stanza_id,
    stanza_id,
    timestamp_of,
)

__all__ = [
    "MAX_ORIGIN_ID",
    "AccountExists",
    "AccountRecord",
    "AccountStore",
    "BigId",
    "Blob",
    "Credential",
    "Database",
    "Dialect",
    "IndexedMessage",
    "JidText",
    "LogEntry",
    "LogFilter",
    "MessageLog",
    "MessageReader",
    "Name",
    "NewAccount",
    "OtherDatabase",
    "Role",
    "SchemaTooNew",
    "StorageUnavailable",
    "Timestamp",
    "Tombstone",
    "Word",
    "Xml",
    "account_column",
    "despite_deletion",
    "metadata",
    "now",
    "parse_stanza_id",
    "stanza_id",
    "stored_skeleton",
    "timestamp_of",
]

T = TypeVar("T")

Dialect = Literal["sqlite", "postgresql", "mysql"]
"""The engine; MariaDB counts as ``mysql``."""

Role = str
"""The name of a role: ``member``, ``admin``, ``restricted`` or one of the configuration."""


class StorageUnavailable(Exception):  # noqa: N818 - names a state, as the callers read it
    """Says that the database cannot be reached, is locked, is full, or refuses to write.

    Trying again later may help: the protocol's answer is ``resource-constraint`` of type ``wait``.
    """


async def despite_deletion(work: Callable[[], Awaitable[T]]) -> T:
    """Do work of one transaction; again, where what its rows refer to was deleted meanwhile.

    Servers of databases let another transaction delete an account, and all that is its own, between
    reading and writing. It is not found the second time.
    """
    try:
        return await work()
    except IntegrityError:
        return await work()


class SchemaTooNew(Exception):  # noqa: N818 - names a state, as the callers read it
    """Refuses a database that a later version of Palaver has already changed.

    ``found`` is the database's revision, ``known`` the last one this version knows.
    """

    def __init__(self, found: str, known: str) -> None:
        super().__init__(
            f"the database's schema is at revision {found}, which is newer than the last revision "
            f"this version of Palaver knows ({known}). Install the version that used the database "
            "last, or a later one; or restore a backup of the database made before the upgrade."
        )
        self.found = found
        self.known = known


class AccountExists(Exception):  # noqa: N818 - names a state, as the callers read it
    """Refuses to create an account that is there already."""

    def __init__(self, host: str, localpart: str) -> None:
        super().__init__(f"{localpart}@{host} exists")
        self.host = host
        self.localpart = localpart


def now() -> int:
    """Return the present moment in the unit of `Timestamp`, microseconds since 1970 UTC."""
    return time.time_ns() // 1000


# Accounts

_MOST_SKELETON = 255  # bytes


def stored_skeleton(skeleton: str) -> str:
    """Return what is stored for a skeleton, which can be longer than any name."""
    encoded = skeleton.encode()
    return skeleton if len(encoded) <= _MOST_SKELETON else f"sha256:{sha256(encoded).hexdigest()}"


@dataclass(frozen=True, slots=True)
class Credential:
    """The SCRAM keys of an account for one mechanism (RFC 5802 §3).

    ``mechanism`` is the name without ``-PLUS``: ``SCRAM-SHA-1``, ``-256``, ``-512``.
    """

    mechanism: str
    salt: bytes
    iterations: int
    stored_key: bytes = field(repr=False)
    server_key: bytes = field(repr=False)


@dataclass(frozen=True, slots=True)
class NewAccount:
    """An account to create; ``host`` and ``localpart`` are prepared (RFC 7622).

    ``skeleton`` is the form that look-alike names share (Unicode TR 39 §4); with ``disabled``, a
    reason, it begins disabled.
    """

    host: str
    localpart: str
    skeleton: str
    role: Role = "member"
    credentials: Sequence[Credential] = ()
    disabled: str | None = None


@dataclass(frozen=True, slots=True)
class AccountRecord:
    """What is stored about an account; times are `Timestamp` values.

    ``disabled_at`` is None while the account may log in; ``disabled_until`` is None for ever.
    """

    id: int
    host: str
    localpart: str
    skeleton: str
    created: int
    role: Role
    disabled_at: int | None
    disabled_reason: str | None
    last_login: int | None
    disabled_until: int | None = None

    def is_disabled(self, now: float) -> bool:
        """Tell whether the account may not log in at a moment, in seconds since 1970."""
        if self.disabled_at is None:
            return False
        return self.disabled_until is None or now * 1_000_000 < self.disabled_until


class AccountStore(Protocol):
    """The accounts and their keys. Every coroutine raises StorageUnavailable.

    Those that change an account by its id raise LookupError when it does not exist.
    """

    async def create(self, account: NewAccount) -> AccountRecord:
        """Create an account; raises AccountExists."""

    async def create_many(
        self, accounts: Iterable[NewAccount], *, progress: Callable[[int], None] | None = None
    ) -> list[NewAccount]:
        """Create many accounts, and return those that existed already and were left as they are.

        Works in transactions of some hundreds, and calls ``progress`` after each with how many
        are done; what was done stays done when one fails.
        """

    async def find(self, host: str, localpart: str) -> AccountRecord | None:
        """Return the account of an address, if there is one."""

    async def find_with_keys(
        self, host: str, localpart: str
    ) -> tuple[AccountRecord, list[Credential]] | None:
        """Return the account of an address and its keys, in one look-up."""

    async def look_alikes(self, host: str, skeleton: str) -> list[AccountRecord]:
        """Return the accounts of a host whose names have this skeleton."""

    async def page(
        self, host: str, *, prefix: str = "", after: str = "", limit: int = 100
    ) -> list[AccountRecord]:
        """List accounts by localpart, those that start with ``prefix``, after ``after``."""

    async def count(self, host: str | None = None) -> int:
        """Count the accounts of a host, or all."""

    async def keys(self, account_id: int) -> list[Credential]:
        """Return an account's keys; none means that no password fits."""

    async def iterations(self) -> dict[str, dict[int, int]]:
        """Count how many keys have so many iterations, by mechanism, among some of the accounts."""

    async def set_keys(self, account_id: int, credentials: Sequence[Credential]) -> None:
        """Replace all keys of an account."""

    async def add_key(self, account_id: int, credential: Credential) -> None:
        """Give an account a key for a mechanism that it has none for; else it stays as it is.

        An account without any keys stays so: no password is to fit it.
        """

    async def set_disabled(
        self, account_id: int, reason: str | None, until: int | None = None
    ) -> None:
        """Disable an account from now on for a reason (may be ""), or enable it with None.

        With ``until``, a `Timestamp`, it is enabled again by itself.
        """

    async def set_role(self, account_id: int, role: Role) -> None:
        """Change an account's role."""

    async def delete(self, account_id: int) -> None:
        """Delete an account and, by foreign keys, all rows that are its own.

        Call `MessageLog.forget` first when the log may be long.
        """

    def touch_login(self, account_id: int) -> None:
        """Note that the account logs in now; written within some seconds, lost in a crash."""


# The database


class OtherDatabase(Protocol):
    """The database of another program, for reading; in a thread, one call at a time.

    StorageUnavailable comes out of every method for whatever goes wrong.
    """

    def columns(self, table: str) -> frozenset[str]:
        """Return the names of a table's columns; none where there is no such table."""

    def rows(self, query: Executable) -> Iterator[RowMapping]:
        """Iterate over what a query finds; several may go on at once."""

    def close(self) -> None:
        """Close all connections; what `rows` gave must have been closed before."""


class Database(Protocol):
    """The database behind the tables.

    StorageUnavailable comes out of every method, and out of the bodies of `begin` and `connect`,
    instead of the driver's error for a database that is away, locked or full.
    """

    @property
    def dialect(self) -> Dialect:
        """Which engine this is."""

    def begin(self) -> AbstractAsyncContextManager[AsyncConnection]:
        """Open a transaction that may write; commits at the end, rolls back on an exception.

        On SQLite one runs at a time: keep it short, and wait inside it for nothing but it.
        """

    def connect(self) -> AbstractAsyncContextManager[AsyncConnection]:
        """Open a connection for reading. Each statement sees what is committed at that moment."""

    def snapshot(self) -> AbstractAsyncContextManager[AsyncConnection]:
        """Open a connection for reading on which all statements see one and the same moment.

        Others go on writing meanwhile. On SQLite its write-ahead log grows until this ends.
        """

    async def read(self, work: Callable[[Connection], T]) -> T:
        """Run a function that reads little and by index, and return what it returns.

        On SQLite it runs in place: such a look-up takes microseconds, and handing it to a thread a
        hundred times that. So it must not scan; what may take long belongs into `connect`.
        """

    async def transact(self, work: Callable[[Connection], T]) -> T:
        """Run a function in a transaction that may write, and return what it returns.

        For much work at once: with SQLite it runs in a thread, apart from the event loop, so it
        must touch nothing but the connection and its own data.
        """

    async def upsert(
        self,
        connection: AsyncConnection,
        table: Table,
        values: Mapping[str, Any] | Sequence[Mapping[str, Any]],
        keys: Sequence[str],
    ) -> None:
        """Insert rows, or update the other columns of those whose ``keys`` are there.

        ``keys`` are the columns of the primary key or of a unique index; all mappings have the
        same keys.
        """

    async def create_missing(self, tables: Sequence[Table]) -> None:
        """Create those of the tables that do not exist: for extensions from elsewhere.

        Tables of Palaver itself come from migrations.
        """

    def other(self, name: str) -> OtherDatabase:
        """Open the database of another program: an SQLite file by its path, others by their URL.

        Raises:
            ConfigError: the URL is none that can be used.
        """
