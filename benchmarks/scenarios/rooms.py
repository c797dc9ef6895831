"""Rooms: one occupant speaks, all hear it; and many enter at once."""

import asyncio
import itertools
import time
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from statistics import median

from benchmarks.accounts import ROOMS
from benchmarks.load import BODY, MESSAGE, PATIENCE, Client, Load, PingPong
from benchmarks.login import Session
from benchmarks.measure import Measure, Target
from benchmarks.occupant import Quiet, enter, rest
from benchmarks.process import ServerError
from benchmarks.scenarios.scenario import Scenario, Take, closing, name, run
from benchmarks.servers import Server

OCCUPANTS = 200
WINDOW = 16
CROWD = 1_000
LARGE_CROWD = 5_000
LARGEST_CROWD = 10_000
QUICK_CROWD = 200
AT_ONCE = 50
MESSAGES = 20
"""Messages in the large room, one after the other."""


class Room(Scenario):
    """Messages delivered per second in a room, and the server's CPU time for each delivery."""

    accounts = OCCUPANTS

    def __init__(self, *, archive: bool = False) -> None:
        what = f"room of {OCCUPANTS} with one busy sender"
        _, self.title = name(what, tls=False, archive=archive)
        self.key = "room-archived" if archive else "room"
        self.archive = archive
        self.needs_xmpp = archive
        targets = (Target("ejabberd", 3.0), Target("Prosody", 10.0))
        ceiling = () if archive else (Target("relay", 3.0),)
        self.measures = (
            Measure("rate", "deliveries/s", targets=targets),
            Measure("cpu", "CPU µs/delivery", 1, higher_is_better=False, targets=ceiling),
        )

    @asynccontextmanager
    async def prepared(self, server: Server, *, quick: bool) -> AsyncIterator[Take]:
        room = f"{'archived' if self.archive else 'busy'}@{ROOMS}"
        occupants = [await server.enter(number, room) for number in range(OCCUPANTS)]
        async with closing(occupants):
            if server.speaks_xmpp:
                await rest([Quiet(session) for session in occupants])
            load = Conversation(room, occupants)
            await run(server, load, 0.3)

            async def take(seconds: float) -> dict[str, float]:
                rows = server.archived() if self.archive else 0
                load.said = 0
                cpu, start = server.process.cpu_seconds(), time.perf_counter()
                await load.run(seconds)
                if self.archive:
                    await kept(server, rows + load.said)
                elapsed = time.perf_counter() - start
                spent = server.process.cpu_seconds() - cpu
                return {"rate": load.arrived / elapsed, "cpu": spent / load.arrived * 1e6}

            yield take


class Occupant(Client):
    """Counts messages; when all occupants have heard one, the next is said."""

    def __init__(self, load: "Conversation", session: Session) -> None:
        super().__init__(load, session, MESSAGE)
        self.conversation = load

    def on_arrival(self, number: int) -> None:
        self.load.count(number)
        self.conversation.go_on()


class Conversation(Load):
    """Keeps a few messages of one occupant under way."""

    def __init__(self, room: str, occupants: Sequence[Session]) -> None:
        super().__init__()
        self.said = 0
        self._room = room
        self._occupants = [Occupant(self, session) for session in occupants]
        self._numbers = itertools.count()

    def begin(self) -> None:
        self.outstanding = 0
        for _ in range(WINDOW):
            self._say()

    def go_on(self) -> None:
        while self.running and self.outstanding <= (WINDOW - 1) * len(self._occupants):
            self._say()

    def _say(self) -> None:
        self.said += 1
        self.outstanding += len(self._occupants)
        self._occupants[0].write(said(self._room, next(self._numbers)))


