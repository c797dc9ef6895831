"""Tells contacts and clients what a change of rules means for presence.

Contacts from whom a session's presence is kept from now on see it go; those who may have it again
get it (XEP-0016 §2.11, XEP-0191 §3.3, §3.4). The session, the other way round, sees contacts go,
or asks for those that it may see again (XEP-0016 §2.10).
"""

from collections.abc import Iterable, Iterator

from palaver import jid
from palaver.ext.presence.shown import shown
from palaver.ext.privacy.rules import Kind, PrivacyList
from palaver.ext.roster.roster import Roster, roster_of
from palaver.jid import JID, BareJID
from palaver.kernel.server import Server
from palaver.kernel.session import Session
from palaver.wire.stanza import Stanza

_SEES_US = ("from", "both")
_SEEN = ("to", "both")


def announce(
    server: Server, session: Session, before: PrivacyList | None, after: PrivacyList | None
) -> None:
    """Send the presence that follows from another list applying to a session."""
    if before is after or session.presence is None or session.closed:
        return
    roster = roster_of(session.account)
    told: set[JID] = set()
    for peer in _audience(session, roster, before, after):
        if peer.bare in told or peer.bare == session.bare:
            continue
        was = _allows(before, Kind.PRESENCE_OUT, peer, roster)
        if was == _allows(after, Kind.PRESENCE_OUT, peer, roster):
            continue
        told.add(peer)
        if was:
            gone = Stanza.make("presence", session.jid, peer, {"type": "unavailable"})
            server.router.route(gone)
        elif roster.subscription_of(peer) in _SEES_US:
            server.router.route(session.presence.addressed(session.jid, peer))
    for contact in [item.contact for item in roster.items]:
        was = _allows(before, Kind.PRESENCE_IN, contact, roster)
        if was == _allows(after, Kind.PRESENCE_IN, contact, roster):
            continue
        if roster.subscription_of(contact) in _SEEN:
            _hide(server, session, contact) if was else _ask(server, session, contact)


def _audience(session: Session, roster: Roster, *lists: PrivacyList | None) -> Iterator[JID]:
    """Iterate over those who see a session: bare JIDs first, then what the lists say of them."""
    for item in roster.items:
        if roster.subscription_of(item.contact) in _SEES_US:
            yield item.contact
    found = shown.get(session)
    if found is not None:
        yield from found.directed
    for value in _values(lists):
        peer = jid.parse(value)
        if peer.resource and roster.subscription_of(peer) in _SEES_US:
            yield peer


def _values(lists: Iterable[PrivacyList | None]) -> Iterator[str]:
    return (
        item.value
        for each in lists
        if each is not None
        for item in each.items
        if item.type == "jid"
    )


def _allows(each: PrivacyList | None, kind: Kind, peer: JID, roster: Roster) -> bool:
    return each is None or each.allows(kind, peer, roster)


def _hide(server: Server, session: Session, contact: BareJID) -> None:
    """Let a contact go from a session's view. Of contacts elsewhere it is not known who is there.

    A client takes presence "unavailable" from a bare JID for all its resources.
    """
    account = server.accounts.loaded(contact)
    if contact.domain in server.hosts:
        others = account.sessions.values() if account is not None else ()
        senders: list[JID] = [other.jid for other in others if other.available]
    else:
        senders = [contact]
    for sender in senders:
        session.send(Stanza.make("presence", sender, session.jid, {"type": "unavailable"}))


def _ask(server: Server, session: Session, contact: BareJID) -> None:
    server.router.route(Stanza.make("presence", session.jid, contact, {"type": "probe"}))
