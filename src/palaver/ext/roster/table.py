"""The table of the rosters, and the way between its rows and what is in memory."""

import json
from collections.abc import Callable, Iterable, Mapping
from typing import Any, Final

from sqlalchemy import Boolean, Column, Connection, Row, Table, bindparam, select

from palaver import jid
from palaver.ext.roster import states
from palaver.ext.roster.item import RosterItem
from palaver.ext.roster.roster import Roster
from palaver.jid import BareJID
from palaver.kernel.storage import BigId, Blob, JidText, Name, Xml, account_column, metadata

table: Final = Table(
    "roster",
    metadata,
    account_column(primary_key=True),
    Column("contact", JidText, primary_key=True),
    Column("subscription", Name(6), nullable=False),  # "remove" for one that was taken off
    Column("ask", Boolean, nullable=False),
    Column("listed", Boolean, nullable=False),
    Column("approved", Boolean, nullable=False),
    Column("name", Xml, nullable=False),
    Column("groups", Xml, nullable=False),  # a JSON array of their names
    Column("request", Blob),  # the contact's request to subscribe, while it waits
    Column("version", BigId, nullable=False),
    # Removals up to this version may have been forgotten. Of all rows of an account the greatest
    # value counts, so it costs no row and no look-up of its own.
    Column("floor", BigId, nullable=False),
)
REMOVED: Final = "remove"

Values = Mapping[str, Any]


def row_of(account_id: int, item: RosterItem, floor: int) -> Values:
    """Return the row of an item."""
    return {
        "account_id": account_id,
        "contact": item.contact,
        "subscription": item.state.subscription,
        "ask": item.state.pending_out,
        "listed": item.listed,
        "approved": item.approved,
        "name": item.name,
        "groups": json.dumps(item.groups, ensure_ascii=False),
        "request": item.request,
        "version": item.version,
        "floor": floor,
    }


def row_of_removal(account_id: int, contact: BareJID, version: int, floor: int) -> Values:
    """Return the row that remembers that a contact was taken off."""
    gone = row_of(account_id, RosterItem(contact, version=version), floor)
    return {**gone, "subscription": REMOVED}


_LOAD: Final = select(table).where(table.c.account_id == bindparam("account_id"))


def load(connection: Connection, account_id: int, is_here: Callable[[BareJID], bool]) -> Roster:
    """Read a roster."""
    found = connection.execute(_LOAD, {"account_id": account_id})
    return _roster(found, is_here)


def _roster(rows: Iterable[Row[Any]], is_here: Callable[[BareJID], bool]) -> Roster:
    roster = Roster(is_here)
    for row in rows:
        contact = jid.parse_bare(row.contact)
        roster.floor = max(roster.floor, row.floor)
        roster.version = max(roster.version, row.version)
        if row.subscription == REMOVED:
            roster.removed[contact] = row.version
        else:
            roster.put(_item(contact, row))
    return roster


def _item(contact: BareJID, row: Row[Any]) -> RosterItem:
    state = states.read(row.subscription, pending_out=row.ask, pending_in=row.request is not None)
    return RosterItem(
        contact,
        state,
        listed=row.listed,
        name=row.name,
        groups=tuple(json.loads(row.groups)),
        approved=row.approved,
        request=bytes(row.request) if state.pending_in else None,
        version=row.version,
    )
