"""All client connections: what their streams ask of the server, their number, their time."""

import ssl
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial

import structlog

from palaver import sasl
from palaver.jid import BareJID
from palaver.kernel import hooks
from palaver.kernel.extension import Request, Stranger, Target
from palaver.kernel.host import Host
from palaver.kernel.management import ResumptionError, StreamManager
from palaver.kernel.rate_limit import network
from palaver.kernel.server import Server
from palaver.kernel.session import Session
from palaver.kernel.storage import StorageUnavailable
from palaver.net import lookups
from palaver.net.binding import Binding
from palaver.net.connection import ClientConnection
from palaver.net.establishing import Establishing
from palaver.net.gathering import Gathering
from palaver.net.lookups import keeper_of
from palaver.net.managed import Managed
from palaver.net.pace import Pace
from palaver.net.resuming import manager_of, taken_over
from palaver.net.tls import Certificates
from palaver.net.traffic import Traffic
from palaver.sasl import Policy
from palaver.stream import inline
from palaver.stream.client import ClientStream
from palaver.stream.events import (
    Authenticated,
    Bind,
    EarlyRequest,
    Enable,
    Event,
    LoggedIn,
    LoginFailed,
    Lookup,
    Resume,
)
from palaver.stream.settings import StreamHost, StreamSettings
from palaver.stream.state import State
from palaver.wire.element import Element
from palaver.wire.errors import StanzaError, StreamError
from palaver.wire.events import Limits

log = structlog.get_logger()


