"""Measures how long the server takes for a page of a large archive, and for a search in it.

Run: python -m benchmarks.archive (--help tells the options). It fills a database with the archives
of many accounts, one of which has a large part of all messages, and asks questions in its name, as
a client does; what is printed is the time from the question to the last byte of the answer, without
a network. Without a URL it uses an SQLite file in a temporary directory of the current one.
"""

import argparse
import asyncio
import random
import tempfile
import time
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from statistics import median
from typing import Final

import uvloop
from sqlalchemy import Connection, select

from palaver import jid
from palaver.app import assembled
from palaver.ext.archive.reader import Reader
from palaver.jid import FullJID
from palaver.kernel.config import parse
from palaver.kernel.server import Server
from palaver.kernel.session import Session, Wire
from palaver.kernel.storage import LogEntry, NewAccount, stanza_id
from palaver.store.engine import SqlDatabase, open_database
from palaver.store.indexing import indexed_table, row_of_index
from palaver.store.log_table import inserter, log_table, row_of
from palaver.store.migrations import upgrade
from palaver.store.upsert import upsert
from palaver.store.words import writer
from palaver.wire import element
from palaver.wire.errors import StreamError
from palaver.wire.stanza import Stanza

HOST: Final = "bench.example"
ME: Final = f"me@{HOST}"
YEAR: Final = 365 * 86_400_000  # milliseconds
PART: Final = 20_000  # rows of a transaction
COMMON, SELDOM, RARE, CHINESE = "the", "harbour", "quixotic", "北京"
PAGE_TARGET, SEARCH_TARGET = 20.0, 200.0  # milliseconds
_STATISTICS: Final[dict[str, tuple[str, ...]]] = {
    "sqlite": (),
    "postgresql": ("ANALYZE log", "ANALYZE log_words"),
    "mysql": ("ANALYZE TABLE log, log_words",),
}
_WORDS: Final = 30_000
_PEERS: Final = 8


class Texts:
    """Says things: some words often, most of them seldom, now and then in Chinese."""

    def __init__(self) -> None:
        self._random = random.Random(1)
        letters = "abcdefghijklmnopqrstuvwxyz"
        self._words = [
            "".join(self._random.choices(letters, k=self._random.randint(3, 9)))
            for _ in range(_WORDS)
        ]
        weights = [1 / (rank + 10) for rank in range(_WORDS)]
        self._some = iter(self._endless(weights))
        self._signs = [chr(0x4E00 + number) for number in range(3_000)]

    def _endless(self, weights: list[float]) -> Iterator[str]:
        while True:
            yield from self._random.choices(self._words, weights, k=100_000)

    def say(self, number: int) -> str:
        """Return the text of one message; the words that are looked for come in fixed numbers."""
        if number % 10 == 9:
            signs = "".join(self._random.choices(self._signs, k=12))
            return f"{CHINESE}{signs}" if number % 1_000 == 9 else signs
        words = [next(self._some) for _ in range(9)]
        if number % 2 == 0:
            words.append(COMMON)
        if number % 1_000 == 1:
            words.append(SELDOM)
        if number % 50_000 == 2:
            words.append(RARE)
        return " ".join(words)


class CountingWire:
    """Counts what is written to a session, and notes when the answer to a question came."""

    congested = False
    peer = "127.0.0.1"
    secure = True
    takes_many = False

    def __init__(self) -> None:
        self.size = self.messages = 0
        self.answer = b""
        self.answered = asyncio.Event()

    def write(self, data: bytes) -> None:
        self.size += len(data)
        if data.startswith(b"<iq"):
            self.answer = data
            self.answered.set()
        elif data.startswith(b"<message"):
            self.messages += 1

    def wait_for(self, other: Wire) -> None:
        pass

    def hold(self) -> None:
        pass

    def let_go(self) -> None:
        pass

    def end(self, error: StreamError | None) -> None:
        pass


