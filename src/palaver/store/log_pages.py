"""Pages of the message log: what an archive is asked for, by seeks in an index."""

from collections.abc import Iterable, Iterator, Sequence
from typing import Any, Final

from sqlalchemy import ColumnElement, Connection, Select, func, select

from palaver.kernel.storage import LogEntry, LogFilter
from palaver.store import words
from palaver.store.log_table import log_table

_c: Final = log_table.c
_MOST: Final = 1_000  # ids looked up at once


def page(
    connection: Connection, account_id: int, which: LogFilter, limit: int, *, newest: bool
) -> list[LogEntry]:
    """Return the oldest or the newest entries that match, oldest first."""
    if which.words is None:
        query = _ordered(_matching(account_id, which, select(log_table)), newest).limit(limit)
        rows: list[Any] = list(connection.execute(query))
    else:
        rows = []
        for part in _searched(connection, account_id, which, limit, newest=newest):
            rows += part
            if len(rows) >= limit:
                break
        rows = rows[:limit]
    return [LogEntry(*row) for row in (reversed(rows) if newest else rows)]


def count(connection: Connection, account_id: int, which: LogFilter) -> int:
    """Count the entries that match."""
    if which.words is None:
        query = _matching(account_id, which, select(func.count()).select_from(log_table))
        return connection.scalar(query) or 0
    search = words.search(account_id, which)
    if not which.words:
        return 0
    if which.ids is None and not which.peer_resource:
        return words.count(connection, search)
    return sum(len(rows) for rows in _searched(connection, account_id, which, _MOST, newest=False))


def known(connection: Connection, account_id: int, ids: Sequence[int]) -> set[int]:
    """Return those of the ids that are in the archive."""
    query = select(_c.id).where(_c.account_id == account_id, _c.id.in_(ids), _c.archived)
    return set(connection.scalars(query))


def _searched(
    connection: Connection, account_id: int, which: LogFilter, first: int, *, newest: bool
) -> Iterator[Sequence[Any]]:
    """Search, a part at a time: the ids that the index has, and of their rows those that match.

    ``first`` is how many ids are asked for at first, which is enough when nothing else is asked.
    """
    if not which.words:
        return
    search, most = words.search(account_id, which), first
    while True:
        ids = words.find(connection, search, most, newest=newest)
        if ids:
            yield _entries(connection, account_id, which, ids, newest=newest)
        if len(ids) < most:
            return
        search = search._replace(before=ids[-1]) if newest else search._replace(after=ids[-1])
        most = min(2 * most, _MOST)


def _entries(
    connection: Connection,
    account_id: int,
    which: LogFilter,
    ids: Sequence[int],
    *,
    newest: bool,
) -> Sequence[Any]:
    """Return of the entries that a search found those that match in all else."""
    wanted = ids if which.ids is None else set(ids).intersection(which.ids)
    # Without a range of ids, which SQLite would take for a reason to read all between.
    query = _matching(account_id, which, select(log_table), among=wanted)
    return connection.execute(_ordered(query, newest)).all()


def _ordered(query: Select[Any], newest: bool) -> Select[Any]:
    return query.order_by(_c.id.desc() if newest else _c.id)


def _matching(
    account_id: int, which: LogFilter, query: Select[Any], among: Iterable[int] | None = None
) -> Select[Any]:
    conditions: list[ColumnElement[bool]] = [_c.account_id == account_id, _c.archived]
    if among is not None:
        conditions.append(_c.id.in_(among))
    else:
        conditions.append(_c.id > which.after)
        if which.before is not None:
            conditions.append(_c.id < which.before)
        if which.ids is not None:
            conditions.append(_c.id.in_(which.ids))
    if which.peer is not None:
        conditions.append(_c.peer == which.peer)
    if which.peer_resource:
        conditions.append(_c.peer_resource == which.peer_resource)
    return query.where(*conditions)
