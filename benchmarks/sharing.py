"""Measures what goes to another server for many recipients there: together, and one by one.

Run: python -m benchmarks.sharing (--help tells the options). Two servers in this process are
connected by what stands for the stream between them, and counts the bytes before TLS: one user has
contacts at the other server and changes presence; in a room of the one are occupants of the other.
Each recipient's server takes all of it apart again: what arrives for whom is counted too.
"""

import argparse
import asyncio
import logging
import tempfile
from collections.abc import Awaitable, Callable, Iterable
from contextlib import AsyncExitStack
from pathlib import Path
from typing import Final

import structlog

from benchmarks.archive import CountingWire
from palaver import jid
from palaver.app import assembled
from palaver.ext.roster.roster import roster_of
from palaver.jid import FullJID
from palaver.kernel.config import parse
from palaver.kernel.federation import Federation
from palaver.kernel.federation_routes import Pair
from palaver.kernel.federation_settings import Policies
from palaver.kernel.server import Server
from palaver.kernel.session import Session
from palaver.kernel.sharing import NS, Form
from palaver.kernel.storage import NewAccount
from palaver.stream.foreign import written
from palaver.wire import ns
from palaver.wire.errors import StreamError
from palaver.wire.events import Limits
from palaver.wire.scanner import Scanner
from palaver.wire.stanza import Stanza

HERE: Final = "capulet.example"
THERE: Final = "montague.example"
ROOM: Final = f"balcony@conference.{HERE}"
CHANGES: Final = 10  # of presence, and messages in the room
MUC: Final = "http://jabber.org/protocol/muc"
HEADER: Final = (
    f"<stream:stream xmlns='{ns.CLIENT}' xmlns:stream='{ns.STREAMS}' version='1.0'>".encode()
)
CAPABILITIES: Final = (
    "<c xmlns='http://jabber.org/protocol/caps' hash='sha-1' node='https://gajim.org'"
    " ver='PpgRbxlaZJqxlvCLvYc4r1yLUqU='/>"
)
AVATAR: Final = (
    "<x xmlns='vcard-temp:x:update'><photo>2ef5b0ee0b5b53a7bd4f1c9dcf8b8a2d23bb0b6a</photo></x>"
)
IDLE: Final = "<idle xmlns='urn:xmpp:idle:1' since='2026-11-21T10:12:{:02d}Z'/>"


class Stream:
    """Stands for the stream from one server to another; counts what it carries."""

    congested = False
    drained = True
    peer = "127.0.0.1"
    secure = True
    takes_many = False
    jid = jid.parse(THERE)

    def __init__(self, pair: Pair, target: Server) -> None:
        self.bytes = self.stanzas = 0
        self._pair = pair
        self._target = target
        self._scanner = Scanner(Limits(stanza_bytes=1 << 20, depth=100, attributes=100))
        self._scanner.feed(HEADER)

    @property
    def wire(self) -> "Stream":
        """What carries what comes by it."""
        return self

    def carry(self, stanza: Stanza) -> None:
        """Bring a stanza to the other server, in its own turn of the loop."""
        data = written(stanza)
        self.bytes += len(data)
        self.stanzas += 1
        asyncio.get_running_loop().call_soon(self._arrive, data)

    def _arrive(self, data: bytes) -> None:
        for event in self._scanner.feed(data):
            if isinstance(event, Stanza):
                self._target.router.submit_remote(event, {self._pair}, self)

    def put_off(self) -> Callable[[], None]:
        """Promise nothing."""
        return self.let_go

    def write(self, data: bytes) -> None:
        """Carry nothing but stanzas."""

    def wait_for(self, other: object) -> None:
        """Go on."""

    def hold(self) -> None:
        """Go on."""

    def let_go(self) -> None:
        """Go on."""

    def end(self, error: StreamError | None) -> None:
        """Go on."""


class World:
    """Two servers, and the streams between them."""

    def __init__(self, here: Server, there: Server) -> None:
        self.here = here
        self.there = there
        self.streams: list[Stream] = []
        self.wires: list[CountingWire] = []

    def connect(self, one: Server, other: Server) -> None:
        """Let stanzas for the other server's domains go there."""
        settings = one.settings.federation
        federation = Federation(
            settings,
            Policies(settings, {}),
            ours=lambda domain: domain in one.hosts or domain in one.services,
            refuse=one.router.refuse,
            monotonic=asyncio.get_running_loop().time,
            now=one.clock.now,
        )
        federation.dial = lambda route: self._dialled(federation, route.pair, other)
        one.federation = federation
        one.router.remote = federation.take

    def _dialled(self, federation: Federation, pair: Pair, other: Server) -> None:
        stream = Stream(pair, other)
        if other is self.there:
            self.streams.append(stream)
        asyncio.get_running_loop().call_soon(federation.joined, pair, stream)

    async def session(self, server: Server, address: str) -> Session:
        """Open a session of an account."""
        full = jid.parse(address)
        account = await server.accounts.get(full.bare)
        assert account is not None
        assert isinstance(full, FullJID)
        wire = CountingWire()
        session = Session(
            full, account, wire, lang=None, mechanism="PLAIN", since=server.clock.now()
        )
        if server is self.there:
            self.wires.append(wire)
        server.open_session(session)
        return session

    async def quiet(self) -> None:
        """Wait until nothing is under way."""
        before = None
        while before != (now := (self.sent, self.received)):
            before = now
            for _ in range(20):
                await asyncio.sleep(0.005)

    @property
    def sent(self) -> int:
        """How many bytes went to the other server."""
        return sum(stream.bytes for stream in self.streams)

    @property
    def received(self) -> int:
        """How many bytes its clients got."""
        return sum(wire.size for wire in self.wires)


