"""The schema's history, and bringing a database up to it.

The history is one line of revisions, ``versions/r0001_….py`` and so on, whose ids are their
numbers. How to add one: docs/developers/storage.md.
"""

from typing import Final

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection

from palaver.kernel.storage import SchemaTooNew
from palaver.store.engine import SqlDatabase

#: Where a database's revision is kept; alembic's own name would clash with a neighbour's.
VERSION_TABLE: Final = "palaver_schema"


def latest() -> str:
    """Return the revision this version of Palaver works with."""
    head = _history().get_current_head()
    if head is None:
        raise LookupError("the schema has no history")
    return head


async def revision(database: SqlDatabase) -> str | None:
    """Return the revision a database is at; None when it is empty."""
    async with database.connect() as connection:
        return await connection.run_sync(_revision)


async def upgrade(database: SqlDatabase, to: str | None = None) -> None:
    """Bring a database to a revision, the latest by default; one process at a time.

    Raises SchemaTooNew, and StorageUnavailable.
    """
    async with database.exclusive() as connection:
        await connection.run_sync(_upgrade, to or latest())


def _upgrade(connection: Connection, to: str) -> None:
    history = _history()
    known = {script.revision for script in history.walk_revisions()}
    found = _revision(connection)
    if found is not None and found not in known:
        raise SchemaTooNew(found, latest())
    if found == to:
        return
    config = _config()
    config.attributes["connection"] = connection
    command.upgrade(config, to)


def _revision(connection: Connection) -> str | None:
    context = MigrationContext.configure(connection, opts={"version_table": VERSION_TABLE})
    return context.get_current_revision()


def _config() -> Config:
    config = Config()
    config.set_main_option("script_location", "palaver.store:migrations")
    config.set_main_option("path_separator", "os")
    return config


def _history() -> ScriptDirectory:
    return ScriptDirectory.from_config(_config())
