"""All connections to other servers: who they are of, their number, their time."""

import asyncio
import ssl
from collections import Counter
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from functools import partial
from typing import Final

import structlog

from palaver.kernel.federation import Federation
from palaver.kernel.federation_routes import Stream
from palaver.kernel.federation_settings import Policies
from palaver.kernel.rate_limit import RateLimit, network
from palaver.kernel.server import Server
from palaver.net.gathering import Gathering
from palaver.net.s2s.connection import ServerConnection
from palaver.net.s2s.contexts import ServerContexts
from palaver.net.s2s.counting import Counted
from palaver.net.s2s.dialling import Dialler
from palaver.net.s2s.exchange import Exchange
from palaver.net.s2s.incoming import IncomingConnection
from palaver.net.s2s.outgoing import OutgoingConnection
from palaver.net.s2s.resolver import UnreachableError
from palaver.net.s2s.resumables import Broken, Resumables
from palaver.net.traffic import Traffic
from palaver.stream.s2s import dialback
from palaver.stream.s2s.dialback import Pair
from palaver.stream.s2s.events import Verify
from palaver.stream.s2s.settings import Rules, ServerStreamSettings
from palaver.wire.errors import StreamError
from palaver.wire.events import Limits

log = structlog.get_logger()

_LOOK: Final = 0.05  # seconds between looks at what may end in many ways
_LAST_WORD: Final = 1.0  # seconds for other servers to say what arrived
_RETURN: Final = 5.0  # seconds until a server goes on with a stream that broke
_CALLS_BACK: Final = 30  # keys from one address that are looked into in a minute


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
        self.federation.streams = self._listed
        server.federation = self.federation
        self.stream_settings = self._stream_settings()
        self.broken = Broken()
        self.resumables = Resumables()
        self.returning: dict[Pair, float] = {}
        self.stopping = False
        self._dialler = Dialler(self)
        self.federation.dial = self._dialler.dial
        self._strangers: Counter[str] = Counter()
        self._calls_back = RateLimit(_CALLS_BACK, 60.0)
        self._calling_back = 0
        server.router.remote = self.federation.take

    def begin(self) -> None:
        """Connect to other servers from now on: they may call us back."""
        self._dialler.begin()

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
            asked = await self._dialler.open(backward, only_questions=True)
        async with asyncio.timeout(self.settings.connect_timeout):
            return await asked.question(event.pair, event.stream_id, event.key)

    def _for_questions(self, domain: str, asking: Exchange) -> OutgoingConnection | None:
        """Return a stream to a domain's server, other than that which asked (XEP-0288 §2.2)."""
        for connection in self.outgoing():
            if connection.usable and connection.pair.target == domain and connection is not asking:
                return connection
        return None

    def outgoing(self) -> list[OutgoingConnection]:
        """Return the connections that we opened."""
        return [each for each in self.connections if isinstance(each, OutgoingConnection)]


def _close_one(connections: list[IncomingConnection], why_: str) -> None:
    """Close the one that was quiet for longest."""
    quiet = min(connections, key=lambda each: each.used)
    quiet.end(StreamError("resource-constraint", why_))