class Crowd(Scenario):
    """How long it takes until many are in a room, and until all of them have heard a message.

    Meanwhile two others, who are in no room, throw a message to each other: the longest that one
    of theirs took tells how long the server served nobody else.
    """

    measures = (
        Measure("entry", "s until all are in", 1, higher_is_better=False),
        Measure("entry_cpu", "CPU s for that", 1, higher_is_better=False),
        Measure("entry_wait", "ms at most others wait", higher_is_better=False),
        Measure("message", "CPU ms/message", 1, higher_is_better=False),
        Measure("heard", "ms until all heard it", higher_is_better=False),
    )
    alone = True
    in_quick_run = False

    def __init__(self, crowd: int = CROWD) -> None:
        self.key = "crowd" if crowd == CROWD else f"crowd-{crowd}"
        self.title = f"room of {crowd:,} (in a quick run {QUICK_CROWD})"
        self.crowd = crowd
        self.accounts = crowd + 2

    @asynccontextmanager
    async def prepared(self, server: Server, *, quick: bool) -> AsyncIterator[Take]:
        room = f"crowd@{ROOMS}"
        number = QUICK_CROWD if quick else self.crowd
        sessions = [await server.connect(each, "occupant", tls=False) for each in range(number)]
        others = [await server.connect(number + each, "other", tls=False) for each in range(2)]
        async with closing([*sessions, *others]):

            async def take(_seconds: float) -> dict[str, float]:
                game = PingPong([(others[0], others[1])])
                cpu, start = server.process.cpu_seconds(), time.perf_counter()
                async with playing(game):
                    await enter_all(sessions, room)
                    entered = time.perf_counter() - start
                    entry_cpu = server.process.cpu_seconds() - cpu
                    await rest([Quiet(session) for session in sessions])
                load = OneByOne(room, sessions)
                cpu = server.process.cpu_seconds()
                await load.run(0)
                spent = (server.process.cpu_seconds() - cpu) / MESSAGES
                return {
                    "entry": entered,
                    "entry_cpu": entry_cpu,
                    "entry_wait": max(game.latencies) * 1e3,
                    "message": spent * 1e3,
                    "heard": median(load.times) * 1e3,
                }

            yield take


async def enter_all(sessions: Sequence[Session], room: str) -> None:
    """Let the first open the room, and the others enter some at a time."""
    await enter(sessions[0], room)
    for first in range(1, len(sessions), AT_ONCE):
        some = sessions[first : first + AT_ONCE]
        await asyncio.gather(*(enter(session, room) for session in some))


@asynccontextmanager
async def playing(game: PingPong) -> AsyncIterator[None]:
    """Let two throw a message to each other as long as something else goes on."""
    over = asyncio.Event()
    playing = asyncio.ensure_future(game.run_until(over))
    try:
        yield
    finally:
        over.set()
        await playing


class OneByOne(Conversation):
    """Says a few messages, each when all have heard the one before.

    ``times``  how many seconds that took for each
    """

    def begin(self) -> None:
        self.outstanding = 0
        self.times: list[float] = []
        self._say_next()

    def count(self, number: int) -> None:
        if self.outstanding <= number:
            self.times.append(time.perf_counter() - self._said_at)
        if self.outstanding > number or self.said == MESSAGES:
            super().count(number)
            return
        self.arrived += number
        self.outstanding -= number
        self._say_next()

    def _say_next(self) -> None:
        self._said_at = time.perf_counter()
        self._say()

    def go_on(self) -> None:
        """Leave it to `count`."""


def said(room: str, number: int) -> bytes:
    """Return a message to a room, with an 80-byte body."""
    opening = b"<message to='%s' type='groupchat' id='m%d'>" % (room.encode(), number)
    return b"%s<body>%s</body></message>" % (opening, BODY)


async def kept(server: Server, expected: int) -> None:
    """Wait until the archive has so many messages; raises ServerError when it has others."""
    end = time.monotonic() + PATIENCE
    while (rows := server.archived()) < expected:
        if time.monotonic() > end:
            raise ServerError(f"archived {rows} of {expected} messages")
        await asyncio.sleep(0.01)
