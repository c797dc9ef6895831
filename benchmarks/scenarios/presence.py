"""Presence fan-out: one account changes its presence, 1,000 contacts hear of it."""

import asyncio
import itertools
import re
import time
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager

from benchmarks.accounts import jid
from benchmarks.load import GET_ROSTER, Client, Load
from benchmarks.login import Session
from benchmarks.measure import Measure
from benchmarks.process import ServerError
from benchmarks.scenarios.scenario import Scenario, Take, closing, run
from benchmarks.servers import Server

CENTRE = 500
CONTACTS = 1_000
QUICK_CONTACTS = 200
WINDOW = 4
AT_ONCE = 200
ROSTER = re.compile(rb"<iq [^>]*type=['\"]result['\"]")
SUBSCRIBE = re.compile(rb"type=['\"]subscribe['\"]")
SUBSCRIBED = re.compile(rb"type=['\"]subscribed['\"]")
PATIENCE = 180.0  # seconds for all subscriptions


class Presence(Scenario):
    """Presence stanzas delivered per second, and the server's CPU time for each."""

    key = "presence"
    title = f"presence to {CONTACTS:,} contacts (in a quick run {QUICK_CONTACTS:,})"
    measures = (
        Measure("rate", "deliveries/s"),
        Measure("cpu", "CPU µs/delivery", 1, higher_is_better=False),
    )
    accounts = CENTRE + 1 + CONTACTS

    @asynccontextmanager
    async def prepared(self, server: Server, *, quick: bool) -> AsyncIterator[Take]:
        number = QUICK_CONTACTS if quick else CONTACTS
        numbers = range(CENTRE + 1, CENTRE + 1 + number)
        known = server.write_rosters(CENTRE, numbers)
        centre = await server.connect(CENTRE, "centre", tls=False)
        contacts: list[Session] = []
        async with closing([centre]), closing(contacts):
            for contact in numbers:
                session = await server.connect(contact, "contact", tls=False)
                contacts.append(session)
            everyone = [Collector(session) for session in (centre, *contacts)]
            if not known:
                await subscribe(everyone[0], everyone[1:])
            await rest(everyone)
            load = FanOut(centre, contacts)
            await run(server, load, 0.3)

            async def take(seconds: float) -> dict[str, float]:
                cost = await run(server, load, seconds)
                return {"rate": cost.rate, "cpu": cost.cpu_microseconds}

            yield take


class Contact(Client):
    """Counts presence; when all contacts have heard one change, the next is made."""

    def __init__(self, load: "FanOut", session: Session) -> None:
        super().__init__(load, session, b"</presence>")
        self.fan_out = load

    def on_arrival(self, number: int) -> None:
        self.load.count(number)
        self.fan_out.go_on()


class FanOut(Load):
    """Keeps a few changes of presence under way."""

    def __init__(self, centre: Session, contacts: Sequence[Session]) -> None:
        super().__init__()
        self._write = centre.transport.write
        self._contacts = [Contact(self, session) for session in contacts]
        self._numbers = itertools.count()

    def begin(self) -> None:
        self.outstanding = 0
        for _ in range(WINDOW):
            self._change()

    def go_on(self) -> None:
        while self.running and self.outstanding <= (WINDOW - 1) * len(self._contacts):
            self._change()

    def _change(self) -> None:
        self.outstanding += len(self._contacts)
        self._write(
            b"<presence><show>away</show><status>Change %d</status></presence>"
            % next(self._numbers)
        )


class Collector(asyncio.Protocol):
    """Keeps all that a client hears, and when it last heard something."""

    def __init__(self, session: Session) -> None:
        self.heard = bytearray()
        self.last = time.monotonic()
        self.session = session
        session.transport.set_protocol(self)

    def data_received(self, data: bytes) -> None:
        self.heard += data
        self.last = time.monotonic()

    async def wait_for(self, pattern: re.Pattern[bytes], times: int, end: float) -> None:
        while len(pattern.findall(self.heard)) < times:
            if time.monotonic() > end:
                raise ServerError(f"{self.session.jid} waits for {times} of {pattern.pattern!r}")
            await asyncio.sleep(0.02)


async def subscribe(middle: Collector, around: Sequence[Collector]) -> None:
    """Subscribe one account and its contacts to each other (RFC 6121 §3.1).

    A part after the other: servers bound the requests that wait for an answer.
    """
    end = time.monotonic() + PATIENCE
    for collector in (middle, *around):  # Only who asked for the roster hears of subscriptions.
        collector.session.transport.write(GET_ROSTER)
        await collector.wait_for(ROSTER, 1, end)
    for first in range(0, len(around), AT_ONCE):
        middle.heard.clear()
        await subscribe_some(middle, around[first : first + AT_ONCE], end)


async def subscribe_some(middle: Collector, around: Sequence[Collector], end: float) -> None:
    centre = middle.session
    bare = [collector.session.jid.split("/")[0] for collector in around]
    for contact in bare:
        centre.transport.write(presence("subscribe", contact))
    for collector in around:
        await collector.wait_for(SUBSCRIBE, 1, end)
        collector.session.transport.write(
            presence("subscribed", jid(CENTRE)) + presence("subscribe", jid(CENTRE))
        )
    await middle.wait_for(SUBSCRIBE, len(around), end)
    await middle.wait_for(SUBSCRIBED, len(around), end)
    for contact in bare:
        centre.transport.write(presence("subscribed", contact))
    for collector in around:
        await collector.wait_for(SUBSCRIBED, 1, end)


async def rest(everyone: Sequence[Collector]) -> None:
    """Wait until half a second passed in which nobody heard anything."""
    end = time.monotonic() + PATIENCE
    while max(collector.last for collector in everyone) > time.monotonic() - 0.5:
        if time.monotonic() > end:
            raise ServerError("presence does not come to rest")
        await asyncio.sleep(0.1)


def presence(kind: str, to: str) -> bytes:
    return f"<presence type='{kind}' to='{to}'/>".encode()
