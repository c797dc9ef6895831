"""The message log when the database is away, locked or full: nothing is dropped silently."""

import asyncio
import os
import resource
import sqlite3
from collections.abc import AsyncIterator, Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest
from tests.support.databases import DatabaseServer, DatabaseServers

from palaver.kernel.storage import LogEntry, NewAccount, StorageUnavailable
from palaver.store.accounts import SqlAccountStore
from palaver.store.engine import SqlDatabase, open_database
from palaver.store.log import SqlMessageLog
from palaver.store.migrations import upgrade

FILE = "x.sqlite3"


@pytest.fixture
async def database(tmp_path: Path) -> AsyncIterator[SqlDatabase]:
    opened = await open_database(f"sqlite:///{FILE}", tmp_path, busy_timeout=0.02)
    await upgrade(opened)
    yield opened
    await opened.close()


@contextmanager
def locked(directory: Path) -> Iterator[None]:
    """Hold the lock that a writer needs, from another connection."""
    with closing(sqlite3.connect(directory / FILE, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        yield


@contextmanager
def full(directory: Path) -> Iterator[None]:
    """Let the operating system refuse to make any of the database's files longer."""
    largest = max(os.path.getsize(path) for path in directory.iterdir())
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (largest, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)


async def started(database: SqlDatabase, *, patience: float) -> tuple[SqlMessageLog, int]:
    log = SqlMessageLog(database, patience=patience)
    await log.start()
    account = await SqlAccountStore(database).create(NewAccount("host", "romeo", "romeo"))
    return log, account.id


def append(log: SqlMessageLog, account: int, size: int = 100) -> asyncio.Future[object]:
    """Append a pending entry; the future holds its outcome."""
    outcome: asyncio.Future[object] = asyncio.get_running_loop().create_future()
    peer = "juliet@host"
    log.append(
        LogEntry(
            account,
            log.new_id(),
            False,
            peer,
            "",
            b"x" * size,
            True,
            False,
            None,
            outcome.set_result,
        )
    )
    return outcome


async def until_stored(log: SqlMessageLog, account: int) -> None:
    """Append entries until one is stored; the log tries the database once in a while."""
    async with asyncio.timeout(20):
        while await append(log, account) is not None:
            pass


async def test_entries_for_a_locked_file_are_refused_and_service_resumes(
    database: SqlDatabase, tmp_path: Path
) -> None:
    log, account = await started(database, patience=0.1)
    assert await append(log, account) is None
    with locked(tmp_path):
        outcomes = await asyncio.gather(*(append(log, account) for _ in range(5)))
        assert [type(outcome) for outcome in outcomes] == [StorageUnavailable] * 5
        assert not log.available
        assert log.size == 0
    await until_stored(log, account)
    assert log.available
    assert len(await log.pending(account)) == 2
    await log.close()


async def test_while_the_database_is_away_entries_are_refused_without_waiting_for_it(
    database: SqlDatabase, tmp_path: Path
) -> None:
    log, account = await started(database, patience=0.1)
    with locked(tmp_path):
        await append(log, account)
        async with asyncio.timeout(10):  # trying for each of them would take 0.02 s, or 20 s
            for _ in range(1000):
                assert isinstance(await append(log, account), StorageUnavailable)
    await log.close()


async def test_a_lock_that_goes_in_time_is_not_noticed(
    database: SqlDatabase, tmp_path: Path
) -> None:
    log, account = await started(database, patience=60)
    with locked(tmp_path):
        outcome = append(log, account)
        # Until after the first attempt, which waits for the lock but a moment.
        await asyncio.wait([asyncio.ensure_future(outcome)], timeout=0.2)
        assert not outcome.done()
    assert await outcome is None
    assert log.available
    await log.close()


async def test_entries_for_a_full_disk_are_refused_and_service_resumes(
    database: SqlDatabase, tmp_path: Path
) -> None:
    log, account = await started(database, patience=0.1)
    with full(tmp_path):
        outcome = await append(log, account, size=1_000_000)
        assert isinstance(outcome, StorageUnavailable)
    await until_stored(log, account)
    assert len(await log.pending(account)) == 1
    await log.close()


async def test_acknowledgements_outlast_an_outage(database: SqlDatabase, tmp_path: Path) -> None:
    log, account = await started(database, patience=0.1)
    for _ in range(3):
        append(log, account)
    first, second, third = await log.pending(account)
    with locked(tmp_path):
        log.acknowledge(account, [first.id])
        await log.flush()
        log.acknowledge(account, [third.id])
        await log.flush()
    await until_stored(log, account)
    assert (await log.pending(account))[:-1] == [second]
    await log.close()


async def test_a_log_closed_during_an_outage_refuses_what_waits(
    database: SqlDatabase, tmp_path: Path
) -> None:
    log, account = await started(database, patience=0.1)
    with locked(tmp_path):
        outcome = append(log, account)
        await log.close()
    assert isinstance(await outcome, StorageUnavailable)


@pytest.fixture(params=["postgresql", "mysql"])
def stoppable(
    request: pytest.FixtureRequest, breakable_servers: DatabaseServers
) -> Iterator[DatabaseServer]:
    server = breakable_servers.server(request.param)
    yield server
    server.stop()
    server.start()


async def test_entries_for_a_stopped_server_are_refused_and_service_resumes(
    stoppable: DatabaseServer, tmp_path: Path
) -> None:
    with stoppable.fresh() as url:
        database = await open_database(url, tmp_path)
        await upgrade(database)
        log, account = await started(database, patience=0.1)
        assert await append(log, account) is None
        await asyncio.to_thread(stoppable.stop)
        assert isinstance(await append(log, account), StorageUnavailable)
        await asyncio.to_thread(stoppable.start)
        await until_stored(log, account)
        assert len(await log.pending(account)) == 2
        await log.close()
        await database.close()


async def test_a_server_that_restarts_in_time_is_not_noticed(
    stoppable: DatabaseServer, tmp_path: Path
) -> None:
    with stoppable.fresh() as url:
        database = await open_database(url, tmp_path)
        await upgrade(database)
        log, account = await started(database, patience=60)
        restarting = asyncio.create_task(asyncio.to_thread(_restart, stoppable))
        outcomes = []
        while not restarting.done():
            outcomes.append(append(log, account))
            await asyncio.wait([restarting], timeout=0.01)
        await restarting
        assert set(await asyncio.gather(*outcomes)) == {None}
        assert await log.count_pending(account) == len(outcomes)
        await log.close()
        await database.close()


def _restart(server: DatabaseServer) -> None:
    server.stop()
    server.start()


async def test_after_an_outage_the_log_works_again_without_another_entry(
    database: SqlDatabase, tmp_path: Path
) -> None:
    log, account = await started(database, patience=0.1)
    entry_id = log.new_id()
    log.append(LogEntry(account, entry_id, False, "juliet@host", "", b"x", True, False))
    await log.flush()
    with locked(tmp_path):
        log.acknowledge(account, [entry_id])
        assert isinstance(await append(log, account), StorageUnavailable)
    async with asyncio.timeout(20):
        while not log.available:
            await log.pending(account)
        assert await log.pending(account) == []
        await log.close()
