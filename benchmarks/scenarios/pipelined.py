"""One-to-one relay: 20 pairs, each with 50 messages under way."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from itertools import chain

from benchmarks.load import Pipeline
from benchmarks.measure import Measure, Target
from benchmarks.scenarios.scenario import Scenario, Take, closing, name, pairs, run
from benchmarks.servers import Server

PAIRS = 20
WINDOW = 50
RATE = (Target("ejabberd", 5.0),)
COST = (Target("ejabberd", 0.2), Target("relay", 3.0))
ARCHIVED_RATE = (Target("ejabberd", 10.0), Target("Prosody", 20.0))


class Pipelined(Scenario):
    """Messages per second, and the server's CPU time for each."""

    def __init__(self, *, tls: bool = False, archive: bool = False) -> None:
        self.key, self.title = name("relay", tls=tls, archive=archive)
        self.tls = tls
        self.archive = archive
        self.needs_xmpp = archive
        self.in_quick_run = not (tls and archive)
        rate, cost = (ARCHIVED_RATE, ()) if archive else (RATE, COST)
        self.measures = (
            Measure("rate", "messages/s", targets=() if tls else rate),
            Measure("cpu", "CPU µs/message", 1, False, () if tls else cost),
        )

    @asynccontextmanager
    async def prepared(self, server: Server, *, quick: bool) -> AsyncIterator[Take]:
        sessions = await pairs(server, PAIRS, tls=self.tls)
        load = Pipeline(sessions, WINDOW)

        async def take(seconds: float) -> dict[str, float]:
            cost = await run(server, load, seconds, archive=self.archive)
            return {"rate": cost.rate, "cpu": cost.cpu_microseconds}

        async with closing(chain(*sessions)):
            await run(server, load, 0.3, archive=self.archive)
            yield take
