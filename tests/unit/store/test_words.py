"""The index of words on every engine: what is archived is found, and what is gone is not."""

import asyncio
import re
from collections.abc import AsyncIterator, Sequence

import pytest
from sqlalchemy import Connection, delete, text
from sqlalchemy.exc import IntegrityError
from sqlalchemy.util import await_only
from tests.support.databases import CONCURRENT

from palaver.kernel.storage import (
    IndexedMessage,
    LogEntry,
    LogFilter,
    NewAccount,
    Tombstone,
    Word,
)
from palaver.store import words
from palaver.store.accounts import SqlAccountStore
from palaver.store.accounts_table import accounts
from palaver.store.engine import SqlDatabase
from palaver.store.log import SqlMessageLog

PEER = "juliet@example.org"


class Reader:
    """Takes every word for a word, and an id after a "not" for one that is taken back."""

    def searchable(self, host: str) -> bool:
        return host == "example.org"

    def read(self, stanza: bytes, origin_id: str | None, *, with_words: bool) -> IndexedMessage:
        assert origin_id is None
        words = re.findall(r"\w+", stanza.decode())
        if not with_words:
            return IndexedMessage([], words[:1])
        if words[:1] == ["unreadable"]:
            raise ValueError("a mistake")
        if words[:1] == ["not"]:
            return IndexedMessage(words, [], words[1])
        return IndexedMessage(words, words[:1])

    def tombstone(self, original: LogEntry, _retraction: LogEntry) -> Tombstone:
        return Tombstone(b"gone", is_last=not original.stanza.startswith(b"again"))

    def stone(self, _original: LogEntry, retraction: LogEntry) -> bytes | None:
        return b"gone"

    def corrects(self, later: LogEntry, original: LogEntry) -> bool:
        same = later.peer == original.peer
        return same and later.stanza.startswith(original.stanza.split()[0] + b" again")


@pytest.fixture
async def log(database: SqlDatabase) -> AsyncIterator[SqlMessageLog]:
    started = SqlMessageLog(database)
    await started.start()
    started.index_with(Reader())
    yield started
    await started.close()


@pytest.fixture
async def account(database: SqlDatabase) -> int:
    return await _new_account(database, "romeo")


async def _new_account(database: SqlDatabase, name: str) -> int:
    return (await SqlAccountStore(database).create(NewAccount("example.org", name, name))).id


def keep(
    log: SqlMessageLog, account: int, said: str, *, peer: str = PEER, archived: bool = True
) -> int:
    id_ = log.new_id()
    log.append(LogEntry(account, id_, False, peer, "x", said.encode(), not archived, archived))
    return id_


async def found(
    log: SqlMessageLog,
    account: int,
    *wanted: str,
    most: int = 100,
    newest: bool = False,
    **more: object,
) -> list[str]:
    """Search; a word with a star at its end stands for all that begin so."""
    asked = tuple(Word(word.rstrip("*"), word.endswith("*")) for word in wanted)
    which = LogFilter(words=asked)._replace(**more)  # type: ignore[arg-type]
    return [row.stanza.decode() for row in await log.page(account, which, most, newest=newest)]


async def rows(database: SqlDatabase) -> int:
    async with database.connect() as connection:
        return await connection.scalar(text(f"SELECT count(*) FROM {words.NAME}")) or 0


async def test_all_words_are_found_and_only_whole_ones(log: SqlMessageLog, account: int) -> None:
    for said in ("o romeo romeo", "wherefore art thou romeo", "deny thy father", "你好 世界"):
        keep(log, account, said)
    assert await found(log, account, "romeo") == ["o romeo romeo", "wherefore art thou romeo"]
    assert await found(log, account, "romeo", "art") == ["wherefore art thou romeo"]
    assert await found(log, account, "where") == []
    assert await found(log, account, "where*") == ["wherefore art thou romeo"]
    assert await found(log, account, "romeo", "where*") == ["wherefore art thou romeo"]
    assert await found(log, account, "世界") == ["你好 世界"]
    assert await found(log, account, "你*") == ["你好 世界"]
    assert await found(log, account) == []


async def test_pages_go_both_ways(log: SqlMessageLog, account: int) -> None:
    ids = [keep(log, account, f"word {number}") for number in range(10)]
    assert await found(log, account, "word", most=3) == ["word 0", "word 1", "word 2"]
    assert await found(log, account, "word", most=3, newest=True) == ["word 7", "word 8", "word 9"]
    assert await found(log, account, "word", most=2, after=ids[4]) == ["word 5", "word 6"]
    assert await found(log, account, "word", newest=True, before=ids[2]) == ["word 0", "word 1"]


