"""The table of the message log, and each engine's fastest way to write to it."""

# The statements are put together of constants and placeholders only.
# ruff: noqa: S608

from collections.abc import Callable, Iterator, Sequence
from itertools import chain, islice
from typing import Any, Final, TypeVar

from sqlalchemy import Boolean, Column, Connection, Index, Table, text

from palaver.kernel.storage import (
    MAX_ORIGIN_ID,
    BigId,
    Blob,
    Dialect,
    JidText,
    LogEntry,
    Name,
    account_column,
    metadata,
)

log_table: Final = Table(
    "log",
    metadata,
    account_column(primary_key=True),
    Column("id", BigId, primary_key=True, autoincrement=False),
    Column("outgoing", Boolean, nullable=False),
    Column("peer", JidText, nullable=False),
    Column("peer_resource", Name(1023), nullable=False),
    Column("stanza", Blob, nullable=False),
    Column("pending", Boolean, nullable=False),
    Column("archived", Boolean, nullable=False),
    Column("origin_id", Name(4 * MAX_ORIGIN_ID)),
)
_c = log_table.c

# Few rows are pending at any time: an index of those alone is small and cheap to keep.
Index(
    "ix_log_pending",
    _c.account_id,
    _c.id,
    # As SQLAlchemy writes the condition in queries, or SQLite would not use the index.
    sqlite_where=text("pending = 1"),
    postgresql_where=_c.pending,
).ddl_if(callable_=lambda *_, dialect, **__: dialect.name != "mysql")
Index("ix_log_account_id_pending_id", _c.account_id, _c.pending, _c.id).ddl_if(dialect="mysql")

Index(
    "ix_log_account_id_peer_id",
    _c.account_id,
    _c.peer,
    _c.id,
    sqlite_where=text("archived = 1"),
    postgresql_where=_c.archived,
)

T = TypeVar("T")
Row = Sequence[Any]
Key = tuple[int, int]
"""account_id and id of a row"""

COLUMNS: Final = len(_c)
_NAMES: Final = ", ".join(column.name for column in _c)
_KEYS_PER_STATEMENT: Final = 500


def row_of(entry: LogEntry) -> Row:
    """Return an entry's values in the order of the columns."""
    return entry[:COLUMNS]


def inserter(dialect: Dialect) -> Callable[[Connection, Sequence[Row], bool], None]:
    """Return the function that inserts rows; when it is told to, those not there already."""
    return {"sqlite": _insert_sqlite, "postgresql": _insert_postgresql, "mysql": _insert_mysql}[
        dialect
    ]


def acknowledger(dialect: Dialect) -> Callable[[Connection, Sequence[Key]], None]:
    """Return the function that deletes rows or, if they are archived, takes back ``pending``."""
    return {
        "sqlite": _acknowledge_sqlite,
        "postgresql": _acknowledge_postgresql,
        "mysql": _acknowledge_mysql,
    }[dialect]


# SQLite. Its driver lets go of the interpreter lock for every row of an executemany(), and gets it
# back from a busy event loop 5 ms later. So one statement carries many rows; and statements come in
# a few sizes, filled up with NULLs, as preparing them is what costs.

_SIZES: Final = tuple(1 << power for power in range(12))


def _fitting(count: int) -> int:
    return next((size for size in _SIZES if size >= count), _SIZES[-1])


def _places(count: int, width: int) -> str:
    return ", ".join([f"({', '.join('?' * width)})"] * count)


_INSERT_SQLITE: Final = {
    size: f"INSERT INTO log ({_NAMES}) SELECT * FROM (VALUES {_places(size, COLUMNS)})"
    " WHERE column1 IS NOT NULL"
    for size in _SIZES
}
_AGAIN_SQLITE: Final = {
    size: f"{statement} ON CONFLICT DO NOTHING" for size, statement in _INSERT_SQLITE.items()
}
# Any other way to say this makes SQLite read the whole log.
_FOUND_SQLITE: Final = {
    size: f"rowid IN (SELECT log.rowid FROM (VALUES {_places(size, 2)}) AS got CROSS JOIN log"
    " ON log.account_id = got.column1 AND log.id = got.column2)"
    for size in _SIZES
}
_UPDATE_SQLITE: Final = {
    size: f"UPDATE log SET pending = 0 WHERE archived AND {found}"
    for size, found in _FOUND_SQLITE.items()
}
_DELETE_SQLITE: Final = {
    size: f"DELETE FROM log WHERE NOT archived AND {found}" for size, found in _FOUND_SQLITE.items()
}


