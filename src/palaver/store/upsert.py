"""Insert or update in one statement, in each engine's words."""

from collections.abc import Sequence

from sqlalchemy import Executable, Table
from sqlalchemy.dialects import mysql, postgresql, sqlite

from palaver.kernel.storage import Dialect


def upsert(
    dialect: Dialect, table: Table, columns: Sequence[str], keys: Sequence[str]
) -> Executable:
    """Make a statement that inserts ``columns``, and updates them where ``keys`` exist already."""
    others = [column for column in columns if column not in keys]
    if dialect == "mysql":
        mine = mysql.insert(table)
        # There is no "do nothing" but this: it changes nothing.
        updated = others or [keys[0]]
        return mine.on_duplicate_key_update({name: mine.inserted[name] for name in updated})
    insert = postgresql.insert(table) if dialect == "postgresql" else sqlite.insert(table)
    if not others:
        return insert.on_conflict_do_nothing(index_elements=keys)
    return insert.on_conflict_do_update(
        index_elements=keys, set_={name: insert.excluded[name] for name in others}
    )
