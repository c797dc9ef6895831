"""Measures the message log alone: rows a second, durably, with one process.

Run: python -m benchmarks.message_log [--url URL] [--rows N] [--accounts N] [--busy]
Without a URL it uses an SQLite file in a temporary directory of the current one.
"""

import argparse
import asyncio
import random
import tempfile
import time
from pathlib import Path

import uvloop

from palaver.kernel.storage import LogEntry, NewAccount
from palaver.store.accounts import SqlAccountStore
from palaver.store.engine import open_database
from palaver.store.log import SqlMessageLog
from palaver.store.migrations import upgrade

STANZA = (
    b'<message to="bob@example.org/phone" from="alice@example.org/laptop" type="chat" id="abcdef">'
    b"<body>" + b"x" * 80 + b"</body>"
    b'<active xmlns="http://jabber.org/protocol/chatstates"/></message>'
)
IN_FLIGHT = 8000
CHUNK = 50


async def measure(options: argparse.Namespace, directory: Path) -> None:
    """Append rows as fast as they are settled, and print what that took."""
    database = await open_database(options.url, directory)
    await upgrade(database)
    store = SqlAccountStore(database)
    names = [f"bench{number}" for number in range(options.accounts)]
    await store.create_many([NewAccount("bench", name, name) for name in names])
    accounts = [record.id for record in await store.page("bench", limit=options.accounts)]
    log = SqlMessageLog(database)
    await log.start()
    busy = asyncio.create_task(burn()) if options.busy else None
    started, used = time.perf_counter(), time.process_time()
    appending = 0.0
    delays: list[float] = []

    sent = 0
    while sent < options.rows:
        if log.size > IN_FLIGHT:
            await asyncio.sleep(0.0005)
            continue
        before = time.perf_counter()
        for _ in range(CHUNK):
            moment = time.perf_counter()

            def done(error: BaseException | None, moment: float = moment) -> None:
                if error is not None:
                    raise error
                delays.append(time.perf_counter() - moment)

            account = random.choice(accounts)
            log.append(
                LogEntry(
                    account,
                    log.new_id(),
                    True,
                    "bob@example.org",
                    "phone",
                    STANZA,
                    False,
                    True,
                    "abcdef01",
                    done,
                )
            )
        appending += time.perf_counter() - before
        sent += CHUNK
        await asyncio.sleep(0)
    await log.flush()
    took, cpu = time.perf_counter() - started, time.process_time() - used
    if busy is not None:
        busy.cancel()
    assert len(delays) == sent
    delays.sort()
    print(
        f"{sent / took:,.0f} rows/s; CPU {cpu / sent * 1e6:.1f} us/row, of which making and "
        f"appending {appending / sent * 1e6:.1f} us; until settled p50 "
        f"{delays[sent // 2] * 1e3:.1f} ms, p99 {delays[sent * 99 // 100] * 1e3:.1f} ms"
    )
    await log.close()
    await store.close()
    await database.close()


async def burn() -> None:
    """Keep the event loop busy half of the time, in turns of 0.3 ms."""
    while True:
        until = time.perf_counter() + 0.0003
        while time.perf_counter() < until:
            pass
        await asyncio.sleep(0)


def main() -> None:
    """Read the options and measure."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--url", default="sqlite:///log.sqlite3")
    parser.add_argument("--rows", type=int, default=400_000)
    parser.add_argument("--accounts", type=int, default=40)
    parser.add_argument("--busy", action="store_true", help="with a busy event loop")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(dir=".") as directory:
        uvloop.run(measure(options, Path(directory).resolve()))


if __name__ == "__main__":
    main()
