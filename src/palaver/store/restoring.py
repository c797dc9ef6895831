"""Fills an empty database with the rows of a backup."""

from collections.abc import Iterable, Iterator, Mapping
from itertools import islice
from typing import Any, Final

from sqlalchemy import Connection, MetaData, Table, func, insert, inspect, select, text

from palaver.kernel.storage import metadata
from palaver.store.engine import SqlDatabase
from palaver.store.migrations import VERSION_TABLE

_ROWS: Final = 500


class NotEmpty(Exception):  # noqa: N818 - names a state, as the callers read it
    """Refuses a database that has something in it already."""


class Misfit(Exception):  # noqa: N818 - names a state, as the callers read it
    """Refuses rows that have no place in the database."""


async def check_empty(database: SqlDatabase) -> None:
    """Raise `NotEmpty` where any table has rows."""
    async with database.connect() as connection:
        await connection.run_sync(_check_empty)


def _check_empty(connection: Connection) -> None:
    inspector = inspect(connection)
    for name in inspector.get_table_names():
        # The shadow tables of SQLite's full-text index are never empty.
        if name == VERSION_TABLE or name.startswith(("log_words", "sqlite_")):
            continue
        if connection.execute(text(f"SELECT 1 FROM {name} LIMIT 1")).first():  # noqa: S608 - a name
            raise NotEmpty(f"the table {name} of the database has rows already")


async def fill(database: SqlDatabase, tables: Mapping[str, Iterable[list[Any]]]) -> int:
    """Insert rows in one transaction, and return how many there were.

    ``tables`` gives for each table, those that others refer to first, the names of the columns and
    then the rows. Raises `NotEmpty` and `Misfit`; then nothing has changed.
    """
    async with database.exclusive() as connection:
        return await connection.run_sync(_fill, tables)


def _fill(connection: Connection, tables: Mapping[str, Iterable[list[Any]]]) -> int:
    _check_empty(connection)
    there = set(inspect(connection).get_table_names())
    count = 0
    for name, lines in tables.items():
        if name not in there:
            raise Misfit(f"there is no table {name}, which belongs to an extension not installed")
        count += _fill_table(connection, name, iter(lines))
    return count


def _fill_table(connection: Connection, name: str, lines: Iterator[list[Any]]) -> int:
    names = next(lines, [])
    table = _table(connection, name)
    unknown = [each for each in names if each not in table.columns]
    if unknown:
        raise Misfit(f"the table {name} has no column {unknown[0]}")
    count = 0
    while rows := [dict(zip(names, line, strict=True)) for line in islice(lines, _ROWS)]:
        connection.execute(insert(table), rows)
        count += len(rows)
    _count_on(connection, table)
    return count


def _table(connection: Connection, name: str) -> Table:
    """Return a table as it is in the database, with our types where we know it."""
    reflected = Table(name, MetaData(), autoload_with=connection, resolve_fks=False)
    known = metadata.tables.get(name)
    if known is not None:
        for column in reflected.columns:
            if column.name in known.columns:
                column.type = known.columns[column.name].type
    return reflected


def _count_on(connection: Connection, table: Table) -> None:
    """Let PostgreSQL count on behind the rows of a table; the others do so by themselves."""
    keys = list(table.primary_key.columns)
    if connection.dialect.name != "postgresql" or len(keys) != 1:
        return
    sequence = connection.scalar(select(func.pg_get_serial_sequence(table.name, keys[0].name)))
    last = connection.scalar(select(func.max(keys[0]))) if sequence else None
    if last is not None:
        connection.execute(select(func.setval(sequence, last)))
