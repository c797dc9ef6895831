"""Offline messages: keeps what nobody is there to read, and hands it over at the next login.

The messages are the pending rows of the account's log. They go to the session that becomes
available first, in order, and are no longer pending once its connection has taken them; a
second session that becomes available meanwhile gets what arrives from then on. Messages that
arrive during the handing over wait for its end, so none overtakes another.
"""

import asyncio
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from typing import TYPE_CHECKING, ClassVar, Final

import structlog
from pydantic import Field

from palaver.ext.custody import custody_of
from palaver.ext.delay import delay
from palaver.ext.keeping import keeping
from palaver.ext.stanza_ids import origin_id, stamp, taken_off
from palaver.kernel import hooks
from palaver.kernel.account import Account
from palaver.kernel.extension import Extension, ExtensionConfig, Xep, on
from palaver.kernel.hooks import STOP, Phase, Verdict
from palaver.kernel.router import Resume
from palaver.kernel.session import Session
from palaver.kernel.slots import Slot
from palaver.kernel.storage import LogEntry, StorageUnavailable, timestamp_of
from palaver.wire.element import Element
from palaver.wire.errors import StanzaError
from palaver.wire.stanza import Stanza

if TYPE_CHECKING:
    from palaver.kernel.server import Server

log = structlog.get_logger()

_BATCH: Final = 100  # messages read at a time
_PART: Final = 65_536  # bytes of them that are written at a time
_MOST_HELD: Final = 1_000  # messages of one account that wait for the handing over to end
_PATIENCE: Final = 15.0  # seconds that newer messages wait for older ones to be read
_LOOK_AGAIN: Final = 0.05  # seconds until a slow reader is looked at again
_CLOSING: Final = b"</message>"


class OfflineConfig(ExtensionConfig):
    """What is kept for those who are away."""

    max_messages: int = Field(
        1_000,
        ge=0,
        le=1_000_000,
        description="How many messages wait for one account; the senders of more get an error.",
    )


class _Waiting:
    """How many messages wait for an account.

    ``known`` tells whether ``count`` is an upper bound; before, it counts only what was added.
    """

    __slots__ = ("count", "known")

    def __init__(self) -> None:
        self.count = 0
        self.known = False


_WAITING: Final[Slot[_Waiting]] = Slot("offline messages")


