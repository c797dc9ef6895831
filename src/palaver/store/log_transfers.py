"""Messages of the log that come from elsewhere: of the past, and behind the index."""

from typing import Final

from sqlalchemy import Connection, select, update

from palaver.kernel.storage import LogEntry
from palaver.store.indexing import indexed_table
from palaver.store.log_table import log_table

_c: Final = log_table.c
_i: Final = indexed_table.c


def between(connection: Connection, account_id: int, after: int, before: int) -> list[LogEntry]:
    """Return all entries between two ids, oldest first, but what only waits to leave."""
    stays = _c.archived | ~_c.outgoing
    mine = select(log_table).where(
        _c.account_id == account_id, _c.id > after, _c.id < before, stays
    )
    return [LogEntry(*row) for row in connection.execute(mine.order_by(_c.id))]


def let_wait(connection: Connection, account_id: int, id_: int) -> None:
    """Let an entry be pending."""
    mine = (_c.account_id == account_id) & (_c.id == id_)
    connection.execute(update(log_table).where(mine).values(pending=True))


def indexed_from(connection: Connection, account_id: int, first: int) -> bool:
    """Tell whether the index has come to an id, or past it."""
    mine = select(_i.upto).where(_i.account_id == account_id)
    upto = connection.scalar(mine)
    return upto is not None and upto >= first


def index_from(connection: Connection, account_id: int, first: int) -> None:
    """Note that nothing is indexed from an id on."""
    mine = (_i.account_id == account_id) & (_i.upto >= first)
    connection.execute(update(indexed_table).where(mine).values(upto=first - 1))
