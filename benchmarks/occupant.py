"""How a client enters a room as cheaply as it goes."""

import asyncio
import time

from benchmarks.login import Session
from benchmarks.process import ServerError

MUC = "http://jabber.org/protocol/muc"
CREATED = b"code='201'"
ENTERED = b"code='110'"
OPENING = "open-the-room"
OPENED = OPENING.encode()
PATIENCE = 60.0  # seconds until one is in


class Entering(asyncio.Protocol):
    """Waits until one is in the room (XEP-0045 §7.2.2), and opens it if it is new."""

    def __init__(self, opening: bytes, transport: asyncio.Transport) -> None:
        self.done: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._opening = opening
        self._transport = transport
        self._awaited = ENTERED
        self._heard = b""

    def data_received(self, data: bytes) -> None:
        heard = (self._heard + data).replace(b'"', b"'")
        self._heard = heard[-4096:]
        if self.done.done():
            return
        if b"<error" in heard:
            self.done.set_exception(ServerError(f"the room refuses: {heard[-300:]!r}"))
        elif self._awaited in heard:
            self._go_on(heard)

    def _go_on(self, heard: bytes) -> None:
        if self._awaited == ENTERED and CREATED in heard:
            self._awaited = OPENED
            self._transport.write(self._opening)
        else:
            self.done.set_result(None)


def entry(room: str, nick: str) -> bytes:
    """Return the presence that enters a room, without its history."""
    asked = f"<x xmlns='{MUC}'><history maxchars='0'/></x>"
    return f"<presence to='{room}/{nick}'>{asked}</presence>".encode()


async def enter(session: Session, room: str) -> None:
    """Enter a room, and open it if it is new (§10.1.2)."""
    form = "<x xmlns='jabber:x:data' type='submit'/>"
    query = f"<query xmlns='{MUC}#owner'>{form}</query>"
    opening = f"<iq type='set' id='{OPENING}' to='{room}'>{query}</iq>".encode()
    waiting = Entering(opening, session.transport)
    session.transport.set_protocol(waiting)
    session.transport.write(entry(room, session.jid.partition("@")[0]))
    try:
        async with asyncio.timeout(PATIENCE):
            await waiting.done
    except TimeoutError:
        raise ServerError(f"{session.jid} did not get into the room") from None


async def rest(quiet: "list[Quiet]") -> None:
    """Wait until half a second passed in which nobody heard anything."""
    end = time.monotonic() + PATIENCE
    while max(each.last for each in quiet) > time.monotonic() - 0.5:
        if time.monotonic() > end:
            raise ServerError("the room does not come to rest")
        await asyncio.sleep(0.1)


class Quiet(asyncio.Protocol):
    """Notes when a client last heard something."""

    def __init__(self, session: Session) -> None:
        self.last = time.monotonic()
        session.transport.set_protocol(self)

    def data_received(self, _data: bytes) -> None:
        self.last = time.monotonic()
