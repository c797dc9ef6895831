"""Back online after a lost connection: the session is resumed (XEP-0198)."""

import asyncio
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager

from benchmarks import token_login
from benchmarks.login import Session
from benchmarks.managed import manage
from benchmarks.measure import Measure, Target
from benchmarks.scenarios.scenario import Scenario, Take
from benchmarks.servers import Server

CONCURRENT = 100
FIRST = 500

Return = Callable[[], Awaitable[Session]]
"""Connects a client again, into the session it had."""


class Resumptions(Scenario):
    """Resumptions per second with 100 clients whose connections break again and again.

    With a token (XEP-0484) where the server knows such, and ``tokens`` allows it; else with the
    password.
    """

    def __init__(self, *, tokens: bool = False) -> None:
        self.tokens = tokens
        self.key = "back-online" if tokens else "resumptions"
        way = "the quickest way each server has" if tokens else "TLS and SCRAM-SHA-1"
        self.title = f"back online by {way}, {CONCURRENT} at a time"
        self.accounts = FIRST + 2 * CONCURRENT
        self.seconds = 5.0
        self.measures = (
            Measure("rate", "resumptions/s", targets=(Target("better peer", 1.0),)),
            Measure("cpu", "CPU ms/resumption", 2, higher_is_better=False),
        )

    async def _begin(self, server: Server, number: int) -> tuple[Session, Return]:
        if self.tokens and server.has_tokens:
            known, session = await token_login.introduce(server.tls_port, number)
            return session, lambda: token_login.return_with(server.tls_port, known)
        session = await server.connect(number, "phone", tls=True)
        token = await manage(session)
        return session, lambda: server.resume(number, token)

    @asynccontextmanager
    async def prepared(self, server: Server, *, quick: bool) -> AsyncIterator[Take]:
        first = FIRST + CONCURRENT * self.tokens
        clients: list[tuple[Session, Return]] = list(
            await asyncio.gather(*(self._begin(server, first + n) for n in range(CONCURRENT)))
        )

        async def client(number: int, end: float) -> int:
            done = 0
            while time.perf_counter() < end:
                session, come_back = clients[number]
                session.transport.abort()
                clients[number] = (await come_back(), come_back)
                done += 1
            return done

        async def take(seconds: float) -> dict[str, float]:
            cpu, start = server.process.cpu_seconds(), time.perf_counter()
            async with asyncio.TaskGroup() as group:
                tasks = [
                    group.create_task(client(number, start + seconds))
                    for number in range(CONCURRENT)
                ]
            total = sum(task.result() for task in tasks)
            elapsed = time.perf_counter() - start
            used = server.process.cpu_seconds() - cpu
            return {"rate": total / elapsed, "cpu": used / total * 1e3}

        try:
            yield take
        finally:
            for session, _ in clients:
                session.transport.write(b"</stream:stream>")
                session.transport.close()
