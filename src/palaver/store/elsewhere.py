"""Databases of other programs, for reading: accounts come here from them."""

import asyncio
import sqlite3
from abc import ABC, abstractmethod
from collections.abc import AsyncGenerator, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final
from urllib.parse import quote

from sqlalchemy import (
    URL,
    Connection,
    Engine,
    Executable,
    QueuePool,
    RowMapping,
    create_engine,
    inspect,
)
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine

from palaver.kernel.storage import StorageUnavailable
from palaver.store.address import driver_url
from palaver.store.outages import reason_of

_AT_ONCE: Final = 200  # rows
_CONNECTIONS: Final = 10  # a query goes on while others are asked for each of its rows


class ForeignDatabase(ABC):
    """What all engines have in common; implements `palaver.kernel.storage.OtherDatabase`."""

    def __init__(self) -> None:
        self._columns: dict[str, frozenset[str]] = {}

    def columns(self, table: str) -> frozenset[str]:
        """Return the names of a table's columns; none where there is no such table."""
        if table not in self._columns:
            with _told():
                self._columns[table] = self._look_up(table)
        return self._columns[table]

    @abstractmethod
    def _look_up(self, table: str) -> frozenset[str]:
        """Ask the engine for a table's columns."""

    @abstractmethod
    def rows(self, query: Executable) -> Iterator[RowMapping]:
        """Iterate over what a query finds."""

    @abstractmethod
    def close(self) -> None:
        """Close all connections."""


class ForeignFile(ForeignDatabase):
    """An SQLite file, which may be hostile."""

    def __init__(self, path: Path) -> None:
        super().__init__()
        self._path = path
        self._engine: Engine = create_engine(
            "sqlite://",
            creator=self._connect,
            poolclass=QueuePool,
            max_overflow=_CONNECTIONS,
            hide_parameters=True,
        )

    def _connect(self) -> sqlite3.Connection:
        # What is read in one go runs in one thread, but not always in the same.
        name = f"file:{quote(str(self._path))}?mode=ro"
        connection = sqlite3.connect(name, uri=True, check_same_thread=False)
        connection.execute("PRAGMA trusted_schema = OFF")
        return connection

    def _look_up(self, table: str) -> frozenset[str]:
        with self._engine.connect() as connection:
            return _columns_of(connection, table)

    def rows(self, query: Executable) -> Iterator[RowMapping]:
        """Iterate over what a query finds, as it is read."""
        with _told(), self._engine.connect() as connection:
            found = connection.execution_options(yield_per=_AT_ONCE).execute(query)
            yield from found.mappings()

    def close(self) -> None:
        """Close all connections."""
        self._engine.dispose()


class ForeignServer(ForeignDatabase):
    """A database server; its driver gets a loop of its own, which runs while somebody reads."""

    def __init__(self, url: URL) -> None:
        super().__init__()
        self._loop = asyncio.new_event_loop()
        reading = (
            {"server_settings": {"default_transaction_read_only": "on"}}
            if url.get_backend_name() == "postgresql"
            else {"init_command": "SET SESSION TRANSACTION READ ONLY"}
        )
        self._engine: AsyncEngine = create_async_engine(
            url, max_overflow=_CONNECTIONS, connect_args=reading, hide_parameters=True
        )

    def _look_up(self, table: str) -> frozenset[str]:
        async def look_up() -> frozenset[str]:
            async with self._engine.connect() as connection:
                return await connection.run_sync(_columns_of, table)

        return self._loop.run_until_complete(look_up())

    def rows(self, query: Executable) -> Iterator[RowMapping]:
        """Iterate over what a query finds, as it comes."""
        parts = self._parts(query)
        try:
            while part := self._next(parts):
                yield from part
        finally:
            self._loop.run_until_complete(parts.aclose())

    def _next(self, parts: AsyncGenerator[list[RowMapping]]) -> list[RowMapping]:
        async def following() -> list[RowMapping]:
            return await anext(parts, [])

        with _told():
            return self._loop.run_until_complete(following())

    async def _parts(self, query: Executable) -> AsyncGenerator[list[RowMapping]]:
        async with self._engine.connect() as connection:
            found = await connection.stream(query)
            try:
                async for part in found.mappings().partitions(_AT_ONCE):
                    yield list(part)
            except GeneratorExit:
                # The driver for MySQL cannot use a connection again before all was read.
                await connection.invalidate()
                raise

    def close(self) -> None:
        """Close all connections."""
        self._loop.run_until_complete(self._engine.dispose())
        self._loop.close()


def open_elsewhere(name: str) -> ForeignDatabase:
    """Open a database for reading: an SQLite file by its path, a server by its URL.

    Raises:
        ConfigError: the URL is none that can be used.
    """
    if "://" not in name:
        return ForeignFile(Path(name))
    url = driver_url(name, Path())
    if url.get_backend_name() == "sqlite":
        return ForeignFile(Path(url.database or ""))
    return ForeignServer(url)


def _columns_of(connection: Connection, table: str) -> frozenset[str]:
    inspector = inspect(connection)
    if not inspector.has_table(table):
        return frozenset()
    return frozenset(column["name"] for column in inspector.get_columns(table))


@contextmanager
def _told() -> Iterator[None]:
    """Raise StorageUnavailable in place of any error of the database."""
    try:
        yield
    except Exception as error:  # drivers have their own, not always wrapped
        raise StorageUnavailable(reason_of(error)) from error
