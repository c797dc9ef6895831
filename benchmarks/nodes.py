"""Measures how long the server takes for a page of a node with very many items.

Run: python -m benchmarks.nodes (--help tells the options). It fills a node of the service with a
million items and asks for them in the name of a subscriber, as a client does; what is printed is
the time from the question to the last byte of the answer, without a network. Without a URL it uses
an SQLite file in a temporary directory of the current one.
"""

import argparse
import random
import tempfile
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from statistics import median
from typing import Final

import uvloop
from sqlalchemy import insert, select, update

from benchmarks.archive import CountingWire
from palaver import jid
from palaver.app import assembled
from palaver.ext.pubsub.tables import items, nodes
from palaver.jid import FullJID
from palaver.kernel.config import parse
from palaver.kernel.server import Server
from palaver.kernel.session import Session
from palaver.kernel.storage import NewAccount
from palaver.store.engine import SqlDatabase, open_database
from palaver.wire import element
from palaver.wire.stanza import Stanza

HOST: Final = "bench.example"
SERVICE: Final = f"pubsub.{HOST}"
NODE: Final = "news"
PART: Final = 20_000  # rows of a transaction
TARGET: Final = 20.0  # milliseconds, as for a page of the archive
RSM: Final = "http://jabber.org/protocol/rsm"
PUBSUB: Final = "http://jabber.org/protocol/pubsub"
ENTRY: Final = f"<entry xmlns='urn:example:news'>{'News of the day. ' * 10}</entry>"
_STATISTICS: Final[dict[str, str]] = {
    "sqlite": "SELECT 1",
    "postgresql": "ANALYZE pubsub_items",
    "mysql": "ANALYZE TABLE pubsub_items",
}


def name_of(number: int) -> str:
    """Return the id of an item: one that has nothing to do with its place."""
    return f"{number * 0x9E3779B1 % (1 << 32):08x}-{number}"


async def fill(database: SqlDatabase, node: int, rows: int) -> None:
    """Put so many items into a node."""
    begin = time.time_ns() // 1_000 - rows * 1_000_000
    for first in range(0, rows, PART):
        part = [
            {
                "node_id": node,
                "item": name_of(number),
                "publisher": f"me@{HOST}",
                "published": begin + number * 1_000_000,
                "size": len(ENTRY),
                "payload": ENTRY,
            }
            for number in range(first, min(first + PART, rows))
        ]
        async with database.begin() as connection:
            await connection.execute(insert(items), part)
    async with database.begin() as connection:
        values = {"items": rows, "bytes": rows * len(ENTRY)}
        await connection.execute(update(nodes).where(nodes.c.id == node).values(values))
        await connection.exec_driver_sql(_STATISTICS[database.dialect])


class Asker:
    """Asks questions to the service, and takes the time."""

    def __init__(self, server: Server, session: Session, wire: CountingWire) -> None:
        self._server = server
        self._session = session
        self._wire = wire

    async def ask(self, kind: str, payload: str) -> tuple[float, bytes]:
        """Return how long a question took, in milliseconds, and the answer."""
        self._wire.answered.clear()
        tree = element.parse(f"<iq type='{kind}' id='q'>{payload}</iq>".encode())
        to = jid.parse(SERVICE)
        stanza = Stanza.make("iq", self._session.jid, None, {**tree.attrs, "to": str(to)}, *tree)
        started = time.perf_counter()
        self._server.router.submit(stanza, self._session)
        await self._wire.answered.wait()
        took = (time.perf_counter() - started) * 1e3
        if b"type='result'" not in self._wire.answer:
            raise SystemExit(self._wire.answer.decode())
        return took, self._wire.answer

    async def node_id(self) -> int | None:
        """Return the key of the node, if there is one."""
        query = select(nodes.c.id).where(nodes.c.service == SERVICE, nodes.c.name == NODE)
        async with self._server.database.connect() as connection:
            found: int | None = await connection.scalar(query)
            return found


def pubsub(content: str) -> str:
    """Write a request."""
    return f"<pubsub xmlns='{PUBSUB}'>{content}</pubsub>"


def page(content: str) -> str:
    """Ask for a page of the node."""
    return pubsub(f"<items node='{NODE}'/><set xmlns='{RSM}'>{content}</set>")


