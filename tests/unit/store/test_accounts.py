"""Accounts on every engine."""

import asyncio
from dataclasses import replace

import pytest
from sqlalchemy import func, select

from palaver.kernel.storage import AccountExists, Credential, NewAccount, now
from palaver.store.accounts import SqlAccountStore
from palaver.store.accounts_table import accounts, credentials
from palaver.store.engine import SqlDatabase


@pytest.fixture
def store(database: SqlDatabase) -> SqlAccountStore:
    return SqlAccountStore(database)


def new(localpart: str, *keys: Credential, host: str = "example.org") -> NewAccount:
    return NewAccount(host, localpart, localpart, credentials=keys)


def key(size: int, iterations: int = 10_000) -> Credential:
    name = f"SCRAM-SHA-{size}"
    return Credential(name, b"\x00salt\xff", iterations, b"s" * (size // 8), b"v" * (size // 8))


async def test_an_account_is_found_as_it_was_created(store: SqlAccountStore) -> None:
    before = now()
    created = await store.create(
        replace(new("julia", key(512), key(256)), skeleton="ju1ia", role="admin")
    )
    assert await store.find("example.org", "julia") == created
    assert (created.host, created.localpart, created.skeleton) == ("example.org", "julia", "ju1ia")
    assert created.role == "admin"
    assert before <= created.created <= now()
    assert (created.disabled_at, created.disabled_reason, created.last_login) == (None,) * 3
    assert await store.keys(created.id) == [key(256), key(512)]
    assert await store.find_with_keys("example.org", "julia") == (created, [key(256), key(512)])


async def test_another_host_or_spelling_is_another_account(store: SqlAccountStore) -> None:
    ids = {
        (await store.create(new("julia"))).id,
        (await store.create(new("julia", host="example.com"))).id,
        (await store.create(new("júlia"))).id,
    }
    assert len(ids) == 3
    assert await store.find("example.org", "Julia") is None
    assert await store.find("example.net", "julia") is None
    assert await store.find_with_keys("example.net", "julia") is None


async def test_an_account_without_keys_is_found_too(store: SqlAccountStore) -> None:
    created = await store.create(new("julia"))
    assert await store.find_with_keys("example.org", "julia") == (created, [])


async def test_an_account_that_exists_is_not_created_again(store: SqlAccountStore) -> None:
    created = await store.create(new("julia", key(256)))
    with pytest.raises(AccountExists, match=r"julia@example\.org"):
        await store.create(new("julia", key(512)))
    assert await store.keys(created.id) == [key(256)]


async def test_of_two_who_create_an_account_at_once_one_succeeds(store: SqlAccountStore) -> None:
    outcomes = await asyncio.gather(
        *(store.create(new("julia", key(256))) for _ in range(4)), return_exceptions=True
    )
    assert sorted(type(outcome).__name__ for outcome in outcomes) == [
        "AccountExists",
        "AccountExists",
        "AccountExists",
        "AccountRecord",
    ]


async def test_many_accounts_are_created_and_those_that_exist_reported(
    store: SqlAccountStore,
) -> None:
    existing = await store.create(new("user7", key(512)))
    twice = new("user8", key(512))
    wanted = [new(f"user{number}", key(256)) for number in range(1200)]
    progress: list[int] = []
    left = await store.create_many([*wanted, twice], progress=progress.append)
    assert left == [wanted[7], twice]
    assert progress[-1] == 1201
    assert progress == sorted(progress)
    assert await store.count() == 1200
    assert await store.keys(existing.id) == [key(512)]
    found = await store.find_with_keys("example.org", "user1199")
    assert found is not None
    assert found[1] == [key(256)]


async def test_accounts_are_listed_in_pages_by_name(store: SqlAccountStore) -> None:
    names = ["anna", "ben", "benno", "béla", "clara"]
    await store.create_many([new(name) for name in names])
    await store.create(new("berta", host="example.com"))

    async def listed(prefix: str = "", after: str = "", limit: int = 100) -> list[str]:
        page = await store.page("example.org", prefix=prefix, after=after, limit=limit)
        return [record.localpart for record in page]

    assert await listed() == ["anna", "ben", "benno", "béla", "clara"]
    assert await listed(prefix="b") == ["ben", "benno", "béla"]
    assert await listed(prefix="b", after="ben", limit=1) == ["benno"]
    assert await listed(prefix="ben%") == []
    assert await store.count("example.org") == 5
    assert await store.count() == 6


@pytest.mark.parametrize("skeleton", ["rornno", "rn" * 1023])
async def test_look_alikes_share_a_skeleton(store: SqlAccountStore, skeleton: str) -> None:
    mine = await store.create(replace(new("romno"), skeleton=skeleton))
    await store.create(replace(new("other"), skeleton=f"{skeleton}x"))
    await store.create(replace(new("romno", host="example.com"), skeleton=skeleton))
    assert await store.look_alikes("example.org", skeleton) == [mine]


async def test_new_keys_replace_all_old_ones(store: SqlAccountStore) -> None:
    id_ = (await store.create(new("julia", key(256), key(512)))).id
    await store.set_keys(id_, [key(256, iterations=20_000)])
    assert await store.keys(id_) == [key(256, iterations=20_000)]
    await store.set_keys(id_, [])
    assert await store.keys(id_) == []


async def test_a_key_is_added_where_there_are_some_and_not_that_one(
    store: SqlAccountStore,
) -> None:
    id_ = (await store.create(new("julia", key(1)))).id
    await store.add_key(id_, key(512))
    await store.add_key(id_, key(512, iterations=20_000))
    assert await store.keys(id_) == [key(1), key(512)]
    await store.set_keys(id_, [])
    await store.add_key(id_, key(512))
    assert await store.keys(id_) == []


async def test_two_changes_of_the_keys_at_once_do_not_mix(store: SqlAccountStore) -> None:
    id_ = (await store.create(new("julia"))).id
    sets = [[key(256, 5000 + n), key(512, 5000 + n)] for n in range(6)]
    await asyncio.gather(*(store.set_keys(id_, keys) for keys in sets))
    assert await store.keys(id_) in sets


async def test_iterations_are_counted_by_mechanism(store: SqlAccountStore) -> None:
    assert await store.iterations() == {}
    await store.create(new("julia", key(512, 4096), key(256)))
    await store.create(new("romeo", key(512), key(256)))
    found = await store.iterations()
    assert found.keys() == {"SCRAM-SHA-512", "SCRAM-SHA-256"}
    assert found["SCRAM-SHA-512"][4096] == found["SCRAM-SHA-512"][10_000]
    assert found["SCRAM-SHA-256"].keys() == {10_000}


async def test_an_account_is_disabled_for_a_reason_and_enabled(store: SqlAccountStore) -> None:
    id_ = (await store.create(new("julia"))).id
    before = now()
    await store.set_disabled(id_, "left the company 🌹")
    disabled = await store.find("example.org", "julia")
    assert disabled is not None
    assert disabled.disabled_reason == "left the company 🌹"
    assert disabled.disabled_at is not None
    assert before <= disabled.disabled_at <= now()
    await store.set_disabled(id_, None)
    enabled = await store.find("example.org", "julia")
    assert enabled is not None
    assert (enabled.disabled_at, enabled.disabled_reason) == (None, None)


async def test_the_role_changes(store: SqlAccountStore) -> None:
    id_ = (await store.create(new("julia"))).id
    await store.set_role(id_, "admin")
    await store.set_role(id_, "admin")
    found = await store.find("example.org", "julia")
    assert found is not None
    assert found.role == "admin"


async def test_a_deleted_account_leaves_nothing_and_its_id_does_not_return(
    database: SqlDatabase, store: SqlAccountStore
) -> None:
    first = await store.create(new("julia", key(256)))
    await store.delete(first.id)
    assert await store.find("example.org", "julia") is None
    async with database.connect() as connection:
        for table in (accounts, credentials):
            assert await connection.scalar(select(func.count()).select_from(table)) == 0
    second = await store.create(new("julia"))
    assert second.id > first.id


async def test_changing_an_account_that_is_not_there_fails(store: SqlAccountStore) -> None:
    for change in (
        store.delete(99),
        store.set_role(99, "admin"),
        store.set_disabled(99, "gone"),
        store.set_keys(99, [key(256)]),
        store.add_key(99, key(256)),
    ):
        with pytest.raises(LookupError):
            await change


async def test_the_last_login_shows_at_once_and_is_written_at_the_end(
    database: SqlDatabase, store: SqlAccountStore
) -> None:
    julia = await store.create(new("julia"))
    romeo = await store.create(new("romeo"))
    before = now()
    store.touch_login(julia.id)
    store.touch_login(romeo.id)
    shown = await store.find("example.org", "julia")
    assert shown is not None
    assert shown.last_login is not None
    assert before <= shown.last_login <= now()
    await store.delete(romeo.id)
    await store.close()
    assert await SqlAccountStore(database).find("example.org", "julia") == shown
