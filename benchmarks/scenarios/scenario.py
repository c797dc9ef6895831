"""What the runner knows of a scenario."""

import asyncio
import time
from abc import ABC, abstractmethod
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable
from contextlib import AbstractAsyncContextManager, asynccontextmanager

from benchmarks.load import PATIENCE, Cost, Load
from benchmarks.login import Session
from benchmarks.measure import Measure
from benchmarks.process import ServerError
from benchmarks.servers import Server

Take = Callable[[float], Awaitable[dict[str, float]]]


class Scenario(ABC):
    """One or several rows of the table.

    `prepared` logs the clients in and yields a function that measures for some seconds and
    returns a value per measure; it is called once a round, in turn with those of the others.
    """

    key: str
    title: str
    measures: tuple[Measure, ...]
    accounts = 200
    archive = False
    needs_xmpp = True
    federated = False  # measured between two servers of each kind
    alone = False  # measured once, each server freshly started and by itself
    in_quick_run = True
    seconds = 3.0

    @abstractmethod
    def prepared(self, server: Server, *, quick: bool) -> AbstractAsyncContextManager[Take]:
        """Make everything ready on one server, and clear up afterwards."""


def name(what: str, *, tls: bool, archive: bool) -> tuple[str, str]:
    """Return the key and title of a variant."""
    key, title = what.replace(" ", "-").replace(",", ""), what
    if archive:
        key, title = f"{key}-archived", f"{title}, archived on SQLite"
    if tls:
        key, title = f"{key}-tls", f"{title}, TLS"
    return key, title


@asynccontextmanager
async def closing(sessions: Iterable[Session]) -> AsyncIterator[None]:
    """Close the sessions' connections at the end."""
    try:
        yield
    finally:
        for session in sessions:
            session.transport.abort()
        await asyncio.sleep(0.2)  # The servers take note of it outside of any measurement.


async def pairs(server: Server, number: int, *, tls: bool) -> list[tuple[Session, Session]]:
    """Log so many pairs in."""
    return [await server.connect_pair(pair, tls=tls) for pair in range(number)]


async def run(server: Server, load: Load, seconds: float, *, archive: bool = False) -> Cost:
    """Run a load; with an archive, the time ends when both sides' rows are committed."""
    rows = server.archived() if archive else 0
    cpu, start = server.cpu_seconds(), time.perf_counter()
    await load.run(seconds)
    if archive:
        await committed(server, rows + 2 * load.arrived)
    elapsed = time.perf_counter() - start
    return Cost(load.arrived, elapsed, server.cpu_seconds() - cpu)


async def committed(server: Server, expected: int) -> None:
    """Wait until the archives hold so many rows; raise ServerError when they do not get there."""
    end = time.monotonic() + PATIENCE
    while (rows := server.archived()) < expected:
        if time.monotonic() > end:
            raise ServerError(f"archived {rows} of {expected} rows")
        await asyncio.sleep(0.01)
    if rows > expected:
        raise ServerError(f"archived {rows} rows where {expected} were due")
