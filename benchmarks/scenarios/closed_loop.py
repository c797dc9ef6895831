"""Closed loop: each pair has one message under way, which is answered as it arrives."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from itertools import chain

from benchmarks.load import PingPong
from benchmarks.measure import Measure, Target
from benchmarks.scenarios.scenario import Scenario, Take, closing, name, pairs, run
from benchmarks.servers import Server


class ClosedLoop(Scenario):
    """Messages per second, and the time from writing one to reading it at the other end."""

    def __init__(self, number: int, *, tls: bool = False, archive: bool = False) -> None:
        what = f"closed loop, {number} pair{'s' if number > 1 else ''}"
        self.key, self.title = name(what, tls=tls, archive=archive)
        self.pairs = number
        self.tls = tls
        self.archive = archive
        self.needs_xmpp = archive
        self.in_quick_run = number > 1 and not (tls and archive)
        aimed_at = number > 1 and not tls and not archive
        self.measures = (
            Measure("rate", "messages/s", targets=(Target("better peer", 3.0),) * aimed_at),
            Measure("p50", "p50 ms", 3, False),
            Measure("p99", "p99 ms", 3, False, (Target("better peer", 1.0),) * aimed_at),
            # Here each message is a read and a write of its own, for the relay as for all.
            Measure("cpu", "CPU µs/message", 1, False, (Target("relay", 3.0),) * aimed_at),
        )

    @asynccontextmanager
    async def prepared(self, server: Server, *, quick: bool) -> AsyncIterator[Take]:
        sessions = await pairs(server, self.pairs, tls=self.tls)
        load = PingPong(sessions)

        async def take(seconds: float) -> dict[str, float]:
            cost = await run(server, load, seconds, archive=self.archive)
            times = sorted(load.latencies)
            return {
                "rate": cost.rate,
                "cpu": cost.cpu_microseconds,
                "p50": times[len(times) // 2] * 1e3,
                "p99": times[len(times) * 99 // 100] * 1e3,
            }

        async with closing(chain(*sessions)):
            await run(server, load, 0.3, archive=self.archive)
            yield take
