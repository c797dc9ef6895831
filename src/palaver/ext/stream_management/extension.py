"""Stream management: acknowledgements, resumption, and messages that outlive both."""

import asyncio
import secrets
from collections.abc import Callable, Iterable
from functools import partial
from typing import TYPE_CHECKING, ClassVar, Final

import structlog
from pydantic import Field

from palaver import jid
from palaver.ext import stanza_ids
from palaver.ext.custody import custody_of
from palaver.ext.keeping import keeping
from palaver.ext.offline import Offline, as_delivered
from palaver.ext.stream_management import absence, refusing, storage
from palaver.ext.stream_management.absence import RESUMABLE, NoWire, Resumable, digest_of
from palaver.kernel import hooks
from palaver.kernel.account import Account
from palaver.kernel.extension import Extension, ExtensionConfig, Xep, on
from palaver.kernel.hooks import Phase
from palaver.kernel.host import Host
from palaver.kernel.management import Enabled, ResumptionError, StreamManager
from palaver.kernel.outbox import NS, Outbox
from palaver.kernel.session import Session, Wire
from palaver.kernel.storage import StorageUnavailable
from palaver.wire.element import Element
from palaver.wire.errors import StanzaError, StreamError
from palaver.wire.stanza import Stanza

if TYPE_CHECKING:
    from palaver.kernel.server import Server

log = structlog.get_logger()

_ROWS: Final = 200  # read at a time
_PATIENCE: Final = 5.0  # seconds that a resumption waits for what the client sent before
_LOOK_AGAIN: Final = 0.01  # seconds


class StreamManagementConfig(ExtensionConfig):
    """How long clients may be away, and what is kept for them meanwhile."""

    resume_seconds: int = Field(
        600,
        ge=0,
        le=86_400,
        description="How long a session without a connection is kept for its client to come back. "
        "0: not at all.",
    )
    ack_timeout: float = Field(
        60.0,
        ge=1.0,
        le=3_600.0,
        description="Seconds after which a client that acknowledges nothing is taken for gone.",
    )
    absent_sessions: int = Field(
        8,
        ge=1,
        le=1_000,
        description="Sessions of one account that may be without a connection at the same time; "
        "of more, the one with the least time left ends.",
    )
    memory_bytes: int = Field(
        262_144,
        ge=16_384,
        le=1_073_741_824,
        description="Memory for what one client has not acknowledged. Messages beyond it are left "
        "in the message log until they are sent; a session with more of anything else ends.",
    )


