"""Tokens in storage, on every engine."""

from functools import partial

from palaver.ext.fast import table
from palaver.ext.fast.table import MOST, Row
from palaver.jid import parse_bare
from palaver.kernel.storage import NewAccount
from palaver.store.accounts import SqlAccountStore
from palaver.store.engine import SqlDatabase

JULIET = parse_bare("juliet@capulet.example")
PHONE, TABLET = "phone", "tablet"


async def made(database: SqlDatabase) -> int:
    new = NewAccount(JULIET.domain, JULIET.local, JULIET.local)
    return (await SqlAccountStore(database).create(new)).id


def row(account: int, number: int, device: str = PHONE, *, used: bool = False) -> Row:
    salt = number.to_bytes(16)
    return Row(account, device, salt, "HT-SHA-256-NONE", number, 1000 + number, used, 0)


async def add(database: SqlDatabase, *rows: Row) -> None:
    for each in rows:
        await database.transact(partial(table.add, row=each))


async def use(database: SqlDatabase, which: Row, count: int | None = None, **more: bool) -> bool:
    options = {"invalidate": False} | more
    return await database.transact(partial(table.use, row=which, count=count, **options))


async def found(database: SqlDatabase, device: str = PHONE) -> list[Row]:
    rows = await database.read(partial(table.find, account=JULIET, device=device, now=1))
    return sorted(each for each, _disabled in rows)


async def test_a_token_is_found_with_its_account_and_device(database: SqlDatabase) -> None:
    account = await made(database)
    token = row(account, 1)
    await add(database, token)
    assert await found(database) == [token]
    assert await found(database, TABLET) == []
    await SqlAccountStore(database).set_disabled(account, "")
    query = partial(table.find, account=JULIET, device=PHONE, now=1)
    assert await database.read(query) == [(token, True)]


async def test_a_token_takes_the_place_of_one_that_was_not_used(database: SqlDatabase) -> None:
    account = await made(database)
    first, second, third = (row(account, number) for number in (1, 2, 3))
    await add(database, first, second)
    assert await found(database) == [second]
    assert await use(database, second)
    await add(database, third)
    assert await found(database) == [second._replace(used=True), third]
    assert await use(database, third)
    assert await found(database) == [third._replace(used=True)]


async def test_each_count_is_good_once(database: SqlDatabase) -> None:
    token = row(await made(database), 1)
    await add(database, token)
    assert [await use(database, token, count) for count in (1, 1, 7, 6, 7, 8)] == [
        True,
        False,
        True,
        False,
        False,
        True,
    ]
    assert (await found(database))[0].uses == 8
    assert await use(database, token)


async def test_a_token_that_is_gone_is_not_used(database: SqlDatabase) -> None:
    token = row(await made(database), 1)
    await add(database, token)
    assert await use(database, token, invalidate=True)
    assert not await use(database, token, invalidate=True)
    assert not await use(database, token)


async def test_tokens_end_by_account_by_device_and_by_time(database: SqlDatabase) -> None:
    account = await made(database)
    await add(database, row(account, 1), row(account, 2, TABLET), row(account, 9, "watch"))
    names = partial(table.devices, account_id=account)
    assert sorted(await database.read(partial(names, now=1002))) == ["watch"]
    await database.transact(partial(table.drop, account_id=account, device=PHONE))
    assert sorted(await database.read(partial(names, now=0))) == [TABLET, "watch"]
    assert await database.transact(partial(table.expire, now=1002)) == 1
    await database.transact(partial(table.drop, account_id=account))
    assert await database.read(partial(names, now=0)) == []


async def test_the_oldest_of_too_many_make_room(database: SqlDatabase) -> None:
    account = await made(database)
    await add(database, *(row(account, number, f"device {number}") for number in range(MOST + 5)))
    kept = await database.read(partial(table.devices, account_id=account, now=0))
    assert sorted(kept) == sorted(f"device {number}" for number in range(5, MOST + 5))
