"""Roster pushes: one resource changes an item, all resources of the account hear of it."""

import asyncio
import itertools
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager

from benchmarks.accounts import jid
from benchmarks.load import GET_ROSTER, Client, Load
from benchmarks.login import Session
from benchmarks.measure import Measure
from benchmarks.scenarios.scenario import Scenario, Take, closing, run
from benchmarks.servers import Server

ACCOUNT = 90
RESOURCES = 20
WINDOW = 8


class Roster(Scenario):
    """Pushes delivered per second; every change is stored, too."""

    key = "roster"
    title = f"roster pushes to {RESOURCES} resources"
    measures = (
        Measure("rate", "pushes/s"),
        Measure("cpu", "CPU µs/push", 1, higher_is_better=False),
    )

    @asynccontextmanager
    async def prepared(self, server: Server, *, quick: bool) -> AsyncIterator[Take]:
        sessions = [
            await server.connect(ACCOUNT, f"r{number}", tls=False)
            for number in range(RESOURCES + 1)
        ]
        async with closing(sessions):
            for session in sessions:  # Only resources that asked for the roster hear of changes.
                session.transport.write(GET_ROSTER)
            await asyncio.sleep(1)
            load = Pushes(sessions[0], sessions[1:])
            await run(server, load, 0.3)

            async def take(seconds: float) -> dict[str, float]:
                cost = await run(server, load, seconds)
                return {"rate": cost.rate, "cpu": cost.cpu_microseconds}

            yield take


class Resource(Client):
    """Counts pushes."""

    def __init__(self, load: "Pushes", session: Session) -> None:
        super().__init__(load, session, b"</iq>")
        self.pushes = load

    def on_arrival(self, number: int) -> None:
        self.load.count(number)
        self.pushes.go_on()


class Pushes(Load):
    """Keeps a few changes under way."""

    def __init__(self, changing: Session, resources: Sequence[Session]) -> None:
        super().__init__()
        self._write = changing.transport.write
        self._resources = [Resource(self, session) for session in resources]
        self._numbers = itertools.count()

    def begin(self) -> None:
        self.outstanding = 0
        for _ in range(WINDOW):
            self._change()

    def go_on(self) -> None:
        while self.running and self.outstanding <= (WINDOW - 1) * len(self._resources):
            self._change()

    def _change(self) -> None:
        number = next(self._numbers)
        self.outstanding += len(self._resources)
        self._write(
            f"<iq type='set' id='s{number}'><query xmlns='jabber:iq:roster'>"
            f"<item jid='{jid(number % 10)}' name='Name {number}'/></query></iq>".encode()
        )
