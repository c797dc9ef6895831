"""Databases of other programs are read, whatever they are, and never written."""

import asyncio
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest
from sqlalchemy import column, delete, select, table
from tests.support.databases import DatabaseServer
from tests.support.ports import free_ports

from palaver.kernel.config_error import ConfigError
from palaver.kernel.storage import StorageUnavailable
from palaver.store.elsewhere import ForeignDatabase, open_elsewhere
from palaver.store.engine import SqlDatabase

THINGS = table("things", column("id"), column("user"))
ALL = select(THINGS).order_by(THINGS.c.id)
COUNT = 450
"""More rows than are fetched at once."""


@contextmanager
def opened(name: str) -> Iterator[ForeignDatabase]:
    with closing(open_elsewhere(name)) as database:
        yield database


@pytest.fixture
async def things(database: SqlDatabase, migrated_url: str) -> str:
    async with database.begin() as connection:
        name = '"user"' if database.dialect != "mysql" else "`user`"
        await connection.exec_driver_sql(f"CREATE TABLE things (id INTEGER, {name} VARCHAR(20))")
        await connection.execute(
            THINGS.insert(), [{"id": number, "user": f"u{number}"} for number in range(COUNT)]
        )
    return migrated_url


async def test_rows_come_as_they_are_asked_for_from_several_queries_at_once(things: str) -> None:
    def read() -> list[tuple[int, int]]:
        with opened(things) as database:
            assert database.columns("things") == {"id", "user"}
            assert database.columns("nothing") == frozenset()
            return [
                (row["id"], sum(1 for _ in database.rows(ALL.limit(3))))
                for row in database.rows(ALL)
            ]

    assert await asyncio.to_thread(read) == [(number, 3) for number in range(COUNT)]


async def test_one_can_stop_in_the_middle_and_go_on_in_another_thread(things: str) -> None:
    database = await asyncio.to_thread(open_elsewhere, things)
    rows = database.rows(ALL)
    first = await asyncio.to_thread(next, rows)
    await asyncio.sleep(0)
    second = await asyncio.get_running_loop().run_in_executor(None, next, rows)
    assert (first["user"], second["user"]) == ("u0", "u1")
    await asyncio.to_thread(rows.close)  # type: ignore[attr-defined] - it is a generator
    await asyncio.to_thread(database.close)


async def test_nothing_is_ever_written(things: str) -> None:
    def write() -> None:
        with opened(things) as database, pytest.raises(StorageUnavailable):
            list(database.rows(delete(THINGS)))

    await asyncio.to_thread(write)


async def test_a_server_that_does_not_answer_is_told(database_server: DatabaseServer) -> None:
    with database_server.fresh() as url:
        if url.startswith("sqlite"):
            return

    def read() -> None:
        with opened(url) as database, pytest.raises(StorageUnavailable):
            database.columns("users")
        (port,) = free_ports(1)
        away = f"{url.split(':')[0]}://nobody@127.0.0.1:{port}/nothing"
        with opened(away) as database, pytest.raises(StorageUnavailable):
            database.columns("users")

    await asyncio.to_thread(read)


def test_a_file_that_is_no_database_is_told(tmp_path: Path) -> None:
    file = tmp_path / "notes.txt"
    file.write_text("This is no database.")
    with opened(str(file)) as database, pytest.raises(StorageUnavailable):
        database.columns("users")


def test_a_file_is_not_made(tmp_path: Path) -> None:
    file = tmp_path / "nothing.sqlite"
    with opened(str(file)) as database, pytest.raises(StorageUnavailable):
        database.columns("users")
    assert not file.exists()


def test_a_name_with_signs_that_mean_something_in_an_address_is_a_name(tmp_path: Path) -> None:
    file = tmp_path / "what?mode=rwc&is#this.sqlite"
    with closing(sqlite3.connect(file)) as made:
        made.execute("CREATE TABLE things (id INTEGER)")
    with opened(str(file)) as database:
        assert database.columns("things") == {"id"}


@pytest.mark.parametrize("name", ["oracle://somebody@somewhere/x", "mssql://x", "://"])
def test_an_address_of_no_database_is_refused(name: str) -> None:
    with pytest.raises(ConfigError):
        open_elsewhere(name)