async def test_other_conditions_hold_as_well(log: SqlMessageLog, account: int) -> None:
    nurse = [keep(log, account, f"anon {number}", peer="nurse@example.org") for number in range(3)]
    for number in range(50):
        keep(log, account, f"anon anon {number}")
    assert await found(log, account, "anon", peer="nurse@example.org") == [
        "anon 0",
        "anon 1",
        "anon 2",
    ]
    assert await found(log, account, "anon", ids=(nurse[1],)) == ["anon 1"]
    assert await found(log, account, "anon", peer=PEER, peer_resource="y") == []


async def test_what_matches_is_counted(log: SqlMessageLog, account: int) -> None:
    ids = [keep(log, account, "word") for _ in range(7)]
    keep(log, account, "another")
    word = (Word("word"),)
    assert await log.count(account, LogFilter(words=word)) == 7
    assert await log.count(account, LogFilter(words=word, after=ids[4])) == 2
    assert await log.count(account, LogFilter(words=word, ids=tuple(ids[:3]))) == 3
    assert await log.count(account, LogFilter(words=())) == 0


async def test_rare_words_are_found_far_from_both_ends(log: SqlMessageLog, account: int) -> None:
    for number in range(5_000):
        keep(log, account, "needle in hay" if number == 2_500 else "hay")
    assert await found(log, account, "needle") == ["needle in hay"]
    assert await found(log, account, "needle", newest=True) == ["needle in hay"]
    assert len(await found(log, account, "hay", most=30, newest=True)) == 30


async def test_accounts_are_searched_apart(
    database: SqlDatabase, log: SqlMessageLog, account: int
) -> None:
    other = await _new_account(database, "paris")
    keep(log, account, "mine")
    keep(log, other, "his")
    assert await found(log, other, "mine") == []
    assert await found(log, other, "his") == ["his"]


async def test_what_is_not_archived_is_not_found(log: SqlMessageLog, account: int) -> None:
    keep(log, account, "pending", archived=False)
    assert await found(log, account, "pending") == []


async def test_what_expires_or_is_forgotten_leaves_the_index(
    database: SqlDatabase, log: SqlMessageLog, account: int
) -> None:
    ids = [keep(log, account, "word") for _ in range(4)]
    await found(log, account, "word")
    assert await rows(database) == 4
    await log.expire(account, ids[1])
    assert await rows(database) == 3
    await log.forget(account)
    assert await rows(database) == 0


async def test_the_index_of_an_account_goes_with_it(
    database: SqlDatabase, log: SqlMessageLog, account: int
) -> None:
    keep(log, account, "word")
    await found(log, account, "word")
    async with database.begin() as connection:
        await connection.execute(delete(accounts).where(accounts.c.id == account))
    assert await rows(database) == 0


async def test_what_was_archived_before_is_indexed_after_the_start(
    database: SqlDatabase, account: int
) -> None:
    before = SqlMessageLog(database)
    await before.start()
    for number in range(120):
        keep(before, account, f"old {number}")
    await before.close()
    after = SqlMessageLog(database)
    await after.start()
    after.index_with(Reader())
    async with asyncio.timeout(10):
        while await rows(database) < 120:  # noqa: ASYNC110 - it is in the database
            await asyncio.sleep(0.05)
    assert await found(after, account, "old", "7") == ["old 7"]
    await after.close()


async def test_what_is_committed_late_is_indexed_too(log: SqlMessageLog, account: int) -> None:
    late = log.new_id()
    keep(log, account, "early")
    assert await found(log, account, "early") == ["early"]
    log.append(LogEntry(account, late, False, PEER, "x", b"late early", False, True))
    assert await found(log, account, "early") == ["late early", "early"]


async def test_a_message_that_cannot_be_read_is_left_out_alone(
    log: SqlMessageLog, account: int
) -> None:
    for said in ("word before", "unreadable word", "word after"):
        keep(log, account, said)
    assert await found(log, account, "word") == ["word before", "word after"]


