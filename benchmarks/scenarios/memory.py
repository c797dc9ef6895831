"""Memory of sessions that are logged in under TLS, available, and silent."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from benchmarks.login import Session
from benchmarks.measure import Measure, Target
from benchmarks.scenarios.scenario import Scenario, Take, closing
from benchmarks.servers import Server

SESSIONS = 10_000
QUICK_SESSIONS = 1_000
CONCURRENT = 50


class Memory(Scenario):
    """What 10,000 such sessions add to the proportional set size of the server's processes."""

    key = "memory"
    title = f"idle TLS sessions ({SESSIONS:,}; in a quick run {QUICK_SESSIONS:,})"
    measures = (
        Measure("session", "KiB/session", 1, False, (Target("better peer", 1.0),)),
        Measure("start", "MiB before the first", 1, higher_is_better=False),
    )
    accounts = SESSIONS
    alone = True

    @asynccontextmanager
    async def prepared(self, server: Server, *, quick: bool) -> AsyncIterator[Take]:
        sessions: list[Session] = []
        wanted = QUICK_SESSIONS if quick else SESSIONS

        async def client(numbers: range) -> None:
            for number in numbers:
                session = await server.connect(number, "idle", tls=True)
                sessions.append(session)

        async def take(_seconds: float) -> dict[str, float]:
            before = server.process.memory_bytes()
            async with asyncio.TaskGroup() as group:
                for first in range(CONCURRENT):
                    group.create_task(client(range(first, wanted, CONCURRENT)))
            await asyncio.sleep(2 if quick else 20)  # Collectors get time to collect.
            added = server.process.memory_bytes() - before
            return {"session": added / wanted / 2**10, "start": before / 2**20}

        async with closing(sessions):
            yield take
