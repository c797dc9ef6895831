"""The message log on every engine: what is settled is stored, in order, and found again."""

import asyncio
import re
from collections.abc import AsyncIterator, Callable
from functools import partial
from typing import Any

import pytest
from sqlalchemy import Connection, event, select, text
from sqlalchemy.exc import IntegrityError
from structlog.testing import capture_logs

from palaver.kernel.storage import LogEntry, NewAccount, StorageUnavailable
from palaver.store.accounts import SqlAccountStore
from palaver.store.engine import SqlDatabase
from palaver.store.log import SqlMessageLog
from palaver.store.log_table import acknowledger, log_table

Outcomes = list[BaseException | None]


@pytest.fixture
async def log(database: SqlDatabase) -> AsyncIterator[SqlMessageLog]:
    started = SqlMessageLog(database)
    await started.start()
    yield started
    await started.close()


@pytest.fixture
async def account(database: SqlDatabase) -> int:
    return await _new_account(database, "romeo")


async def _new_account(database: SqlDatabase, name: str) -> int:
    return (await SqlAccountStore(database).create(NewAccount("example.org", name, name))).id


def entry(
    log: SqlMessageLog,
    account: int,
    *,
    pending: bool = True,
    archived: bool = False,
    stanza: bytes = b"<message/>",
    settled: Callable[[BaseException | None], None] | None = None,
) -> LogEntry:
    peer = "juliet@example.org"
    return LogEntry(
        account, log.new_id(), False, peer, "balcony", stanza, pending, archived, None, settled
    )


async def rows(database: SqlDatabase) -> list[tuple[int, bool, bool]]:
    columns = log_table.c
    query = select(columns.id, columns.pending, columns.archived).order_by(columns.id)
    async with database.connect() as connection:
        return [tuple(row) for row in await connection.execute(query)]


async def test_an_entry_is_settled_when_its_row_is_committed(
    database: SqlDatabase, log: SqlMessageLog, account: int
) -> None:
    settled: asyncio.Future[BaseException | None] = asyncio.get_running_loop().create_future()
    mine = entry(log, account, settled=settled.set_result)
    log.append(mine)
    assert not settled.done()
    assert await settled is None
    assert await rows(database) == [(mine.id, True, False)]


async def test_a_barrier_is_passed_after_what_was_appended_before_it_is_settled(
    log: SqlMessageLog, account: int
) -> None:
    passed: list[str] = []
    log.barrier(lambda: passed.append("nothing waits"))
    assert passed == ["nothing waits"]
    for number in range(10_000):  # several commits
        log.append(entry(log, account, settled=lambda _, n=number: passed.append(str(n))))
    done = asyncio.Event()
    log.barrier(done.set)
    log.append(entry(log, account, settled=lambda _: passed.append("later")))
    await done.wait()
    assert passed[1:10_001] == [str(number) for number in range(10_000)]


async def test_a_barrier_is_passed_when_all_before_it_is_acknowledged_early(
    log: SqlMessageLog, account: int
) -> None:
    mine = entry(log, account)
    log.append(mine)
    done = asyncio.Event()
    log.barrier(done.set)
    log.acknowledge(account, (mine.id,))
    async with asyncio.timeout(10):
        await done.wait()


async def test_a_barrier_behind_a_full_batch_is_passed_when_what_is_before_it_is_acknowledged_early(
    log: SqlMessageLog, account: int
) -> None:
    for _ in range(4096):
        log.append(entry(log, account))
    last = entry(log, account)
    log.append(last)
    passed = asyncio.Event()
    log.barrier(passed.set)
    log.acknowledge(account, [last.id])
    async with asyncio.timeout(10):
        await passed.wait()


async def test_origins_are_those_of_the_latest_entries(
    database: SqlDatabase, log: SqlMessageLog, account: int
) -> None:
    for number in range(5):
        mine = entry(log, account)._replace(origin_id=str(number) if number % 2 else None)
        log.append(mine._replace(outgoing=number == 3))
    await log.flush()
    peer = "juliet@example.org"
    found = await database.read(lambda connection: log.origins(connection, account, 4))
    assert found == [(True, True, peer, "3"), (False, True, peer, "1")]


