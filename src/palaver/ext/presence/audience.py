"""Brings the presence of a session to those who may see it, quickly.

Contacts here are written to directly: whoever is not in use is not online, and costs one look-up.
All recipients share the stanza's bytes but for the address. Handlers of other extensions that
concern presence, such as block lists, are asked for each pair.
"""

from collections.abc import Callable, Iterable, Iterator
from typing import Any

import structlog

from palaver.ext.presence.lanes import Lanes
from palaver.ext.presence.shown import shown_by
from palaver.ext.roster.roster import roster_of
from palaver.jid import BareJID
from palaver.kernel import hooks
from palaver.kernel.account import Account
from palaver.kernel.dispatch import Handler
from palaver.kernel.hooks import STOP
from palaver.kernel.host import Host
from palaver.kernel.server import Server
from palaver.kernel.session import Session
from palaver.wire.errors import StanzaError
from palaver.wire.stanza import Stanza

log = structlog.get_logger()


class Audience:
    """Sends presence on behalf of sessions."""

    def __init__(self, server: Server, lanes: Lanes, ours: Callable[[Handler], bool]) -> None:
        """``ours`` tells the handlers of this extension itself, which are not asked."""
        self._server = server
        self._open = lanes.open
        self._ours = ours

    def broadcast(self, stanza: Stanza, session: Session) -> None:
        """Send to the account's available resources and to all subscribers (RFC 6121 §4.2.2)."""
        account = session.account
        before, after = stanza.halves()
        data = b"".join((before, account.jid.xml.encode(), after))
        for own in _available(account):
            own.write(data)
        watchers = roster_of(account).watchers
        if watchers.here:
            self._to_accounts(watchers.here, stanza, session, before, after)
        for contact in watchers.elsewhere:
            self.tell(contact, stanza, session)
        for handle in session.host.dispatch.handlers(hooks.presence_broadcast):
            self._server.guarded(handle, stanza, session)

    def _to_accounts(
        self,
        contacts: Iterable[BareJID],
        stanza: Stanza,
        session: Session,
        before: bytes,
        after: bytes,
    ) -> None:
        loaded = self._server.accounts.loaded
        guards = self._guards(stanza, session)
        host: Host | None = None
        incoming: tuple[Handler, ...] = ()
        sender = session.bare
        for contact in contacts:
            account = loaded(contact)
            if account is None or not account.sessions:
                continue
            if account.host is not host:
                host = account.host
                incoming = self._incoming(stanza, host)
            if self._open and (sender, contact) in self._open:
                self.tell(contact, stanza, session)
                continue
            if guards or incoming:
                asked = stanza.addressed(session.jid, contact)
                passed = _pass(incoming, _pass(guards, asked, session), account)
                if passed is None:
                    continue
                if passed is not asked:
                    _write(account, passed.to_bytes())
                    continue
            _write(account, b"".join((before, contact.encode(), after)))

    def tell(self, contact: BareJID, stanza: Stanza, session: Session) -> None:
        """Send a presence of a session to one contact, wherever it is."""
        passed = _pass(
            self._guards(stanza, session), stanza.addressed(session.jid, contact), session
        )
        if passed is not None:
            self._server.router.route(passed)

    def tell_of_all(self, contact: BareJID, account: Account) -> None:
        """Send the current presence of all available resources to a contact."""
        for session in _available(account):
            assert session.presence is not None
            self.tell(contact, session.presence, session)

    def tell_goodbye(self, contact: BareJID, account: Account) -> None:
        """Tell a contact that all available resources are unavailable to it from now on."""
        for session in _available(account):
            self.tell(contact, unavailable(session), session)

    def show(self, contact: Account, session: Session) -> None:
        """Let a session see a contact that is here, as if it had sent a probe (RFC 6121 §4.3)."""
        viewer = session.account
        for other in _available(contact):
            answer = shown_by(other).answer(other).addressed(other.jid, session.jid)
            guards = () if contact is viewer else self._guards(answer, other)
            incoming = () if contact is viewer else self._incoming(answer, viewer.host)
            passed = _pass(incoming, _pass(guards, answer, other), viewer)
            if passed is not None and other is not session:
                session.send(passed)

    def answer(self, probe: Stanza, account: Account) -> None:
        """Answer a probe that came for an account (RFC 6121 §4.3.2)."""
        prober = probe.sender
        own = prober.bare == account.jid
        if not own and not roster_of(account).state_of(prober).is_seen:
            self._route(Stanza.make("presence", account.jid, prober, {"type": "unsubscribed"}))
            return
        sessions = list(_available(account))
        if not sessions:
            self._route(Stanza.make("presence", account.jid, prober, {"type": "unavailable"}))
        for session in sessions:
            answer = shown_by(session).answer(session).addressed(session.jid, prober)
            passed = _pass(self._guards(answer, session), answer, session)
            if passed is not None:
                self._route(passed)

    def may_hear(self, stanza: Stanza, account: Account) -> bool:
        """Tell whether the guards of an account let a stanza pass to its clients."""
        guards = account.host.dispatch.incoming.guards("presence", stanza.names)
        others = tuple(handle for handle in guards if not self._ours(handle))
        return _pass(others, stanza, account) is not None

    def _route(self, stanza: Stanza) -> None:
        self._server.router.route(stanza)

    def _guards(self, stanza: Stanza, session: Session) -> tuple[Handler, ...]:
        """Return the handlers that may keep a stanza of this session from somebody."""
        return session.host.dispatch.outgoing.guards("presence", stanza.names)

    def _incoming(self, stanza: Stanza, host: Host) -> tuple[Handler, ...]:
        """Return the handlers that may keep a stanza from an account of that host."""
        chain = host.dispatch.incoming["presence"][stanza.names]
        return tuple(handle for handle in chain if not self._ours(handle))


def unavailable(session: Session) -> Stanza:
    """Return the presence that says goodbye for a session."""
    return Stanza.make("presence", session.jid, None, {"type": "unavailable"})


def _available(account: Account) -> Iterator[Session]:
    return (session for session in account.sessions.values() if session.presence is not None)


def _write(account: Account, data: bytes) -> None:
    """Write to the available resources.

    Who broadcasts does not wait for those that do not read: one of them would hold up all who know
    it. What piles up for it is bounded by the connection, which ends where that is too much.
    """
    for session in account.sessions.values():
        if session.presence is not None:
            session.write(data)


def _pass(handlers: tuple[Handler, ...], stanza: Stanza | None, owner: Any) -> Stanza | None:
    """Return the stanza as the handlers let it pass, or None when one stops it."""
    if stanza is None:
        return None
    try:
        for handle in handlers:
            verdict = handle(stanza, owner)
            if verdict is STOP:
                return None
            if verdict is not None:
                stanza = verdict
    except StanzaError:
        return None
    except Exception:
        log.exception("handler failed", stanza=repr(stanza))
        return None
    return stanza