async def fill(database: SqlDatabase, accounts: list[int], rows: int, mine: int) -> None:
    """Write so many rows, the first account's among them, in the order of time."""
    texts, insert, index = Texts(), inserter(database.dialect), writer(database.dialect)
    reader = Reader(lambda _: True)
    begin, step = (time.time_ns() // 1_000_000 - YEAR), YEAR / rows
    every, said = max(1, rows // mine), 0

    def entries(first: int, last: int) -> Iterator[LogEntry]:
        nonlocal said
        for number in range(first, last):
            is_mine = number % every == 0 and said < mine
            account = accounts[0] if is_mine else accounts[1 + number % (len(accounts) - 1)]
            said += is_mine
            text = texts.say(said if is_mine else number)
            peer = f"peer{random.randrange(_PEERS)}@{HOST}"
            stanza = f"<message from='{peer}/phone' id='{number:x}' type='chat'><body>{text}</body>"
            yield LogEntry(
                account, int(begin + number * step) << 20 | number % 1_000, number % 3 == 0, peer,
                "phone", f"{stanza}</message>".encode(), False, True, f"{number:x}",
            )  # fmt: skip

    def write(part: list[LogEntry], connection: Connection) -> None:
        if database.dialect == "sqlite":
            connection.exec_driver_sql("PRAGMA cache_size = -400000")
        insert(connection, [row_of(each) for each in sorted(part)], False)
        index(
            connection,
            [
                row_of_index(each, reader.read(each.stanza, each.origin_id, with_words=True))
                for each in part
            ],
        )

    started = time.monotonic()
    for first in range(0, rows, PART):
        part = list(entries(first, min(first + PART, rows)))
        await database.transact(partial(write, part))
        if first // PART % 50 == 49:
            rate = first / (time.monotonic() - started)
            print(f"  {first:,} rows, {rate:,.0f} a second", flush=True)
    last = part[-1].id
    names = ["account_id", "upto"]
    statement = upsert(database.dialect, indexed_table, names, names[:1])
    values = [{"account_id": each, "upto": last} for each in accounts]
    async with database.begin() as connection:
        await connection.execute(statement, values)
        for each in _STATISTICS[database.dialect]:  # as the server itself does, a little later
            await connection.exec_driver_sql(each)


class Asker:
    """Asks questions to the large archive, and takes the time."""

    def __init__(self, server: Server, session: Session, wire: CountingWire) -> None:
        self._server = server
        self._session = session
        self._wire = wire

    async def ask(self, fields: str, page: str) -> tuple[float, int]:
        """Return how long a question took, in milliseconds, and how many messages came."""
        wire = self._wire
        wire.messages, wire.size = 0, 0
        wire.answered.clear()
        tree = element.parse(
            f"<iq type='set' id='q'><query xmlns='urn:xmpp:mam:2'>"
            f"<x xmlns='jabber:x:data' type='submit'>{fields}</x>"
            f"<set xmlns='http://jabber.org/protocol/rsm'>{page}</set></query></iq>".encode()
        )
        stanza = Stanza.make("iq", self._session.jid, None, tree.attrs, *tree)
        started = time.perf_counter()
        self._server.router.submit(stanza, self._session)
        await wire.answered.wait()
        took = (time.perf_counter() - started) * 1e3
        if b"type='result'" not in wire.answer:
            raise SystemExit(wire.answer.decode())
        return took, wire.messages


def field(name: str, value: str) -> str:
    """Write a field of the form."""
    return f"<field var='{name}'><value>{value}</value></field>"


def words(value: str) -> str:
    """Write the field of a search."""
    return field("{urn:xmpp:fulltext:0}fulltext", value)


def _resource() -> str:
    return field("with", f"peer1@{HOST}/nowhere")


async def measure(asker: Asker, ids: list[int], size: int, rounds: int) -> None:
    """Ask questions of each kind, in places chosen by chance, and print what they took."""

    def somewhere() -> str:
        return stanza_id(random.choice(ids))

    def moment() -> str:
        seconds = (random.choice(ids) >> 20) // 1000
        return time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(seconds))

    def peer() -> str:
        return field("with", f"peer{random.randrange(_PEERS)}@{HOST}")

    most, end = f"<max>{size}</max>", f"<max>{size}</max><before/>"
    kinds: list[tuple[str, float, Callable[[], tuple[str, str]]]] = [
        ("first page", PAGE_TARGET, lambda: ("", most)),
        ("last page", PAGE_TARGET, lambda: ("", end)),
        ("page in the middle", PAGE_TARGET, lambda: ("", f"{most}<after>{somewhere()}</after>")),
        ("page before", PAGE_TARGET, lambda: ("", f"{most}<before>{somewhere()}</before>")),
        ("with somebody, first", PAGE_TARGET, lambda: (peer(), most)),
        ("with somebody, last", PAGE_TARGET, lambda: (peer(), end)),
        ("since a moment", PAGE_TARGET, lambda: (field("start", moment()), most)),
        ("until a moment, last", PAGE_TARGET, lambda: (field("end", moment()), end)),
        ("with somebody since", PAGE_TARGET, lambda: (peer() + field("start", moment()), most)),
        ("with a resource nobody has", PAGE_TARGET, lambda: (_resource(), end)),
        ("search, rare word", SEARCH_TARGET, lambda: (words(RARE), end)),
        ("search, seldom word", SEARCH_TARGET, lambda: (words(SELDOM), end)),
        ("search, common word", SEARCH_TARGET, lambda: (words(COMMON), end)),
        ("search, common word, first", SEARCH_TARGET, lambda: (words(COMMON), most)),
        ("search, common and seldom", SEARCH_TARGET, lambda: (words(f"{COMMON} {SELDOM}"), end)),
        ("search, Chinese word", SEARCH_TARGET, lambda: (words(CHINESE), end)),
        ("search, common with somebody", SEARCH_TARGET, lambda: (words(COMMON) + peer(), end)),
        ("search, nothing found", SEARCH_TARGET, lambda: (words("nowheretobefound"), end)),
    ]
    print(f"{'':30} {'median':>8} {'slowest':>8} {'messages':>9}")
    for name, target, question in kinds:
        found = [await asker.ask(*question()) for _ in range(rounds)]
        times = [took for took, _ in found]
        verdict = "" if max(times) < target else f"  over {target:.0f} ms"
        print(
            f"{name:30} {median(times):6.1f}ms {max(times):6.1f}ms {found[-1][1]:>9}{verdict}",
            flush=True,
        )
    took, _ = await asker.ask("", "<max>0</max>")
    print(f"{'counting all':30} {took:6.1f}ms")
    took, _ = await asker.ask(words(COMMON), "<max>0</max>")
    print(f"{'counting a common word':30} {took:6.1f}ms")


async def run(options: argparse.Namespace, directory: Path) -> None:
    """Fill the database, unless it is, and measure."""
    database = await open_database(options.url, directory, patience=600)
    await upgrade(database)
    await database.close()
    configuration = f"[hosts.'{HOST}']\n[storage]\nurl = '{options.url}'\n"
    async with assembled(parse(configuration), directory) as server:
        store = server.store
        if await store.find(HOST, "me") is None:
            names = ["me", *(f"other{number}" for number in range(options.accounts))]
            await store.create_many([NewAccount(HOST, name, name) for name in names])
            records = {each.localpart: each.id for each in await store.page(HOST, limit=10_000)}
            database = await open_database(options.url, directory, patience=600)
            await fill(database, [records[name] for name in names], options.rows, options.mine)
            await database.close()
        await server.start()
        address = jid.parse(f"{ME}/bench")
        account = await server.accounts.get(address.bare)
        assert account is not None
        assert isinstance(address, FullJID)
        wire = CountingWire()
        session = Session(
            address, account, wire, lang=None, mechanism="PLAIN", since=server.clock.now()
        )
        server.open_session(session)
        ids = await some_ids(server, account.id)
        await measure(Asker(server, session, wire), ids, options.page, options.rounds)
        await server.stop()


async def some_ids(server: Server, account_id: int) -> list[int]:
    """Return ids of messages all over the archive."""
    columns = log_table.c
    query = select(columns.id).where(columns.account_id == account_id).order_by(columns.id)
    async with server.database.connect() as connection:
        return list(await connection.scalars(query))[::997]


def main() -> None:
    """Read the options and measure."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--url", default="sqlite:///archive.sqlite3")
    parser.add_argument("--rows", type=int, default=200_000, help="in the whole table")
    parser.add_argument("--mine", type=int, default=20_000, help="of them in one archive")
    parser.add_argument("--accounts", type=int, default=200, help="beside the one")
    parser.add_argument("--page", type=int, default=50, help="messages of a page")
    parser.add_argument("--rounds", type=int, default=20)
    parser.add_argument("--directory", type=Path, help="keep the files here, and use them again")
    options = parser.parse_args()
    if options.directory is not None:
        options.directory.mkdir(parents=True, exist_ok=True)
        uvloop.run(run(options, options.directory.resolve()))
        return
    with tempfile.TemporaryDirectory(dir=".") as directory:
        uvloop.run(run(options, Path(directory).resolve()))


if __name__ == "__main__":
    main()
