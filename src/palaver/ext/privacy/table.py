"""The table of the privacy lists: one row a list, its items as a JSON array."""

import json
from typing import Final

from sqlalchemy import Boolean, Column, Connection, Table, bindparam, delete, select

from palaver.ext.privacy.rules import NO_RULES, Item, Kind, PrivacyList, Rules
from palaver.kernel.storage import Database, Name, Xml, account_column, metadata

NAME_BYTES: Final = 255
"""The longest name of a list, in bytes of UTF-8."""

table: Final = Table(
    "privacy_lists",
    metadata,
    account_column(primary_key=True),
    Column("name", Name(NAME_BYTES), primary_key=True),
    Column("is_default", Boolean, nullable=False),
    Column("items", Xml, nullable=False),
)


ACCOUNTS_WITH_LISTS: Final = select(table.c.account_id)
"""The keys of the accounts that refuse anybody, for other queries to choose from."""

_LOAD: Final = select(table.c.name, table.c.is_default, table.c["items"]).where(
    table.c.account_id == bindparam("account_id")
)


def load(connection: Connection, account_id: int) -> Rules:
    """Read the rules of an account."""
    rows = connection.execute(_LOAD, {"account_id": account_id}).all()
    if not rows:
        return NO_RULES
    lists = {name: _read(items) for name, _, items in rows}
    return Rules(lists, next((name for name, is_default, _ in rows if is_default), None))


async def save(database: Database, account_id: int, before: Rules, after: Rules) -> None:
    """Write what differs, in one transaction.

    Raises:
        StorageUnavailable: nothing was written.
    """
    gone = before.lists.keys() - after.lists.keys()
    changed = [
        {
            "account_id": account_id,
            "name": name,
            "is_default": after.default == name,
            "items": _written(privacy_list),
        }
        for name, privacy_list in after.lists.items()
        if privacy_list is not before.lists.get(name)
        or (after.default == name) != (before.default == name)
    ]
    async with database.begin() as connection:
        if gone:
            await connection.execute(
                delete(table).where(table.c.account_id == account_id, table.c.name.in_(gone))
            )
        if changed:
            await database.upsert(connection, table, changed, ["account_id", "name"])


def _written(privacy_list: PrivacyList) -> str:
    items = [(i.order, i.allow, i.type, i.value, int(i.kinds)) for i in privacy_list.items]
    return json.dumps(items, ensure_ascii=False)


def _read(text: str) -> PrivacyList:
    return PrivacyList(
        Item(order, allow, type_, value, Kind(kinds))
        for order, allow, type_, value, kinds in json.loads(text)
    )