async def test_pending_entries_come_back_as_they_were_oldest_first(
    log: SqlMessageLog, account: int
) -> None:
    first = LogEntry(
        account,
        log.new_id(),
        False,
        "ö" * 511 + "@" + "é" * 511,
        "r" * 1023,
        "<message><body>🌹</body></message>".encode(),
        True,
        True,
        "o" * 128,
    )
    second = entry(log, account, stanza=b"<message>" + b"x" * 1_000_000 + b"</message>")
    log.append(first)
    log.append(second)
    assert await log.pending(account) == [first, second]


async def test_what_accounts_sent_waits_for_other_domains_and_not_for_themselves(
    database: SqlDatabase, log: SqlMessageLog, account: int
) -> None:
    """Of all accounts together, in the order in which it was sent, in pages."""
    other = await _new_account(database, "paris")
    received = entry(log, account)
    sent = [
        entry(log, each, archived=archived)._replace(outgoing=True)
        for each, archived in ((account, True), (other, False), (account, False))
    ]
    for each in (received, *sent):
        log.append(each)
    assert await log.departing() == sent
    assert await log.departing(after_id=sent[0].id, limit=1) == sent[1:2]
    assert await log.pending(account) == [received]
    assert (await log.count_pending(account), await log.count_pending(other)) == (1, 0)
    log.acknowledge(account, [sent[0].id, sent[2].id])
    assert await log.departing() == sent[1:2]


async def test_pending_entries_are_given_in_pages(log: SqlMessageLog, account: int) -> None:
    entries = [entry(log, account) for _ in range(10)]
    for each in entries:
        log.append(each)
    assert await log.pending(account, limit=4) == entries[:4]
    assert await log.pending(account, after_id=entries[3].id, limit=4) == entries[4:8]
    assert await log.pending(account, after_id=entries[9].id) == []


async def test_pending_entries_are_those_of_the_account_alone(
    database: SqlDatabase, log: SqlMessageLog, account: int
) -> None:
    other = await _new_account(database, "paris")
    log.append(entry(log, other))
    log.append(entry(log, account, pending=False, archived=True))
    assert await log.pending(account) == []
    assert await log.count_pending(account) == 0
    assert await log.count_pending(other) == 1


async def test_an_acknowledged_row_goes_unless_it_is_archived(
    database: SqlDatabase, log: SqlMessageLog, account: int
) -> None:
    passing, archived, kept = (
        entry(log, account),
        entry(log, account, archived=True),
        entry(log, account),
    )
    for each in (passing, archived, kept):
        log.append(each)
    await log.flush()
    log.acknowledge(account, [passing.id, archived.id])
    await log.flush()
    assert await rows(database) == [(archived.id, False, True), (kept.id, True, False)]
    assert await log.pending(account) == [kept]


async def test_an_entry_acknowledged_before_its_commit_is_settled_and_not_pending(
    database: SqlDatabase, log: SqlMessageLog, account: int
) -> None:
    outcomes: Outcomes = []
    passing = entry(log, account, settled=outcomes.append)
    archived = entry(log, account, archived=True, settled=outcomes.append)
    log.append(passing)
    log.append(archived)
    log.acknowledge(account, [passing.id, archived.id])
    await log.flush()
    assert outcomes == [None, None]
    assert log.size == 0
    assert await rows(database) == [(archived.id, False, True)]


async def test_an_entry_acknowledged_during_its_commit_is_not_pending(
    database: SqlDatabase, log: SqlMessageLog, account: int
) -> None:
    entries = [entry(log, account) for _ in range(3000)]
    for each in entries:
        log.append(each)
    for _ in range(3):  # turns of the loop, in which the commit begins
        await asyncio.sleep(0)
    log.acknowledge(account, [each.id for each in entries])
    await log.flush()
    assert await rows(database) == []


async def test_acknowledging_what_is_not_there_does_nothing(
    database: SqlDatabase, log: SqlMessageLog, account: int
) -> None:
    other = await _new_account(database, "paris")
    mine = entry(log, account)
    log.append(mine)
    await log.flush()
    log.acknowledge(other, [mine.id])
    log.acknowledge(account, [mine.id + 1, 1])
    assert await log.pending(account) == [mine]


