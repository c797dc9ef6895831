"""Chooses the sessions a stanza for an account goes to: the tables of RFC 6121 §8.5."""

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Final

from palaver.kernel.account import Account
from palaver.kernel.extension import Target
from palaver.kernel.hooks import STOP
from palaver.kernel.session import Session
from palaver.wire.errors import StanzaError
from palaver.wire.stanza import Stanza

if TYPE_CHECKING:
    from palaver.kernel.answering import Answering
    from palaver.kernel.router import Router

_NOBODY: Final[tuple[Session, ...]] = ()


class Delivery:
    """Delivers to the sessions of one account.

    Of the choices RFC 6121 leaves: a message for the bare JID goes to every session with a
    priority that is not negative; a message of type "chat" for a resource that is gone goes where
    one for the bare JID goes; one of type "normal" or "groupchat" gets an error.
    """

    def __init__(self, router: "Router", answering: "Answering") -> None:
        self._router = router
        self._answering = answering
        self.by_kind: Mapping[str, Callable[[Stanza, Account], None]] = {
            "message": self._message,
            "presence": self._presence,
            "iq": self._iq,
        }

    def _message(self, stanza: Stanza, account: Account) -> None:
        assert stanza.to is not None
        resource = stanza.to.resource
        if resource:
            session = account.sessions.get(resource)
            if session is not None:
                self._hand_over(stanza, account, (session,))
                return
            if stanza.type != "chat":
                self._no_such_resource(stanza)
                return
        if stanza.type == "error":
            return
        if stanza.type == "groupchat":
            raise StanzaError("service-unavailable", "an account is not a room")
        if account.receivers:
            self._hand_over(stanza, account, account.receivers)
        elif stanza.type != "headline":
            self._keep(stanza, account)

    def _hand_over(self, stanza: Stanza, account: Account, to: tuple[Session, ...]) -> None:
        source = self._router.source
        data = stanza.to_bytes()
        for session in to:
            session.write(data)
            if source is not None and session.wire.congested:
                source.wire.wait_for(session.wire)
        for observe in account.host.dispatch.delivered["message"][stanza.names]:
            observe(stanza, account, to)

    def _keep(self, stanza: Stanza, account: Account) -> None:
        dispatch = account.host.dispatch
        for handle in dispatch.unreachable["message"][stanza.names]:
            verdict = handle(stanza, account)
            if verdict is STOP:
                for observe in dispatch.delivered["message"][stanza.names]:
                    observe(stanza, account, _NOBODY)
                return
            if verdict is not None:
                stanza = verdict
        raise StanzaError("service-unavailable", "nobody is there to receive this")

    @staticmethod
    def _no_such_resource(stanza: Stanza) -> None:
        """Follow RFC 6121 §8.5.3.2.1; to the letter as for an account that does not exist."""
        if stanza.type != "error":
            raise StanzaError("service-unavailable")

    def _presence(self, stanza: Stanza, account: Account) -> None:
        assert stanza.to is not None
        resource = stanza.to.resource
        if resource:
            session = account.sessions.get(resource)
            if session is not None:
                self._send(stanza, session)
            return
        if stanza.type in ("available", "unavailable", "error"):
            for session in account.sessions.values():
                if session.available:
                    self._send(stanza, session)

    def _iq(self, stanza: Stanza, account: Account) -> None:
        assert stanza.to is not None
        resource = stanza.to.resource
        if not resource:
            own = stanza.sender.bare == account.jid
            target = Target.ACCOUNT if own else Target.CONTACT
            asking = self._router.asking(stanza)
            self._answering.ask(stanza, target, account.host, account, asking)
            return
        session = account.sessions.get(resource)
        if session is None:
            # Without a text, as for an account that does not exist or blocks the sender.
            raise StanzaError("service-unavailable")
        self._send(stanza, session)

    def _send(self, stanza: Stanza, session: Session) -> None:
        session.send(stanza)
        source = self._router.source
        if source is not None and session.wire.congested:
            source.wire.wait_for(session.wire)
