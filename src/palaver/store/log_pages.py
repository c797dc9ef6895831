"""Pages of the message log: what an archive is asked for, by seeks in an index."""

from collections.abc import Sequence
from typing import Any, Final

from sqlalchemy import ColumnElement, Connection, Select, func, select

from palaver.kernel.storage import LogEntry, LogFilter
from palaver.store.log_table import log_table

_c: Final = log_table.c


def page(
    connection: Connection, account_id: int, which: LogFilter, limit: int, *, newest: bool
) -> list[LogEntry]:
    """Return the oldest or the newest entries that match, oldest first."""
    order = _c.id.desc() if newest else _c.id
    query = _matching(account_id, which, select(log_table)).order_by(order).limit(limit)
    rows: Sequence[Any] = connection.execute(query).all()
    return [LogEntry(*row) for row in (reversed(rows) if newest else rows)]


def count(account_id: int, which: LogFilter) -> Select[tuple[int]]:
    """Return the query that counts the entries that match."""
    return _matching(account_id, which, select(func.count()).select_from(log_table))


def known(connection: Connection, account_id: int, ids: Sequence[int]) -> set[int]:
    """Return those of the ids that are in the archive."""
    query = select(_c.id).where(_c.account_id == account_id, _c.id.in_(ids), _c.archived)
    return set(connection.scalars(query))


def _matching(account_id: int, which: LogFilter, query: Select[Any]) -> Select[Any]:
    conditions: list[ColumnElement[bool]] = [
        _c.account_id == account_id,
        _c.archived,
        _c.id > which.after,
    ]
    if which.before is not None:
        conditions.append(_c.id < which.before)
    if which.ids is not None:
        conditions.append(_c.id.in_(which.ids))
    if which.peer is not None:
        conditions.append(_c.peer == which.peer)
    if which.peer_resource:
        conditions.append(_c.peer_resource == which.peer_resource)
    return query.where(*conditions)
