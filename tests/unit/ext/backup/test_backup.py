"""A backup taken while the server runs makes the same server again, on every database."""

import asyncio
import hashlib
import json
import zipfile
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import inspect, select
from tests.support.databases import DatabaseServer, DatabaseServers
from tests.support.house import House, open_house
from tests.unit.ext.moving.test_xep_0227 import JULIET, PASSWORD, ROMEO, fill

from palaver.cli import restoring
from palaver.cli.cli_error import CliError
from palaver.ext.accounts import Accounts
from palaver.jid import parse_bare
from palaver.kernel.commands import Commands
from palaver.kernel.errors import CommandError
from palaver.kernel.storage import LogFilter, metadata

HOSTS = '[hosts."capulet.example"]\n[hosts."montague.example"]\n'


def storage(url: str) -> str:
    return f"[storage]\nurl = {json.dumps(url)}\n"


@pytest.fixture
async def house(migrated_url: str, tmp_path: Path) -> AsyncIterator[House]:
    """Give a server in use, with a secret and a certificate of its own."""
    data = tmp_path / "data"
    (data / "certificates").mkdir(parents=True)
    (data / "palaver.toml").write_text(HOSTS + storage(migrated_url))
    (data / "certificates" / "capulet.example.key").write_text("a key")
    (data / "palaver.log").write_text("a log")
    async with open_house(data, configuration=storage(migrated_url)) as opened:
        assert opened.server.secret.key
        await fill(opened)
        yield opened


async def back_up(house: House, file: Path) -> dict[str, Any]:
    commands = Commands(house.server.extensions.values())
    report = await commands.run("server backup", {"file": str(file)})
    assert isinstance(report, dict)
    return report


async def contents(house: House) -> dict[str, list[tuple[object, ...]]]:
    """Return all rows of all tables but the index."""
    found = {}
    async with house.server.database.connect() as connection:
        there = await connection.run_sync(lambda each: inspect(each).get_table_names())
        for table in metadata.sorted_tables:
            if table.name in there and table.name != "log_indexed":
                order = table.primary_key.columns
                rows = await connection.execute(select(table).order_by(*order))
                found[table.name] = [tuple(row) for row in rows]
    return found


async def restore(file: Path, data: Path, config: Path) -> dict[str, object]:
    return await asyncio.to_thread(restoring.restore, file, data, config)


def write(path: Path, text: str) -> Path:
    path.write_text(text)
    return path


async def test_a_restored_server_is_the_same(
    house: House, database_server: DatabaseServer, tmp_path: Path
) -> None:
    file, new = tmp_path / "backup.zip", tmp_path / "new"
    before = await contents(house)
    report = await back_up(house, file)
    assert report["rows"] == sum(map(len, before.values()))
    with database_server.fresh() as url:
        config = write(tmp_path / "other.toml", HOSTS + storage(url))
        await restore(file, new, config)
        assert (new / "secret.key").read_bytes() == house.server.secret.key
        assert (new / "certificates" / "capulet.example.key").read_text() == "a key"
        assert (new / "palaver.toml").exists()
        assert not (new / "palaver.log").exists()
        async with open_house(new, configuration=storage(url)) as restored:
            assert await contents(restored) == before
            await works(restored)


async def works(house: House) -> None:
    """See that people can go on where they were."""
    accounts = house.server.extension(Accounts)
    record = await house.server.store.find("capulet.example", "juliet")
    assert record is not None
    assert await accounts.password_fits(record, PASSWORD)
    await accounts.create(parse_bare("nurse@capulet.example"), PASSWORD)
    juliet = await house.client(f"{JULIET}/balcony")
    assert await juliet.bodies() == ["Good night"]
    romeo = await house.client(f"{ROMEO}/orchard")
    romeo.send(f"<message type='chat' to='{JULIET}'><body>Back again</body></message>")
    assert await juliet.bodies() == ["Back again"]
    rows = await house.server.log.page(record.id, LogFilter(), 100)
    assert len(rows) == 4


@pytest.mark.parametrize("kind", ["postgresql", "mysql"])
async def test_a_backup_of_one_database_fills_another(
    database_servers: DatabaseServers, tmp_path: Path, kind: str
) -> None:
    file, new = tmp_path / "backup.zip", tmp_path / "new"
    (tmp_path / "old").mkdir()
    async with open_house(tmp_path / "old") as house:
        await fill(house)
        before = await contents(house)
        await back_up(house, file)
    with database_servers.server(kind).fresh() as url:
        await restore(file, new, write(tmp_path / "other.toml", HOSTS + storage(url)))
        async with open_house(new, configuration=storage(url)) as restored:
            assert await contents(restored) == before
            await works(restored)


