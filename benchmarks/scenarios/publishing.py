"""Publish-subscribe fan-out: an item is published, 1,000 subscribers of the node hear of it."""

import itertools
import re
import time
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager

from benchmarks.accounts import PUBLISHER, SERVICE, jid
from benchmarks.load import MESSAGE, Client, Load
from benchmarks.login import Session
from benchmarks.measure import Measure, Target
from benchmarks.scenarios.presence import Collector
from benchmarks.scenarios.scenario import Scenario, Take, closing, run
from benchmarks.servers import Server

SUBSCRIBERS = 1_000
QUICK_SUBSCRIBERS = 200
WINDOW = 4
PATIENCE = 30.0  # seconds for each part of what is prepared
NODE = "news"
PUBSUB = "http://jabber.org/protocol/pubsub"
CONFIGURATION = {  # said in full, as the servers' defaults differ
    "access_model": "open",
    "persist_items": "1",
    "max_items": "10",
    "notification_type": "headline",
    "send_last_published_item": "never",
    "presence_based_delivery": "0",
    "deliver_payloads": "1",
    "notify_retract": "0",
}
TEXT = "What a reader of the news would like to know today, in some eighty characters."
RESULT = re.compile(rb"<iq [^>]*type=['\"]result['\"]")


class Publishing(Scenario):
    """Notifications delivered per second, and the server's CPU time for each."""

    key = "publish"
    title = f"publish to {SUBSCRIBERS:,} subscribers (in a quick run {QUICK_SUBSCRIBERS}), TLS"
    measures = (
        Measure("rate", "deliveries/s", targets=(Target("ejabberd", 3.0),)),
        Measure("cpu", "CPU µs/delivery", 1, higher_is_better=False),
    )
    accounts = PUBLISHER + 1 + SUBSCRIBERS

    @asynccontextmanager
    async def prepared(self, server: Server, *, quick: bool) -> AsyncIterator[Take]:
        number = QUICK_SUBSCRIBERS if quick else SUBSCRIBERS
        publisher = await server.connect(PUBLISHER, "publisher", tls=True)
        subscribers: list[Session] = []
        async with closing([publisher]), closing(subscribers):
            await answered(publisher, create())
            for subscriber in range(PUBLISHER + 1, PUBLISHER + 1 + number):
                session = await server.connect(subscriber, "subscriber", tls=True)
                await answered(session, subscribe(jid(subscriber)))
                subscribers.append(session)
            load = Publications(publisher, subscribers)
            await run(server, load, 0.3)

            async def take(seconds: float) -> dict[str, float]:
                cost = await run(server, load, seconds)
                return {"rate": cost.rate, "cpu": cost.cpu_microseconds}

            yield take


class Publisher(Client):
    """Reads the answers, and counts nothing."""

    def __init__(self, load: Load, session: Session) -> None:
        super().__init__(load, session, b"</iq>")

    def on_arrival(self, number: int) -> None:
        pass


class Subscriber(Client):
    """Counts notifications; when all subscribers have heard of one item, the next is published."""

    def __init__(self, load: "Publications", session: Session) -> None:
        super().__init__(load, session, MESSAGE)
        self.publications = load

    def on_arrival(self, number: int) -> None:
        self.load.count(number)
        self.publications.go_on()


class Publications(Load):
    """Keeps a few items under way."""

    def __init__(self, publisher: Session, subscribers: Sequence[Session]) -> None:
        super().__init__()
        self._publisher = Publisher(self, publisher)
        self._subscribers = [Subscriber(self, session) for session in subscribers]
        self._numbers = itertools.count()

    def begin(self) -> None:
        self.outstanding = 0
        for _ in range(WINDOW):
            self._publish()

    def go_on(self) -> None:
        while self.running and self.outstanding <= (WINDOW - 1) * len(self._subscribers):
            self._publish()

    def _publish(self) -> None:
        number = next(self._numbers)
        self.outstanding += len(self._subscribers)
        item = f"<item id='i{number}'><entry xmlns='urn:example:news'>{TEXT}</entry></item>"
        self._publisher.write(request(f"p{number}", f"<publish node='{NODE}'>{item}</publish>"))


async def answered(session: Session, request: bytes) -> None:
    """Send a request, and wait for its result."""
    collector = Collector(session)
    session.transport.write(request)
    await collector.wait_for(RESULT, 1, time.monotonic() + PATIENCE)


def request(id_: str, content: str) -> bytes:
    pubsub = f"<pubsub xmlns='{PUBSUB}'>{content}</pubsub>"
    return f"<iq type='set' id='{id_}' to='{SERVICE}'>{pubsub}</iq>".encode()


def create() -> bytes:
    fields = {"FORM_TYPE": f"{PUBSUB}#node_config"}
    fields |= {f"pubsub#{name}": value for name, value in CONFIGURATION.items()}
    written = "".join(
        f"<field var='{name}'><value>{value}</value></field>" for name, value in fields.items()
    )
    form = f"<x xmlns='jabber:x:data' type='submit'>{written}</x>"
    return request("create", f"<create node='{NODE}'/><configure>{form}</configure>")


def subscribe(address: str) -> bytes:
    return request("subscribe", f"<subscribe node='{NODE}' jid='{address}'/>")
