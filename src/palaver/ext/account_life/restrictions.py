"""Keeps accounts whose role lacks the right ``strangers`` among their host and their contacts.

A contact is whom the account's roster has a subscription with, in either direction: such as an
administrator put there, or as was there before. Subscriptions with others are refused both ways.
What strangers write is not kept away here; the account's policy for strangers does that.
"""

from typing import ClassVar, Final

from sqlalchemy import Connection

from palaver.ext.roster.roster import roster_of
from palaver.jid import JID
from palaver.kernel import hooks, permissions
from palaver.kernel.account import Account
from palaver.kernel.extension import Extension, on
from palaver.kernel.hooks import STOP, Phase, Verdict
from palaver.kernel.session import Session
from palaver.kernel.slots import Slot
from palaver.wire.errors import StanzaError
from palaver.wire.stanza import Stanza

_KEPT_IN: Final[Slot[bool]] = Slot("kept among its host and its contacts")


class Restrictions(Extension):
    """Lets restricted accounts exchange nothing with strangers elsewhere."""

    name: ClassVar = "restrictions"
    requires: ClassVar = ("roster",)

    @on(hooks.account_loading)
    def load(self, account: Account, _connection: Connection) -> None:
        """Note whether an account is restricted."""
        self.note(account)

    @on(hooks.role_changed)
    def note(self, account: Account) -> None:
        """Note whether an account is restricted now."""
        if permissions.has_right(self.server, account, "strangers"):
            _KEPT_IN.clear(account)
        else:
            _KEPT_IN.set(account, True)

    @on(hooks.outgoing, phase=Phase.GUARD)
    def check_sending(self, stanza: Stanza, session: Session) -> None:
        """Refuse what a restricted account sends to a stranger.

        Raises:
            StanzaError: forbidden.
        """
        if _KEPT_IN not in session.account.slots or stanza.to is None:
            return
        if not self._may_exchange(session.account, stanza.to):
            raise StanzaError("forbidden", "your account may write to its contacts only")

    @on(hooks.incoming, phase=Phase.GUARD, kind="presence")
    def check_receiving(self, stanza: Stanza, account: Account) -> Verdict:
        """Drop requests of strangers to see the presence of a restricted account."""
        if _KEPT_IN not in account.slots or stanza.type != "subscribe":
            return None
        return None if self._may_exchange(account, stanza.sender) else STOP

    def _may_exchange(self, account: Account, other: JID) -> bool:
        host, domain = account.host.name, other.domain
        if domain == host:
            return True
        # By name alone it could be another server's, or another host here.
        if domain.endswith(f".{host}") and domain in self.server.router.services:
            return True
        return roster_of(account).state_of(other).subscription != "none"