class Clients(Gathering[ClientConnection]):
    """Makes connections, answers what their streams ask, and keeps count."""

    def __init__(
        self, server: Server, certificates: Certificates, decoys: sasl.Decoys, traffic: Traffic
    ) -> None:
        """Serve the clients of ``server``; ``decoys`` stand for accounts that do not exist."""
        super().__init__()
        limits = server.settings.limits
        self.server = server
        self.certificates = certificates
        self.submit = server.router.submit
        self.log = server.log
        self.spawn = server.spawn
        self.traffic = traffic
        self.idle_timeout = limits.idle_timeout
        self.handshake_timeout = limits.handshake_timeout
        self.stream_settings = self._stream_settings(decoys)
        self.logins: Counter[tuple[str, str]] = Counter()
        self._binding = Binding(server)
        self._establishing = Establishing(self, server, self._binding)
        server.end_logins = self.end_logins
        self._strangers: Counter[str] = Counter()

    # -- connections -------------------------------------------------------------------------------

    @property
    def direct_tls(self) -> ssl.SSLContext | None:
        """The context for those who begin with TLS; None without a certificate."""
        return self.certificates.default

    def connection(self, *, direct_tls: bool) -> ClientConnection:
        """Make the protocol object for a new socket."""
        return ClientConnection(self, direct_tls=direct_tls)

    def pace(self) -> Pace:
        """Make what limits how fast a session may send."""
        limits = self.server.settings.limits
        return Pace(limits.stanzas_per_second, limits.bytes_per_second)

    def admit(self, connection: ClientConnection) -> bool:
        """Count a new connection; False when its address has too many that did not log in."""
        limits = self.server.settings.limits
        self.connections.add(connection)
        connection.deadline = self._loop.time() + limits.login_timeout
        address = network(connection.peer)
        self._strangers[address] += 1
        connection.stranger = True
        allowed = limits.connections_per_address
        if allowed and self._strangers[address] > allowed:
            log.warning("too many connections", peer=connection.peer, limit=allowed)
            return False
        return True

    def forget(self, connection: ClientConnection) -> None:
        """Take note that a connection is gone."""
        self.connections.discard(connection)
        self._known(connection)

    @contextmanager
    def handshake(self, peer: str) -> Iterator[bool]:
        """Count an address among those that did not log in while it begins TLS; False: too many."""
        address = network(peer)
        allowed = self.server.settings.limits.connections_per_address
        self._strangers[address] += 1
        try:
            yield not allowed or self._strangers[address] <= allowed
        finally:
            self._one_less(address)

    def _known(self, connection: ClientConnection) -> None:
        """Count the connection no longer among those of its address that did not log in."""
        if connection.stranger:
            connection.stranger = False
            self._one_less(network(connection.peer))

    def _one_less(self, address: str) -> None:
        self._strangers[address] -= 1
        if self._strangers[address] <= 0:
            del self._strangers[address]

    def lost(self, session: Session, managed: Managed | None) -> None:
        """Take note that a session's connection is gone, though the client ended no stream."""
        if managed is None:
            self.server.close_session(session)
        else:
            managed.manager.lost(session)

    def ended(self, session: Session) -> None:
        """Take note that a session's connection or stream is over."""
        self.server.close_session(session)

    # -- what streams ask --------------------------------------------------------------------------

    def negotiate(self, connection: ClientConnection, stream: ClientStream, event: Event) -> None:
        """Find out what a stream needs to go on."""
        if isinstance(event, Lookup):
            self.spawn(self._look_up(connection, stream, event))
        elif isinstance(event, Bind):
            self.spawn(self._bind(connection, stream, event.resource))
        elif isinstance(event, Resume):
            self.spawn(self._resume(connection, stream, event))
        elif isinstance(event, Authenticated):
            self.spawn(self._establishing.establish(connection, stream, event.request))
        elif isinstance(event, EarlyRequest):
            self.spawn(self._answer_early(connection, stream, event))
        elif isinstance(event, LoggedIn):
            self.logins[event.mechanism, "success"] += 1
        elif isinstance(event, LoginFailed):
            # Clients choose the name; what is counted must stay small.
            known = event.mechanism in sasl.MECHANISMS or event.mechanism in sasl.TOKEN_MECHANISMS
            mechanism = event.mechanism if known else "unknown"
            self.logins[mechanism, str(event.condition)] += 1
            log.info(
                "login failed",
                mechanism=mechanism,
                condition=str(event.condition),
                account=event.account,
                peer=connection.peer,
            )

    async def _look_up(
        self, connection: ClientConnection, stream: ClientStream, event: Lookup
    ) -> None:
        try:
            if stream.authentication.since is None:
                stream.authentication.since = self.server.clock.monotonic()
            if stream.inline is not None:
                stream.inline.since = stream.authentication.since
            events = stream.resolve(*await lookups.find(self.server, event.step, stream.inline))
        except StorageUnavailable as error:
            log.error("login cannot be checked: storage is unavailable", reason=str(error))
            events = stream.cannot_resolve()
        except Exception:
            log.exception("login cannot be checked", peer=connection.peer)
            events = stream.cannot_resolve()
        connection.go_on(events)

    async def _bind(
        self, connection: ClientConnection, stream: ClientStream, resource: str | None
    ) -> None:
        identity = stream.authentication.identity
        assert identity is not None
        try:
            session = await self._binding.bind(
                identity,
                resource,
                connection,
                lang=stream.lang,
                mechanism=stream.authentication.mechanism,
                since=stream.authentication.since,
            )
        except StanzaError as error:
            connection.go_on(stream.refuse_bind(error))
            return
        except StreamError as error:
            connection.end(error)
            return
        if connection not in self.connections or stream.state is not State.WAITING:
            self.server.close_session(session)  # the client went away meanwhile
            return
        self.bound(connection, session, stream.bound(session.jid))

    def bound(self, connection: ClientConnection, session: Session, events: list[Event]) -> None:
        """Give a connection the session that its client bound."""
        self._known(connection)
        log.info(
            "session opened",
            account=str(session.jid),
            mechanism=session.mechanism,
            peer=connection.peer,
            tls=connection.secure,
        )
        connection.bind(session, events)

    def end_logins(self, account: BareJID, error: StreamError) -> None:
        """End the streams that logged in to an account and have not bound a resource yet."""
        for connection in list(self.connections):
            if connection.session is None and connection.account == account:
                connection.end(error)

    def client_state(self, session: Session | None, *, active: bool) -> None:
        """Take note whether a client's user attends to it."""
        if session is not None:
            for handle in session.host.dispatch.handlers(hooks.client_state):
                self.server.guarded(handle, session, active)

    def enable(
        self, connection: ClientConnection, stream: ClientStream, session: Session, wish: Enable
    ) -> None:
        """Let a session's stream be managed, if the host's extensions do that (XEP-0198 §3)."""
        manager = manager_of(session.host)
        try:
            if manager is None:
                raise StanzaError("feature-not-implemented")
            enabled = manager.enable(session, resume=wish.resume, seconds=wish.seconds)
        except StanzaError as error:
            stream.refuse_management(error.condition)
            return
        stream.enabled(enabled.token, enabled.seconds)
        connection.manage(session, manager)

    async def _resume(
        self, connection: ClientConnection, stream: ClientStream, event: Resume
    ) -> None:
        """Put a client back into the session that it had (XEP-0198 §5)."""
        identity = stream.authentication.identity
        assert identity is not None
        try:
            account = await self._binding.account(identity, stream.authentication.since)
            session, manager = await taken_over(account, event)
        except ResumptionError as error:
            connection.go_on(stream.refuse_management(error.condition, error.h))
            return
        except StanzaError as error:
            connection.go_on(stream.refuse_management(error.condition))
            return
        except StreamError as error:
            connection.end(error)
            return
        if connection in self.connections and stream.state is State.WAITING:
            self.resumed(connection, session, manager, stream.resumed(event.token, session.handled))

    def resumed(
        self,
        connection: ClientConnection,
        session: Session,
        manager: StreamManager,
        events: list[Event],
    ) -> None:
        """Give a connection the session that its client resumed."""
        self._known(connection)
        log.info(
            "session resumed", account=str(session.jid), peer=connection.peer, tls=connection.secure
        )
        connection.resume(session, manager, events)
        for handle in session.host.dispatch.handlers(hooks.session_resumed):
            self.server.guarded(handle, session)

    async def _answer_early(
        self, connection: ClientConnection, stream: ClientStream, event: EarlyRequest
    ) -> None:
        host = self.server.hosts[event.host]
        stanza = event.stanza
        stanza.sender = stanza.to = host.jid
        handler = host.dispatch.iq.get((Target.STRANGER, stanza.type, stanza.names[0]))
        if handler is None:
            connection.go_on(stream.answer(None))
            return
        assert stanza.payload is not None
        request = Request(
            stanza,
            stanza.payload,
            host,
            None,
            None,
            connection.peer,
            stranger=Stranger(event.visit),
        )
        answer = await self.server.router.answering.run(handler, request)
        connection.go_on(stream.answer(answer.addressed(host.jid, None).to_bytes()))

    # -- what streams need to know -----------------------------------------------------------------

    def _stream_settings(self, decoys: sasl.Decoys) -> StreamSettings:
        settings = self.server.settings
        limits = settings.limits
        before = Limits(
            limits.stanza_bytes_before_login,
            min(limits.depth, 32),
            min(limits.attributes, 32),
            limits.name_bytes,
        )
        after = Limits(limits.stanza_bytes, limits.depth, limits.attributes, limits.name_bytes)
        hosts = self.server.hosts
        return StreamSettings(
            hosts={host.name: self._stream_host(host, decoys) for host in hosts.values()},
            default_host=next(iter(hosts)),
            lang=settings.server.language,
            before=before,
            after=after,
            idle_seconds=int(limits.idle_timeout),
            attempts=limits.sasl_attempts,
        )

    def _stream_host(self, host: Host, decoys: sasl.Decoys) -> StreamHost:
        settings = self.server.settings.sasl
        policy = Policy(
            domain=host.name,
            decoys=decoys,
            mechanisms=settings.mechanisms,
            encryption_required=not settings.plain_without_tls,
            plain_without_tls=settings.plain_without_tls,
            anonymous=host.settings.anonymous,
            iterations=settings.iterations,
        )
        return StreamHost(
            policy=policy,
            tls=self.certificates.context(host.name) is not None,
            before_login=partial(_features, host, hooks.features_before_login),
            after_login=partial(_features, host, hooks.features_after_login),
            inline=partial(_inline_features, host),
            tokens=lambda: keeper_of(host) is not None,
        )


def _inline_features(host: Host) -> list[Element]:
    """Return what can be had along with a login (XEP-0388 §2.1)."""
    names = (handle(host) for handle in host.dispatch.handlers(hooks.bind_features))
    bind = inline.bind_feature(sorted(filter(None, names)))
    return [bind, *_features(host, hooks.inline_features)]


def _features(host: Host, hook: hooks.Hook[[Host], Element | None]) -> list[Element]:
    found = (handle(host) for handle in host.dispatch.handlers(hook))
    return [feature for feature in found if feature is not None]
