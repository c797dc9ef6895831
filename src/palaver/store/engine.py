"""The database: SQLite in this process, or a PostgreSQL, MySQL or MariaDB server."""

import asyncio
import os
from abc import ABC, abstractmethod
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractAsyncContextManager, AsyncExitStack, asynccontextmanager
from pathlib import Path
from typing import Any, Final, Literal, TypeVar, cast

from sqlalchemy import (
    URL,
    Connection,
    Engine,
    NullPool,
    StaticPool,
    Table,
    create_engine,
    event,
    text,
)
from sqlalchemy.exc import DisconnectionError, SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, create_async_engine

from palaver.kernel.config_error import ConfigError
from palaver.kernel.storage import Dialect, StorageUnavailable, metadata
from palaver.store.address import driver_url
from palaver.store.elsewhere import ForeignDatabase, open_elsewhere
from palaver.store.outages import told, told_while_connecting
from palaver.store.upsert import upsert

T = TypeVar("T")
Synchronous = Literal["full", "normal", "off"]

_LOCK_NAME: Final = "palaver schema"
_LOCK_NUMBER: Final = 0x70616C61766572  # the same for PostgreSQL, whose locks have numbers
_PLACE_WAIT: Final = 0.1  # seconds the event loop may stand still for a locked SQLite file
_LOCK_WAIT: Final = 600  # seconds another process may take for its migrations


class SqlDatabase(ABC):
    """What all databases have in common; implements `palaver.kernel.storage.Database`."""

    dialect: Dialect

    @abstractmethod
    def begin(self) -> AbstractAsyncContextManager[AsyncConnection]:
        """Open a transaction that may write."""

    @abstractmethod
    def connect(self) -> AbstractAsyncContextManager[AsyncConnection]:
        """Open a connection for reading."""

    @abstractmethod
    def snapshot(self) -> AbstractAsyncContextManager[AsyncConnection]:
        """Open a connection for reading that sees one moment."""

    @abstractmethod
    def exclusive(self) -> AbstractAsyncContextManager[AsyncConnection]:
        """Open a transaction for changing the schema: one at a time among all processes."""

    @abstractmethod
    async def read(self, work: Callable[[Connection], T]) -> T:
        """Run a function that reads little and by index."""

    @abstractmethod
    async def transact(self, work: Callable[[Connection], T]) -> T:
        """Run a function in a transaction that may write."""

    @abstractmethod
    async def close(self) -> None:
        """Close all connections."""

    async def upsert(
        self,
        connection: AsyncConnection,
        table: Table,
        values: Mapping[str, Any] | Sequence[Mapping[str, Any]],
        keys: Sequence[str],
    ) -> None:
        """Insert rows or update those that are there: see `palaver.kernel.storage.Database`."""
        rows = [values] if isinstance(values, Mapping) else values
        if rows:
            statement = upsert(self.dialect, table, list(rows[0]), keys)
            await connection.execute(statement, [dict(row) for row in rows])

    async def create_missing(self, tables: Sequence[Table]) -> None:
        """Create those of the tables that do not exist."""
        async with self.exclusive() as connection:
            await connection.run_sync(metadata.create_all, tables=tables)

    def other(self, name: str) -> ForeignDatabase:
        """Open another program's database: see `palaver.kernel.storage.Database`."""
        return open_elsewhere(name)


