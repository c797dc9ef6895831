"""A server of a test's own, on a real database and without sockets: sessions on recording wires."""

import asyncio
import shutil
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path

from tests.support.template import sqlite_file

from palaver import jid
from palaver.app import assembled, extensions
from palaver.jid import FullJID
from palaver.kernel import hooks
from palaver.kernel.account import Account
from palaver.kernel.config import parse
from palaver.kernel.server import Server
from palaver.kernel.session import Session, Wire
from palaver.kernel.storage import NewAccount
from palaver.wire import element
from palaver.wire.element import Element
from palaver.wire.errors import StreamError
from palaver.wire.stanza import Stanza

DEADLINE = 60.0
"""Seconds for the server to do what a test waits for."""


class RecordingWire:
    """Keeps what is written to a session, until the test takes it."""

    takes_many = False

    def __init__(self) -> None:
        self.congested = False
        self.peer = "127.0.0.1"
        self.secure = True
        self.written: list[bytes] = []
        self.ended = False
        self.error: StreamError | None = None
        self.waits_for: list[Wire] = []
        self.held = False

    @property
    def drained(self) -> bool:
        return not self.congested

    def write(self, data: bytes) -> None:
        self.written.append(data)

    def wait_for(self, other: Wire) -> None:
        self.waits_for.append(other)

    def hold(self) -> Callable[[], None]:
        self.held = True
        return self._let_go

    def _let_go(self) -> None:
        self.held = False

    def end(self, error: StreamError | None) -> None:
        self.ended = True
        self.error = error


class Client:
    """A session as its user has it: sends XML, receives elements."""

    def __init__(self, house: "House", session: Session, wire: RecordingWire) -> None:
        self.house = house
        self.session = session
        self.wire = wire

    @property
    def account(self) -> Account:
        return self.session.account

    def send(self, xml: str) -> None:
        """Send one stanza."""
        tree = element.parse(xml.encode())
        children = list(tree)
        stanza = Stanza.make(tree.name, self.session.jid, None, tree.attrs, *children)
        self.house.server.router.submit(stanza, self.session)

    async def taken(self) -> list[Element]:
        """Return what came since the last time, when the server has done all it began."""
        await self.house.settled()
        written, self.wire.written = self.wire.written, []
        return [element.parse(data) for data in written]

    async def bodies(self) -> list[str | None]:
        """Return the bodies of the messages that came since the last time."""
        return [each.text_of("body") for each in await self.messages()]

    async def messages(self) -> list[Element]:
        """Return the messages that came since the last time; what else came is dropped."""
        return [each for each in await self.taken() if each.name == "message"]

    async def ask(self, xml: str) -> Element:
        """Send an IQ request and return its answer; what else came stays to be taken."""
        self.send(xml)
        await self.house.settled()
        wanted = element.parse(xml.encode()).get("id")
        for number, data in enumerate(self.wire.written):
            came = element.parse(data)
            is_answer = came.get("type") in ("result", "error")
            if came.name == "iq" and is_answer and came.get("id") == wanted:
                del self.wire.written[number]
                return came
        raise AssertionError(f"no answer to {xml}")

    def available(self, priority: int = 0) -> None:
        """Send initial presence."""
        self.house.available(self.session, priority)

    def close(self) -> None:
        """End the session."""
        self.house.server.close_session(self.session)


class House:
    """A server and what a test does with it."""

    def __init__(self, server: Server) -> None:
        self.server = server

    async def account(self, address: str) -> Account:
        """Make an account, unless it exists, and return it in use."""
        bare = jid.parse_bare(address)
        found = await self.server.accounts.get(bare)
        if found is None:
            new = NewAccount(bare.domain, bare.local, skeleton=bare.local)
            await self.server.store.create(new)
            self.server.accounts.created(bare)
            found = await self.server.accounts.get(bare)
        assert found is not None
        return found

    async def client(self, address: str, *, available: bool = True) -> Client:
        """Open a session; ``address`` has a resource."""
        account = await self.account(jid.parse(address).bare)
        return self._client(address, account, available=available)

    async def guest(self, address: str) -> Client:
        """Open a session of a temporary account."""
        account = self.server.temporary_account(jid.parse(address).bare)
        return self._client(address, account, available=True)

    def _client(self, address: str, account: Account, *, available: bool) -> Client:
        full = jid.parse(address)
        assert isinstance(full, FullJID)
        wire = RecordingWire()
        session = Session(
            full, account, wire, lang=None, mechanism="PLAIN", since=self.server.clock.now()
        )
        self.server.open_session(session)
        client = Client(self, session, wire)
        if available:
            client.available()
        return client

    def available(self, session: Session, priority: int) -> None:
        """Let a session receive messages, whether the presence extension is loaded or not."""
        children = [Element("priority", "jabber:client", None, str(priority))] if priority else []
        presence = Stanza.make("presence", session.jid, None, None, *children)
        if "presence" in self.server.extensions:
            self.server.router.submit(presence, session)
            return
        session.presence = presence
        session.priority = priority
        session.receives = priority >= 0
        session.account.rank()
        if session.receives:
            for handle in session.host.dispatch.handlers(hooks.session_available):
                handle(session, presence)

    async def settled(self) -> None:
        """Wait until the server has done all that it has begun, storage included."""
        async with asyncio.timeout(DEADLINE):
            await asyncio.sleep(0)
            while self.server._tasks:
                await asyncio.wait(self.server._tasks)
                await asyncio.sleep(0)
            await self.server.log.flush()
            await asyncio.sleep(0)

    async def until(self, reached: Callable[[], object]) -> None:
        """Wait until ``reached()`` holds, while the server goes on."""
        async with asyncio.timeout(DEADLINE):
            while not reached():  # noqa: ASYNC110 - it may be anything
                await asyncio.sleep(0.001)


@asynccontextmanager
async def open_house(directory: Path, *names: str, configuration: str = "") -> AsyncIterator[House]:
    """Open a server on an SQLite database, with two hosts and the extensions of these names.

    Without any name it has all that are loaded by default. ``configuration`` is more of the TOML
    file; it enables those that are not.
    """
    hosts = '[hosts."capulet.example"]\n[hosts."montague.example"]\n'
    others = extensions().keys() - set(names) if names else ()
    file = directory / "palaver.sqlite3"
    if "[storage]" not in configuration and not file.exists():
        shutil.copy(sqlite_file(), file)
    switches = "".join(f"[extensions.{name}]\nenabled = false\n" for name in sorted(others))
    async with assembled(parse(hosts + switches + configuration), directory) as server:
        yield House(server)
        await server.stop()
