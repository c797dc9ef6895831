"""The database: transactions, outages, and what its column types keep."""

import asyncio
import sqlite3
import stat
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import Column, Integer, Table, exc, select, text
from tests.support.databases import DatabaseServer, DatabaseServers

from palaver.jid import make
from palaver.kernel.config_error import ConfigError
from palaver.kernel.storage import (
    Blob,
    JidText,
    Name,
    NewAccount,
    StorageUnavailable,
    Timestamp,
    Xml,
    account_column,
    metadata,
)
from palaver.store.accounts import SqlAccountStore
from palaver.store.engine import SqlDatabase, open_database


@pytest.fixture
def things() -> Iterator[Table]:
    table = Table(
        "example_things",
        metadata,
        account_column(primary_key=True),
        Column("contact", JidText, primary_key=True),
        Column("name", Name(600), primary_key=True),
        Column("full", JidText(full=True)),
        Column("xml", Xml),
        Column("data", Blob),
        Column("hash", Blob(32)),
        Column("moment", Timestamp),
        Column("number", Integer),
    )
    yield table
    metadata.remove(table)


@pytest.fixture
async def account(database: SqlDatabase, things: Table) -> int:
    await database.create_missing([things])
    return (await SqlAccountStore(database).create(NewAccount("host", "romeo", "romeo"))).id


async def _insert(database: SqlDatabase, table: Table, *rows: dict[str, object]) -> None:
    async with database.begin() as connection:
        await connection.execute(table.insert(), list(rows))


async def _names(database: SqlDatabase, table: Table) -> list[str]:
    async with database.connect() as connection:
        return list(await connection.scalars(select(table.c.name).order_by(table.c.name)))


async def test_the_largest_values_come_back_as_they_were(
    database: SqlDatabase, things: Table, account: int
) -> None:
    contact = make("ö" * 511 + "o", "example.org")
    row = {
        "account_id": account,
        "contact": "l" * 1023 + "@" + "d" * 1023,
        "name": "ñ" * 300,
        "full": contact.with_resource("🌹" * 255),
        "xml": "<x>🌹</x>" * 10_000,
        "data": bytes(range(256)) * 1000,
        "hash": bytes(range(32)),
        "moment": 1_793_000_000_123_456,
        "number": -1,
    }
    await _insert(database, things, row)
    async with database.connect() as connection:
        found = (await connection.execute(things.select())).mappings().one()
        one = things.c.contact == row["contact"]
        assert await connection.scalar(select(things.c.number).where(one)) == -1
    assert dict(found) == row


async def test_key_text_compares_byte_by_byte(
    database: SqlDatabase, things: Table, account: int
) -> None:
    names = ["a", "A", "a ", "á", "ab", "\U0001f339", "\uffee", "_"]
    rows = [{"account_id": account, "contact": "c", "name": name} for name in names]
    await _insert(database, things, *rows)
    assert await _names(database, things) == sorted(names, key=str.encode)


@pytest.mark.parametrize(
    "value", [{"name": "ñ" * 301}, {"name": "n" * 601}, {"contact": "c" * 2048}]
)
async def test_a_value_that_is_too_long_is_refused(
    database: SqlDatabase, things: Table, account: int, value: dict[str, str]
) -> None:
    row = {"account_id": account, "contact": "c", "name": "n"} | value
    with pytest.raises(exc.StatementError, match="longer than"):
        await _insert(database, things, row)
    assert await _names(database, things) == []


async def test_begin_commits_unless_its_body_raises(
    database: SqlDatabase, things: Table, account: int
) -> None:
    await _insert(database, things, {"account_id": account, "contact": "c", "name": "kept"})

    async def fail() -> None:
        async with database.begin() as connection:
            values = {"account_id": account, "contact": "c", "name": "lost"}
            await connection.execute(things.insert(), values)
            raise RuntimeError

    with pytest.raises(RuntimeError):
        await fail()
    assert await _names(database, things) == ["kept"]


async def test_transactions_at_the_same_time_all_succeed(
    database: SqlDatabase, things: Table, account: int
) -> None:
    await _insert(
        database, things, {"account_id": account, "contact": "c", "name": "n", "number": 0}
    )

    async def add_one() -> None:
        async with database.begin() as connection:
            await connection.execute(things.update().values(number=things.c.number + 1))

    await asyncio.gather(*(add_one() for _ in range(20)))
    async with database.connect() as connection:
        assert await connection.scalar(select(things.c.number)) == 20


async def test_transact_returns_what_the_work_returns_and_rolls_back_when_it_raises(
    database: SqlDatabase, things: Table, account: int
) -> None:
    row = {"account_id": account, "contact": "c", "name": "n"}
    await database.transact(lambda connection: connection.execute(things.insert(), row).rowcount)
    assert await database.transact(lambda connection: connection.scalar(text("SELECT 7"))) == 7
    with pytest.raises(exc.IntegrityError):
        await database.transact(lambda connection: connection.execute(things.insert(), row))
    assert await _names(database, things) == ["n"]


async def test_upsert_inserts_what_is_new_and_updates_what_is_there(
    database: SqlDatabase, things: Table, account: int
) -> None:
    keys = ["account_id", "contact", "name"]

    def row(name: str, number: int) -> dict[str, object]:
        return {"account_id": account, "contact": "c", "name": name, "number": number}

    async with database.begin() as connection:
        await database.upsert(connection, things, row("one", 1), keys)
        await database.upsert(connection, things, [row("one", 2), row("two", 2)], keys)
        await database.upsert(connection, things, [], keys)
        only_keys = {"account_id": account, "contact": "c", "name": "one"}
        await database.upsert(connection, things, only_keys, keys)
    async with database.connect() as connection:
        query = select(things.c.name, things.c.number).order_by(things.c.name)
        rows = await connection.execute(query)
        assert [tuple(row) for row in rows] == [("one", 2), ("two", 2)]


