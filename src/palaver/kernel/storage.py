"""What the kernel and the extensions know of storage: tables, types, and what storage can do.

These are the interfaces; `palaver.store` implements them and is handed in at start. Tables are
declared on `metadata` with the column types below, beside the code that owns them.
"""

import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass, field
from typing import Any, Final, Literal, NamedTuple, Protocol, TypeVar

from sqlalchemy import Connection, Table
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
    "MessageLog",
    "MessageReader",
    "Name",
    "NewAccount",
    "Role",
    "SchemaTooNew",
    "StorageUnavailable",
    "Timestamp",
    "Tombstone",
    "Xml",
    "account_column",
    "metadata",
    "now",
    "parse_stanza_id",
    "stanza_id",
    "timestamp_of",
]

T = TypeVar("T")

Dialect = Literal["sqlite", "postgresql", "mysql"]
"""The engine; MariaDB counts as ``mysql``."""

Role = Literal["member", "admin", "restricted"]

#: The longest origin-id kept, in characters (XEP-0359 §3.2 sets no limit).
MAX_ORIGIN_ID: Final = 128


class StorageUnavailable(Exception):  # noqa: N818 - names a state, as the callers read it
    """Says that the database cannot be reached, is locked, is full, or refuses to write.

    Trying again later may help: the protocol's answer is ``resource-constraint`` of type ``wait``.
    """


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


# The log


class LogEntry(NamedTuple):
    """One message in the log of one account; becomes one row.

    ``account_id``     whose log
    ``id``             from `MessageLog.new_id`; orders the log by time
    ``outgoing``       the account sent it, rather than received it
    ``peer``           the other side's bare JID, at most 2047 bytes
    ``peer_resource``  the other side's resource, "" when it has none; at most 1023 bytes
    ``stanza``         the stanza as serialised, without the stanza-id of this log
    ``pending``        no session of the account has acknowledged it yet
    ``archived``       stays after it has been acknowledged
    ``origin_id``      the sender's own id (XEP-0359 §3.2), at most `MAX_ORIGIN_ID` characters
    ``settled``        called once on the event loop: with None when the row is committed, or needs
                       no storing any more; with the exception when it cannot be stored
    """

    account_id: int
    id: int
    outgoing: bool
    peer: str
    peer_resource: str
    stanza: bytes
    pending: bool
    archived: bool
    origin_id: str | None = None
    settled: Callable[[BaseException | None], None] | None = None


class Word(NamedTuple):
    """A word that is looked for; ``beginning``: longer words that begin so are meant as well."""

    text: str
    beginning: bool = False


class LogFilter(NamedTuple):
    """Which entries of an archive are meant.

    ``after``, ``before``  ids that theirs are between; themselves excluded
    ``peer``               the other side's bare JID, or None for any
    ``peer_resource``      the other side's resource, "" for any
    ``ids``                ids, one of which theirs is; None for any
    ``words``              words that each of them has, all of them; None for any
    """

    after: int = 0
    before: int | None = None
    peer: str | None = None
    peer_resource: str = ""
    ids: tuple[int, ...] | None = None
    words: tuple[Word, ...] | None = None


class IndexedMessage(NamedTuple):
    """What the index has to know of a message.

    ``words``     what it is found by
    ``ids``       how later messages may call it
    ``retracts``  how it calls the message that it takes back; None where it does no such thing
    """

    words: Sequence[str] = ()
    ids: Sequence[str] = ()
    retracts: str | None = None


class Tombstone(NamedTuple):
    """What stands in the place of a message that was retracted.

    ``stanza``   what remains of the message
    ``is_last``  it was the message itself, rather than a correction of it
    """

    stanza: bytes
    is_last: bool


class MessageReader(Protocol):
    """Reads messages for the index of the log; called in other threads."""

    def searchable(self, host: str) -> bool:
        """Tell whether the messages of a host's accounts are to be found by their words."""

    def read(self, stanza: bytes, origin_id: str | None, *, with_words: bool) -> IndexedMessage:
        """Read a message as stored."""

    def tombstone(self, original: LogEntry, retraction: LogEntry) -> Tombstone | None:
        """Return what remains of a message after a retraction; None where that is of another.

        Both have the same ``outgoing`` and the same ``peer``.
        """


def stanza_id(id_: int) -> str:
    """Write a log id as the ``id`` of a `<stanza-id/>` (XEP-0359 §3.1).

    Sixteen hexadecimal digits: the order of the texts is the order of the ids, which is time.
    """
    return f"{id_:016x}"


def parse_stanza_id(text: str) -> int:
    """Read what `stanza_id` wrote; raises ValueError for any other text."""
    if len(text) != 16 or text.strip("0123456789abcdef"):
        raise ValueError("not a stanza-id of this server")
    id_ = int(text, 16)
    if id_ >> 63:
        raise ValueError("not a stanza-id of this server")
    return id_


