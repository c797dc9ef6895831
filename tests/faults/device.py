"""A client with stream management that keeps account of what it sent, was promised, and got.

It does what XEP-0198 asks of a client, and no more: it acknowledges what it has recorded, resumes
where it may, and sends again, under the same origin-id, what the server did not acknowledge.
"""

import asyncio
import random
from collections import deque
from collections.abc import Callable
from contextlib import suppress
from typing import Final, NamedTuple
from xml.etree.ElementTree import Element, ParseError

from tests.support.client import Client, ClientError
from tests.support.xmlstream import CLIENT, STREAM

SM: Final = "urn:xmpp:sm:3"
SID: Final = "urn:xmpp:sid:0"
ASK_EVERY: Final = 10
"""Messages after which the device asks for an acknowledgement."""

WINDOW: Final = 50
"""Messages that may wait for theirs."""

PATIENCE: Final = 20.0
"""Seconds without a word after which a device takes its connection for dead."""

WRAP: Final = 1 << 32


class Sent(NamedTuple):
    """One stanza on its way; ``name`` is None for what is no message."""

    name: str | None
    xml: bytes


class Received(NamedTuple):
    """One message as it came: the sender's name for it, and the id of its row."""

    name: str
    stanza_id: str | None


class Device:
    """Stays connected until it is told to stop; what it promises, it keeps.

    ``make`` gives a client that is not connected. ``resumes`` tells whether it ever resumes a
    session, or begins a new one each time. ``patience`` are the seconds without a word after which
    it takes its connection for dead.
    """

    def __init__(
        self, make: Callable[[], Client], *, resumes: bool = True, patience: float = PATIENCE
    ) -> None:
        self._make = make
        self._resumes = resumes
        self._patience = patience
        self.unacknowledged: deque[Sent] = deque()
        self.acknowledged: set[str] = set()
        self.bounced: set[str] = set()
        self.received: list[Received] = []
        self.violations: list[str] = []
        self.trouble: str | None = None
        self.sessions = 0
        self.resumptions = 0
        self.online = asyncio.Event()
        self._away = 0.0
        self._back = asyncio.Event()
        self._back.set()
        self._room = asyncio.Event()
        self._client: Client | None = None
        self._token: str | None = None
        self._confirmed = 0  # the last h from the server
        self._heard = 0  # our h
        self._since_asked = 0
        self._stopping = False
        self._task: asyncio.Task[None] | None = None

    # Life

    def start(self) -> None:
        """Connect, and stay so."""
        self._task = asyncio.create_task(self._run())

    async def stop(self) -> None:
        """Disconnect without a word, for good; a connection that is just made is made first."""
        self._stopping = True
        self.come_back()
        await self.drop()
        task, self._task = self._task, None
        if task is not None:
            await task

    async def drop(self, *, away: float = 0.0) -> None:
        """Break the connection; the device will connect again, after so many seconds."""
        self._away = away
        if self._client is not None:
            await self._client.abort()

    async def leave(self) -> None:
        """Break the connection, and stay away until `come_back`."""
        self._back.clear()
        await self.drop()

    def come_back(self) -> None:
        """Connect again."""
        self._back.set()

    async def freeze(self, seconds: float) -> None:
        """Read nothing for so many seconds, then break the connection."""
        client = self._client
        if client is None:
            return
        client.writer.transport.pause_reading()  # type: ignore[attr-defined]
        await asyncio.sleep(seconds)
        await client.abort()

    async def _run(self) -> None:
        while not self._stopping:
            client = self._make()
            try:
                await self._begin(client)
                while not self._stopping:
                    self._handle(client, await client.receive(self._patience))
            except (OSError, ClientError, ParseError, TimeoutError) as error:
                self.trouble = repr(error)
            finally:
                self._client = None
                self.online.clear()
                await client.abort()
            away, self._away = self._away, 0.0
            await asyncio.sleep(away + random.uniform(0.02, 0.2))
            await self._back.wait()

    # Sending

    async def send_message(self, to: str, name: str, body: str = "") -> None:
        """Send a message when there is room for one more that is not acknowledged."""
        await self._until_room()
        xml = (
            f"<message to='{to}' id='{name}' type='chat'><body>{body or name}</body>"
            f"<origin-id xmlns='{SID}' id='{name}'/></message>"
        )
        self._write(Sent(name, xml.encode()))

    async def _until_room(self) -> None:
        while self._client is None or len(self.unacknowledged) >= WINDOW:
            self._room.clear()
            await self._room.wait()

    async def settle(self) -> None:
        """Wait until every message is acknowledged or came back."""
        while any(sent.name for sent in self.unacknowledged):
            self._room.clear()
            self._ask()
            with suppress(TimeoutError):
                async with asyncio.timeout(1):
                    await self._room.wait()

    def _write(self, sent: Sent) -> None:
        self.unacknowledged.append(sent)
        assert self._client is not None
        with suppress(ClientError):  # it is lost, and so are these bytes: they are sent again
            self._client.writer.write(sent.xml)
        self._since_asked += 1
        if self._since_asked >= ASK_EVERY:
            self._ask()

    def _ask(self) -> None:
        self._since_asked = 0
        if self._client is not None:
            with suppress(ClientError):
                self._client.writer.write(f"<r xmlns='{SM}'/>".encode())

    # Sessions

    async def _begin(self, client: Client) -> None:
        await client.open()
        await client.authenticate()
        if self._token is None or not await self._resume(client):
            await self._start_session(client)
        self.online.set()
        self._room.set()

    async def _resume(self, client: Client) -> bool:
        await client.send(f"<resume xmlns='{SM}' h='{self._heard}' previd='{self._token}'/>")
        answer = await client.receive()
        if answer.tag == f"{{{SM}}}resumed":
            self.resumptions += 1
            self._acknowledge(int(answer.get("h", "")))
            self._client = client
            for sent in self.unacknowledged:
                client.writer.write(sent.xml)
            self._ask()
            return True
        if answer.tag == f"{{{STREAM}}}error":
            raise ClientError("the server stops")  # the session may still be resumed after that
        if answer.tag != f"{{{SM}}}failed":
            self.violations.append(f"<resume/> was answered with {answer.tag}")
        if answer.get("h") is not None:
            self._acknowledge(int(answer.get("h", "")))
        self._token = None
        return False

    async def _start_session(self, client: Client) -> None:
        await client.bind()
        await client.send(f"<enable xmlns='{SM}' resume='{str(self._resumes).lower()}'/>")
        enabled = await client.receive()
        if enabled.tag != f"{{{SM}}}enabled":
            raise ClientError(f"<enable/> was answered with {enabled.tag}")
        self.sessions += 1
        self._token = enabled.get("id") if self._resumes else None
        self._confirmed = self._heard = self._since_asked = 0
        waiting = [sent for sent in self.unacknowledged if sent.name is not None]
        self.unacknowledged.clear()
        self._client = client
        self._write(Sent(None, b"<presence/>"))
        for sent in waiting:
            self._write(sent)
        self._ask()

    # Receiving

    def _handle(self, client: Client, element: Element) -> None:
        if element.tag == f"{{{SM}}}r":
            self._answer(client)
        elif element.tag == f"{{{SM}}}a":
            self._acknowledge(int(element.get("h", "")))
        elif element.tag.startswith(f"{{{CLIENT}}}"):
            self._heard = (self._heard + 1) % WRAP
            if element.tag == f"{{{CLIENT}}}message":
                self._record(element)

    def _answer(self, client: Client) -> None:
        client.writer.write(f"<a xmlns='{SM}' h='{self._heard}'/>".encode())

    def acknowledge_all(self) -> None:
        """Say unasked what has been recorded."""
        if self._client is not None:
            with suppress(ClientError):
                self._answer(self._client)

    def _record(self, message: Element) -> None:
        name = message.get("id", "")
        if message.get("type") == "error":
            self.bounced.add(name)
            return
        found = message.find(f"{{{SID}}}stanza-id")
        self.received.append(Received(name, None if found is None else found.get("id")))

    def _acknowledge(self, h: int) -> None:
        count = (h - self._confirmed) % WRAP
        if count > len(self.unacknowledged):
            self.violations.append(f"h={h} acknowledges {count} of {len(self.unacknowledged)}")
            return
        self._confirmed = h
        for _ in range(count):
            sent = self.unacknowledged.popleft()
            if sent.name is not None:
                self.acknowledged.add(sent.name)
        if count:
            self._room.set()
