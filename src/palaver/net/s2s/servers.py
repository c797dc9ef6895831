"""All connections to other servers: how streams come to be, their number, their time."""

import asyncio
import socket
import ssl
from collections import Counter
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from functools import partial
from typing import Final

import structlog

from palaver.jid import prepare_domain
from palaver.kernel.federation import Federation
from palaver.kernel.federation_routes import Failure, Route, Stream
from palaver.kernel.federation_settings import Policies
from palaver.kernel.rate_limit import RateLimit, network
from palaver.kernel.server import Server
from palaver.net.gathering import Gathering
from palaver.net.peer import why
from palaver.net.s2s.connecting import connected
from palaver.net.s2s.connection import ServerConnection, server_name
from palaver.net.s2s.contexts import ServerContexts
from palaver.net.s2s.counting import Counted
from palaver.net.s2s.exchange import Exchange
from palaver.net.s2s.incoming import IncomingConnection
from palaver.net.s2s.outgoing import OutgoingConnection
from palaver.net.s2s.resolver import Place, Resolver, UnreachableError
from palaver.net.s2s.resumables import Broken, Resumables
from palaver.net.traffic import Traffic
from palaver.stream.s2s import dialback
from palaver.stream.s2s.dialback import Pair
from palaver.stream.s2s.events import Verify
from palaver.stream.s2s.settings import Rules, ServerStreamSettings
from palaver.wire.errors import StreamError
from palaver.wire.events import Limits

log = structlog.get_logger()

_PLACES: Final = 8  # servers of one domain that are tried in one go
_LOOK: Final = 0.05  # seconds between looks at what may end in many ways
_LAST_WORD: Final = 1.0  # seconds for other servers to say what arrived
_RETURN: Final = 5.0  # seconds until a server goes on with a stream that broke
_CALLS_BACK: Final = 30  # keys from one address that are looked into in a minute
_TIMEOUT: Final = Failure("remote-server-timeout", "it did not answer in time")