async def test_a_mistake_in_a_statement_is_no_outage(database: SqlDatabase) -> None:
    with pytest.raises(exc.DBAPIError):
        async with database.connect() as connection:
            await connection.execute(text("SELECT * FROM no_such_table"))


async def test_errors_do_not_tell_the_values_of_a_statement(
    database: SqlDatabase, things: Table, account: int
) -> None:
    row = {"account_id": account, "contact": "c", "name": "n", "xml": "a secret"}
    await _insert(database, things, row)
    with pytest.raises(exc.IntegrityError) as caught:
        await _insert(database, things, row)
    assert "a secret" not in str(caught.value)


@pytest.fixture(params=["postgresql", "mysql"])
def stoppable(
    request: pytest.FixtureRequest, breakable_servers: DatabaseServers
) -> Iterator[DatabaseServer]:
    server = breakable_servers.server(request.param)
    yield server
    server.stop()
    server.start()


async def test_service_resumes_at_once_when_a_database_server_is_back(
    stoppable: DatabaseServer, tmp_path: Path
) -> None:
    with stoppable.fresh() as url:
        database = await open_database(url, tmp_path)
        stoppable.stop()
        for opening in (database.begin, database.connect):
            with pytest.raises(StorageUnavailable):
                async with opening() as connection:
                    await connection.execute(text("SELECT 1"))
        with pytest.raises(StorageUnavailable):
            await open_database(url, tmp_path)
        stoppable.start()
        for opening in (database.begin, database.connect):
            async with opening() as connection:
                assert await connection.scalar(text("SELECT 1")) == 1
        await database.close()


async def test_a_restart_between_two_transactions_is_not_noticed(
    stoppable: DatabaseServer, tmp_path: Path
) -> None:
    with stoppable.fresh() as url:
        database = await open_database(url, tmp_path)
        await asyncio.to_thread(stoppable.stop)
        await asyncio.to_thread(stoppable.start)
        async with database.begin() as connection:
            assert await connection.scalar(text("SELECT 1")) == 1
        await database.close()


async def test_an_sqlite_file_that_another_process_has_locked_is_an_outage(tmp_path: Path) -> None:
    database = await open_database("sqlite:///x.sqlite3", tmp_path, busy_timeout=0.05)
    other = sqlite3.connect(tmp_path / "x.sqlite3", isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    with pytest.raises(StorageUnavailable, match="locked"):
        async with database.begin():
            pass
    with pytest.raises(StorageUnavailable, match="locked"):
        await database.transact(lambda connection: None)
    async with database.connect() as connection:
        assert await connection.scalar(text("SELECT 1")) == 1
    other.close()
    async with database.begin():
        pass
    await database.close()


def _modes(directory: Path) -> dict[str, int]:
    return {path.name: stat.S_IMODE(path.stat().st_mode) for path in directory.iterdir()}


async def test_an_sqlite_file_is_durable_and_its_owners_alone(tmp_path: Path) -> None:
    database = await open_database("sqlite:///x.sqlite3", tmp_path)
    async with database.begin() as connection:
        await connection.execute(text("CREATE TABLE t (i INTEGER)"))
        pragmas = {
            name: await connection.scalar(text(f"PRAGMA {name}"))
            for name in ("journal_mode", "synchronous", "foreign_keys")
        }
    assert pragmas == {"journal_mode": "wal", "synchronous": 2, "foreign_keys": 1}
    assert _modes(tmp_path) == dict.fromkeys(("x.sqlite3", "x.sqlite3-wal", "x.sqlite3-shm"), 0o600)
    await database.close()
    assert _modes(tmp_path) == {"x.sqlite3": 0o600}


async def test_an_sqlite_file_where_none_can_be_is_an_outage(tmp_path: Path) -> None:
    with pytest.raises(StorageUnavailable, match="no-such-directory"):
        await open_database("sqlite:///no-such-directory/x.sqlite3", tmp_path)


async def test_what_is_no_sqlite_file_is_left_alone(tmp_path: Path) -> None:
    file = tmp_path / "x.sqlite3"
    file.write_bytes(b"dear diary, " * 100)
    with pytest.raises(StorageUnavailable, match="not a database"):
        await open_database("sqlite:///x.sqlite3", tmp_path)
    assert file.read_bytes() == b"dear diary, " * 100


@pytest.mark.parametrize("kind", ["postgresql", "mysql"])
async def test_a_parameter_the_driver_does_not_know_is_an_error_of_configuration(
    kind: str, database_servers: DatabaseServers, tmp_path: Path
) -> None:
    with (
        database_servers.server(kind).fresh() as url,
        pytest.raises(ConfigError, match="no_such_parameter"),
    ):
        await open_database(f"{url}?no_such_parameter=1", tmp_path)


async def test_no_server_at_the_address_is_an_outage(tmp_path: Path) -> None:
    for kind in ("postgresql", "mysql"):
        with pytest.raises(StorageUnavailable):
            await open_database(f"{kind}://palaver@127.0.0.1:1/palaver", tmp_path)