async def measure(asker: Asker, rows: int, size: int, rounds: int) -> None:
    """Ask questions of each kind, in places chosen by chance, and print what they took."""

    def somewhere() -> str:
        return name_of(random.randrange(size, rows - size))

    def one() -> str:
        return f"<item id='{somewhere()}'/>"

    def several() -> str:
        return pubsub(f"<items node='{NODE}'>{''.join(one() for _ in range(size))}</items>")

    def published() -> str:
        number = random.randrange(rows, 2 * rows)
        item = f"<item id='{name_of(number)}'>{ENTRY}</item>"
        return pubsub(f"<publish node='{NODE}'>{item}</publish>")

    def again() -> str:
        return pubsub(f"<publish node='{NODE}'><item id='{somewhere()}'>{ENTRY}</item></publish>")

    most = f"<max>{size}</max>"
    kinds: list[tuple[str, str, Callable[[], str]]] = [
        ("first page", "get", lambda: page(most)),
        ("last page", "get", lambda: page(f"{most}<before/>")),
        ("page in the middle", "get", lambda: page(f"{most}<after>{somewhere()}</after>")),
        ("page before", "get", lambda: page(f"{most}<before>{somewhere()}</before>")),
        ("counting all", "get", lambda: page("<max>0</max>")),
        ("the latest", "get", lambda: pubsub(f"<items node='{NODE}' max_items='{size}'/>")),
        ("by id", "get", lambda: pubsub(f"<items node='{NODE}'>{one()}</items>")),
        ("so many by id", "get", several),
        ("all, as far as they fit", "get", lambda: pubsub(f"<items node='{NODE}'/>")),
        ("publishing", "set", published),
        ("publishing in place of another", "set", again),
    ]
    print(f"{'':30} {'median':>8} {'slowest':>8} {'items':>6}")
    for name, kind, question in kinds:
        found = [await asker.ask(kind, question()) for _ in range(rounds)]
        times = [took for took, _ in found]
        verdict = "" if max(times) < TARGET else f"  over {TARGET:.0f} ms"
        count = found[-1][1].count(b"</item>")
        print(
            f"{name:30} {median(times):6.1f}ms {max(times):6.1f}ms {count:>6}{verdict}", flush=True
        )


@asynccontextmanager
async def opened(options: argparse.Namespace, directory: Path) -> AsyncIterator[Asker]:
    """Start the server and a session of the account that owns the node."""
    most = f"items = {4 * options.rows}\naccount_bytes = {10**13}"
    configuration = (
        f"[hosts.'{HOST}']\n[storage]\nurl = '{options.url}'\n[extensions.pubsub]\n{most}\n"
    )
    async with assembled(parse(configuration), directory) as server:
        if await server.store.find(HOST, "me") is None:
            await server.store.create_many([NewAccount(HOST, "me", "me")])
        await server.start()
        address = jid.parse(f"me@{HOST}/bench")
        account = await server.accounts.get(address.bare)
        assert account is not None
        assert isinstance(address, FullJID)
        wire = CountingWire()
        session = Session(
            address, account, wire, lang=None, mechanism="PLAIN", since=server.clock.now()
        )
        server.open_session(session)
        yield Asker(server, session, wire)
        await server.stop()


async def run(options: argparse.Namespace, directory: Path) -> None:
    """Fill the node, unless it is, and measure."""
    async with opened(options, directory) as asker:
        node = await asker.node_id()
        if node is None:
            await asker.ask("set", pubsub(f"<create node='{NODE}'/>{_form()}"))
            new = await asker.node_id()
            assert new is not None
    if node is None:
        database = await open_database(options.url, directory, patience=600)
        await fill(database, new, options.rows)
        await database.close()
    async with opened(options, directory) as asker:
        await measure(asker, options.rows, options.page, options.rounds)


def _form() -> str:
    fields = {"FORM_TYPE": f"{PUBSUB}#node_config", "pubsub#max_items": "max"}
    written = "".join(
        f"<field var='{name}'><value>{value}</value></field>" for name, value in fields.items()
    )
    return f"<configure><x xmlns='jabber:x:data' type='submit'>{written}</x></configure>"


def main() -> None:
    """Read the options and measure."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--url", default="sqlite:///nodes.sqlite3")
    parser.add_argument("--rows", type=int, default=1_000_000, help="items in the node")
    parser.add_argument("--page", type=int, default=50, help="items of a page")
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
