"""The tokens that clients have, as far as they are stored.

A token is never stored: it is made anew of the server's secret, which is a file beside the
database, and of a random part that is in its row. So who has read the database, or a backup of it,
cannot log in; and the key of the HMAC that the mechanisms need is there all the same.
"""

from collections.abc import Sequence
from functools import cache
from typing import Any, Final, NamedTuple

from sqlalchemy import (
    Boolean,
    Column,
    Connection,
    Index,
    Integer,
    Select,
    Table,
    bindparam,
    delete,
    insert,
    select,
    update,
)

from palaver.jid import BareJID
from palaver.kernel.storage import Blob, Name, Timestamp, account_column, metadata

table: Final = Table(
    "tokens",
    metadata,
    account_column(primary_key=True),
    Column("device", Name(32), primary_key=True),
    Column("salt", Blob(32), primary_key=True),
    Column("mechanism", Name(32), nullable=False),
    Column("issued", Timestamp, nullable=False),
    Column("expires", Timestamp, nullable=False),
    Column("used", Boolean, nullable=False),
    Column("uses", Integer, nullable=False),
)
_t = table.c

MOST: Final = 100
"""Tokens of an account: a client that calls itself another each time must not fill the disk."""

Index(None, _t.expires)


class Row(NamedTuple):
    """A token of a client.

    ``device``   the id of the client installation
    ``salt``     the random part
    ``used``     whether the client has logged in with it yet
    ``uses``     how often it has, by its own count; 0 when it does not count
    """

    account_id: int
    device: str
    salt: bytes
    mechanism: str
    issued: int
    expires: int
    used: bool
    uses: int


@cache
def _query() -> Select[Any]:
    accounts = metadata.tables["accounts"].c
    return (
        select(accounts.disabled_at, accounts.disabled_until, *_t)
        .join_from(table, metadata.tables["accounts"], accounts.id == _t.account_id)
        .where(
            accounts.host == bindparam("host"),
            accounts.localpart == bindparam("localpart"),
            _t.device == bindparam("device"),
        )
    )


def find(connection: Connection, account: BareJID, device: str, now: int) -> list[tuple[Row, bool]]:
    """Return the tokens of a client, and whether the account is disabled now."""
    who = {"host": account.domain, "localpart": account.local, "device": device}
    return [
        (Row(*row), since is not None and (until is None or now < until))
        for since, until, *row in connection.execute(_query(), who)
    ]


def use(connection: Connection, row: Row, count: int | None, *, invalidate: bool) -> bool:
    """Take note that a token is used, and drop those before it; False when it is too late for that.

    It is too late when another connection used the same number, or the token is gone.
    """
    this = [_t.account_id == row.account_id, _t.device == row.device, _t.salt == row.salt]
    fresh = this if count is None else [*this, _t.uses < count]
    if invalidate:
        done = connection.execute(delete(table).where(*fresh)).rowcount
    else:
        values = {"used": True} if count is None else {"used": True, "uses": count}
        done = connection.execute(update(table).where(*fresh).values(values)).rowcount
    if done:
        connection.execute(
            delete(table).where(
                _t.account_id == row.account_id,
                _t.device == row.device,
                _t.salt != row.salt,
                _t.expires <= row.expires,
            )
        )
    return bool(done)


def add(connection: Connection, row: Row) -> None:
    """Store a token in place of those that its client never used."""
    connection.execute(
        delete(table).where(
            _t.account_id == row.account_id, _t.device == row.device, _t.used.is_(False)
        )
    )
    _make_room(connection, row.account_id)
    connection.execute(insert(table).values(row._asdict()))


def _make_room(connection: Connection, account_id: int) -> None:
    """Drop the oldest tokens of an account that has more than anybody needs."""
    of_account = _t.account_id == account_id
    newest = select(_t.issued).where(of_account).order_by(_t.issued.desc()).offset(MOST - 1)
    last = connection.scalar(newest.limit(1))
    if last is not None:
        connection.execute(delete(table).where(of_account, _t.issued <= last))


def drop(connection: Connection, account_id: int, device: str | None = None) -> None:
    """Drop the tokens of an account, or those of one client."""
    conditions = [_t.account_id == account_id]
    if device is not None:
        conditions.append(_t.device == device)
    connection.execute(delete(table).where(*conditions))


def expire(connection: Connection, now: int) -> int:
    """Drop the tokens that are over; return how many they were."""
    return connection.execute(delete(table).where(_t.expires <= now)).rowcount


def devices(connection: Connection, account_id: int, now: int) -> Sequence[str]:
    """Return the ids of the clients that have a token."""
    query = select(_t.device).where(_t.account_id == account_id, _t.expires > now).distinct()
    return connection.scalars(query).all()
