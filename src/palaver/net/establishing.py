"""Gives clients what they ask for along with their login (XEP-0388, XEP-0386, XEP-0198 §6)."""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Final

import structlog

from palaver.kernel import hooks
from palaver.kernel.account import Account
from palaver.kernel.device import Device
from palaver.kernel.management import ResumptionError, StreamManager
from palaver.kernel.server import Server
from palaver.kernel.session import Session
from palaver.kernel.storage import StorageUnavailable
from palaver.net import lookups
from palaver.net.binding import Binding
from palaver.net.connection import ClientConnection
from palaver.net.lookups import device_id, keeper_of
from palaver.net.resuming import manager_of, taken_over
from palaver.sasl import Condition
from palaver.stream import client_state, fast, inline, management
from palaver.stream.client import ClientStream
from palaver.stream.inline import Inline
from palaver.stream.state import State
from palaver.wire.element import Element
from palaver.wire.errors import StanzaError, StreamError

if TYPE_CHECKING:
    from palaver.net.clients import Clients

log = structlog.get_logger()

_REFUSALS: Final = {
    "item-not-found": Condition.NOT_AUTHORIZED,
    "not-allowed": Condition.ACCOUNT_DISABLED,
}
"""What it is called in SASL that an account is gone since the client authenticated."""


class Held:
    """The gate of a session whose client has not heard yet that it has one."""

    __slots__ = ("_held", "forward")

    forward: Callable[[bytes], None]

    def __init__(self) -> None:
        self._held: list[bytes] = []

    def write(self, data: bytes) -> None:
        """Hold a stanza back."""
        self._held.append(data)

    def release(self) -> None:
        """Forward all that is held back."""
        for data in self._held:
            self.forward(data)


