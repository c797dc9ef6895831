"""Departures: what users send to other domains is kept until the servers there have it.

Each such stanza is a row in the log of its sender: pending, as nobody has acknowledged it yet, and
outgoing. Most servers acknowledge what they get in a moment, and then no row is written: only what
waits for a stream gets one at once, all else when it is a second or two old. Clients hear that
their stanzas were taken when one or the other is so (XEP-0198 §4): none of them is lost when this
server is killed. After a restart what has a row is sent again: what the other server had, and had
not told that it has, may come there twice.

Kept are messages, but for those that are of use only now or are not to be stored (`keeping`), and
what ends or grants a subscription to presence: nobody would say it again. A request for one is sent
again anyway, when its sender comes online (RFC 6121 §3.1.2).
"""

import asyncio
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from typing import TYPE_CHECKING, ClassVar, Final, NamedTuple

import structlog

from palaver.ext.custody import custody_of
from palaver.ext.delay import delay
from palaver.ext.keeping import NO_STORE, keeping
from palaver.ext.offline import Offline
from palaver.ext.stanza_ids import origin_id
from palaver.jid import JIDError
from palaver.kernel import hooks
from palaver.kernel.account import Account
from palaver.kernel.extension import Extension, ExtensionConfig, on
from palaver.kernel.hooks import STOP, Verdict
from palaver.kernel.session import Session
from palaver.kernel.storage import LogEntry, timestamp_of
from palaver.wire.errors import StanzaError, WireError
from palaver.wire.rereading import reread
from palaver.wire.stanza import Stanza

if TYPE_CHECKING:
    from palaver.kernel.server import Server

log = structlog.get_logger()

_PAGE: Final = 10_000  # rows read at a time; each page looks through all that are left
_YOUNG: Final = 1.0  # seconds; after one or two times that a row is written
_LASTING_PRESENCE: Final = frozenset({"subscribed", "unsubscribe", "unsubscribed"})

Key = tuple[int, int]
"""account_id and id of a row"""


class _Young(NamedTuple):
    """A stanza that has no row yet; ``done`` lets it be acknowledged."""

    key: Key
    done: Callable[[], None]