async def test_acknowledgements_of_many_accounts_share_a_commit(
    database: SqlDatabase, log: SqlMessageLog
) -> None:
    accounts = [await _new_account(database, f"user{number}") for number in range(120)]
    entries = [entry(log, account, archived=n % 2 == 0) for account in accounts for n in range(8)]
    for each in entries:
        log.append(each)
    await log.flush()
    for each in entries:
        log.acknowledge(each.account_id, [each.id])
    await log.flush()
    assert await rows(database) == [(e.id, False, True) for e in entries if e.archived]


def _note(order: list[int], number: int, _: BaseException | None) -> None:
    order.append(number)


async def test_more_entries_than_one_commit_takes_are_settled_in_order(
    log: SqlMessageLog, account: int
) -> None:
    order: list[int] = []
    entries = []
    for number in range(10_000):
        mine = entry(log, account, settled=partial(_note, order, number))
        entries.append(mine)
        log.append(mine)
    assert log.size == 10_000
    await log.flush()
    assert order == list(range(10_000))
    assert log.size == 0
    assert await log.pending(account, limit=20_000) == [e._replace(settled=None) for e in entries]


async def test_a_row_the_database_will_not_have_fails_alone(
    database: SqlDatabase, log: SqlMessageLog, account: int
) -> None:
    outcomes: dict[int, BaseException | None] = {}

    def note(id_: int) -> Callable[[BaseException | None], None]:
        return lambda error: outcomes.update({id_: error})

    good = [entry(log, account) for _ in range(20)]
    gone = entry(log, account + 1000)
    for each in [*good[:11], gone, *good[11:]]:
        log.append(each._replace(settled=note(each.id)))
    log.acknowledge(account, [1])
    await log.flush()
    assert isinstance(outcomes.pop(gone.id), Exception)
    assert outcomes == {each.id: None for each in good}
    assert await log.pending(account) == good
    assert log.available


async def test_ids_grow_from_the_last_one_used_even_when_the_clock_was_ahead(
    database: SqlDatabase, log: SqlMessageLog, account: int
) -> None:
    ids = [log.new_id() for _ in range(1000)]
    assert sorted(set(ids)) == ids
    ahead = entry(log, account)._replace(id=(1 << 62) + 5)
    log.append(ahead)
    await log.flush()
    restarted = SqlMessageLog(database)
    await restarted.start()
    assert restarted.new_id() == ahead.id + 1
    assert restarted.new_id() == ahead.id + 2
    await restarted.close()


async def test_a_full_log_says_so_and_calls_back_when_it_has_drained(
    database: SqlDatabase, account: int
) -> None:
    log = SqlMessageLog(database, queue_rows=10)
    drained = asyncio.Event()
    outcomes: Outcomes = []
    for _ in range(10):
        assert not log.full
        log.append(entry(log, account, settled=outcomes.append))
    assert log.full
    log.on_drain(drained.set)
    await log.start()
    await drained.wait()
    assert not log.full
    await log.flush()
    assert outcomes == [None] * 10
    drained.clear()
    log.on_drain(drained.set)
    await drained.wait()
    await log.close()


@pytest.mark.parametrize("bounds", [{"queue_rows": 5}, {"queue_bytes": 5 * 700}])
async def test_at_twice_its_bound_the_log_refuses_entries(
    database: SqlDatabase, account: int, bounds: dict[str, int]
) -> None:
    log = SqlMessageLog(database, **bounds)
    kept: Outcomes = []
    refused: Outcomes = []
    for _ in range(10):
        log.append(entry(log, account, stanza=b"x" * 400, settled=kept.append))
    log.append(entry(log, account, stanza=b"x" * 400, settled=refused.append))
    await log.start()
    await log.close()
    assert kept == [None] * 10
    assert [type(error) for error in refused] == [StorageUnavailable]


async def test_a_closed_log_has_committed_everything_and_refuses_more(
    database: SqlDatabase, account: int
) -> None:
    log = SqlMessageLog(database)
    await log.start()
    before: Outcomes = []
    after: asyncio.Future[BaseException | None] = asyncio.get_running_loop().create_future()
    log.append(entry(log, account, settled=before.append))
    await log.close()
    assert before == [None]
    log.append(entry(log, account, settled=after.set_result))
    assert isinstance(await after, StorageUnavailable)
    assert len(await rows(database)) == 1