def _insert_sqlite(connection: Connection, rows: Sequence[Row], again: bool) -> None:
    statements = _AGAIN_SQLITE if again else _INSERT_SQLITE
    for size, values in _filled(rows, COLUMNS):
        connection.exec_driver_sql(statements[size], values)


def _acknowledge_sqlite(connection: Connection, keys: Sequence[Key]) -> None:
    for size, values in _filled(keys, 2):
        connection.exec_driver_sql(_UPDATE_SQLITE[size], values)
        connection.exec_driver_sql(_DELETE_SQLITE[size], values)


def _filled(rows: Sequence[Row], width: int) -> Iterator[tuple[int, tuple[Any, ...]]]:
    for part in _parts(rows, _SIZES[-1]):
        size = _fitting(len(part))
        missing = (None,) * (width * (size - len(part)))
        yield size, (*chain.from_iterable(part), *missing)


def _parts(rows: Sequence[T], size: int) -> Iterator[Sequence[T]]:
    for start in range(0, len(rows), size):
        yield rows[start : start + size]


# PostgreSQL: one array a column.

_ARRAYS: Final = (
    "$1::bigint[], $2::bigint[], $3::boolean[], $4::text[], $5::text[], $6::bytea[], "
    "$7::boolean[], $8::boolean[], $9::text[]"
)
_INSERT_POSTGRESQL: Final = f"INSERT INTO log ({_NAMES}) SELECT * FROM unnest({_ARRAYS})"
_KEYS_POSTGRESQL: Final = "unnest($1::bigint[], $2::bigint[]) AS got (account, message)"
_UPDATE_POSTGRESQL: Final = (
    f"UPDATE log SET pending = false FROM {_KEYS_POSTGRESQL}"
    " WHERE account_id = got.account AND id = got.message AND pending AND archived"
)
_DELETE_POSTGRESQL: Final = (
    f"DELETE FROM log USING {_KEYS_POSTGRESQL}"
    " WHERE account_id = got.account AND id = got.message AND NOT archived"
)


def _insert_postgresql(connection: Connection, rows: Sequence[Row], again: bool) -> None:
    statement = _INSERT_POSTGRESQL + (" ON CONFLICT DO NOTHING" if again else "")
    connection.exec_driver_sql(statement, tuple(map(list, zip(*rows, strict=True))))


def _acknowledge_postgresql(connection: Connection, keys: Sequence[Key]) -> None:
    columns = tuple(map(list, zip(*keys, strict=True)))
    connection.exec_driver_sql(_UPDATE_POSTGRESQL, columns)
    connection.exec_driver_sql(_DELETE_POSTGRESQL, columns)


# MySQL: its driver joins the rows of an executemany() into long statements.

_INSERT_MYSQL: Final = f"INSERT INTO log ({_NAMES}) VALUES ({', '.join(['%s'] * COLUMNS)})"


def _insert_mysql(connection: Connection, rows: Sequence[Row], again: bool) -> None:
    # Not INSERT IGNORE, which lets other errors pass too.
    statement = _INSERT_MYSQL + (" ON DUPLICATE KEY UPDATE id = id" if again else "")
    connection.exec_driver_sql(statement, [tuple(row) for row in rows])


def _acknowledge_mysql(connection: Connection, keys: Sequence[Key]) -> None:
    by_account: dict[int, list[int]] = {}
    for account_id, id_ in keys:
        by_account.setdefault(account_id, []).append(id_)
    # Only conditions on single columns make MariaDB use the primary key.
    conditions = (
        (f"(account_id = %s AND id IN ({', '.join(['%s'] * len(part))}))", (account_id, *part))
        for account_id, ids in by_account.items()
        for part in _parts(ids, _KEYS_PER_STATEMENT)
    )
    while some := list(islice(conditions, 50)):
        where = " OR ".join(condition for condition, _ in some)
        values = tuple(chain.from_iterable(values for _, values in some))
        update = f"UPDATE log SET pending = 0 WHERE pending AND archived AND ({where})"
        delete = f"DELETE FROM log WHERE NOT archived AND ({where})"
        connection.exec_driver_sql(update, values)
        connection.exec_driver_sql(delete, values)
