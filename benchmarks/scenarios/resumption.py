"""Back online after a lost connection: TLS, SCRAM-SHA-1, and the session is resumed (XEP-0198)."""

import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from benchmarks.login import Session
from benchmarks.managed import manage
from benchmarks.measure import Measure, Target
from benchmarks.scenarios.scenario import Scenario, Take
from benchmarks.servers import Server

CONCURRENT = 100
FIRST = 500


class Resumptions(Scenario):
    """Resumptions per second with 100 clients whose connections break again and again."""

    key = "resumptions"
    title = f"resumptions, TLS and SCRAM-SHA-1, {CONCURRENT} at a time"
    measures = (
        Measure("rate", "resumptions/s", targets=(Target("better peer", 1.0),)),
        Measure("cpu", "CPU ms/resumption", 2, higher_is_better=False),
    )
    accounts = FIRST + CONCURRENT
    seconds = 5.0

    @asynccontextmanager
    async def prepared(self, server: Server, *, quick: bool) -> AsyncIterator[Take]:
        sessions: dict[int, Session] = {}
        tokens: dict[int, bytes] = {}

        async def begin(number: int) -> None:
            session = await server.connect(FIRST + number, "phone", tls=True)
            tokens[number] = await manage(session)
            sessions[number] = session

        async def client(number: int, end: float) -> int:
            done = 0
            while time.perf_counter() < end:
                sessions[number].transport.abort()
                sessions[number] = await server.resume(FIRST + number, tokens[number])
                done += 1
            return done

        async def take(seconds: float) -> dict[str, float]:
            cpu, start = server.process.cpu_seconds(), time.perf_counter()
            async with asyncio.TaskGroup() as group:
                clients = [
                    group.create_task(client(number, start + seconds)) for number in sessions
                ]
            total = sum(task.result() for task in clients)
            elapsed = time.perf_counter() - start
            used = server.process.cpu_seconds() - cpu
            return {"rate": total / elapsed, "cpu": used / total * 1e3}

        async with asyncio.TaskGroup() as group:
            for number in range(CONCURRENT):
                group.create_task(begin(number))
        try:
            yield take
        finally:
            for session in sessions.values():
                session.transport.write(b"</stream:stream>")
                session.transport.close()
