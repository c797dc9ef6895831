"""The devices from which accounts were used, as far as their clients tell (XEP-0388 §2.3)."""

from collections.abc import Collection, Iterable
from typing import Final, NamedTuple

from sqlalchemy import Boolean, Column, Connection, Index, Table, delete, insert, select, update

from palaver.kernel.storage import Name, Timestamp, Xml, account_column, metadata

table: Final = Table(
    "devices",
    metadata,
    account_column(primary_key=True),
    Column("device", Name(32), primary_key=True),
    Column("software", Xml, nullable=False),
    Column("name", Xml, nullable=False),
    Column("first_seen", Timestamp, nullable=False),
    Column("last_seen", Timestamp, nullable=False),
    Column("password", Boolean, nullable=False),
)
_t: Final = table.c

MOST: Final = 100
"""Devices of an account that are remembered."""

Index(None, _t.last_seen)


class Seen(NamedTuple):
    """A device, and when it was there; times are `Timestamp` values.

    ``password``  whether it has shown that it knows the account's present password
    """

    account_id: int
    device: str
    software: str
    name: str
    first_seen: int
    last_seen: int
    password: bool


def store(connection: Connection, found: Iterable[Seen]) -> None:
    """Write devices: those that are there keep since when, and that they know the password."""
    accounts = metadata.tables["accounts"].c.id
    for seen in found:
        values: dict[str, object] = {
            "software": seen.software,
            "name": seen.name,
            "last_seen": seen.last_seen,
        }
        if seen.password:
            values["password"] = True
        this = (_t.account_id == seen.account_id) & (_t.device == seen.device)
        if connection.execute(update(table).where(this).values(values)).rowcount:
            continue
        # The account may have been deleted since, which is what ended its sessions.
        if connection.scalar(select(accounts).where(accounts == seen.account_id)) is not None:
            _make_room(connection, seen.account_id)
            connection.execute(insert(table).values(seen._asdict()))


def _make_room(connection: Connection, account_id: int) -> None:
    """Forget those seen longest ago, of an account that has more than anybody needs."""
    of_account = _t.account_id == account_id
    latest = select(_t.last_seen).where(of_account).order_by(_t.last_seen.desc()).offset(MOST - 1)
    last = connection.scalar(latest.limit(1))
    if last is not None:
        connection.execute(delete(table).where(of_account, _t.last_seen <= last))


def of_account(connection: Connection, account_id: int) -> list[Seen]:
    """Return the devices of an account, the one that was there last first."""
    query = select(table).where(_t.account_id == account_id)
    return [Seen(*row) for row in connection.execute(query.order_by(_t.last_seen.desc()))]


def forget_passwords(connection: Connection, account_id: int) -> None:
    """Take note that no device has shown that it knows the new password."""
    here = _t.account_id == account_id
    connection.execute(update(table).where(here).values(password=False))


def drop(connection: Connection, account_id: int, devices: Collection[str]) -> None:
    """Forget devices of an account."""
    here = _t.account_id == account_id
    connection.execute(delete(table).where(here, _t.device.in_(devices)))


def expire(connection: Connection, host: str, before: int) -> None:
    """Forget devices of a host's accounts that were not there since."""
    accounts = metadata.tables["accounts"].c
    of_host = select(accounts.id).where(accounts.host == host)
    connection.execute(delete(table).where(_t.last_seen < before, _t.account_id.in_(of_host)))