def timestamp_of(id_: int) -> int:
    """Return when a log id was made, to the millisecond, as a `Timestamp`."""
    return (id_ >> 20) * 1000


class MessageLog(Protocol):
    """The messages of all accounts: archive, offline messages and crash recovery in one.

    What is appended or acknowledged is collected and committed every few milliseconds in one
    transaction. Order is kept: an acknowledgement finds the entry appended before it.
    """

    @property
    def size(self) -> int:
        """Entries appended and not yet settled."""

    @property
    def full(self) -> bool:
        """Whether the bound on entries or on bytes is reached: readers should pause.

        At twice the bound, `append` settles entries with `StorageUnavailable` at once.
        """

    @property
    def available(self) -> bool:
        """Whether the last commit worked. When not, entries appended are refused quickly."""

    def new_id(self) -> int:
        """Return an id greater than all before, also those of earlier runs.

        Milliseconds since 1970 in the upper bits, a counter in the lower 20.
        """

    def append(self, entry: LogEntry) -> None:
        """Take an entry for the next commit; never blocks. The outcome goes to its ``settled``.

        Raises ValueError when the origin-id is too long.
        """

    def acknowledge(self, account_id: int, ids: Iterable[int]) -> None:
        """Note that a session has the messages: rows not archived go, others stop being pending.

        Ids that are not there are ignored. An entry not committed yet is never written at all,
        unless it is archived, and counts as settled.
        """

    def unsettled(self, account_id: int, id_: int) -> bool:
        """Tell whether an entry is neither committed nor refused yet."""

    def on_drain(self, callback: Callable[[], None]) -> None:
        """Call back once on the event loop as soon as the log is not `full` any more."""

    def barrier(self, callback: Callable[[], None]) -> None:
        """Call back once all entries appended so far are committed or refused.

        At once when there are none; else on the event loop, after their ``settled``.
        """

    def index_with(self, reader: MessageReader) -> None:
        """Index, in the background, all that is archived, and carry out what retractions ask for.

        Without this `LogFilter.words` must be None.
        """

    async def catch_up(self, account_id: int) -> bool:
        """Wait until the account's messages are indexed; tell whether all are.

        It does not wait for very many. Raises StorageUnavailable.
        """

    async def flush(self) -> None:
        """Wait until all that was appended and acknowledged so far is committed or refused."""

    async def pending(
        self, account_id: int, *, after_id: int = 0, limit: int = 1000
    ) -> list[LogEntry]:
        """Return pending entries after an id, oldest first, with what was appended just now.

        Raises StorageUnavailable.
        """

    def origins(
        self, connection: Connection, account_id: int, limit: int
    ) -> list[tuple[bool, str, str]]:
        """Return of the latest entries that are committed those with an origin-id.

        Each is: whether it is outgoing, the other's bare JID, the origin-id.
        """

    async def page(
        self, account_id: int, which: LogFilter, limit: int, *, newest: bool = False
    ) -> list[LogEntry]:
        """Return archived entries that match, oldest first: the first ones, or the last.

        Raises StorageUnavailable.
        """

    async def count(self, account_id: int, which: LogFilter) -> int:
        """Count the archived entries that match; raises StorageUnavailable."""

    async def known(self, account_id: int, ids: Sequence[int]) -> set[int]:
        """Return those of the ids that are archived entries; raises StorageUnavailable."""

    async def count_pending(self, account_id: int) -> int:
        """Count the pending entries of an account; raises StorageUnavailable."""

    async def expire(self, account_id: int, before: int) -> int:
        """Delete archived entries with lower ids, unless they are pending; return how many.

        Raises StorageUnavailable.
        """

    async def forget(self, account_id: int) -> None:
        """Delete an account's log, a part at a time; raises StorageUnavailable.

        Do this before deleting the account, which would delete it in one long transaction.
        """


# Accounts


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

    ``skeleton`` is the form that look-alike names share (Unicode TR 39 §4).
    """

    host: str
    localpart: str
    skeleton: str
    role: Role = "member"
    credentials: Sequence[Credential] = ()


@dataclass(frozen=True, slots=True)
class AccountRecord:
    """What is stored about an account; times are `Timestamp` values.

    ``disabled_at`` is None while the account may log in.
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

    async def set_disabled(self, account_id: int, reason: str | None) -> None:
        """Disable an account from now on for a reason (may be ""), or enable it with None."""

    async def set_role(self, account_id: int, role: Role) -> None:
        """Change an account's role."""

    async def delete(self, account_id: int) -> None:
        """Delete an account and, by foreign keys, all rows that are its own.

        Call `MessageLog.forget` first when the log may be long.
        """

    def touch_login(self, account_id: int) -> None:
        """Note that the account logs in now; written within some seconds, lost in a crash."""


# The database


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
