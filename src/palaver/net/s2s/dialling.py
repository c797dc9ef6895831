"""How streams to other servers come to be: by DNS, by one that is there, by one that broke."""

import asyncio
import socket
from typing import TYPE_CHECKING, Final
from weakref import WeakValueDictionary

import structlog

from palaver.jid import prepare_domain
from palaver.kernel.federation_routes import SHARE, Failure, Route, site
from palaver.net.peer import why
from palaver.net.s2s.connecting import connected
from palaver.net.s2s.connection import server_name
from palaver.net.s2s.exchange import Exchange
from palaver.net.s2s.outgoing import OutgoingConnection
from palaver.net.s2s.resolver import Place, Resolver, UnreachableError
from palaver.stream.s2s.dialback import Pair
from palaver.wire.errors import StreamError

if TYPE_CHECKING:
    from palaver.net.s2s.servers import Servers

log = structlog.get_logger()

_PLACES: Final = 8  # servers of one domain that are tried in one go
_ALONE: Final = 3_600.0  # seconds for which a server is asked for nothing more on its streams
_REMEMBERED: Final = 1_000  # of those servers
_LOOK: Final = 0.05  # seconds between looks at what may end in many ways
_TIMEOUT: Final = Failure("remote-server-timeout", "it did not answer in time")


