"""Carries out retractions in the log: what their authors take back becomes a tombstone."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Final

from sqlalchemy import ColumnElement, Connection, select, update

from palaver.kernel.storage import LogEntry, MessageReader
from palaver.store import words
from palaver.store.log_table import log_table

_c: Final = log_table.c
_MOST: Final = 50  # messages of one conversation and one id that are compared
_MOST_WAITING: Final = 1_000


def carry_out(
    connection: Connection,
    retraction: LogEntry,
    reader: MessageReader,
    called: str,
    unindexed: Iterable[int],
) -> list[int]:
    """Replace the newest older message of that id, and what corrects it (XEP-0424 §5).

    Only among those from the author of the retraction, and in the same conversation. Of such that
    the index does not have yet, the caller knows which are called so. Return the ids of those that
    were replaced.
    """
    account_id = retraction.account_id
    tokens = (
        (words.id_token(account_id, called), False),
        (words.peer_token(account_id, retraction.peer), False),
    )
    search = words.Search(account_id, tokens, 0, retraction.id)
    ids = [*unindexed, *words.find_rare(connection, search, _MOST)]
    buried = []
    if ids:
        buried += _bury(connection, retraction, reader, _c.archived & _c.id.in_(ids), _MOST)
    if not retraction.outgoing:
        waiting = _c.pending & ~_c.archived & (_c.id < retraction.id)
        _bury(connection, retraction, reader, waiting, _MOST_WAITING)
    return buried


def bury(
    connection: Connection,
    original: LogEntry,
    reader: MessageReader,
    stone: Callable[[LogEntry], bytes | None],
    unindexed: Mapping[str, Sequence[int]],
) -> list[int]:
    """Replace a message and what corrects it; return the ids of those that were replaced.

    ``unindexed`` are the ids of messages that the index does not have yet, by what they are called.
    """
    if not _replace(connection, original, stone(original)):
        return []
    found = reader.read(original.stanza, original.origin_id, with_words=False)
    later = [
        each
        for each in _called(connection, original, found.ids, unindexed)
        if reader.corrects(each, original) and _replace(connection, each, stone(each))
    ]
    return [original.id, *(each.id for each in later)]


def named(connection: Connection, account_id: int, id_: int) -> LogEntry | None:
    """Return an archived entry, or None."""
    mine = (_c.account_id == account_id) & (_c.id == id_) & _c.archived
    row = connection.execute(select(log_table).where(mine)).first()
    return None if row is None else LogEntry(*row)


def _called(
    connection: Connection,
    original: LogEntry,
    names: Iterable[str],
    unindexed: Mapping[str, Sequence[int]],
) -> list[LogEntry]:
    account_id = original.account_id
    peer = (words.peer_token(account_id, original.peer), False)
    ids: set[int] = set()
    for name in names:
        tokens = ((words.id_token(account_id, name), False), peer)
        search = words.Search(account_id, tokens, original.id, words.LAST)
        ids.update(words.find_rare(connection, search, _MOST), unindexed.get(name, ()))
    which = (_c.account_id == account_id) & _c.id.in_(ids) & (_c.id > original.id) & _c.archived
    return [LogEntry(*row) for row in connection.execute(select(log_table).where(which))]


def _replace(connection: Connection, entry: LogEntry, stone: bytes | None) -> bool:
    if stone is None:
        return False
    mine = (_c.account_id == entry.account_id) & (_c.id == entry.id)
    connection.execute(update(log_table).where(mine).values(stanza=stone))
    words.remove(connection, entry.account_id, entry.id)
    return True


def _bury(
    connection: Connection,
    retraction: LogEntry,
    reader: MessageReader,
    which: ColumnElement[bool],
    most: int,
) -> list[int]:
    account_id = retraction.account_id
    query = (
        select(log_table)
        .where(_c.account_id == account_id, which)
        .where(_c.peer == retraction.peer, _c.outgoing == retraction.outgoing)
        .order_by(_c.id.desc())
        .limit(most)
    )
    buried = []
    for row in connection.execute(query).all():
        original = LogEntry(*row)
        tombstone = reader.tombstone(original, retraction)
        if tombstone is None:
            continue
        _replace(connection, original, tombstone.stanza)
        buried.append(original.id)
        if tombstone.is_last:
            break
    return buried
