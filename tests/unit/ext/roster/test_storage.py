"""Rosters in the database, on every engine."""

import asyncio
from collections.abc import Callable, Coroutine
from typing import Any

import pytest
from sqlalchemy.exc import IntegrityError

from palaver import jid
from palaver.ext.roster.item import RosterItem
from palaver.ext.roster.roster import Roster
from palaver.ext.roster.states import State
from palaver.ext.roster.table import load, row_of, row_of_removal
from palaver.ext.roster.writer import Change, Writer
from palaver.kernel.storage import NewAccount
from palaver.store.accounts import SqlAccountStore
from palaver.store.engine import SqlDatabase

ROMEO = jid.parse_bare("romeo@montague.example")
NURSE = jid.parse_bare("nurse@capulet.example")


def spawner(tasks: set[asyncio.Task[None]]) -> Callable[[Coroutine[Any, Any, None]], object]:
    def spawn(work: Coroutine[Any, Any, None]) -> object:
        task = asyncio.get_running_loop().create_task(work)
        tasks.add(task)
        return task

    return spawn


@pytest.fixture
def writer(database: SqlDatabase) -> Writer:
    return Writer(database, spawner(set()))


@pytest.fixture
async def account(database: SqlDatabase) -> int:
    new = NewAccount("capulet.example", "juliet", skeleton="juliet")
    return (await SqlAccountStore(database).create(new)).id


async def read(database: SqlDatabase, account: int) -> Roster:
    return await database.read(lambda connection: load(connection, account, lambda _: True))


@pytest.mark.parametrize("state", State)
async def test_every_state_is_read_as_it_was_written(
    database: SqlDatabase, writer: Writer, account: int, state: State
) -> None:
    item = RosterItem(
        ROMEO,
        state,
        listed=True,
        name="Röme\U0001f339 'o' \\",
        groups=("A, B", 'C "D"', "é"),
        approved=True,
        request=b"<presence type='subscribe'/>" if state.pending_in else None,
        version=1_800_000_000_000,
    )
    await writer.write(Change(account, row_of(account, item, 5)))
    roster = await read(database, account)
    assert roster.contacts == {ROMEO: item}
    assert (roster.version, roster.floor) == (1_800_000_000_000, 5)


async def test_removals_are_remembered_and_forgotten(
    database: SqlDatabase, writer: Writer, account: int
) -> None:
    others = [jid.parse_bare(f"c{number}@x.example") for number in range(3)]
    for number, contact in enumerate(others):
        await writer.write(Change(account, row_of_removal(account, contact, number + 1, 0)))
    listed = RosterItem(NURSE, listed=True, version=4)
    await writer.write(Change(account, row_of(account, listed, 0)))
    roster = await read(database, account)
    assert roster.removed == {contact: number + 1 for number, contact in enumerate(others)}
    await writer.write(Change(account, row_of_removal(account, ROMEO, 5, 2), forget=2))
    roster = await read(database, account)
    assert roster.removed == {others[2]: 3, ROMEO: 5}
    assert (roster.version, roster.floor) == (5, 2)
    assert list(roster.contacts) == [NURSE]


async def test_a_deleted_row_is_gone(database: SqlDatabase, writer: Writer, account: int) -> None:
    stranger = RosterItem(ROMEO, State.NONE_PENDING_IN, request=b"<presence/>")
    await writer.write(Change(account, row_of(account, stranger, 0)))
    await writer.write(Change(account, delete=ROMEO))
    assert (await read(database, account)).contacts == {}


async def test_a_row_that_cannot_be_written_fails_alone(
    database: SqlDatabase, writer: Writer, account: int
) -> None:
    item = RosterItem(NURSE, listed=True, version=1)
    nobody = account + 1
    outcomes = await asyncio.gather(
        writer.write(Change(account, row_of(account, item, 0))),
        writer.write(Change(nobody, row_of(nobody, item, 0))),
        writer.write(Change(account, row_of(account, RosterItem(ROMEO, listed=True), 0))),
        return_exceptions=True,
    )
    assert [type(outcome) for outcome in outcomes] == [type(None), IntegrityError, type(None)]
    assert set((await read(database, account)).contacts) == {NURSE, ROMEO}
