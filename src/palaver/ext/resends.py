"""Resends: a message that a client sends again, as it does not know that it arrived, is taken once.

That happens when the acknowledgement of stream management is lost and the session is not resumed
(XEP-0198 §4). Such a message has the same origin-id (XEP-0359 §2.2), sender account and recipient.
The last tens of thousands of the whole server are remembered, and after a restart the last ones in
the logs of the accounts in use. A message that was refused may be sent again.
"""

from collections.abc import Callable
from typing import TYPE_CHECKING, ClassVar, Final

from sqlalchemy import Connection

from palaver.ext.stanza_ids import NS, origin_id
from palaver.jid import BareJID
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
    """The keys seen last, by their hashes: those of two different keys are never the same.

    Nearly never: a hash has 64 bits, and nobody outside knows what it is keyed with.
    """

    __slots__ = ("_new", "_old")

    def __init__(self) -> None:
        self._new: set[int] = set()
        self._old: set[int] = set()

    def __contains__(self, key: tuple[str, str, str]) -> bool:
        number = hash(key)
        return number in self._new or number in self._old

    def add(self, key: tuple[str, str, str]) -> None:
        """Remember a key."""
        if len(self._new) >= _GENERATION:
            self._old, self._new = self._new, set()
        self._new.add(hash(key))

    def forget(self, key: tuple[str, str, str]) -> None:
        """Forget a key."""
        self._new.discard(hash(key))
        self._old.discard(hash(key))


class Resends(Extension):
    """Recognises messages that are sent again, and passes on only the first."""

    name: ClassVar = "resends"
    requires: ClassVar = ("stanza_ids",)

    def __init__(self, server: "Server", settings: Callable[[str | None], ExtensionConfig]) -> None:
        """Begin without a memory."""
        super().__init__(server, settings)
        self._seen = Remembered()

    @on(hooks.outgoing, phase=Phase.GUARD, kind="message", payload=(NS, "origin-id"))
    def check_sent(self, stanza: Stanza, session: Session) -> Verdict:
        """Stop what a user of ours sent before; it counts as handled."""
        return self._check(stanza, session.bare)

    @on(hooks.incoming, phase=Phase.GUARD, kind="message", payload=(NS, "origin-id"))
    def check_received(self, stanza: Stanza, account: Account) -> Verdict:
        """Stop what arrived before."""
        return self._check(stanza, account.jid)

    def _check(self, stanza: Stanza, default: BareJID) -> Verdict:
        key = _key(stanza, default)
        return STOP if key is not None and key in self._seen else None

    @on(hooks.delivered, kind="message", payload=(NS, "origin-id"))
    def remember(self, stanza: Stanza, account: Account, _sessions: tuple[Session, ...]) -> None:
        """Remember what was handed to sessions or is kept for them."""
        key = _key(stanza, account.jid)
        if key is not None:
            self._seen.add(key)

    @on(hooks.refused)
    def forget(self, stanza: Stanza, _error: StanzaError) -> None:
        """Let what was refused be sent again."""
        key = _key(stanza, stanza.sender.bare) if stanza.kind == "message" else None
        if key is not None:
            self._seen.forget(key)

    @on(hooks.account_loading)
    def load(self, account: Account, connection: Connection) -> None:
        """Remember what the account sent and received last."""
        for outgoing, peer, origin in self.server.log.origins(connection, account.id, _ROWS):
            pair = (account.jid, peer) if outgoing else (peer, account.jid)
            self._seen.add((*pair, origin))


def _key(stanza: Stanza, default: BareJID) -> tuple[str, str, str] | None:
    """Return what is the same for a message and its resend; None for what is never sent again."""
    if stanza.type not in ("normal", "chat"):
        return None
    origin = origin_id(stanza)
    to = default if stanza.to is None else stanza.to.bare
    return None if origin is None else (stanza.sender.bare, to, origin)
