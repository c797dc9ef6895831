"""Every table there is, also of extensions that come later, forgets an account that is deleted.

Each gets a row of the account's own, and a row of somebody else's that names the account wherever
an address can be. A table that this test does not know how to fill, or in which something stays,
makes it fail: erase the rows, or say below whose they are.
"""

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any, Final

import pytest
from sqlalchemy import Boolean, Column, Connection, Integer, Table, insert, select
from tests.support.house import House, open_house
from tests.unit.ext.backup.test_backup import storage

from palaver.kernel.columns import BigId, Blob, JidText, Name, Timestamp, Xml
from palaver.kernel.commands import Commands
from palaver.kernel.storage import metadata

JULIET: Final = "juliet@capulet.example"
ROMEO: Final = "romeo@capulet.example"

ANOTHERS: Final = {
    "abuse_reports": "whom somebody reported, for those who administer the host",
    "block_entries": "whom the host has blocked",
    "log": "what others said and heard",
    "roster": "whom others know; that they are subscribed has ended",
    "stranger_acquaintances": "whom others know",
    "stranger_quarantine": "what waits for others to read it",
}
"""Rows that name somebody and belong to others, who did not go."""

KEPT: Final = {"tombstones": "the name itself, for as long as nobody shall have it"}

HOSTS: Final = (
    "announcements",
    "block_list_items",
    "entity_lists",
    "shared_groups",
    "shared_group_displays",
    "shared_group_versions",
)
"""Tables of hosts, which hold nothing of accounts but what administrators put there."""

LIVED: Final = (
    "rooms",
    "room_affiliations",
    "room_hats",
    "room_hat_wearers",
    "room_roles",
    "accounts",
    "credentials",
    "deletions",
)
"""Tables whose rows cannot stand alone: `test_erasure` fills them by using what they are for."""

VALUES: Final[dict[tuple[str, str], object]] = {
    ("archive_preferences", "default"): "always",
    ("privacy_lists", "items"): "[]",
    ("pubsub_affiliations", "affiliation"): "member",
    ("pubsub_subscriptions", "options"): "[true, []]",
    ("pubsub_subscriptions", "state"): "subscribed",
    ("roster", "groups"): "[]",
    ("roster", "subscription"): "none",
    ("stranger_choices", "policy"): "accept",
}
OWNERS: Final = (("abuse_reports", "by"), ("feeds", "service"), ("invitations", "contact"))
"""Columns that hold the address of whose row it is."""


@pytest.fixture
async def house(migrated_url: str, tmp_path: Path) -> AsyncIterator[House]:
    async with open_house(tmp_path, configuration=storage(migrated_url)) as opened:
        yield opened


def value(column: Column[Any], owner: str, other: str, ids: dict[str, int]) -> object:
    """Make up what a column holds in a row of somebody's own."""
    table = column.table.name
    if column.foreign_keys:
        return ids[next(iter(column.foreign_keys)).column.table.name]
    if (table, column.name) in VALUES:
        return VALUES[table, column.name]
    if (table, column.name) in {*OWNERS, ("pubsub_nodes", "service")}:
        return owner
    if isinstance(column.type, JidText):
        return other
    if isinstance(column.type, Name):
        return owner[:1]  # unlike in the other's row, where keys have to differ
    made = {Boolean: False, Integer: 1, BigId: 1, Timestamp: 1, Xml: "{}"}
    for kind, found in made.items():
        if isinstance(column.type, kind):
            return found
    assert isinstance(column.type, Blob), f"say what {table}.{column.name} can hold"
    return owner.encode()[:16]


def counts(table: Table, column: Column[Any]) -> bool:
    """Tell whether the database numbers a column by itself."""
    return list(table.primary_key.columns) == [column] and isinstance(column.type, BigId)


def fill(connection: Connection, owner: str, other: str, account_id: int) -> None:
    """Put a row into each table that belongs to accounts."""
    ids = {"accounts": account_id}
    for table in metadata.sorted_tables:
        if table.name in {*LIVED, *KEPT, "block_entries"}:
            continue
        row = {
            column.name: value(column, owner, other, ids)
            for column in table.columns
            if column.foreign_keys or not counts(table, column)
        }
        result = connection.execute(insert(table).values(row))
        ids[table.name] = result.inserted_primary_key[0]  # type: ignore[index]  # there is one


def left(connection: Connection, account_id: int) -> list[str]:
    """Return what is left of an account that is not somebody else's."""
    found = []
    for table in metadata.sorted_tables:
        for row in connection.execute(select(table)).mappings():
            own = any(
                row[column.name] == account_id
                for column in table.columns
                for key in column.foreign_keys
                if key.column.table.name == "accounts"
            )
            told = any(JULIET in _text(each) for each in row.values())
            if own or (told and table.name not in {*ANOTHERS, *KEPT}):
                found.append(f"{table.name}: {dict(row)}")
    return found


def _text(value: object) -> str:
    return value.decode("latin-1") if isinstance(value, bytes) else str(value)


async def test_nothing_of_a_deleted_account_is_left_in_any_table(house: House) -> None:
    juliet, romeo = await house.account(JULIET), await house.account(ROMEO)
    ids = {JULIET: juliet.id, ROMEO: romeo.id}
    house.server.accounts.forget(juliet.jid)
    house.server.accounts.forget(romeo.jid)
    async with house.server.database.begin() as connection:
        await connection.run_sync(fill, JULIET, ROMEO, ids[JULIET])
        await connection.run_sync(fill, ROMEO, JULIET, ids[ROMEO])
        assert len(await connection.run_sync(left, ids[JULIET])) > 20
    await Commands(house.server.extensions.values()).run("user delete", {"jid": JULIET})
    await house.settled()
    async with house.server.database.connect() as connection:
        assert await connection.run_sync(left, ids[JULIET]) == []


def test_every_table_is_of_accounts_or_said_to_be_another_matter() -> None:
    known = {*ANOTHERS, *KEPT, *HOSTS, *LIVED}
    for table in metadata.sorted_tables:
        targets = {key.column.table.name for key in table.foreign_keys}
        assert table.name in known or targets & {"accounts", "pubsub_nodes"}, table.name