class Departures(Extension):
    """Keeps what users send to other domains until the servers there have it."""

    name: ClassVar = "departures"
    after: ClassVar = ("federation",)

    def __init__(self, server: "Server", settings: Callable[[str | None], ExtensionConfig]) -> None:
        """Begin with nothing on its way."""
        super().__init__(server, settings)
        self._rows: dict[Stanza, Key] = {}
        self._young: dict[Stanza, _Young] = {}
        self._older: dict[Stanza, _Young] = {}  # but not old enough to have rows
        self._timer: asyncio.TimerHandle | None = None

    # -- the federation's side ---------------------------------------------------------------------

    def keep(self, stanza: Stanza, *, sent: bool) -> None:
        """Let a stanza of an account have a row: now, or in a moment if it was ``sent``.

        Raises:
            StanzaError: resource-constraint, it cannot be stored now.
        """
        if not _lasts(stanza):
            return
        account = self.server.accounts.loaded(stanza.sender.bare)
        if account is None or account.record is None:
            return
        key = (account.id, self.server.log.new_id())
        if sent:
            self._young[stanza] = _Young(key, self.server.router.put_off())
            if self._timer is None:
                self._timer = asyncio.get_running_loop().call_later(_YOUNG, self._grow_older)
            return
        if not self.server.log.available:
            self.server.unstored.try_log(account.id)
            raise StanzaError("resource-constraint", "messages cannot be stored at the moment")
        self._store(stanza, key)

    def _grow_older(self) -> None:
        """Write rows for what was young already when this was done before."""
        self._timer = None
        grown, self._older, self._young = self._older, self._young, {}
        self._store_all(grown)
        if self._older:
            self._timer = asyncio.get_running_loop().call_later(_YOUNG, self._grow_older)

    def _store_all(self, young: Mapping[Stanza, "_Young"]) -> None:
        for stanza, each in young.items():
            self._store(stanza, each.key)
            each.done()  # it is acknowledged when the log has committed the row

    def _store(self, stanza: Stanza, key: Key) -> None:
        to = stanza.to
        assert to is not None
        self._rows[stanza] = key
        # As in `LogEntry`: …, outgoing, peer, peer_resource, stanza, pending, archived, origin_id.
        self.server.unstored.append(
            (
                *key,
                True,
                to.bare,
                to.resource,
                stanza.to_bytes(),
                True,
                False,
                origin_id(stanza) if stanza.kind == "message" else None,
            )
        )

    def replace(self, stanza: Stanza, by: Stanza) -> None:
        """Let another object stand for a stanza."""
        if stanza in self._rows:
            self._rows[by] = self._rows.pop(stanza)
        for some in (self._young, self._older):
            if stanza in some:
                some[by] = some.pop(stanza)

    def kept(self, stanza: Stanza) -> bool:
        """Tell whether a stanza has a row, or will have one."""
        return stanza in self._rows or stanza in self._young or stanza in self._older

    def forget(self, stanzas: Iterable[Stanza]) -> None:
        """Let the rows go; what is young gets none."""
        rows, young, older = self._rows, self._young, self._older
        gone: defaultdict[int, list[int]] = defaultdict(list)
        for stanza in stanzas:
            each = young.pop(stanza, None) or older.pop(stanza, None)
            if each is not None:
                each.done()
            elif (key := rows.pop(stanza, None)) is not None:
                gone[key[0]].append(key[1])
        for account_id, ids in gone.items():
            self.server.unstored.drop(account_id, ids)
            self.server.log.acknowledge(account_id, ids)

    @on(hooks.account_deleting, after=("presence",))
    async def let_go(self, account: Account) -> None:
        """Write no more rows for an account that goes: the database would refuse them."""
        young = {**self._young, **self._older}
        self.forget([stanza for stanza, each in young.items() if each.key[0] == account.id])

    # -- restarts ----------------------------------------------------------------------------------

    @on(hooks.server_ending, before=("stream_management",))
    async def store_all(self) -> None:
        """Write rows for all that is on its way."""
        young, self._older, self._young = {**self._older, **self._young}, {}, {}
        self._store_all(young)

    @on(hooks.server_started, after=("federation",))
    async def go_on(self) -> None:
        """Send what an earlier run did not get across; without federation it waits on."""
        federation = self.server.federation
        if federation is None:
            return
        federation.departures = self
        after, found = 0, 0
        while rows := await self.server.log.departing(after_id=after, limit=_PAGE):
            stanzas = [stanza for row in rows if (stanza := self._read(row)) is not None]
            found += len(stanzas)
            federation.go_on(stanzas)
            after = rows[-1].id
        if found:
            log.info("sending to other domains what an earlier run left", stanzas=found)

    def _read(self, row: LogEntry) -> Stanza | None:
        try:
            stanza = reread(row.stanza)
        except (WireError, JIDError) as error:
            log.error("a stanza in the log cannot be read", row=row[:2], reason=str(error))
            return None
        if stanza.sender.domain not in self.server.hosts:
            return None  # it waits for its host to be configured again
        if stanza.kind == "message":
            late = delay(self.server.hosts[stanza.sender.domain].jid, timestamp_of(row.id))
            stanza = stanza.with_child(late)
        self._rows[stanza] = row[:2]
        return stanza

    # -- what comes back ---------------------------------------------------------------------------

    @on(hooks.bounced)
    def tell(self, stanza: Stanza, answer: Stanza) -> Verdict:
        """Tell the sender, or all their sessions where the one that sent it is gone.

        Until one has the answer it waits in the log. XEP-0160 §3 would have no errors stored, but
        those of others are meant there: who left after a message was taken would never hear that
        it did not arrive. Of presence all sessions hear anyway (RFC 6121 §3.1.2).
        """
        key = self._key(stanza)
        if key is None or stanza.kind != "message":
            return None
        account = self.server.accounts.loaded(stanza.sender.bare)
        session = account.sessions.get(stanza.sender.resource) if account is not None else None
        if session is not None:
            return self._tell_one(session, answer, key[0])
        others = account.receivers if account is not None else ()
        for other in others:
            other.send(answer.addressed(answer.sender, other.jid))
        if others:
            return STOP
        if "offline" not in self.server.hosts[stanza.sender.domain].extensions:
            return None
        self._store_answer(answer.addressed(answer.sender, stanza.sender.bare), key[0])
        if account is not None:
            self.server.extension(Offline).hand_over_again(account)
        return STOP

    def _tell_one(self, session: Session, answer: Stanza, account_id: int) -> Verdict:
        """Tell a session; its answer is pending as long as it may end without having read it."""
        if session.outbox is None or "offline" not in session.host.extensions:
            return None
        data = answer.to_bytes()
        session.write(data)
        row = self._store_answer(answer, account_id)
        if session.outbox.mark(data, row):
            custody_of(session.account).holders[row] = (session,)
        return STOP

    def _store_answer(self, answer: Stanza, account_id: int) -> int:
        """Have an answer wait for the account, and return its row."""
        row = self.server.log.new_id()
        peer = answer.sender
        content = (answer.to_bytes(), True, False, None)
        self.server.unstored.append((account_id, row, False, peer.bare, peer.resource, *content))
        return row

    def _key(self, stanza: Stanza) -> Key | None:
        young = self._young.get(stanza) or self._older.get(stanza)
        return young.key if young is not None else self._rows.get(stanza)


def _lasts(stanza: Stanza) -> bool:
    """Tell whether a stanza is of use later as well, and may be stored."""
    if stanza.kind == "presence":
        return stanza.type in _LASTING_PRESENCE
    if stanza.kind == "iq":
        return False
    rules = keeping(stanza)
    said = stanza.type == "groupchat" and rules.content and NO_STORE not in stanza.names
    return rules.offline or said