class SqliteDatabase(SqlDatabase):
    """An SQLite file: many readers, one writer at a time."""

    dialect: Dialect = "sqlite"

    def __init__(
        self, url: URL, *, synchronous: Synchronous, pool_size: int, busy_timeout: float
    ) -> None:
        wait = {"timeout": busy_timeout}
        self._readers = create_async_engine(
            url,
            pool_size=pool_size,
            max_overflow=0,
            pool_timeout=10,
            isolation_level="AUTOCOMMIT",
            skip_autocommit_rollback=True,
            connect_args=wait,
            hide_parameters=True,
        )
        wait_and_begin_ourselves = {**wait, "isolation_level": None}
        self._writer = create_async_engine(
            url,
            pool_size=1,
            max_overflow=0,
            connect_args=wait_and_begin_ourselves,
            hide_parameters=True,
        )
        # Work of many rows runs in one go in a thread: every hand-over between an asyncio driver's
        # thread and a busy event loop costs up to the interpreter's switch interval.
        self._bulk = create_engine(
            url.set(drivername="sqlite+pysqlite"),
            pool_size=1,
            max_overflow=0,
            connect_args=wait_and_begin_ourselves,
            hide_parameters=True,
        )
        self._thread = ThreadPoolExecutor(1, "palaver-sqlite")
        self._direct = create_engine(
            url.set(drivername="sqlite+pysqlite"),
            poolclass=StaticPool,
            isolation_level="AUTOCOMMIT",
            skip_autocommit_rollback=True,
            connect_args={"timeout": _PLACE_WAIT},
            hide_parameters=True,
        )
        self._looking_up: Connection | None = None
        self._writing = asyncio.Lock()
        pragmas = _pragmas(synchronous)
        for reader in (self._readers.sync_engine, self._direct):
            _on_connect(reader, [*pragmas, "query_only = ON"])
        for engine in (self._writer.sync_engine, self._bulk):
            _on_connect(engine, pragmas)
            event.listen(engine, "begin", _begin_immediate)

    @asynccontextmanager
    async def begin(self) -> AsyncIterator[AsyncConnection]:
        """Open a transaction that may write; others of this process wait in line."""
        with told():
            async with self._writing, self._writer.begin() as connection:
                yield connection

    @asynccontextmanager
    async def connect(self) -> AsyncIterator[AsyncConnection]:
        """Open a connection for reading."""
        with told():
            async with self._readers.connect() as connection:
                yield connection

    @asynccontextmanager
    async def snapshot(self) -> AsyncIterator[AsyncConnection]:
        """Open a connection for reading in one transaction."""
        async with self.connect() as connection:
            await connection.exec_driver_sql("BEGIN")
            try:
                yield connection
            finally:
                await connection.exec_driver_sql("ROLLBACK")

    async def read(self, work: Callable[[Connection], T]) -> T:
        """Run a function that reads little, in place, on a connection kept for that."""
        with told():
            if self._looking_up is None:
                self._looking_up = self._direct.connect()
            try:
                return work(self._looking_up)
            except SQLAlchemyError:
                self._looking_up.invalidate()
                self._looking_up = None
                raise

    def exclusive(self) -> AbstractAsyncContextManager[AsyncConnection]:
        """Open a transaction for changing the schema; SQLite locks the whole file anyway."""
        return self.begin()

    async def transact(self, work: Callable[[Connection], T]) -> T:
        """Run a function in a transaction, in the thread for that."""
        loop = asyncio.get_running_loop()
        async with self._writing:
            return await loop.run_in_executor(self._thread, self._run, work)

    def _run(self, work: Callable[[Connection], T]) -> T:
        with told(), self._bulk.begin() as connection:
            return work(connection)

    async def close(self) -> None:
        """Close all connections; the last one moves the write-ahead log into the file."""
        if self._looking_up is not None:
            self._looking_up.close()
        self._direct.dispose()
        await self._readers.dispose()
        await self._writer.dispose()
        await asyncio.get_running_loop().run_in_executor(self._thread, self._bulk.dispose)
        self._thread.shutdown()


class ServerDatabase(SqlDatabase):
    """A PostgreSQL, MySQL or MariaDB server, by a pool of connections."""

    def __init__(self, url: URL, dialect: Dialect, *, pool_size: int, patience: float) -> None:
        self.dialect = dialect
        self._url = url
        self._patience = patience
        self._engine = create_async_engine(
            url,
            pool_size=pool_size,
            max_overflow=2,
            pool_timeout=patience,
            pool_recycle=3600,
            pool_pre_ping=dialect == "mysql",
            isolation_level="READ COMMITTED",
            connect_args=_connect_arguments(url, dialect, patience),
            hide_parameters=True,
        )
        if dialect == "postgresql":
            event.listen(self._engine.sync_engine, "checkout", _refuse_closed)
        # Saves PostgreSQL two round trips for each read; for the others it would add them.
        self._reading = (
            self._engine.execution_options(isolation_level="AUTOCOMMIT")
            if dialect == "postgresql"
            else self._engine
        )

    @asynccontextmanager
    async def begin(self) -> AsyncIterator[AsyncConnection]:
        """Open a transaction."""
        async with self._connected(self._engine) as connection, connection.begin():
            yield connection

    def connect(self) -> AbstractAsyncContextManager[AsyncConnection]:
        """Open a connection for reading."""
        return self._connected(self._reading)

    @asynccontextmanager
    async def snapshot(self) -> AsyncIterator[AsyncConnection]:
        """Open a connection for reading in one transaction; the first statement is its moment."""
        engine = self._engine.execution_options(isolation_level="REPEATABLE READ")
        async with self._connected(engine) as connection, connection.begin():
            yield connection

    async def read(self, work: Callable[[Connection], T]) -> T:
        """Run a function that reads little, on a connection of the pool."""
        async with self.connect() as connection:
            return await connection.run_sync(work)

    @asynccontextmanager
    async def _connected(self, engine: AsyncEngine) -> AsyncIterator[AsyncConnection]:
        with told():
            async with AsyncExitStack() as stack:
                with told_while_connecting():
                    connection = await stack.enter_async_context(engine.connect())
                yield connection

    @asynccontextmanager
    async def exclusive(self) -> AsyncIterator[AsyncConnection]:
        """Open a transaction for changing the schema, however long that takes."""
        engine = create_async_engine(
            self._url,
            poolclass=NullPool,
            connect_args=_connect_arguments(self._url, self.dialect, None),
            hide_parameters=True,
        )
        try:
            async with self._connected(engine) as connection, connection.begin():
                await self._lock(connection)
                yield connection
        finally:
            await engine.dispose()

    async def _lock(self, connection: AsyncConnection) -> None:
        """Keep other processes out until the connection ends."""
        if self.dialect == "postgresql":
            await connection.execute(
                text("SELECT pg_advisory_xact_lock(:number)"), {"number": _LOCK_NUMBER}
            )
            return
        got = await connection.scalar(
            # Names are the whole server's.
            text("SELECT GET_LOCK(CONCAT(LEFT(DATABASE(), 40), :name), :wait)"),
            {"name": f" {_LOCK_NAME}", "wait": _LOCK_WAIT},
        )
        if not got:
            raise StorageUnavailable("another process has been changing the schema for too long")

    async def transact(self, work: Callable[[Connection], T]) -> T:
        """Run a function in a transaction, for no longer than is acceptable."""
        with told():
            async with asyncio.timeout(self._patience), self.begin() as connection:
                return await connection.run_sync(work)

    async def close(self) -> None:
        """Close all connections."""
        await self._engine.dispose()


