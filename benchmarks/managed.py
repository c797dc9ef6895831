"""Clients with stream management (XEP-0198), carbons (XEP-0280) and client state (XEP-0352)."""

import asyncio
import re

from benchmarks.load import MESSAGE, Client, Load, Pipeline
from benchmarks.load import Receiver as PlainReceiver
from benchmarks.login import Session

SM = "xmlns='urn:xmpp:sm:3'"
REQUEST = f"<r {SM}/>".encode()
ENABLE = f"<enable {SM} resume='true'/>".encode()
EXTRAS = (
    b"<iq type='set' id='carbons'><enable xmlns='urn:xmpp:carbons:2'/></iq>"
    b"<active xmlns='urn:xmpp:csi:0'/>"
)
PATIENCE = 30.0  # seconds
_REQUESTED = re.compile(rb"<r[ /]")
_TOKEN = re.compile(rb"<enabled[^>]*? id=['\"]([^'\"]+)['\"]")


class Conversation(asyncio.Protocol):
    """Sends something and waits for what answers it, outside of any measurement."""

    def __init__(self, session: Session) -> None:
        self._transport = session.transport
        self._buffer = b""
        self._awaited = b""
        self._done: asyncio.Future[bytes] | None = None
        session.transport.set_protocol(self)

    async def say(self, data: bytes, awaited: bytes) -> bytes:
        """Return what came up to the end of the element that begins with ``awaited``."""
        self._buffer = b""
        self._awaited = awaited
        self._done = asyncio.get_running_loop().create_future()
        self._transport.write(data)
        async with asyncio.timeout(PATIENCE):
            return await self._done

    def data_received(self, data: bytes) -> None:
        self._buffer += data
        at = self._buffer.find(self._awaited)
        done = self._done
        if at >= 0 and b">" in self._buffer[at:] and done is not None and not done.done():
            done.set_result(self._buffer)

    def connection_lost(self, error: Exception | None) -> None:
        if self._done is not None and not self._done.done():
            reason = f"connection closed after: {self._buffer[-300:]!r} {error or ''}"
            self._done.set_exception(ConnectionError(reason))


async def manage(session: Session) -> bytes:
    """Switch everything on that a client on a phone has; return the token to resume with."""
    talk = Conversation(session)
    await talk.say(EXTRAS, b"carbons")
    found = _TOKEN.search(await talk.say(ENABLE, b"<enabled"))
    if found is None:
        raise ConnectionError("the session cannot be resumed")
    return found[1]


class Sender(Client):
    """The writing half of a pair: asks after each burst whether the server has got it."""

    def data_received(self, data: bytes) -> None:
        if _REQUESTED.search(data):
            self.write(f"<a {SM} h='0'/>".encode())
        if MESSAGE in data:
            self.load.fail(f"{self.session.jid} got a message that nobody meant to send")


class Receiver(PlainReceiver):
    """The reading half of a pair: acknowledges when asked, and lets its sender send more."""

    ending = REQUEST

    def __init__(self, load: Load, sender: Session, session: Session) -> None:
        super().__init__(load, sender, session)
        self.sender = Sender(load, sender, MESSAGE)
        self.handled = 0

    def data_received(self, data: bytes) -> None:
        found = self.counter.count(data)
        if found:
            self.handled += found
            self.on_arrival(found)
        if _REQUESTED.search(data):
            self.write(f"<a {SM} h='{self.handled}'/>".encode())


class ManagedPipeline(Pipeline):
    """Pairs with a window of messages under way, all streams managed."""

    receiver = Receiver
