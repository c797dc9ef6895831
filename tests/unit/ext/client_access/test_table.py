"""Devices in storage, on every engine."""

from functools import partial

from palaver.ext.client_access import table
from palaver.ext.client_access.table import MOST, Seen
from palaver.kernel.storage import NewAccount
from palaver.store.accounts import SqlAccountStore
from palaver.store.engine import SqlDatabase


async def made(database: SqlDatabase, host: str = "capulet.example") -> int:
    return (await SqlAccountStore(database).create(NewAccount(host, "juliet", "juliet"))).id


def seen(account: int, device: str, at: int, *, password: bool = False, name: str = "") -> Seen:
    return Seen(account, device, "client 🌹", name, at, at, password)


async def store(database: SqlDatabase, *found: Seen) -> None:
    await database.transact(partial(table.store, found=found))


async def read(database: SqlDatabase, account: int) -> list[Seen]:
    return await database.read(partial(table.of_account, account_id=account))


async def test_a_device_keeps_when_it_came_and_that_it_knows_the_password(
    database: SqlDatabase,
) -> None:
    account = await made(database)
    await store(database, seen(account, "a", 1, password=True), seen(account, "b", 3))
    await store(database, seen(account, "a", 5, name="New"))
    assert await read(database, account) == [
        Seen(account, "a", "client 🌹", "New", 1, 5, True),
        seen(account, "b", 3),
    ]


async def test_a_device_of_nobody_is_not_kept(database: SqlDatabase) -> None:
    account = await made(database)
    await store(database, seen(account + 1, "a", 1))
    assert await read(database, account + 1) == []


async def test_passwords_devices_and_times_are_forgotten(database: SqlDatabase) -> None:
    here, there = await made(database), await made(database, "montague.example")
    for account in (here, there):
        await store(database, *(seen(account, f"d{at}", at, password=True) for at in (1, 5, 9)))
    await database.transact(partial(table.forget_passwords, account_id=here))
    assert [each.password for each in await read(database, here)] == [False] * 3
    await database.transact(partial(table.drop, account_id=here, devices=["d5"]))
    await database.transact(partial(table.expire, host="capulet.example", before=5))
    assert [each.device for each in await read(database, here)] == ["d9"]
    assert [each.device for each in await read(database, there)] == ["d9", "d5", "d1"]
    assert all(each.password for each in await read(database, there))


async def test_those_seen_longest_ago_make_room(database: SqlDatabase) -> None:
    account = await made(database)
    await store(database, *(seen(account, f"d{at}", at) for at in range(MOST + 5)))
    kept = [each.last_seen for each in await read(database, account)]
    assert kept == list(range(MOST + 4, 4, -1))
