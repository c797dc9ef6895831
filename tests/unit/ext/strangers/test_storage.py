"""What the features against abuse keep, on every database."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from tests.support.house import House, open_house
from tests.unit.ext.backup.test_backup import storage

from palaver import jid
from palaver.ext.blocklists.matching import Block
from palaver.ext.blocklists.storage import Storage
from palaver.ext.registration.requests import Requests
from palaver.ext.strangers.acquainting import Register
from palaver.ext.strangers.circle import CIRCLE
from palaver.ext.strangers.quarantine import Held, Quarantine

JULIET = "juliet@capulet.example"
ROMEO = "romeo@montague.example"
KEY = b"k" * 32


@pytest.fixture
async def house(migrated_url: str, tmp_path: Path) -> AsyncIterator[House]:
    async with open_house(tmp_path, configuration=storage(migrated_url)) as opened:
        yield opened


async def test_blocks_are_kept_replaced_and_end(house: House) -> None:
    kept = Storage(house.server.database)
    for host, block in (
        ("", Block("a.example", "Grüße", "command", 1, 100)),
        ("", Block("a.example", "again", "command", 2, None)),
        ("capulet.example", Block("*.b.example", "", "command", 3, 50)),
    ):
        await kept.put(host, block)
    assert [(host, block.reason) for host, block in await kept.blocks(10)] == [
        ("", "again"),
        ("capulet.example", ""),
    ]
    assert [host for host, _ in await kept.blocks(50)] == [""]
    assert await kept.remove("", "a.example")
    assert not await kept.remove("", "a.example")


async def test_what_a_list_said_is_kept(house: House) -> None:
    kept = Storage(house.server.database)
    many = [f"{number}.example" for number in range(1_200)]
    await kept.replace(KEY, (), many)
    await kept.learn(KEY, ["0.example", "new.example"])
    assert len(await kept.items(KEY)) == 1_201
    await kept.replace(KEY, [*many, "new.example"], ["0.example", "x.example"])
    await kept.forget(KEY, ["x.example", "unknown.example"])
    assert await kept.items(KEY) == ["0.example"]
    await kept.keep_only([KEY])
    assert await kept.items(KEY) == ["0.example"]
    await kept.keep_only([])
    assert await kept.items(KEY) == []


async def test_what_is_held_back_is_kept_in_order_and_expires(house: House) -> None:
    juliet = await house.account(JULIET)
    kept = Quarantine(house.server.database)
    for number, stanza in enumerate(
        ("<message/>", "<presence/>", "<presence/>", "<message x=''/>")
    ):
        assert await kept.add(juliet.id, Held(0, ROMEO, stanza, number), 10, 10)
    assert not await kept.add(juliet.id, Held(0, ROMEO, "<message/>", 9), 10, 3)
    assert not await kept.add(juliet.id, Held(0, "x@y", "<message/>", 9), 3, 3)
    rows = await kept.all(juliet.id, jid.parse_bare(ROMEO))
    assert [row.stanza for row in rows] == ["<message/>", "<presence/>", "<message x=''/>"]
    assert await kept.expire("montague.example", 100) == 0
    assert await kept.expire("capulet.example", 1) == 1
    await kept.drop([row.id for row in rows])
    assert await kept.all(juliet.id) == []


async def test_acquaintances_are_kept_once_and_loaded(house: House) -> None:
    juliet = await house.account(JULIET)
    register = Register(house.server)
    for _ in range(2):
        register.add(juliet.id, jid.parse_bare(ROMEO))
        register.add(10**9, jid.parse_bare(ROMEO))  # nobody any more
        await house.settled()
    house.server.accounts.forget(juliet.jid)
    again = await house.account(JULIET)
    assert list(CIRCLE.of(again).known) == [JULIET, ROMEO]
    await register.tidy()


async def test_requests_for_accounts_are_those_of_disabled_ones(house: House) -> None:
    kept = Requests(house.server.database)
    ids = [(await house.account(f"{name}@capulet.example")).id for name in ("a", "b", "c")]
    for number, account_id in enumerate(ids):
        await house.server.store.set_disabled(account_id, "waits")
        await kept.add(account_id, "why", "192.0.2.1", number, 10 * number)
    await house.server.store.set_disabled(ids[2], None)
    assert [each.localpart for each in await kept.of_host("capulet.example")] == ["a", "b"]
    assert [each.localpart for each in await kept.over(5)] == ["a"]
    assert await kept.count("capulet.example") == 2
    assert await kept.find("capulet.example", "c") is None
    await kept.tidy()
    assert not await kept.remove(ids[2])
    assert await kept.remove(ids[0])
