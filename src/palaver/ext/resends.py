"""Resends: a message that a client sends again, as it does not know that it arrived, is taken once.

That happens when the acknowledgement of stream management is lost and the session is not resumed
(XEP-0198 §4). Such a message has the same origin-id (XEP-0359 §2.2), sender account and recipient.
The last tens of thousands of the whole server are remembered, and after a restart the last ones in
the logs of the accounts in use, but for what has left for other servers: these recognise it
themselves. A message that was refused may be sent again.

What users here say in rooms here is remembered as well, but not over a restart: whoever reads the
archive of the room finds it there.
"""

from collections.abc import Callable
from typing import TYPE_CHECKING, ClassVar, Final

from sqlalchemy import Connection

from palaver.ext.stanza_ids import NS, origin_id
from palaver.jid import BareJID, FullJID
from palaver.kernel import hooks
from palaver.kernel.account import Account
from palaver.kernel.extension import Extension, ExtensionConfig, on
from palaver.kernel.hooks import STOP, Phase, Verdict
from palaver.kernel.session import Session
from palaver.wire.errors import StanzaError
from palaver.wire.stanza import Stanza

if TYPE_CHECKING:
    from palaver.kernel.server import Server

_GENERATION: Final = 50_000  # messages; between one and two generations are remembered
_ROWS: Final = 200  # of the log of each account


class Remembered:
    """The hashes seen last: between one and two generations of them."""

    __slots__ = ("_new", "_old")

    def __init__(self) -> None:
        self._new: set[int] = set()
        self._old: set[int] = set()

    def __contains__(self, number: int) -> bool:
        return number in self._new or number in self._old

    def add(self, number: int) -> None:
        """Remember a hash."""
        if len(self._new) >= _GENERATION:
            self._old, self._new = self._new, set()
        self._new.add(number)

    def forget(self, number: int) -> None:
        """Forget a hash."""
        self._new.discard(number)
        self._old.discard(number)


class Resends(Extension):
    """Recognises messages that are sent again, and passes on only the first.

    Messages are remembered by the hash of sender, recipient and origin-id. It has 64 bits and is
    keyed with what nobody outside knows, so those of two messages are never the same, nearly.
    """

    name: ClassVar = "resends"
    requires: ClassVar = ("stanza_ids",)

    def __init__(self, server: "Server", settings: Callable[[str | None], ExtensionConfig]) -> None:
        """Begin without a memory."""
        super().__init__(server, settings)
        self._seen = Remembered()
        self._attrs: dict[str, str] | None = None  # of the last message: all its edits share them
        self._number: int | None = None

    @on(hooks.outgoing, phase=Phase.GUARD, kind="message", payload=(NS, "origin-id"))
    def check_sent(self, stanza: Stanza, session: Session) -> Verdict:
        """Stop what a user of ours sent before; it counts as handled."""
        number = self._number_of(stanza, session.bare)
        return STOP if number is not None and number in self._seen else None

    @on(hooks.incoming, phase=Phase.GUARD, kind="message", payload=(NS, "origin-id"))
    def check_received(self, stanza: Stanza, account: Account) -> Verdict:
        """Stop what arrived before."""
        if stanza.type == "groupchat":
            return None  # all devices get it from the room, one by one
        if stanza.attrs is self._attrs:
            return None  # checked a moment ago, when it was sent
        number = self._number_of(stanza, account.jid)
        return STOP if number is not None and number in self._seen else None

    @on(hooks.delivered, kind="message", payload=(NS, "origin-id"))
    def remember(self, stanza: Stanza, account: Account, _sessions: tuple[Session, ...]) -> None:
        """Remember what was handed to sessions or is kept for them."""
        if stanza.type == "groupchat":
            return
        number = self._number_of(stanza, account.jid)
        if number is not None:
            self._seen.add(number)

    @on(hooks.room_said)
    def remember_said(self, _occupant: FullJID, stanza: Stanza) -> None:
        """Remember what was said in a room here."""
        number = self._number_of(stanza, stanza.sender.bare)
        if number is not None:
            self._seen.add(number)

    def _number_of(self, stanza: Stanza, default: BareJID) -> int | None:
        """Return what is the same for a message and its resend; None for what has no resends."""
        if stanza.attrs is not self._attrs:
            self._attrs = stanza.attrs
            self._number = _number_of(stanza, default)
        return self._number

    @on(hooks.refused)
    def forget(self, stanza: Stanza, _error: StanzaError) -> None:
        """Let what was refused be sent again."""
        if stanza.kind == "message":
            number = _number_of(stanza, stanza.sender.bare)
            if number is not None:
                self._seen.forget(number)

    @on(hooks.account_loading)
    def load(self, account: Account, connection: Connection) -> None:
        """Remember what the account sent and received last.

        What went to another server only while a row says that it still goes: the archive alone
        does not tell that it left before this server was killed.
        """
        hosts, rows = self.server.hosts, self.server.log.origins(connection, account.id, _ROWS)
        for outgoing, pending, peer, origin in rows:
            pair = (account.jid, peer) if outgoing else (peer, account.jid)
            if not outgoing or pending or peer.rpartition("@")[2] in hosts:
                self._seen.add(hash((*pair, origin)))


def _number_of(stanza: Stanza, default: BareJID) -> int | None:
    origin = origin_id(stanza)
    if origin is None or stanza.type not in ("normal", "chat", "groupchat"):
        return None
    to = default if stanza.to is None else stanza.to.bare
    return hash((stanza.sender.bare, to, origin))
