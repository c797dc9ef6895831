"""Measures the message log alone: rows a second, durably, with one process.

Run: python -m benchmarks.message_log (--help tells the options).
Without a URL it uses an SQLite file in a temporary directory of the current one.
"""

import argparse
import asyncio
import random
import sys
import tempfile
import time
from functools import partial
from itertools import cycle, islice
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
    failures: list[BaseException] = []
    names_in_turn = cycle(random.sample(accounts, len(accounts)))

    def done(error: BaseException | None) -> None:
        if error is not None:
            failures.append(error)

    def note_delay(moment: float, _: BaseException | None) -> None:
        delays.append(time.perf_counter() - moment)

    sent = 0
    while sent < options.rows:
        if log.size > IN_FLIGHT:
            await asyncio.sleep(0.0005)
            continue
        before = time.perf_counter()
        for account in islice(names_in_turn, CHUNK):
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
        log.append(
            LogEntry(
                accounts[0],
                log.new_id(),
                True,
                "bob@example.org",
                "phone",
                STANZA,
                False,
                True,
                None,
                partial(note_delay, before),
            )
        )
        appending += time.perf_counter() - before
        sent += CHUNK + 1
        await asyncio.sleep(0)
    await log.flush()
    took, cpu = time.perf_counter() - started, time.process_time() - used
    if busy is not None:
        busy.cancel()
    if failures:
        raise failures[0]
    delays.sort()
    median, tail = (delays[len(delays) * part // 100] * 1e3 for part in (50, 99))
    print(
        f"{sent / took:,.0f} rows/s; CPU {cpu / sent * 1e6:.1f} us/row, of which making and "
        f"appending {appending / sent * 1e6:.1f} us; with {IN_FLIGHT} rows in flight settled "
        f"within p50 {median:.0f} ms, p99 {tail:.0f} ms"
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
    parser.add_argument(
        "--switch-interval",
        type=float,
        default=0.0005,
        help="seconds the event loop may keep the writer's thread from the interpreter",
    )
    options = parser.parse_args()
    sys.setswitchinterval(options.switch_interval)
    with tempfile.TemporaryDirectory(dir=".") as directory:
        uvloop.run(measure(options, Path(directory).resolve()))


if __name__ == "__main__":
    main()