class Dialler:
    """Makes streams to other servers."""

    def __init__(self, servers: "Servers") -> None:
        """Make them once `begin` is called."""
        self._servers = servers
        settings = servers.settings
        self._resolver = Resolver(settings.nameservers, this_machine=settings.this_machine)
        self._fixed = {
            prepare_domain(name): Place(section.address.address, section.address.port)
            for name, section in servers.server.settings.domains.items()
            if section.address is not None
        }
        self._left_alone: dict[Place, float] = {}
        self._begun = asyncio.Event()
        self._dials = asyncio.Semaphore(settings.attempts)  # after a start they may be more
        self._sites: WeakValueDictionary[str, asyncio.Semaphore] = WeakValueDictionary()
        self._loop = asyncio.get_running_loop()

    def begin(self) -> None:
        """Connect from now on."""
        self._begun.set()

    def dial(self, route: Route) -> None:
        """Begin to make a stream for a route."""
        self._servers.spawn(self._reach(route))

    async def _reach(self, route: Route) -> None:
        """Make a stream for a route, as often as it takes while something waits for it.

        The first attempt is at once, also where a stream broke: RFC 6120 §3.3 wants a random pause
        of up to a minute, and stanzas would wait for it. Only further ones have it (and what is to
        be resumed by the other server): a server that comes back meets them one by one.
        """
        await self._begun.wait()
        pair = Pair(*route.pair)
        now = self._loop.time()
        pause: float | None = max(route.due(now), self._servers.returning.pop(pair, 0.0) - now)
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
            pause = self._servers.federation.failed_to_reach(route, failure)
            if pause is None and not failure.permanent and self._awaited(pair):
                self._servers.federation.again(pair)
                return
        self._servers.broken.take(pair)  # what was left of it came back to who sent it

    def _awaited(self, owner: Pair) -> bool:
        """Tell whether others wait for what becomes of a stream that broke (see `_resumed_by`)."""
        waiting = self._servers.broken.sharing(owner)
        return any(each != owner and self._servers.federation.tries(each) for each in waiting)

    async def _get_through(self, pair: Pair) -> None:
        """Let stanzas of a pair go: by a stream that there is, or by one of their own.

        Raises:
            UnreachableError: no server of the domain takes them.
        """
        await self._resumed_by(self._servers.broken.carrying(pair))
        if pair not in self._servers.broken and await self._let_in(pair):
            return
        # If that broke meanwhile, only who goes on with it learns what arrived.
        await self._resumed_by(self._servers.broken.carrying(pair))
        async with self._of_site(pair.target), self._dials:
            await self.open(pair)

    def _of_site(self, domain: str) -> asyncio.Semaphore:
        """Return what lets the domains of one site take no more than their share of attempts."""
        name = site(domain)
        found = self._sites.get(name)
        if found is None:
            share = self._servers.settings.attempts // SHARE
            found = self._sites[name] = asyncio.Semaphore(share + 1)
        return found

    async def _let_in(self, pair: Pair) -> bool:
        """Let stanzas of a pair go by a stream that there is; tell whether there is one."""
        for each in self._servers.connections:
            if isinstance(each, Exchange) and each.sends(pair):
                self._servers.federation.joined(pair, each)
                return True
        connection = await self._shared(pair)
        return connection is not None and await self._asked(connection, pair)

    async def _asked(self, connection: OutgoingConnection, pair: Pair) -> bool:
        """Ask for a pair on another's stream; tell whether its stanzas may go there.

        Not before that is let in itself: until then, whatever is refused ends the stream. A pair
        that is not let in may be so on a stream of its own.
        """
        if not await self._let_on(connection, connection.pair) or not connection.takes_more(pair):
            return False
        connection.ask(pair)
        found = await self._let_on(connection, pair)
        if not found and not connection.refused(pair):
            self._leave_alone(connection.place)
        return found

    async def _let_on(self, connection: OutgoingConnection, pair: Pair) -> bool:
        """Wait for what becomes of a pair that was asked for; tell whether it is let in."""
        try:
            async with asyncio.timeout(self._servers.settings.connect_timeout):
                await connection.outcome(pair)
        except (UnreachableError, TimeoutError):
            return False
        return True

    def _leave_alone(self, place: Place) -> None:
        """Ask for nothing more for a while where that ended a stream, or had no answer.

        That stream carried the stanzas of others.
        """
        self._left_alone.pop(place, None)
        self._left_alone[place] = self._loop.time() + _ALONE
        if len(self._left_alone) > _REMEMBERED:
            del self._left_alone[next(iter(self._left_alone))]

    async def _shared(self, pair: Pair) -> OutgoingConnection | None:
        """Return a stream that may carry another pair too (XEP-0220 §2.5): to the same server."""
        now = self._loop.time()
        found = [
            each
            for each in self._servers.outgoing()
            if each.takes_more(pair) and now >= self._left_alone.get(each.place, now)
        ]
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
        until = self._loop.time() + self._servers.settings.connect_timeout
        self._servers.federation.again(owner)
        while (owner in self._servers.broken and self._servers.federation.tries(owner)) or any(
            each.resumes(owner) for each in self._servers.outgoing()
        ):
            if self._loop.time() > until:
                raise UnreachableError(_TIMEOUT)
            await asyncio.sleep(_LOOK)

    async def open(self, pair: Pair, *, only_questions: bool = False) -> OutgoingConnection:
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
            async with asyncio.timeout(self._servers.settings.connect_timeout):
                addresses = await self._resolver.addresses(place.host, anywhere=fixed)
                sock = await connected(addresses, place.port)
                connection = OutgoingConnection(
                    self._servers, pair, place, only_questions=only_questions
                )
                await self._attach(connection, sock)
                await connection.outcome(pair)
                return connection
        except TimeoutError:
            failure = _TIMEOUT
        except OSError as error:
            failure = Failure("remote-server-timeout", f"{place.host}:{place.port}: {why(error)}")
        if connection is not None and connection in self._servers.connections:
            connection.end(StreamError("connection-timeout", "the stream took too long"))
        raise UnreachableError(failure)

    async def _attach(self, connection: OutgoingConnection, sock: socket.socket) -> None:
        direct = connection.place.direct
        name = server_name(connection.pair.target)
        context = self._servers.contexts.initiating(connection.pair.sender, direct=True)
        await self._loop.create_connection(
            lambda: connection,
            sock=sock,
            ssl=context if direct else None,
            server_hostname=name if direct else None,
            ssl_handshake_timeout=self._servers.handshake_timeout if direct else None,
        )