async def test_a_backup_shows_one_moment(house: House, tmp_path: Path) -> None:
    """What is sent meanwhile is in it for both sides or for neither."""
    romeo = await house.client(f"{ROMEO}/orchard")

    async def talk() -> None:
        while True:
            romeo.send(f"<message type='chat' to='{JULIET}'><body>x</body></message>")
            await house.server.log.flush()

    talking = asyncio.create_task(talk())
    file = tmp_path / "backup.zip"
    try:
        await back_up(house, file)
    finally:
        talking.cancel()
        await asyncio.gather(talking, return_exceptions=True)
    with zipfile.ZipFile(file) as archive:
        assert archive.testzip() is None


async def test_nothing_is_overwritten(house: House, tmp_path: Path) -> None:
    file = tmp_path / "backup.zip"
    await back_up(house, file)
    with pytest.raises(CommandError, match="exists already"):
        await back_up(house, file)
    with pytest.raises(CliError, match="is not empty"):
        await restore(file, tmp_path / "data", tmp_path / "data" / "palaver.toml")
    config = tmp_path / "data" / "palaver.toml"
    if house.server.database.dialect != "sqlite":
        with pytest.raises(CliError, match="has rows already"):
            await restore(file, tmp_path / "new", config)
        assert [each.name for each in (tmp_path / "new").iterdir()] == ["palaver.lock"]


def damaged(file: Path, member: str, data: bytes | None) -> Path:
    """Copy a backup with another content of one member, or without it."""
    copy = file.with_name("damaged.zip")
    with zipfile.ZipFile(file) as old, zipfile.ZipFile(copy, "w") as new:
        for name in old.namelist():
            content = data if name == member else old.read(name)
            if content is not None:
                new.writestr(name, content)
    return copy


async def test_a_damaged_backup_is_refused(tmp_path: Path) -> None:
    (tmp_path / "old").mkdir()
    file = tmp_path / "backup.zip"
    async with open_house(tmp_path / "old") as house:
        await back_up(house, file)
    config = write(tmp_path / "other.toml", HOSTS)
    cut = tmp_path / "cut.zip"
    cut.write_bytes(file.read_bytes()[:-100])
    for bad in (
        damaged(file, "tables/accounts.jsonl", b"[]"),
        damaged(file, "tables/accounts.jsonl", None),
        damaged(file, "manifest.json", None),
        damaged(file, "manifest.json", b"[]"),
        cut,
        config,
    ):
        with pytest.raises(CliError, match="backup"):
            await restore(bad, tmp_path / "new", config)
        assert not (tmp_path / "new").exists()


@pytest.mark.parametrize("name", ["../evil", "/etc/evil", "a/../../evil", "..\\evil"])
async def test_a_backup_writes_nothing_elsewhere(tmp_path: Path, name: str) -> None:
    (tmp_path / "old").mkdir()
    file = tmp_path / "backup.zip"
    async with open_house(tmp_path / "old") as house:
        await back_up(house, file)
    with zipfile.ZipFile(file) as archive:
        manifest = json.loads(archive.read("manifest.json"))
    digest = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
    manifest["sha256"][f"files/{name}"] = digest
    bad = damaged(file, "manifest.json", json.dumps(manifest).encode())
    with zipfile.ZipFile(bad, "a") as archive:
        archive.writestr(f"files/{name}", b"")
    with pytest.raises(CliError, match="a file with the name"):
        await restore(bad, tmp_path / "new", write(tmp_path / "other.toml", HOSTS))
    assert not (tmp_path / "new").exists()


async def test_a_backup_of_an_older_version_is_brought_up_to_date(tmp_path: Path) -> None:
    """With the tables that the first version had, and their columns."""
    (tmp_path / "old").mkdir()
    file, old = tmp_path / "backup.zip", tmp_path / "older.zip"
    async with open_house(tmp_path / "old") as house:
        await fill(house)
        await back_up(house, file)
    first = ("accounts", "credentials", "log")
    with zipfile.ZipFile(file) as new, zipfile.ZipFile(old, "w") as older:
        manifest = json.loads(new.read("manifest.json"))
        members = {f"tables/{name}.jsonl": _of_first_version(new, name) for name in first}
        digests = {name: hashlib.sha256(content).hexdigest() for name, content in members.items()}
        manifest |= {"revision": "0001", "sha256": digests}
        for name, content in members.items():
            older.writestr(name, content)
        older.writestr("manifest.json", json.dumps(manifest))
    await restore(old, tmp_path / "new", write(tmp_path / "other.toml", HOSTS))
    async with open_house(tmp_path / "new") as restored:
        await works(restored)


_COLUMNS = {
    "accounts": "id host localpart skeleton created role disabled_at disabled_reason last_login",
    "credentials": "account_id mechanism salt iterations stored_key server_key",
    "log": "account_id id outgoing peer peer_resource stanza pending archived origin_id",
}


def _of_first_version(archive: zipfile.ZipFile, table: str) -> bytes:
    lines = [json.loads(each) for each in archive.read(f"tables/{table}.jsonl").splitlines()]
    places = [lines[0].index(name) for name in _COLUMNS[table].split()]
    return b"".join(json.dumps([row[place] for place in places]).encode() + b"\n" for row in lines)
