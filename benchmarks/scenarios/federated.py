"""Messages between two servers: 20 pairs with 50 messages under way, half of them each way.

The servers speak TLS with each other, after STARTTLS and with certificates; their clients do not,
so that it is the way between them that is measured.
"""

import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from itertools import chain

from benchmarks.load import MESSAGE, Load, Pipeline, Receiver, Sender, message
from benchmarks.login import Session
from benchmarks.measure import Measure, Target
from benchmarks.scenarios.scenario import Scenario, Take, closing, name, run
from benchmarks.servers import Server

PAIRS = 20
WINDOW = 50
DIFFERENT = 100  # messages of a sender, of which no two that follow each other are the same
_ERROR = re.compile(rb"<error.*?</error>").search


class Federated(Scenario):
    """Messages per second, and the CPU time of both servers together for each."""

    federated = True

    def __init__(self, *, archive: bool = False) -> None:
        self.key, _ = name("federated", tls=False, archive=archive)
        _, title = name("relay between two servers", tls=False, archive=archive)
        self.title = f"{title}, TLS between them"
        self.archive = archive
        self.measures = (
            Measure("rate", "messages/s", targets=(Target("better peer", 3.0),)),
            Measure("cpu", "CPU µs/message, both", 1, higher_is_better=False),
        )

    @asynccontextmanager
    async def prepared(self, server: Server, *, quick: bool) -> AsyncIterator[Take]:
        sessions = [await pair(server, number) for number in range(PAIRS)]
        async with closing(chain(*sessions)):
            await run(server, Correspondence(sessions, 1), 0.3, archive=self.archive)
            load = Correspondence(sessions, WINDOW)
            await run(server, load, 0.3, archive=self.archive)

            async def take(seconds: float) -> dict[str, float]:
                cost = await run(server, load, seconds, archive=self.archive)
                return {"rate": cost.rate, "cpu": cost.cpu_microseconds}

            yield take


class Author(Sender):
    """The writing half; says of what comes back why it does."""

    def data_received(self, data: bytes) -> None:
        if error := _ERROR(data):
            self.load.fail(f"{self.session.jid} got {error[0].decode(errors='replace')}")
        super().data_received(data)


class Reader(Receiver):
    """The reading half, whose sender sends messages that differ.

    Those that are the same could go from server to server as one.
    """

    def __init__(self, load: Load, sender: Session, session: Session) -> None:
        super().__init__(load, sender, session)
        self.sender = Author(load, sender, MESSAGE)
        self._messages = [message(session.jid, number) for number in range(DIFFERENT)]
        self._next = 0

    def more(self, number: int) -> bytes:
        """Return so many messages."""
        first, self._next = self._next, (self._next + number) % DIFFERENT
        return b"".join([self._messages[each % DIFFERENT] for each in range(first, first + number)])


class Correspondence(Pipeline):
    """Pairs with a window of messages under way from one server to the other."""

    receiver = Reader


async def pair(server: Server, number: int) -> tuple[Session, Session]:
    """Return a session at each of two servers; every other pair goes the other way."""
    assert server.neighbour is not None
    one = await server.connect(2 * number, "a", tls=False)
    other = await server.neighbour.connect(2 * number + 1, "b", tls=False)
    return (one, other) if number % 2 else (other, one)
