"""The message log against a model of it: any mixture of calls leaves the rows it should."""

import asyncio
import tempfile
from collections import Counter
from collections.abc import Iterator
from functools import partial
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from palaver.kernel.storage import LogEntry, NewAccount
from palaver.store.accounts import SqlAccountStore
from palaver.store.engine import SqlDatabase, open_database
from palaver.store.log import SqlMessageLog
from palaver.store.log_table import log_table
from palaver.store.migrations import upgrade

Step = tuple[str, int, int]
"""what to do, to which of two accounts, and a number that says more"""

ACTIONS = [
    "append",
    "append",
    "append",
    "acknowledge",
    "acknowledge",
    "pending",
    "departing",
    "count",
    "flush",
    "turn",
    "restart",
    "forget",
]

steps = st.lists(
    st.tuples(
        st.sampled_from(ACTIONS),
        st.integers(0, 1),
        st.integers(0, 1000),
    ),
    max_size=60,
)


class Model:
    """What the log should hold: per account, the entries by id."""

    def __init__(self) -> None:
        self.rows: dict[int, dict[int, LogEntry]] = {}
        self.appended: list[int] = []
        self.settled: Counter[int] = Counter()

    def pending(self, account: int) -> list[LogEntry]:
        rows = self.rows.get(account, {})
        return [each for _, each in sorted(rows.items()) if each.pending and not each.outgoing]

    def departing(self) -> list[LogEntry]:
        rows = {id_: each for rows in self.rows.values() for id_, each in rows.items()}
        return [each for _, each in sorted(rows.items()) if each.pending and each.outgoing]

    def acknowledge(self, account: int, id_: int) -> None:
        rows = self.rows.get(account, {})
        if id_ not in rows:
            return
        if rows[id_].archived:
            rows[id_] = rows[id_]._replace(pending=False)
        else:
            del rows[id_]

    def settle(self, id_: int, error: BaseException | None) -> None:
        assert error is None
        self.settled[id_] += 1


@pytest.fixture(scope="module")
def directory() -> Iterator[Path]:
    with tempfile.TemporaryDirectory() as name:
        path = Path(name)
        asyncio.run(_migrate(path))
        yield path


async def _open(directory: Path) -> SqlDatabase:
    return await open_database("sqlite:///x.sqlite3", directory, synchronous="off")


async def _migrate(directory: Path) -> None:
    database = await _open(directory)
    await upgrade(database)
    await database.close()


@settings(max_examples=150, deadline=None, suppress_health_check=list(HealthCheck))
@given(steps=steps)
def test_any_mixture_of_calls_leaves_the_rows_of_the_model(
    directory: Path, steps: list[Step]
) -> None:
    asyncio.run(_play(directory, steps))


async def _play(directory: Path, steps: list[Step]) -> None:
    database = await _open(directory)
    store = SqlAccountStore(database)
    accounts = [(await store.create(NewAccount("host", name, name))).id for name in ("a", "b")]
    log = SqlMessageLog(database, interval=0)
    await log.start()
    model = Model()
    for action, which, number in steps:
        account = accounts[which]
        if action == "restart":
            await log.close()
            log = SqlMessageLog(database, interval=0)
            await log.start()
        else:
            await _do(action, log, model, account, number)
    await log.flush()
    await asyncio.sleep(0)  # what was acknowledged before it was stored is settled in the next turn
    assert log.size == 0
    assert model.settled == Counter(model.appended)
    await _compare(database, model, accounts)
    await log.close()
    for account in accounts:
        await store.delete(account)
    await database.close()


async def _do(action: str, log: SqlMessageLog, model: Model, account: int, number: int) -> None:
    if action == "append":
        _append(log, model, account, number)
    elif action == "acknowledge":
        # Some of those there are, the last ones too; twice; and some that are another's.
        ids = model.appended[-(number % 7) :: 2] or [number]
        log.acknowledge(account, ids)
        for id_ in ids:
            model.acknowledge(account, id_)
    elif action == "pending":
        limit = number % 5 + 1
        found = await log.pending(account, after_id=0, limit=limit)
        assert found == model.pending(account)[:limit]
        if found:
            rest = await log.pending(account, after_id=found[-1].id)
            assert found + rest == model.pending(account)
    elif action == "departing":
        limit = number % 5 + 1
        assert await log.departing(limit=limit) == model.departing()[:limit]
    elif action == "count":
        assert await log.count_pending(account) == len(model.pending(account))
    elif action == "flush":
        await log.flush()
    elif action == "turn":
        await asyncio.sleep(0)
    elif action == "forget":
        await log.forget(account)
        model.rows.pop(account, None)


def _append(log: SqlMessageLog, model: Model, account: int, number: int) -> None:
    id_ = log.new_id()
    assert not model.appended or id_ > model.appended[-1]
    archived = bool(number & 1)
    pending = bool(number & 2) or not archived
    entry = LogEntry(
        account,
        id_,
        bool(number & 4),
        f"peer{number}@host",
        "resource" if number & 8 else "",
        b"<message/>" * (number % 4),
        pending,
        archived,
        f"origin{number}" if number & 16 else None,
    )
    model.appended.append(id_)
    model.rows.setdefault(account, {})[id_] = entry
    log.append(entry._replace(settled=partial(model.settle, id_)))


async def _compare(database: SqlDatabase, model: Model, accounts: list[int]) -> None:
    for account in accounts:
        query = select(log_table).where(log_table.c.account_id == account)
        async with database.connect() as connection:
            rows = await connection.execute(query.order_by(log_table.c.id))
            found = [LogEntry(*row) for row in rows]
        expected = model.rows.get(account, {})
        assert found == [expected[id_] for id_ in sorted(expected)]