async def open_database(
    url: str,
    directory: Path,
    *,
    synchronous: Synchronous = "full",
    pool_size: int = 4,
    busy_timeout: float = 5.0,
    patience: float = 30.0,
) -> SqlDatabase:
    """Open the database of a URL and see that it answers.

    ``directory``     SQLite files with a relative path are below it
    ``synchronous``   SQLite's setting of that name; anything but "full" can lose messages that
                      were acknowledged, when the power fails
    ``pool_size``     connections kept open
    ``busy_timeout``  seconds to wait for another process that has locked an SQLite file
    ``patience``      seconds a database server may take for anything, but migrations

    Raises ConfigError for an unusable URL, StorageUnavailable when the database does not answer.
    """
    address = driver_url(url, directory)
    dialect = cast("Dialect", address.get_backend_name())
    database: SqlDatabase
    if dialect == "sqlite":
        _create_private(Path(cast("str", address.database)))
        database = SqliteDatabase(
            address, synchronous=synchronous, pool_size=pool_size, busy_timeout=busy_timeout
        )
    else:
        database = ServerDatabase(address, dialect, pool_size=pool_size, patience=patience)
    try:
        async with database.begin() as connection:
            await connection.execute(text("SELECT 1"))
    except TypeError as error:
        # From the driver's function to connect, which got the URL's parameters.
        await database.close()
        raise ConfigError.at("storage.url", f"has a parameter that is wrong: {error}") from None
    except BaseException:
        await database.close()
        raise
    return database


def _create_private(path: Path) -> None:
    """Create an SQLite file that only its owner can read; its companions inherit that."""
    with told_while_connecting():
        os.close(os.open(path, os.O_RDWR | os.O_CREAT, 0o600))


def _pragmas(synchronous: Synchronous) -> list[str]:
    return [
        "journal_mode = WAL",
        f"synchronous = {synchronous}",
        "foreign_keys = ON",
        "cache_size = -16000",
        # Pages of write-ahead log between moves into the file (16 MB): fewer, larger ones.
        "wal_autocheckpoint = 4000",
        "journal_size_limit = 67108864",
    ]


def _on_connect(engine: Engine, pragmas: Sequence[str]) -> None:
    @event.listens_for(engine, "connect")
    def set_up(connection: Any, _: object) -> None:
        cursor = connection.cursor()
        for pragma in pragmas:
            cursor.execute(f"PRAGMA {pragma}")
        cursor.close()


def _begin_immediate(connection: Connection) -> None:
    # A transaction that reads first and writes later could not wait for another's end.
    connection.exec_driver_sql("BEGIN IMMEDIATE")


def _refuse_closed(connection: Any, _record: object, _proxy: object) -> None:
    """Let the pool replace a connection the server has closed, without asking the server."""
    if connection.driver_connection.is_closed():
        raise DisconnectionError


def _connect_arguments(
    url: URL, dialect: Dialect, statement_timeout: float | None
) -> dict[str, Any]:
    """Return what the driver's function to connect gets, unless the URL says otherwise."""
    if dialect == "mysql":
        # Strict: a value that does not fit is an error, not cut.
        modes = "SET sql_mode = 'TRADITIONAL', default_storage_engine = InnoDB"
        arguments: dict[str, Any] = {"connect_timeout": 10, "init_command": modes}
    else:
        arguments = {
            "timeout": 10,
            "command_timeout": statement_timeout,
            "server_settings": {"application_name": "palaver"},
        }
    return {name: value for name, value in arguments.items() if name not in url.query}