class StreamManagement(Extension[StreamManagementConfig]):
    """Lets clients and the server know what arrived, and clients come back where they left."""

    Config = StreamManagementConfig
    name: ClassVar = "stream_management"
    implements: ClassVar = (Xep(198, "1.6.3"),)
    requires: ClassVar = ("offline", "stanza_ids")
    tables: ClassVar = (storage.table,)

    def __init__(self, server: "Server", settings: Callable[[str | None], ExtensionConfig]) -> None:
        """Take the log of the server."""
        super().__init__(server, settings)
        self._log = server.log
        self._unstored = server.unstored
        self._unstored.stored_late = self._hand_over_late
        self._fetching: dict[Session, Callable[[], None]] = {}

    @on(hooks.features_after_login)
    def advertise(self, _host: Host) -> Element | None:
        """Offer stream management (XEP-0198 §2)."""
        return Element("sm", NS)

    @on(hooks.inline_features)
    def offer_resumption(self, _host: Host) -> Element | None:
        """Offer to resume a session along with the login (§6.2)."""
        return Element("sm", NS)

    @on(hooks.bind_features)
    def offer_enabling(self, _host: Host) -> str | None:
        """Offer to manage a stream as its resource is bound (§6.1)."""
        return NS

    @on(hooks.stream_manager)
    def manager(self) -> StreamManager:
        """Manage the streams of clients."""
        return self

    # -- the manager of streams --------------------------------------------------------------------

    def ack_timeout(self, session: Session) -> float:
        """Return the seconds after which a client that acknowledges nothing is taken for dead."""
        return self.config(session.host.name).ack_timeout

    @property
    def settled(self) -> bool:
        """Whether all is stored that had to be, but for what the log has not settled yet."""
        return not self._unstored

    def when_settled(self, callback: Callable[[], None]) -> None:
        """Call back as soon as all is stored that had to be."""
        self._unstored.when_stored(callback)

    def enable(self, session: Session, *, resume: bool, seconds: int | None) -> Enabled:
        """Give a session an outbox."""
        config = self.config(session.host.name)
        session.handled = session.safe = 0
        session.unfinished = None
        outbox = session.outbox = Outbox(session, session.wire, config.memory_bytes)
        outbox.overflow = partial(self._overflow, session)
        kept = min(config.resume_seconds, seconds or config.resume_seconds)
        if not resume or not kept or session.account.temporary:
            return Enabled(None, 0)
        token = secrets.token_urlsafe(32)
        RESUMABLE.set(session, Resumable(digest_of(token, session.bare), kept))
        return Enabled(token, kept)

    def _overflow(self, session: Session) -> None:
        """End a session for which too much waits; not while something is being written to it."""
        log.warning("too much waits for a session: ended", account=str(session.jid))
        asyncio.get_running_loop().call_soon(session.wire.end, None)

    def acknowledge(self, session: Session, h: int) -> None:
        """Take what the client acknowledged; its rows need not be kept for it any more."""
        assert session.outbox is not None
        rows = session.outbox.acknowledge(h)
        if rows:
            account = session.account
            self._done_with(account, custody_of(account).acknowledged(session, rows))

    def _done_with(self, account: Account, rows: Iterable[int]) -> None:
        rows = tuple(rows)
        if rows:
            self._unstored.drop(account.id, rows)
            self._log.acknowledge(account.id, rows)

    def find(self, account: Account, token: str) -> Session:
        """Return the session that may be resumed with this token."""
        if not self.config(account.host.name).resume_seconds:
            raise ResumptionError("feature-not-implemented")
        session = absence.find(account, token)
        if session is None:
            raise ResumptionError("item-not-found", absence.handled(account, token))
        return session

    async def complete(self, session: Session) -> None:
        """Wait until what the client sent is handled to the end and stored, or for some seconds.

        Raises:
            StreamError: resource-constraint, it takes longer; the client may come back.
        """
        until = self.server.clock.monotonic() + _PATIENCE
        await self._log.flush()
        # It may be anything, and hardly ever is there something.
        while (session.unfinished or not self.settled) and self.server.clock.monotonic() < until:
            await asyncio.sleep(_LOOK_AGAIN)
            await self._log.flush()
        if session.unfinished or not self.settled:
            # What the client were told is handled could still be lost.
            text = "what you sent before is still being worked on; come back later"
            raise StreamError("resource-constraint", text)
        session.safe = session.handled  # what the client is told now; never less after that

    def resume(self, session: Session, wire: Wire) -> None:
        """Put a session that has no connection on this one."""
        assert session.outbox is not None
        RESUMABLE.of(session).stop_timer()
        session.wire = wire
        session.outbox.attach(wire)

    def fetch(self, session: Session, then: Callable[[], None]) -> None:
        """Fill in the outbox what was left in the log."""
        busy = session in self._fetching
        self._fetching[session] = then  # of the connection that it has by now
        if not busy:
            self.server.spawn(self._fetch(session))

    async def _fetch(self, session: Session) -> None:
        try:
            await self._fill(session)
        except StorageUnavailable as error:
            log.warning("messages cannot be read", account=str(session.jid), reason=str(error))
            if session.outbox is not None and not session.outbox.detached:
                # It can come back for them.
                text = "messages cannot be read at the moment"
                session.wire.end(StreamError("resource-constraint", text))
            return
        finally:
            then = self._fetching.pop(session)
        then()

    async def _fill(self, session: Session) -> None:
        outbox, account = session.outbox, session.account
        assert outbox is not None
        wanted = outbox.missing(_ROWS)
        if not wanted:
            return
        # Not always in the order of the log: another session may have left older ones behind.
        found = await self._log.pending(account.id, after_id=min(wanted) - 1, limit=_ROWS)
        rows = {row.id: as_delivered(row, account) for row in found}
        rows |= {
            row.id: as_delivered(row, account) for row in self._unstored.find(account.id, wanted)
        }
        end = found[-1].id if len(found) == _ROWS else max(wanted)
        outbox.fill(rows, {row for row in wanted if row <= end and row not in rows})
        self._done_with(account, custody_of(account).read(rows))

    def _hand_over_late(self, account_ids: set[int]) -> None:
        """Hand over what was stored late: whoever had it may be gone, and nobody else have got it.

        A session that came meanwhile found nothing in the log.
        """
        for account in self.server.accounts.all():
            if account.record is not None and account.record.id in account_ids:
                self.server.extension(Offline).hand_over_again(account)

    # -- sessions without a connection -------------------------------------------------------------

    def lost(self, session: Session) -> None:
        """Keep a session that may be resumed; end any other."""
        known, outbox = RESUMABLE.get(session), session.outbox
        if session.closed:
            return
        if known is None or outbox is None:
            self.server.close_session(session)
            return
        outbox.detach()
        last = session.wire
        session.wire = NoWire(last.peer, last.secure, partial(self.server.close_session, session))
        self._wait_for(session, known.seconds)
        log.info("session waits for its client", account=str(session.jid), seconds=known.seconds)
        waiting = absence.absent(session.account)
        for each in waiting[: -self.config(session.host.name).absent_sessions]:
            self.server.close_session(each)

    def _wait_for(self, session: Session, seconds: float) -> None:
        known = RESUMABLE.of(session)
        known.until = self.server.clock.monotonic() + seconds
        known.timer = asyncio.get_running_loop().call_later(
            seconds, self.server.close_session, session
        )

    @on(hooks.session_closed)
    def close(self, session: Session) -> None:
        """Deal with what the client has not acknowledged (XEP-0198 §4)."""
        known, outbox = RESUMABLE.get(session), session.outbox
        if outbox is None:
            return
        account = session.account
        if known is not None:
            known.stop_timer()
            safe = session.finished if self.settled else session.safe
            absence.remember(account, known.digest, safe)
        left = outbox.all()
        outbox.detach()
        rows = [row for _, row in left if row is not None]
        finished, waiting = custody_of(account).left(session, rows)
        self._done_with(account, finished)
        if waiting:
            self.server.extension(Offline).hand_over_again(account)
        for data, row in left:
            if row is None and data is not None:
                refusing.refuse(data, self.server.router.refuse)

    # -- restarts ----------------------------------------------------------------------------------

    @on(hooks.server_ending)
    async def put_away(self) -> None:
        """Store the sessions that may be resumed after a restart."""
        sessions = [session for session in self.server.sessions() if RESUMABLE.get(session)]
        for session in sessions:
            if session.outbox is not None and not session.outbox.detached:
                session.wire.end(StreamError("system-shutdown"))
        await asyncio.gather(*map(self.complete, sessions), return_exceptions=True)
        stored = [self._stored(session) for session in sessions if not session.closed]
        await storage.store(self.server.database, stored)

    def _stored(self, session: Session) -> storage.Stored:
        assert session.outbox is not None
        known = RESUMABLE.of(session)
        known.stop_timer()
        session.outbox.detach()
        state = storage.state_of(session)
        state["extensions"] = self.server.put_away(session)
        until = int((self.server.clock.now() + known.seconds) * 1_000_000)
        return storage.Stored(session.account.id, session.jid.resource, until, state)

    @on(hooks.server_started)
    async def restore(self) -> None:
        """Take the sessions into their accounts again that were stored when the server stopped."""
        stored = await storage.load(self.server.database)
        if not stored:
            return
        now = self.server.clock.now()
        for row in stored:
            seconds = row.until / 1_000_000 - now
            if seconds > 0:
                await self._restore(row, seconds)
        await storage.clear(self.server.database)

    async def _restore(self, row: storage.Stored, seconds: float) -> None:
        state = row.state
        account = await self.server.accounts.get(jid.parse_bare(state["jid"].partition("/")[0]))
        if account is None or account.id != row.account_id:
            return
        wire = NoWire(state["peer"], state["secure"], partial(self._close_of, account, row))
        limit = self.config(account.host.name).memory_bytes
        session = storage.session_of(state, account, wire, limit)
        assert session.outbox is not None
        session.outbox.overflow = partial(self._overflow, session)
        self.server.restore(session, state["extensions"])
        self._wait_for(session, seconds)
        self.server.extension(Offline).hand_over_again(account)

    def _close_of(self, account: Account, row: storage.Stored) -> None:
        session = account.sessions.get(row.resource)
        if session is not None:
            self.server.close_session(session)

    # -- messages ----------------------------------------------------------------------------------

    @on(hooks.incoming, phase=Phase.REWRITE, kind="message", after=("stanza_ids", "archive"))
    def stamp(self, stanza: Stanza, account: Account) -> Stanza | None:
        """Give a message the id of its row, if it will need one that the archive has not given.

        Raises:
            StanzaError: resource-constraint, it could not be kept now.
        """
        for session in account.sessions.values():
            if session.outbox is not None:
                break
        else:
            return None
        if account.record is None or not keeping(stanza).offline:
            return None
        if not self._log.available:
            self._unstored.try_log(account.id)
            raise StanzaError("resource-constraint", "messages cannot be stored at the moment")
        if stanza_ids.taken_off(stanza, account.jid)[0] is not None:
            return None
        return stanza_ids.stamped(stanza, account.jid, self._log.new_id(), archived=False)

    @on(hooks.delivered, kind="message", payload=(stanza_ids.NS, "stanza-id"), before=("archive",))
    def keep(self, stanza: Stanza, account: Account, sessions: tuple[Session, ...]) -> None:
        """Keep a message until one of those who got it acknowledges it."""
        outboxes = [session.outbox for session in sessions if session.outbox is not None]
        if not outboxes or account.record is None:
            return
        id_, data, archived = stanza_ids.taken_off(stanza, account.jid)
        if id_ is None:
            return
        written = stanza.to_bytes()
        marked = [outbox.mark(written, id_) for outbox in outboxes]
        if any(marked):
            custody_of(account).holders[id_] = sessions
        sender = stanza.sender
        pending, origin = any(marked), stanza_ids.origin_id(stanza)
        # As in `LogEntry`: …, outgoing, peer, peer_resource, stanza, pending, archived, origin_id.
        self._unstored.append(
            (
                account.record.id,
                id_,
                False,
                sender.bare,
                sender.resource,
                data,
                pending,
                archived,
                origin,
            )
        )