async def test_an_error_in_one_callback_does_not_keep_others_waiting(
    log: SqlMessageLog, account: int
) -> None:
    outcomes: Outcomes = []

    def broken(_: BaseException | None) -> None:
        raise RuntimeError("as arranged")

    log.append(entry(log, account, settled=broken))
    log.append(entry(log, account, settled=outcomes.append))
    await log.flush()
    log.append(entry(log, account, settled=outcomes.append))
    await log.flush()
    assert outcomes == [None, None]


async def test_an_origin_id_that_does_not_fit_is_refused_at_once(
    log: SqlMessageLog, account: int
) -> None:
    with pytest.raises(ValueError, match="origin-id"):
        log.append(entry(log, account)._replace(origin_id="o" * 129))


async def test_a_forgotten_log_is_empty_and_others_stay(
    database: SqlDatabase, log: SqlMessageLog, account: int
) -> None:
    other = await _new_account(database, "paris")
    theirs = entry(log, other)
    for _ in range(5001):
        log.append(entry(log, account))
    log.append(theirs)
    await log.forget(account)
    assert [row[0] for row in await rows(database)] == [theirs.id]
    await log.forget(account)


async def test_the_rows_of_a_deleted_account_are_gone(
    database: SqlDatabase, log: SqlMessageLog, account: int
) -> None:
    log.append(entry(log, account, archived=True))
    await log.flush()
    await SqlAccountStore(database).delete(account)
    assert await rows(database) == []


async def test_that_an_account_was_deleted_is_no_trouble_of_the_database(
    database: SqlDatabase, log: SqlMessageLog, account: int
) -> None:
    await SqlAccountStore(database).delete(account)
    refused: Outcomes = []
    with capture_logs() as logged:
        log.append(entry(log, account, settled=refused.append))
        await log.flush()
        await asyncio.sleep(0)
    assert [type(error) for error in refused] == [IntegrityError]
    assert logged == []


async def test_flushing_an_empty_log_returns_at_once(log: SqlMessageLog) -> None:
    await log.flush()


async def _explained(database: SqlDatabase, statement: str, values: Any = ()) -> str:
    words = {"sqlite": "EXPLAIN QUERY PLAN", "postgresql": "EXPLAIN", "mysql": "EXPLAIN"}
    async with database.begin() as connection:
        if database.dialect == "postgresql":
            # Scanning is cheaper only as long as there are few rows.
            await connection.execute(text("SET LOCAL enable_seqscan = off"))
        explain = f"{words[database.dialect]} {statement}"
        plan = await connection.exec_driver_sql(explain, values)
        return " ".join(str(value) for row in plan for value in row)


async def test_pending_rows_are_found_by_an_index_of_their_own(
    database: SqlDatabase, log: SqlMessageLog, account: int
) -> None:
    for _ in range(50):
        log.append(entry(log, account, archived=True, pending=False))
    log.append(entry(log, account))
    await log.flush()
    columns = log_table.c
    query = select(columns.stanza).where(
        columns.account_id == account, columns.pending, columns.id > 5
    )
    async with database.connect() as connection:
        literal = query.compile(dialect=connection.dialect, compile_kwargs={"literal_binds": True})
    plan = await _explained(database, str(literal))
    index = "ix_log_account_id_pending_id" if database.dialect == "mysql" else "ix_log_pending"
    assert index in plan


async def test_acknowledging_reads_no_other_rows(
    database: SqlDatabase, log: SqlMessageLog, account: int
) -> None:
    entries = [entry(log, account, archived=True) for _ in range(2000)]
    for each in entries:
        log.append(each)
    await log.flush()
    statements: list[tuple[str, Any]] = []

    def acknowledge(connection: Connection) -> None:
        @event.listens_for(connection, "before_cursor_execute")
        def note(_c: object, _u: object, statement: str, values: Any, *_: object) -> None:
            statements.append((statement, values))

        keys = [(account, each.id) for each in entries[::300]]
        acknowledger(database.dialect)(connection, keys)

    await database.transact(acknowledge)
    changes = [each for each in statements if each[0].startswith(("UPDATE", "DELETE"))]
    assert len(changes) == 2
    for statement, values in changes:
        plan = await _explained(database, statement, values)
        assert not re.search(r"SCAN log|Seq Scan on log|\bALL\b", plan), plan