class Servers(Gathering[ServerConnection]):
    """Makes streams to other servers, and takes theirs.

    ``broken``      what was not acknowledged on streams that broke and may be resumed
    ``resumables``  the same of the streams of others
    ``returning``   when those are waited for no longer, by pair
    ``stopping``    whether no more streams are to be made
    """

    def __init__(self, server: Server, contexts: ServerContexts, traffic: Traffic) -> None:
        """Speak for the domains of ``server``."""
        super().__init__()
        limits = server.settings.limits
        self.settings = server.settings.federation
        self.server = server
        self.router = server.router
        self.contexts = contexts
        self.traffic = traffic
        self.spawn = server.spawn
        self.patience = limits.login_timeout
        self.handshake_timeout = limits.handshake_timeout
        self.federation = Federation(
            self.settings,
            Policies(self.settings, server.settings.domains),
            ours=self.ours,
            refuse=server.router.refuse,
            monotonic=self._loop.time,
            now=server.clock.now,
        )
        self.federation.dial = self._dial
        self.federation.streams = self._listed
        server.federation = self.federation
        self.stream_settings = self._stream_settings()
        self._resolver = Resolver(
            self.settings.nameservers, this_machine=self.settings.this_machine
        )
        self._fixed = {
            prepare_domain(name): Place(section.address.address, section.address.port)
            for name, section in server.settings.domains.items()
            if section.address is not None
        }
        self.broken = Broken()
        self.resumables = Resumables()
        self.returning: dict[Pair, float] = {}
        self.stopping = False
        self._may_dial = asyncio.Event()
        self._dials = asyncio.Semaphore(self.settings.attempts)  # after a start they may be more
        self._strangers: Counter[str] = Counter()
        self._calls_back = RateLimit(_CALLS_BACK, 60.0)
        self._calling_back = 0
        server.router.remote = self.federation.take

    def begin(self) -> None:
        """Connect to other servers from now on: they may call us back."""
        self._may_dial.set()

    async def close(self) -> None:
        """End every stream with ``system-shutdown``, and wait a moment for what is being sent."""
        self.stopping = True
        await self._hear_what_arrived()
        await super().close()

    async def _hear_what_arrived(self) -> None:
        """Wait a moment for acknowledgements: what has none comes again after a restart."""
        until = self._loop.time() + _LAST_WORD
        exchanges = [each for each in self.connections if isinstance(each, Exchange)]
        while self._loop.time() < until:
            unheard = [each for each in exchanges if each.ask_what_arrived()]
            if not unheard:
                return
            await asyncio.sleep(_LOOK)

    def resumed(
        self, token: str, pairs: set[Pair], connection: IncomingConnection
    ) -> Counted | None:
        """Return what was counted on a stream before, to a connection that goes on with it."""
        for each in list(self.connections):
            if isinstance(each, IncomingConnection) and each is not connection:
                each.give_up(token, pairs)
        return self.resumables.take(token, pairs, self._loop.time())

    def expect(self, pairs: Iterable[Pair]) -> None:
        """Give the server that opened a stream time to go on with it: nobody else can.

        Otherwise what is not acknowledged goes by a stream of our own, perhaps once more.
        """
        now = self._loop.time()
        for pair in [pair for pair, until in self.returning.items() if until <= now]:
            del self.returning[pair]
        for pair in pairs:
            self.returning[pair] = now + _RETURN

    def ours(self, domain: str) -> bool:
        """Tell whether a domain is one that this server answers for."""
        return domain in self.router.hosts or domain in self.router.services

    def _stream_settings(self) -> ServerStreamSettings:
        limits = self.server.settings.limits
        before = Limits(
            max(limits.stanza_bytes_before_login, 65_536),  # features may be long
            min(limits.depth, 32),
            min(limits.attributes, 32),
            limits.name_bytes,
        )
        after = Limits(
            self.settings.stanza_bytes, limits.depth, limits.attributes, limits.name_bytes
        )
        secret = self.server.secret.derive("dialback")
        return ServerStreamSettings(
            rules=self._rules,
            ours=self.ours,
            tls=lambda domain: self.contexts.receiving(domain) is not None,
            key=partial(dialback.key, secret),
            lang=self.server.settings.server.language,
            before=before,
            after=after,
        )

    def _listed(self) -> list[Stream]:
        return [stream for each in self.connections for stream in each.streams()]

    def _rules(self, domain: str) -> Rules:
        policy = self.federation.policies.of(domain)
        return Rules(policy.allowed, policy.certificate, policy.encryption, policy.bidi)

    # -- connections of others ---------------------------------------------------------------------

    def connection(self, *, direct_tls: bool) -> IncomingConnection:
        """Make the protocol object for a new socket."""
        return IncomingConnection(self, direct_tls=direct_tls)

    @property
    def direct_tls(self) -> ssl.SSLContext | None:
        """The context for those who begin with TLS; None without a certificate."""
        return self.contexts.default

    @contextmanager
    def handshake(self, peer: str) -> Iterator[bool]:
        """Count an address among the strangers while it begins TLS; False: they are too many."""
        address = network(peer)
        self._strangers[address] += 1
        try:
            yield self._few(address)
        finally:
            self._one_less(address)

    def admit(self, connection: IncomingConnection) -> bool:
        """Count a new connection; False when its address has too many that are not authorised."""
        address = network(connection.peer)
        self._strangers[address] += 1
        connection.stranger = True
        return self._few(address)

    def known(self, connection: IncomingConnection) -> None:
        """Count a connection no longer among the strangers of its address."""
        if connection.stranger:
            connection.stranger = False
            self._one_less(network(connection.peer))

    def authorised(self, connection: IncomingConnection, domain: str) -> None:
        """Take note that a connection is of a domain's server; close one where it has too many."""
        others = [
            each
            for each in self.connections
            if isinstance(each, IncomingConnection)
            and each is not connection
            and each.stream.incoming
        ]
        same = [
            each for each in others if any(pair.sender == domain for pair in each.stream.incoming)
        ]
        if len(same) >= self.settings.streams_per_domain:
            _close_one(same, "too many streams of your domain")
            return
        address = network(connection.peer)
        same = [each for each in others if network(each.peer) == address]
        if len(same) >= self.settings.streams_per_address:
            _close_one(same, "too many streams from your address")

    def _few(self, address: str) -> bool:
        allowed = self.server.settings.limits.connections_per_address
        return not allowed or self._strangers[address] <= allowed

    def _one_less(self, address: str) -> None:
        self._strangers[address] -= 1
        if self._strangers[address] <= 0:
            del self._strangers[address]

    def look_into(self, connection: Exchange, event: Verify) -> None:
        """Find out whether a key is from the server of the pair's sender."""
        many = self._calling_back >= self.settings.attempts
        if many or self._calls_back.take(network(connection.peer), self._loop.time()):
            self._loop.call_soon(connection.verified, event, "resource-constraint")
        else:
            self.spawn(self._look_into(connection, event))

    async def _look_into(self, connection: Exchange, event: Verify) -> None:
        self._calling_back += 1
        try:
            outcome = await self._call_back(connection, event)
        except UnreachableError as error:
            self.federation.note(event.pair, f"cannot call back: {error}", incoming=True)
            outcome = error.failure.condition
        except TimeoutError:
            outcome = "remote-server-timeout"
        except Exception:
            log.exception("key cannot be looked into", pair=str(event.pair))
            outcome = "internal-server-error"
        finally:
            self._calling_back -= 1
        connection.verified(event, outcome)

    async def _call_back(self, connection: Exchange, event: Verify) -> str:
        backward = event.pair.reversed
        asked = self._for_questions(backward.target, connection)
        if asked is None:
            asked = await self._open(backward, only_questions=True)
        async with asyncio.timeout(self.settings.connect_timeout):
            return await asked.question(event.pair, event.stream_id, event.key)

    def _for_questions(self, domain: str, asking: Exchange) -> OutgoingConnection | None:
        """Return a stream to a domain's server, other than that which asked (XEP-0288 §2.2)."""
        for connection in self._outgoing():
            if connection.usable and connection.pair.target == domain and connection is not asking:
                return connection
        return None

    def _outgoing(self) -> list[OutgoingConnection]:
        return [each for each in self.connections if isinstance(each, OutgoingConnection)]

    # -- our own connections -----------------------------------------------------------------------

    def _dial(self, route: Route) -> None:
        self.spawn(self._reach(route))

    async def _reach(self, route: Route) -> None:
        """Make a stream for a route, as often as it takes while something waits for it.

        The first attempt is at once, also where a stream broke: RFC 6120 §3.3 wants a random pause
        of up to a minute, and stanzas would wait for it. Only further ones have it (and what is to
        be resumed by the other server): a server that comes back meets them one by one.
        """
        await self._may_dial.wait()
        pair = Pair(*route.pair)
        now = self._loop.time()
        pause: float | None = max(route.due(now), self.returning.pop(pair, 0.0) - now)
        while pause is not None:
            await asyncio.sleep(pause)
            if route.link is not None or not route.trying:
                return
            try:
                await self._get_through(pair)
                return
            except UnreachableError as error:
                failure = error.failure
            except Exception:
                log.exception("stream cannot be made", pair=str(pair))
                failure = Failure("internal-server-error", "an error of this server")
            if route.link is not None:  # one that the other server made
                return
            pause = self.federation.failed_to_reach(route, failure)
        self.broken.take(pair)  # what was left of it came back to who sent it

    async def _get_through(self, pair: Pair) -> None:
        """Let stanzas of a pair go: by a stream that there is, or by one of their own.

        Raises:
            UnreachableError: no server of the domain takes them.
        """
        await self._resumed_by(self.broken.carrying(pair))
        if pair not in self.broken and await self._let_in(pair):
            return
        # If that broke meanwhile, only who goes on with it learns what arrived.
        await self._resumed_by(self.broken.carrying(pair))
        async with self._dials:
            await self._open(pair)

    async def _let_in(self, pair: Pair) -> bool:
        """Let stanzas of a pair go by a stream that there is; tell whether there is one."""
        for each in self.connections:
            if isinstance(each, Exchange) and each.sends(pair):
                self.federation.joined(pair, each)
                return True
        connection = await self._shared(pair)
        if connection is None:
            return False
        try:
            connection.ask(pair)
            async with asyncio.timeout(self.settings.connect_timeout):
                await connection.outcome(pair)
        except (UnreachableError, TimeoutError):
            return False  # it may do on a stream of its own
        return True

    async def _shared(self, pair: Pair) -> OutgoingConnection | None:
        """Return a stream that may carry another pair too (XEP-0220 §2.5): to the same server."""
        found = [each for each in self._outgoing() if each.takes_more(pair)]
        for each in found:
            if each.pair.target == pair.target:
                return each
        if found:
            first, *_ = await self._places(pair.target)
            for each in found:
                if each.place == first and each.takes_more(pair):
                    return each
        return None

    async def _resumed_by(self, owner: Pair | None) -> None:
        """Wait while the owner of a stream that broke tries to go on with it (XEP-0198 §5).

        What was not acknowledged would come twice if it went by another stream. The owner does not
        try where the other server has made a stream for it meanwhile.
        """
        if owner is None:
            return
        until = self._loop.time() + self.settings.connect_timeout
        self.federation.again(owner)
        while (owner in self.broken and self.federation.tries(owner)) or any(
            each.resumes(owner) for each in self._outgoing()
        ):
            if self._loop.time() > until:
                raise UnreachableError(_TIMEOUT)
            await asyncio.sleep(_LOOK)

    async def _open(self, pair: Pair, *, only_questions: bool = False) -> OutgoingConnection:
        """Return a connection on which stanzas of the pair may be sent, or questions asked.

        Raises:
            UnreachableError: none of the domain's servers lets us.
        """
        failure = _TIMEOUT
        for place in (await self._places(pair.target))[:_PLACES]:
            try:
                return await self._open_at(place, pair, only_questions=only_questions)
            except UnreachableError as error:
                failure = error.failure
        raise UnreachableError(failure)

    async def _places(self, domain: str) -> list[Place]:
        fixed = self._fixed.get(domain)
        return [fixed] if fixed else await self._resolver.places(domain)

    async def _open_at(
        self, place: Place, pair: Pair, *, only_questions: bool
    ) -> OutgoingConnection:
        connection: OutgoingConnection | None = None
        fixed = place is self._fixed.get(pair.target)
        try:
            async with asyncio.timeout(self.settings.connect_timeout):
                addresses = await self._resolver.addresses(place.host, anywhere=fixed)
                sock = await connected(addresses, place.port)
                connection = OutgoingConnection(self, pair, place, only_questions=only_questions)
                await self._attach(connection, sock)
                await connection.outcome(pair)
                return connection
        except TimeoutError:
            failure = _TIMEOUT
        except OSError as error:
            failure = Failure("remote-server-timeout", f"{place.host}:{place.port}: {why(error)}")
        if connection is not None and connection in self.connections:
            connection.end(StreamError("connection-timeout", "the stream took too long"))
        raise UnreachableError(failure)

    async def _attach(self, connection: OutgoingConnection, sock: socket.socket) -> None:
        direct = connection.place.direct
        name = server_name(connection.pair.target)
        context = self.contexts.initiating(connection.pair.sender, direct=True)
        await self._loop.create_connection(
            lambda: connection,
            sock=sock,
            ssl=context if direct else None,
            server_hostname=name if direct else None,
            ssl_handshake_timeout=self.handshake_timeout if direct else None,
        )


def _close_one(connections: list[IncomingConnection], why_: str) -> None:
    """Close the one that was quiet for longest."""
    quiet = min(connections, key=lambda each: each.used)
    quiet.end(StreamError("resource-constraint", why_))