class Establishing:
    """Goes on with clients that authenticated."""

    def __init__(self, clients: "Clients", server: Server, binding: Binding) -> None:
        self._clients = clients
        self._server = server
        self._binding = binding

    async def establish(
        self, connection: ClientConnection, stream: ClientStream, request: Inline
    ) -> None:
        """Do what a client asks for, and tell it that it is logged in."""
        try:
            await self._establish(connection, stream, request)
        except StreamError as error:
            connection.end(error)
        except StanzaError as error:
            refusal = _REFUSALS.get(error.condition, Condition.TEMPORARY_AUTH_FAILURE)
            connection.go_on(stream.refuse_login(refusal))
        except StorageUnavailable as error:
            log.error("a login cannot be completed now", peer=connection.peer, reason=str(error))
            connection.go_on(stream.refuse_login(Condition.TEMPORARY_AUTH_FAILURE))
        except Exception:
            log.exception("a login cannot be completed", peer=connection.peer)
            connection.go_on(stream.refuse_login(Condition.TEMPORARY_AUTH_FAILURE))

    async def _establish(
        self, connection: ClientConnection, stream: ClientStream, request: Inline
    ) -> None:
        identity = stream.authentication.identity
        assert identity is not None
        if identity.anonymous and request.bind is None:
            # Nothing to be resumed; the account begins with its session.
            connection.go_on(stream.established(str(identity.jid), [], bound=False))
            connection.go_on(stream.receive(b""))
            return
        account = await self._binding.account(identity)
        if await self._lacks_keys(request, account):
            connection.go_on(stream.ask_upgrade())
            return
        results: list[bytes] = await self._token(stream, request, account)
        if request.resume is not None:
            failure = await self._resume(connection, stream, request, account, results)
            if failure is None:
                return
            results.append(failure)
        if request.bind is not None:
            try:
                await self._bind(connection, stream, request, account, results)
            except StanzaError as error:
                if account.temporary:  # nothing else would ever take it out of use
                    self._server.accounts.forget(account.jid)
                _check(request, account)
                log.info("no resource bound", account=str(account.jid), reason=error.condition)
            else:
                return
        _check(request, account)
        connection.go_on(stream.established(str(account.jid), results, bound=False))
        connection.go_on(stream.receive(b""))

    async def _lacks_keys(self, request: Inline, account: Account) -> bool:
        """Store the keys that came, and tell whether more are to be asked for (XEP-0480)."""
        if account.record is None or not (request.keys or request.upgrades):
            return False
        _check(request, account)
        if request.keys is not None:
            keys, request.keys = request.keys, None
            await self._server.store.add_key(account.id, lookups.credential_of(keys))
            log.info("keys added", account=str(account.jid), mechanism=f"SCRAM-{keys.hash}")
        if request.upgrades:
            known = {each.mechanism for each in await self._server.store.keys(account.id)}
            lacking = [hash_ for hash_ in request.upgrades if f"SCRAM-{hash_}" not in known]
            request.upgrades = lacking
        return bool(request.upgrades)

    async def _token(self, stream: ClientStream, request: Inline, account: Account) -> list[bytes]:
        """Give a client a token if it wants one, or should get another (XEP-0484 §3.3, §3.5)."""
        keeper = keeper_of(account.host)
        mechanism = request.token_request
        if mechanism is None and request.due:
            mechanism = stream.authentication.mechanism
        if keeper is None or account.temporary or not request.agent.id:
            return []
        if mechanism not in fast.offered(stream.here, stream.channel):
            return []
        device = device_id(self._server, str(account.jid), request.agent.id)
        issued = await keeper.issue(account, device, mechanism)
        moment = datetime.fromtimestamp(issued.expires // 1_000_000, UTC)
        return [fast.written(issued.token, moment.strftime("%Y-%m-%dT%H:%M:%SZ"))]

    # -- a session from before ---------------------------------------------------------------------

    async def _resume(
        self,
        connection: ClientConnection,
        stream: ClientStream,
        request: Inline,
        account: Account,
        results: list[bytes],
    ) -> bytes | None:
        """Resume a session; else say why not, in XML (XEP-0198 §6.2)."""
        wish = request.resumption
        if wish is None:
            return management.failed("bad-request")
        try:
            session, manager = await taken_over(account, wish)
        except ResumptionError as error:
            return management.failed(error.condition, error.h)
        if self._gone(connection, stream):
            return None
        _check(request, account)
        session.device = session.device or self._device(account, request)
        results.append(management.resumed(wish.token, session.handled))
        stream.managed = True
        events = stream.established(str(session.jid), results, bound=True, resumed=True)
        self._clients.resumed(connection, session, manager, events)
        return None

    def _gone(self, connection: ClientConnection, stream: ClientStream) -> bool:
        return connection not in self._clients.connections or stream.state is not State.WAITING

    # -- a new session -----------------------------------------------------------------------------

    async def _bind(
        self,
        connection: ClientConnection,
        stream: ClientStream,
        request: Inline,
        account: Account,
        results: list[bytes],
    ) -> None:
        """Bind a resource and enable what the client wants with it (XEP-0386 §3.2)."""
        bind = request.bind
        assert bind is not None
        session = self._binding.bind_inline(
            account,
            (bind.text_of("tag") or "").strip(),
            request.agent.id,
            connection,
            device=self._device(account, request),
            gate=Held(),
            lang=stream.lang,
            mechanism=stream.authentication.mechanism,
        )
        try:
            answers = await self._requested(session, bind)
            _check(request, account)
        except BaseException:
            self._server.close_session(session)
            raise
        if self._gone(connection, stream):
            self._server.close_session(session)
            return
        manager, enabled = self._managed(stream, session, bind)
        told = [*(answer.to_bytes() for answer in answers), enabled]
        results.append(inline.bound(told))
        events = stream.established(str(session.jid), results, bound=True)
        self._clients.bound(connection, session, events)
        if manager is not None:
            connection.manage(session, manager)
        session.open_gate()
        if bind.find("inactive", client_state.NS) is not None:
            self._clients.client_state(session, active=False)
        connection.go_on(stream.receive(b""))

    def _device(self, account: Account, request: Inline) -> Device | None:
        agent = request.agent
        if not agent.id:
            return None
        id_ = device_id(self._server, str(account.jid), agent.id)
        return Device(id_, agent.software, agent.device)

    @staticmethod
    async def _requested(session: Session, bind: Element) -> list[Element]:
        answers: list[Element] = []
        for handle in session.host.dispatch.handlers(hooks.bind_requested):
            answer = await handle(session, bind)
            if answer is not None:
                answers.append(answer)
        return answers

    @staticmethod
    def _managed(
        stream: ClientStream, session: Session, bind: Element
    ) -> tuple[StreamManager | None, bytes]:
        """Let the stream be managed, if that is wanted (XEP-0198 §6.1)."""
        enable = bind.find("enable", management.NS)
        if enable is None:
            return None, b""
        wish = management.read_enable(enable)
        if wish is None:
            return None, management.failed("bad-request")
        manager = manager_of(session.host)
        if manager is None:
            return None, management.failed("feature-not-implemented")
        try:
            enabled = manager.enable(session, resume=wish.resume, seconds=wish.seconds)
        except StanzaError as error:
            return None, management.failed(error.condition)
        stream.managed = True
        return manager, management.enabled(enabled.token, enabled.seconds)


def _check(request: Inline, account: Account) -> None:
    """Refuse a login by what was good when it began and is not any more.

    Raises:
        StanzaError: item-not-found, the password was changed, or the account disabled.
    """
    if request.since is not None and account.revoked >= request.since:
        raise StanzaError("item-not-found", "the password was changed meanwhile")
