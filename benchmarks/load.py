"""The load generator: writes prepared bytes and counts closing tags; it never parses XML."""

import asyncio
import time
from abc import ABC, abstractmethod
from collections.abc import Sequence
from dataclasses import dataclass

from benchmarks.login import Session
from benchmarks.process import ServerError

BODY = b"Eighty bytes of body, as long as many a message in a chat is, and ASCII only...."
MESSAGE = b"</message>"
GET_ROSTER = b"<iq type='get' id='roster'><query xmlns='jabber:iq:roster'/></iq>"
PATIENCE = 30.0  # seconds for what is on its way when the load ends


def message(to: str, number: int = 1) -> bytes:
    """Return a chat message with an 80-byte body."""
    opening = b"<message to='%s' type='chat' id='m%d'>" % (to.encode(), number)
    return b"%s<body>%s</body></message>" % (opening, BODY)


class TagCounter:
    """Counts one closing tag in a byte stream, also where a read ends inside of it."""

    __slots__ = ("_rest", "_tag")

    def __init__(self, tag: bytes) -> None:
        self._tag = tag
        self._rest = b""

    def count(self, data: bytes) -> int:
        """Return how many tags these bytes complete."""
        if self._rest:
            data = self._rest + data
        if data.endswith(b">"):
            self._rest = b""
        else:
            tail = data[data.rfind(b"<") :] if b"<" in data else b""
            self._rest = tail if self._tag.startswith(tail) else b""
        return data.count(self._tag)


class Load(ABC):
    """A closed loop: `begin` fills the window, each arrival lets the next stanza go."""

    def __init__(self) -> None:
        self.running = False
        self.arrived = 0
        self.outstanding = 0
        self._failure: str | None = None
        self._idle = asyncio.Event()

    @abstractmethod
    def begin(self) -> None:
        """Write the first stanzas and set `outstanding` to the arrivals they will cause."""

    async def run(self, seconds: float) -> None:
        """Keep the load up for so long, then wait until all that was sent has arrived."""
        over = asyncio.Event()
        asyncio.get_running_loop().call_later(seconds, over.set)
        await self.run_until(over)

    async def run_until(self, over: asyncio.Event) -> None:
        """Keep the load up until it is over, then wait until all that was sent has arrived."""
        self.arrived = 0
        self.running = True
        self._idle.clear()
        self.begin()
        await over.wait()
        self.running = False
        try:
            async with asyncio.timeout(PATIENCE):
                await self._idle.wait()
        except TimeoutError:
            raise ServerError(f"{self.outstanding} stanzas never arrived") from None
        if self._failure:
            raise ServerError(self._failure)
        if self.outstanding:
            raise ServerError(f"{-self.outstanding} stanzas more arrived than were sent")

    def count(self, number: int) -> None:
        """Note arrivals that let nothing new go."""
        self.arrived += number
        self.outstanding -= number
        if self.outstanding <= 0:
            self._idle.set()

    def fail(self, reason: str) -> None:
        """End the load with an error, unless it has ended already."""
        self._failure = self._failure or reason
        self._idle.set()


class Client(asyncio.Protocol):
    """One logged-in client that takes part in a load and counts one kind of stanza."""

    def __init__(self, load: Load, session: Session, tag: bytes) -> None:
        self.load = load
        self.session = session
        self.write = session.transport.write
        self.counter = TagCounter(tag)
        session.transport.set_protocol(self)

    def data_received(self, data: bytes) -> None:
        if found := self.counter.count(data):
            self.on_arrival(found)

    def on_arrival(self, number: int) -> None:
        """Act on stanzas that arrived in one read."""
        self.load.count(number)

    def connection_lost(self, error: Exception | None) -> None:
        self.load.fail(f"the server closed the connection of {self.session.jid}: {error}")


class Sender(Client):
    """The writing half of a pair; what it hears is not counted."""

    def on_arrival(self, number: int) -> None:
        self.load.fail(f"{self.session.jid} got {number} messages that nobody meant to send")


class Receiver(Client):
    """The reading half of a pair: for each message that came, its sender sends another.

    ``ending`` is what a sender writes behind each burst.
    """

    ending = b""

    def __init__(self, load: Load, sender: Session, session: Session) -> None:
        super().__init__(load, session, MESSAGE)
        self.sender: Client = Sender(load, sender, MESSAGE)
        self.message = message(session.jid)

    def more(self, number: int) -> bytes:
        """Return so many messages."""
        return self.message * number

    def on_arrival(self, number: int) -> None:
        load = self.load
        if load.running:
            load.arrived += number
            self.sender.write(self.more(number) + self.ending)
        else:
            load.count(number)


class Pipeline(Load):
    """Pairs with a window of messages under way from one to the other."""

    receiver: type[Receiver] = Receiver

    def __init__(self, pairs: Sequence[tuple[Session, Session]], window: int) -> None:
        super().__init__()
        self._window = window
        self._receivers = [self.receiver(self, first, second) for first, second in pairs]

    def begin(self) -> None:
        self.outstanding = self._window * len(self._receivers)
        for receiver in self._receivers:
            receiver.sender.write(receiver.more(self._window) + receiver.ending)


class Player(Client):
    """One of two that throw a single message to each other, and time each throw."""

    def __init__(self, load: "PingPong", session: Session, peer: Session) -> None:
        super().__init__(load, session, MESSAGE)
        self.latencies = load.latencies
        self.message = message(peer.jid)
        self.opponent = self
        self.thrown = 0.0

    def throw(self) -> None:
        self.thrown = time.perf_counter()
        self.write(self.message)

    def on_arrival(self, number: int) -> None:
        self.latencies.append(time.perf_counter() - self.opponent.thrown)
        if self.load.running:
            self.load.arrived += number
            self.throw()
        else:
            self.load.count(number)


class PingPong(Load):
    """Pairs in a closed loop: one message under way per pair, answered as it arrives."""

    def __init__(self, pairs: Sequence[tuple[Session, Session]]) -> None:
        super().__init__()
        self.latencies: list[float] = []
        self._servers: list[Player] = []
        for first, second in pairs:
            one, other = Player(self, first, second), Player(self, second, first)
            one.opponent, other.opponent = other, one
            self._servers.append(one)

    def begin(self) -> None:
        self.latencies.clear()
        self.outstanding = len(self._servers)
        for player in self._servers:
            player.throw()


@dataclass(frozen=True)
class Cost:
    """What a load achieved, and what it cost the server."""

    arrived: int
    seconds: float
    cpu_seconds: float

    @property
    def rate(self) -> float:
        """Stanzas per second."""
        return self.arrived / self.seconds

    @property
    def cpu_microseconds(self) -> float:
        """Server CPU time per stanza, in microseconds."""
        return self.cpu_seconds / self.arrived * 1e6
