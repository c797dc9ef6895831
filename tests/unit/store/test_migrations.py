"""The schema's history: it leads to the tables as declared, and is safe to run."""

import asyncio
import importlib
import pkgutil
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
from alembic.config import Config
from alembic.script import ScriptDirectory
from sqlalchemy import Boolean, Column, Connection, Integer, Table, inspect, text
from tests.support.databases import DatabaseServer

import palaver
from palaver.kernel.columns import Blob, JidText, Name, Timestamp, Xml
from palaver.kernel.storage import BigId, SchemaTooNew, metadata
from palaver.store.engine import open_database
from palaver.store.migrations import VERSION_TABLE, latest, revision, upgrade


def _modules(package: ModuleType) -> Iterator[str]:
    for module in pkgutil.walk_packages(package.__path__, f"{package.__name__}."):
        if ".versions" not in module.name and not module.name.endswith("migrations.env"):
            yield module.name


def _declare_all_tables() -> list[Table]:
    """Import whatever of Palaver declares tables: the store and every extension.

    The metadata may have others: those of a third-party extension that another test has loaded.
    """
    found = {
        value.name: value
        for area in ("store", "ext")
        for name in _modules(importlib.import_module(f"palaver.{area}"))
        for value in vars(importlib.import_module(name)).values()
        if isinstance(value, Table)
    }
    return [table for table in metadata.sorted_tables if found.get(table.name) is table]


def _schema(connection: Connection) -> dict[str, dict[str, Any]]:
    """Read a schema back as plain values that do not depend on the order of declaration."""
    found = inspect(connection)
    return {
        table: {
            "columns": {
                column["name"]: (
                    str(column["type"]),
                    getattr(column["type"], "collation", None),
                    column["nullable"],
                    column["default"],
                    column.get("autoincrement"),
                )
                for column in found.get_columns(table)
            },
            "primary key": found.get_pk_constraint(table)["constrained_columns"],
            "foreign keys": sorted(
                (
                    key["name"],
                    key["constrained_columns"],
                    key["referred_table"],
                    key["referred_columns"],
                    sorted(key["options"].items()),
                )
                for key in found.get_foreign_keys(table)
            ),
            "unique": sorted(
                (key["name"], key["column_names"]) for key in found.get_unique_constraints(table)
            ),
            "indexes": sorted(
                (
                    index["name"],
                    index["column_names"],
                    index["unique"],
                    sorted((k, str(v)) for k, v in index.get("dialect_options", {}).items()),
                )
                for index in found.get_indexes(table)
            ),
        }
        for table in found.get_table_names()
        # The index of words is what each engine has for that, and is no table like others.
        if table != VERSION_TABLE and not table.startswith("log_words")
    }


async def test_the_history_leads_to_the_tables_as_declared(
    database_server: DatabaseServer, tmp_path: Path
) -> None:
    tables = _declare_all_tables()
    with database_server.fresh() as migrated_url, database_server.fresh() as created_url:
        migrated = await open_database(migrated_url, tmp_path)
        created = await open_database(created_url, tmp_path)
        try:
            await upgrade(migrated)
            await created.create_missing(tables)
            async with migrated.connect() as one, created.connect() as other:
                assert await one.run_sync(_schema) == await other.run_sync(_schema), (
                    "add a revision to palaver/store/migrations/versions that does what you "
                    "changed in the tables (docs/developers/storage.md)"
                )
        finally:
            await migrated.close()
            await created.close()


def test_tables_use_the_column_types_that_are_alike_on_all_engines() -> None:
    allowed = (BigId, Blob, Boolean, Integer, JidText, Name, Timestamp, Xml)
    strangers = [
        str(column)
        for table in _declare_all_tables()
        for column in table.columns
        if not isinstance(column.type, allowed)
    ]
    assert not strangers, "use the types of palaver.kernel.storage, Boolean or Integer"


def test_rows_of_an_account_go_with_the_account() -> None:
    lasting = [
        str(column)
        for table in _declare_all_tables()
        for column in table.columns
        for key in column.foreign_keys
        if key.target_fullname == "accounts.id" and key.ondelete != "CASCADE"
    ]
    assert not lasting


def test_the_history_is_one_line_numbered_from_one() -> None:
    location = Path(palaver.__file__).parent / "store" / "migrations"
    config = Config()
    config.set_main_option("script_location", str(location))
    config.set_main_option("path_separator", "os")
    scripts = list(ScriptDirectory.from_config(config).walk_revisions())[::-1]
    numbers = [f"{number:04}" for number in range(1, len(scripts) + 1)]
    assert [script.revision for script in scripts] == numbers
    assert [script.down_revision for script in scripts] == [None, *numbers[:-1]]
    for script in scripts:
        assert Path(script.path).name.startswith(f"r{script.revision}_")


async def test_upgrading_twice_changes_nothing(database_url: str, tmp_path: Path) -> None:
    database = await open_database(database_url, tmp_path)
    try:
        assert await revision(database) is None
        await upgrade(database)
        await upgrade(database)
        assert await revision(database) == latest()
    finally:
        await database.close()


async def test_processes_that_start_together_upgrade_one_after_the_other(
    database_url: str, tmp_path: Path
) -> None:
    databases = [await open_database(database_url, tmp_path) for _ in range(4)]
    try:
        await asyncio.gather(*map(upgrade, databases))
        assert await revision(databases[0]) == latest()
    finally:
        for database in databases:
            await database.close()


async def test_a_database_of_a_later_version_is_refused(database_url: str, tmp_path: Path) -> None:
    database = await open_database(database_url, tmp_path)
    try:
        await upgrade(database)
        async with database.begin() as connection:
            change = text(f"UPDATE {VERSION_TABLE} SET version_num = '9999'")
            await connection.execute(change)
        with pytest.raises(SchemaTooNew) as caught:
            await upgrade(database)
        assert (caught.value.found, caught.value.known) == ("9999", latest())
        assert "9999" in str(caught.value)
        assert latest() in str(caught.value)
    finally:
        await database.close()


async def test_tables_from_elsewhere_are_created_when_missing(
    database_url: str, tmp_path: Path
) -> None:
    table = Table(
        "example_votes", metadata, Column("id", BigId, primary_key=True), Column("votes", Integer)
    )
    database = await open_database(database_url, tmp_path)
    try:
        await upgrade(database)
        await database.create_missing([table])
        async with database.begin() as connection:
            await connection.execute(table.insert(), {"votes": 3})
        await database.create_missing([table])
        async with database.connect() as connection:
            assert await connection.scalar(table.select().with_only_columns(table.c.votes)) == 3
    finally:
        metadata.remove(table)
        await database.close()