@pytest.mark.parametrize("migrated_url", CONCURRENT, indirect=True)
async def test_an_account_may_go_while_its_messages_are_indexed(
    database: SqlDatabase, account: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    write = words.writer(database.dialect)
    calls: list[int] = []

    async def go() -> None:
        async with database.begin() as connection:
            await connection.execute(delete(accounts).where(accounts.c.id == account))

    def write_late(connection: Connection, rows: Sequence[words.Indexed]) -> None:
        calls.append(len(rows))
        await_only(go())
        write(connection, rows)

    monkeypatch.setattr(words, "writer", lambda _: write_late)
    log = SqlMessageLog(database)
    await log.start()
    log.index_with(Reader())
    keep(log, account, "word")
    assert await log.catch_up(account)
    assert calls == [1]
    await log.close()


async def test_a_failure_while_indexing_does_not_end_it(
    database: SqlDatabase, log: SqlMessageLog, account: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("palaver.store.indexing._AFTER_OUTAGE", 0.01)
    refused = asyncio.Event()

    async def refuse(_: object) -> None:
        refused.set()
        raise IntegrityError("INSERT", None, Exception("the account is gone"))

    with monkeypatch.context() as patch:
        keep(log, account, "word")
        await log.flush()
        patch.setattr(database, "transact", refuse)
        await refused.wait()
    async with asyncio.timeout(20):
        while not await rows(database):  # noqa: ASYNC110 - it is in the database
            await asyncio.sleep(0.05)


async def test_what_is_taken_back_becomes_a_tombstone_and_is_not_found(
    log: SqlMessageLog, account: int
) -> None:
    keep(log, account, "m1 of old")
    keep(log, account, "m1 wherefore")
    keep(log, account, "m1 of somebody else", peer="nurse@example.org")
    keep(log, account, "m2 wherefore")
    keep(log, account, "m1 not archived", archived=False)
    keep(log, account, "not m1")
    keep(log, account, "m1 later")
    await log.catch_up(account)
    said = [row.stanza.decode() for row in await log.page(account, LogFilter(), 100)]
    assert said == [
        "m1 of old",
        "gone",
        "m1 of somebody else",
        "m2 wherefore",
        "not m1",
        "m1 later",
    ]
    assert await found(log, account, "wherefore") == ["m2 wherefore"]
    assert [row.stanza for row in await log.pending(account)] == [b"gone"]


async def test_it_is_taken_back_however_much_was_said_since(
    log: SqlMessageLog, account: int
) -> None:
    keep(log, account, "m1 wherefore")
    for number in range(2_500):
        keep(log, account, f"x{number} other")
    keep(log, account, "not m1")
    await log.catch_up(account)
    (first,) = await log.page(account, LogFilter(), 1)
    assert first.stanza == b"gone"


async def test_common_words_and_rare_ones_are_found_together_among_many(
    log: SqlMessageLog, account: int
) -> None:
    for number in range(5_000):
        rare = " rarely" if number in (10, 4_000) else ""
        keep(log, account, f"m{number} common{number % 2} {number % 3}{rare}")
    rare_ones = ["m10 common0 1 rarely", "m4000 common0 1 rarely"]
    assert await found(log, account, "rare*") == rare_ones
    assert await found(log, account, "comm*", "rare*") == rare_ones
    assert await found(log, account, "rare*", "common1") == []
    assert await found(log, account, "rare*", "comm*", most=1, newest=True) == rare_ones[1:]
    assert await found(log, account, "comm*", "m7*", "2", most=2) == [
        "m71 common1 2",
        "m74 common0 2",
    ]
    assert await found(log, account, "common*", most=2, newest=True) == [
        "m4998 common0 0",
        "m4999 common1 1",
    ]
    assert await found(log, account, "common*", "nowhere*") == []


async def test_what_is_buried_goes_with_its_corrections(log: SqlMessageLog, account: int) -> None:
    first = keep(log, account, "m1 said")
    again = keep(log, account, "m1 again m1 better")
    other = keep(log, account, "m1 by another", peer="nurse@example.org")
    assert await log.bury(account, first - 1, lambda _entry: b"gone") == []
    assert await log.bury(account, first, lambda _entry: None) == []
    assert await log.bury(account, first, lambda _entry: b"gone") == [first, again]
    kept = await log.page(account, LogFilter(), 10)
    assert {row.id: row.stanza for row in kept}[other] == b"m1 by another"
    assert {row.id: row.stanza for row in kept}[first] == b"gone"
    assert [row.id for row in await log.page(account, LogFilter(words=(Word("said"),)), 10)] == []
    assert {row.id: row.stanza for row in kept}[again] == b"gone"