def submit(server: Server, session: Session, xml: str) -> None:
    """Let a client send something."""
    scanner = Scanner(Limits(stanza_bytes=1 << 20, depth=100, attributes=100))
    for event in scanner.feed(HEADER + xml.encode()):
        if isinstance(event, Stanza):
            server.router.submit(event, session)


async def presence(world: World, people: int) -> Callable[[int], None]:
    """Make contacts; return what changes presence."""
    juliet = await world.session(world.here, f"juliet@{HERE}/balcony")
    submit(world.here, juliet, "<presence/>")
    roster = roster_of(juliet.account)
    for number in range(people):
        session = await world.session(world.there, f"user{number}@{THERE}/orchard")
        submit(world.there, session, "<presence/>")
        submit(world.there, session, f"<presence type='subscribe' to='{juliet.bare}'/>")
        submit(
            world.here, juliet, f"<presence type='subscribed' to='{session.bare}'/>"
        )  # before it was asked (RFC 6121 §3.4)
    async with asyncio.timeout(60):
        while len(roster.watchers.elsewhere) < people:
            await world.quiet()
    await world.quiet()

    def change(number: int) -> None:
        content = f"<show>away</show><status>Back at {number}</status>{CAPABILITIES}{AVATAR}"
        submit(world.here, juliet, f"<presence>{content}{IDLE.format(number)}</presence>")

    return change


async def room(world: World, people: int) -> Callable[[int], None]:
    """Make a room with occupants of the other server; return what speaks in it."""
    juliet = await world.session(world.here, f"juliet@{HERE}/balcony")
    joining = f"<x xmlns='{MUC}'><history maxstanzas='0'/></x>"
    submit(world.here, juliet, f"<presence to='{ROOM}/juliet'>{joining}</presence>")
    await world.quiet()
    form = f"<query xmlns='{MUC}#owner'><x xmlns='jabber:x:data' type='submit'/></query>"
    submit(world.here, juliet, f"<iq type='set' id='o' to='{ROOM}'>{form}</iq>")
    await world.quiet()
    for number in range(people):
        session = await world.session(world.there, f"user{number}@{THERE}/orchard")
        submit(world.there, session, f"<presence to='{ROOM}/Nick {number}'>{joining}</presence>")
    await world.quiet()

    def speak(number: int) -> None:
        text = "Wilt thou be gone? It is not yet near day. It was the nightingale."
        submit(
            world.here,
            juliet,
            f"<message to='{ROOM}' type='groupchat' id='{number:036}'><body>{text}</body>"
            f"<origin-id xmlns='urn:xmpp:sid:0' id='{number:036}'/></message>",
        )
        content = f"<show>away</show>{CAPABILITIES}{AVATAR}{IDLE.format(number)}"
        submit(world.here, juliet, f"<presence to='{ROOM}/juliet'>{content}</presence>")

    return speak


Scenario = Callable[[World, int], Awaitable[Callable[[int], None]]]


async def measure(scenario: Scenario, people: int, form: Form) -> tuple[int, int]:
    """Return the bytes sent, and the bytes that the recipients got."""
    share = "false" if form is Form.PLAIN else "true"
    async with AsyncExitStack() as stack:
        servers = []
        for domain, accounts in ((HERE, ["juliet"]), (THERE, _users(people))):
            directory = Path(stack.enter_context(tempfile.TemporaryDirectory()))
            text = f"[hosts.'{domain}']\n[extensions.multicast]\nshare = {share}\n"
            text += "[extensions.strangers]\nstrangers_per_hour = 0\n"
            server = await stack.enter_async_context(assembled(parse(text), directory))
            await server.store.create_many([NewAccount(domain, each, each) for each in accounts])
            servers.append(server)
        if form is Form.STANDARD:
            multicast = servers[1].extensions["multicast"]
            setattr(multicast, "features", (NS,))  # noqa: B010 - as another implementation
        world = World(*servers)
        world.connect(world.here, world.there)
        world.connect(world.there, world.here)
        for server in servers:
            await server.start()
            stack.push_async_callback(server.stop)
        change = await scenario(world, people)
        await world.quiet()
        change(CHANGES)  # finds out what the other server takes, where that is not known
        await world.quiet()
        sent, received = world.sent, world.received
        for number in range(CHANGES):
            change(number)
            await world.quiet()
        return world.sent - sent, world.received - received


def _users(people: int) -> Iterable[str]:
    return [f"user{number}" for number in range(people)]


async def run(people: int) -> None:
    """Measure both, in all forms."""
    print(f"{'':12} {'one by one':>12} {'XEP-0033':>20} {'in lines':>20}")
    for name, scenario in (("presence", presence), ("room", room)):
        plain, all_plain = await measure(scenario, people, Form.PLAIN)
        standard, _ = await measure(scenario, people, Form.STANDARD)
        short, all_short = await measure(scenario, people, Form.SHORT)
        if all_plain != all_short or not all_plain:
            raise SystemExit(f"{name}: the recipients got {all_plain} and {all_short} bytes")
        shared = [f"{each:>12,} {plain / each:>6.1f}x" for each in (standard, short)]
        print(f"{name:12} {plain:>12,} {' '.join(shared)}", flush=True)


def main() -> None:
    """Run the benchmark."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--people", type=int, default=500, help="contacts, and occupants")
    quiet = structlog.make_filtering_bound_logger(logging.WARNING)
    structlog.configure(wrapper_class=quiet)
    asyncio.run(run(parser.parse_args().people))


if __name__ == "__main__":
    main()
