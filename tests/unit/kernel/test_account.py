"""Accounts in use: loading, unloading, and what must not survive either."""

import asyncio
from dataclasses import replace

from palaver import jid
from palaver.jid import BareJID
from palaver.kernel.account import Account, Accounts
from palaver.kernel.host import Host
from palaver.kernel.settings import HostSettings
from palaver.kernel.storage import AccountRecord

HOST = Host("example.org", HostSettings())
RECORD = AccountRecord(1, HOST.name, "juliet", "juliet", 0, "member", None, None, None)
DEADLINE = 10.0
MANY = 2_100  # more than stay loaded without a session
JULIET = jid.parse_bare("juliet@example.org")


async def load(address: BareJID) -> Account:
    """Load at once, as from SQLite, which answers without suspending."""
    return Account(address, HOST, replace(RECORD, localpart=address.local))


def others() -> list[BareJID]:
    return [jid.parse_bare(f"user{number}@example.org") for number in range(MANY)]


async def test_account_got_is_in_use_however_many_are_loaded_at_once() -> None:
    accounts = Accounts(load)
    getting = asyncio.create_task(accounts.get(JULIET))
    await asyncio.sleep(0)
    for other in others():
        accounts.when_loaded(other, lambda _: None)

    account = await getting
    assert account is not None
    assert accounts.loaded(JULIET) is account


async def test_account_out_of_use_is_not_kept_for_idle() -> None:
    accounts = Accounts(load)
    gone = await accounts.get(JULIET)
    assert gone is not None
    accounts.forget(JULIET)
    accounts.idle(gone)  # its last session ends late

    async with asyncio.timeout(DEADLINE):
        for other in others():
            assert await accounts.get(other) is not None


async def test_late_end_of_a_deleted_account_leaves_the_new_one_in_use() -> None:
    accounts = Accounts(load)
    old = await accounts.get(JULIET)
    assert old is not None
    accounts.forget(JULIET)
    new = await accounts.get(JULIET)
    assert new is not None
    accounts.in_use(new)
    accounts.idle(old)

    async with asyncio.timeout(DEADLINE):
        for other in others():
            await accounts.get(other)
    assert accounts.loaded(JULIET) is new


async def test_account_created_while_it_was_looked_for_is_found() -> None:
    answer = asyncio.Event()
    there = False

    async def slowly(address: BareJID) -> Account | None:
        found = await load(address) if there else None
        await answer.wait()
        return found

    accounts = Accounts(slowly)
    getting = asyncio.create_task(accounts.get(JULIET))
    await asyncio.sleep(0)
    await asyncio.sleep(0)
    there = True
    accounts.created(JULIET)
    answer.set()
    async with asyncio.timeout(DEADLINE):
        assert await getting is not None
