"""Logins under direct TLS: full handshake, SCRAM-SHA-1, resource binding, initial presence."""

import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from itertools import count

from benchmarks.measure import Measure, Target
from benchmarks.scenarios.scenario import Scenario, Take
from benchmarks.servers import Server

CONCURRENT = 200
FIRST = 100
ACCOUNTS = 400


class Logins(Scenario):
    """Logins per second with 200 clients that log in, close, and log in again."""

    key = "logins"
    title = f"logins, TLS and SCRAM-SHA-1, {CONCURRENT} at a time"
    measures = (
        Measure("rate", "logins/s", targets=(Target("better peer", 2.0),)),
        Measure("cpu", "CPU ms/login", 2, higher_is_better=False),
    )
    accounts = FIRST + ACCOUNTS
    seconds = 5.0

    @asynccontextmanager
    async def prepared(self, server: Server, *, quick: bool) -> AsyncIterator[Take]:
        turn = count()

        async def log_in() -> None:
            number = next(turn)
            session = await server.connect(FIRST + number % ACCOUNTS, f"r{number}", tls=True)
            session.transport.write(b"</stream:stream>")
            session.transport.close()

        async def client(end: float) -> int:
            done = 0
            while time.perf_counter() < end:
                await log_in()
                done += 1
            return done

        async def take(seconds: float) -> dict[str, float]:
            cpu, start = server.process.cpu_seconds(), time.perf_counter()
            async with asyncio.TaskGroup() as group:
                clients = [group.create_task(client(start + seconds)) for _ in range(CONCURRENT)]
            logins = sum(task.result() for task in clients)
            elapsed = time.perf_counter() - start
            used = server.process.cpu_seconds() - cpu
            return {"rate": logins / elapsed, "cpu": used / logins * 1e3}

        # Each account once: the keys of a password are derived outside of the measurement.
        for _ in range(ACCOUNTS // CONCURRENT):
            async with asyncio.TaskGroup() as group:
                for _ in range(CONCURRENT):
                    group.create_task(log_in())
        yield take