class Offline(Extension[OfflineConfig]):
    """Keeps messages for accounts that nobody uses at the moment."""

    Config = OfflineConfig
    name: ClassVar = "offline"
    implements: ClassVar = (Xep(160, "1.0.1"), Xep(334, "1.0.0"))
    features: ClassVar = ("msgoffline",)
    requires: ClassVar = ("stanza_ids",)

    def __init__(self, server: "Server", settings: Callable[[str | None], ExtensionConfig]) -> None:
        """Begin with nobody's messages being handed over."""
        super().__init__(server, settings)
        self._held: dict[Account, list[tuple[Stanza, Resume]]] = {}
        self._more: set[Account] = set()  # of those, where more waits that was passed over

    # -- keeping -----------------------------------------------------------------------------------

    @on(hooks.unreachable, phase=Phase.ROUTE, kind="message")
    def keep(self, stanza: Stanza, account: Account) -> Verdict:
        """Store a message, refuse it, or drop it where it says nothing (XEP-0160 §3)."""
        rules = keeping(stanza)
        if not rules.content and not rules.offline:
            return STOP
        if not rules.offline or account.temporary:
            return None
        waiting = self._waiting(account)
        if waiting.count >= self.config(account.host.name).max_messages:
            raise StanzaError("service-unavailable", "too many messages wait for this account")
        self._store(stanza, account, waiting)
        return STOP

    def _store(self, stanza: Stanza, account: Account, waiting: _Waiting) -> None:
        """Append the row; one that the archive has stamped is the archive's row as well."""
        stamped_id, data, archived = taken_off(stanza, account.jid)
        waiting.count += 1
        self.server.log.append(
            LogEntry(
                account.id,
                self.server.log.new_id() if stamped_id is None else stamped_id,
                outgoing=False,
                peer=stanza.sender.bare,
                peer_resource=stanza.sender.resource,
                stanza=data,
                pending=True,
                archived=archived,
                origin_id=origin_id(stanza),
                settled=partial(self._settled, stanza, account, waiting),
            )
        )

    def _settled(
        self, stanza: Stanza, account: Account, waiting: _Waiting, error: BaseException | None
    ) -> None:
        if error is None:
            return
        waiting.count = max(0, waiting.count - 1)
        if isinstance(error, StorageUnavailable):
            self._refuse(stanza, "resource-constraint")
        else:
            self.server.spawn(self._explain(stanza, account))

    async def _explain(self, stanza: Stanza, account: Account) -> None:
        """Refuse what the database did not take, most likely as the account was just deleted."""
        try:
            found = await self.server.store.find(account.host.name, account.jid.local)
        except StorageUnavailable:
            self._refuse(stanza, "resource-constraint")
            return
        if found is None or found.id != account.id:
            # Nothing but what is said of an account that never was.
            self.server.router.refuse(stanza, StanzaError("service-unavailable"))
        else:
            self._refuse(stanza, "internal-server-error")

    def _refuse(self, stanza: Stanza, condition: str) -> None:
        refusal = StanzaError(condition, "the message could not be stored")
        self.server.router.refuse(stanza, refusal)

    def _waiting(self, account: Account) -> _Waiting:
        """Return what is known of the messages that wait; the first question starts a count."""
        waiting = _WAITING.get(account)
        if waiting is None:
            waiting = _Waiting()
            _WAITING.set(account, waiting)
            self.server.spawn(self._count(account, waiting))
        return waiting

    async def _count(self, account: Account, waiting: _Waiting) -> None:
        counted = waiting.count
        try:
            found = await self.server.log.count_pending(account.id)
        except StorageUnavailable:
            _WAITING.clear(account)
            return
        if not waiting.known:
            # What was stored meanwhile may be counted twice: an upper bound is good enough.
            waiting.count += found - counted
            waiting.known = True

    # -- handing over ------------------------------------------------------------------------------

    @on(hooks.session_available)
    def begin(self, session: Session, _presence: Stanza) -> None:
        """Hand over what waits, unless another session gets it already (XEP-0160 §2)."""
        account = session.account
        if account.temporary or account in self._held:
            return
        waiting = _WAITING.get(account)
        if waiting is None or waiting.count or not waiting.known:
            self._held[account] = []
            self.server.spawn(self._hand_over(account, session))

    @on(hooks.bind_requested)
    async def leave_to_archive(self, session: Session, _request: Element) -> Element | None:
        """Let go of what is archived too: such a client reads the archive (XEP-0386 §3.2).

        What is not archived is handed over as always.
        """
        account = session.account
        if "archive" not in account.host.extensions or account.temporary or account in self._held:
            return None
        waiting = _WAITING.get(account)
        if waiting is None or waiting.count or not waiting.known:
            await self._let_go(account)
        return None

    async def _let_go(self, account: Account) -> None:
        holders = custody_of(account).holders
        waiting = _WAITING.get(account)
        counted = 0 if waiting is None else waiting.count
        done, more, left = 0, True, 0
        while more:
            rows = await self.server.log.pending(account.id, after_id=done, limit=_BATCH)
            archived = [row.id for row in rows if row.archived and row.id not in holders]
            self.server.log.acknowledge(account.id, archived)
            left += len(rows) - len(archived)
            more = len(rows) == _BATCH
            done = rows[-1].id if rows else 0
        new = _WAITING.get(account) is not waiting or (waiting and waiting.count != counted)
        if left or new:
            _WAITING.clear(account)
        else:
            self._nothing_waits(account)

    def hand_over_again(self, account: Account) -> None:
        """Take note that messages wait again, as nobody acknowledged them (XEP-0198 §4)."""
        _WAITING.clear(account)
        if account in self._held:
            self._more.add(account)
        elif account.receivers and not account.temporary:
            self._held[account] = []
            self.server.spawn(self._hand_over(account, account.receivers[0]))

    @on(hooks.incoming, phase=Phase.GUARD, kind="message", before=("privacy",))
    def hold(self, stanza: Stanza, account: Account) -> Verdict:
        """Let a message wait while older ones are being handed over.

        It comes back here and passes every guard then, so this is the first of them.
        """
        if not self._held or account not in self._held:
            return None
        held = self._held[account]
        if len(held) >= _MOST_HELD:
            raise StanzaError("resource-constraint", "older messages are still being delivered")
        held.append((stanza, self.server.router.set_aside(stanza)))
        return STOP

    async def _hand_over(self, account: Account, session: Session) -> None:
        try:
            await self._pass_on(account, session)
            while account in self._more:
                self._more.discard(account)
                await self._pass_on(account, session)
        except (StorageUnavailable, TimeoutError) as error:
            log.warning("offline messages cannot be read", account=account.jid, reason=str(error))
        finally:
            self._more.discard(account)
            self._release(account)

    def _release(self, account: Account) -> None:
        """Let go on what waited for the handing over to end."""
        route = self.server.router.route
        for stanza, resume in self._held.pop(account, ()):
            resume(partial(route, stanza))

    @on(hooks.server_stopping)
    async def release_all(self) -> None:
        """Keep what waits; work that has not begun would be cancelled with it."""
        for account in list(self._held):
            self._release(account)

    async def _pass_on(self, account: Account, first: Session) -> None:
        """Write all rows to one session; to another when that one ends.

        That one begins with what the first has not acknowledged: none overtakes another.
        """
        done = 0
        session: Session | None = first
        while session is not None:
            async with asyncio.timeout(_PATIENCE):
                rows = await self.server.log.pending(account.id, after_id=done, limit=_BATCH)
            if account in self._more:
                self._more.discard(account)
                done = 0
                continue
            session = _reader(account, session)
            if session is None:
                _WAITING.clear(account)
                return
            for part in _parts(rows):
                handed_over = self._write(part, account, session)
                if handed_over and await self._sent(session):
                    self.server.log.acknowledge(account.id, handed_over)
                await asyncio.sleep(0)  # it is known then whether it is too much
                # A wire tells no more than whether it is congested.
                while session.wire.congested and not session.closed:  # noqa: ASYNC110
                    await asyncio.sleep(_LOOK_AGAIN)
                if session.closed:
                    break
                done = part[-1].id
            if not session.closed and len(rows) < _BATCH:
                self._nothing_waits(account)
                return

    @staticmethod
    async def _sent(session: Session) -> bool:
        """Wait until what was written to a session has left the process; tell whether it has.

        A client without stream management acknowledges nothing: only this much can be known.
        """
        await asyncio.sleep(0)  # it is written at the end of this turn
        while not session.wire.drained:
            if session.closed:
                return False
            await asyncio.sleep(_LOOK_AGAIN)
        return not session.closed

    def _write(self, rows: Sequence[LogEntry], account: Account, session: Session) -> list[int]:
        """Hand over rows, but for those that other sessions have and did not acknowledge yet.

        Return those that the session will not acknowledge.
        """
        holders = custody_of(account).holders
        done = []
        for row in rows:
            if row.id in holders:
                continue
            data = as_delivered(row, account)
            session.write(data)
            if session.outbox is None:
                done.append(row.id)
            else:
                session.outbox.mark(data, row.id)
                holders[row.id] = (session,)
        return done

    @staticmethod
    def _nothing_waits(account: Account) -> None:
        waiting = _Waiting()
        waiting.known = True
        _WAITING.set(account, waiting)


def _parts(rows: Sequence[LogEntry]) -> Iterator[Sequence[LogEntry]]:
    """Cut rows into parts that may be written at once."""
    part: list[LogEntry] = []
    size = 0
    for row in rows:
        part.append(row)
        size += len(row.stanza)
        if size >= _PART:
            yield part
            part, size = [], 0
    if part:
        yield part


def _reader(account: Account, preferred: Session) -> Session | None:
    """Return the session to hand messages to, if one is still there."""
    if preferred.receives:
        return preferred
    return next(iter(account.receivers), None)


def as_delivered(row: LogEntry, account: Account) -> bytes:
    """Return a message that waited in the log as it is sent: with its id, and since when."""
    held = delay(account.host.jid, timestamp_of(row.id), "Offline Storage").to_bytes()
    content = row.stanza.removesuffix(_CLOSING)
    return b"".join((content, stamp(account.jid, row.id), held, _CLOSING))
