"""Applies an account's rules to one stanza (XEP-0016 §2.14, XEP-0191 §3.3)."""

from collections.abc import Iterable
from typing import Final

from palaver.ext.privacy.rules import Kind, PrivacyList, Rules
from palaver.ext.privacy.state import applied
from palaver.ext.roster.roster import roster_of
from palaver.kernel.account import Account
from palaver.kernel.hooks import STOP, Stop
from palaver.kernel.session import Session
from palaver.wire.element import Element
from palaver.wire.errors import StanzaError
from palaver.wire.stanza import Stanza

_NOTIFICATIONS: Final = ("available", "unavailable")
_SILENT: Final = ("headline", "error")


def incoming_kind(stanza: Stanza) -> Kind:
    """Return what an item must be about to stop a stanza that arrives."""
    if stanza.kind == "message":
        return Kind.MESSAGE
    if stanza.kind == "iq":
        return Kind.IQ
    return Kind.PRESENCE_IN if stanza.type in _NOTIFICATIONS else Kind.OTHER


def outgoing_kind(stanza: Stanza) -> Kind:
    """Return what an item must be about to stop a stanza that a session sends."""
    if stanza.kind == "presence" and stanza.type in _NOTIFICATIONS:
        return Kind.PRESENCE_OUT
    return Kind.OTHER


def targets(stanza: Stanza, account: Account) -> tuple[Session, ...]:
    """Return the sessions that a stanza is for; none when it is for the account as a whole."""
    assert stanza.to is not None
    resource = stanza.to.resource
    if resource:
        session = account.sessions.get(resource)
        return () if session is None else (session,)
    if stanza.kind == "message":
        return account.receivers
    if stanza.kind == "presence" and stanza.type in _NOTIFICATIONS:
        return tuple(session for session in account.sessions.values() if session.available)
    return ()


def may_receive(stanza: Stanza, account: Account, rules: Rules) -> bool:
    """Tell whether a stanza may reach at least one of those that it is for."""
    if exempt(stanza, account):
        return True
    sessions = targets(stanza, account)
    lists: Iterable[PrivacyList | None] = (
        {applied(rules, session) for session in sessions} if sessions else (applied(rules, None),)
    )
    kind, peer, roster = incoming_kind(stanza), stanza.sender, roster_of(account)
    return any(each is None or each.allows(kind, peer, roster) for each in lists)


def permitted(stanza: Stanza, account: Account, rules: Rules) -> tuple[Session, ...]:
    """Return those of the sessions a stanza is for whose lists let it pass."""
    sessions = targets(stanza, account)
    if exempt(stanza, account):
        return sessions
    kind, peer, roster = incoming_kind(stanza), stanza.sender, roster_of(account)
    found = []
    for session in sessions:
        each = applied(rules, session)
        if each is None or each.allows(kind, peer, roster):
            found.append(session)
    return tuple(found)


def refuse(stanza: Stanza) -> Stop:
    """Refuse a stanza so that the account appears offline to its sender.

    Presence, IQ results and whatever else is never answered disappear.

    Raises:
        StanzaError: service-unavailable.
    """
    if stanza.kind == "presence":
        return STOP
    if stanza.kind == "iq" and stanza.type not in ("get", "set"):
        return STOP
    if stanza.kind == "message" and stanza.type in _SILENT:
        return STOP
    raise StanzaError("service-unavailable")


def check_sending(stanza: Stanza, session: Session, rules: Rules) -> None:
    """Check that a session may send a stanza to its address.

    Raises:
        StanzaError: not-acceptable; with ``<blocked/>`` when the address is in the block list.
    """
    to, account = stanza.to, session.account
    if to is None or to.bare == account.jid or to == account.host.jid:
        return
    each = applied(rules, session)
    roster = roster_of(account)
    if each is None or each.allows(outgoing_kind(stanza), to, roster):
        return
    blocked = Element("blocked", "urn:xmpp:blocking:errors") if each.blocks(to, roster) else None
    raise StanzaError("not-acceptable", type="cancel", detail=blocked)


def exempt(stanza: Stanza, account: Account) -> bool:
    """Tell whether no rule applies: nobody blocks oneself (XEP-0016 §2.1), nor one's server."""
    return stanza.sender.bare == account.jid or stanza.sender == account.host.jid
