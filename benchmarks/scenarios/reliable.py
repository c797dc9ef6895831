"""One-to-one messages with all that makes them dependable, on every session."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from itertools import chain

from benchmarks.managed import ManagedPipeline, manage
from benchmarks.measure import Measure, Target
from benchmarks.scenarios.scenario import Scenario, Take, closing, pairs, run
from benchmarks.servers import Server

PAIRS = 20
WINDOW = 50


class Reliable(Scenario):
    """Messages per second with stream management, carbons, archive and client state."""

    key = "reliable"
    title = "relay with stream management, carbons, client state, archived on SQLite"
    archive = True
    measures = (
        Measure("rate", "messages/s", targets=(Target("better peer", 5.0),)),
        Measure("cpu", "CPU µs/message", 1, higher_is_better=False),
    )

    @asynccontextmanager
    async def prepared(self, server: Server, *, quick: bool) -> AsyncIterator[Take]:
        sessions = await pairs(server, PAIRS, tls=False)
        for session in chain(*sessions):
            await manage(session)
        load = ManagedPipeline(sessions, WINDOW)

        async def take(seconds: float) -> dict[str, float]:
            cost = await run(server, load, seconds, archive=True)
            return {"rate": cost.rate, "cpu": cost.cpu_microseconds}

        async with closing(chain(*sessions)):
            await run(server, load, 0.3, archive=True)
            yield take
            for session in chain(*sessions):
                session.transport.write(b"</stream:stream>")
