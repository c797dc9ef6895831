"""Rosters as they travel between servers (XEP-0227 §4.4, §4.9)."""

from collections.abc import Iterable, Iterator, Sequence
from typing import Final

from palaver import jid
from palaver.ext.portable import Note, Piece
from palaver.ext.roster import states
from palaver.ext.roster.item import RosterItem
from palaver.ext.roster.payload import NS, Limits, read_set
from palaver.ext.roster.roster import Roster
from palaver.jid import BareJID
from palaver.wire import ns
from palaver.wire.element import Element
from palaver.wire.errors import StanzaError

_SUBSCRIPTIONS: Final = frozenset({"none", "to", "from", "both"})


def write(roster: Roster) -> Iterator[bytes]:
    """Iterate over the XML of a roster, and of the requests that wait."""
    yield f"<query xmlns='{NS}'>".encode()
    for item in roster.own_items:
        yield _item(item).to_bytes(NS)
    yield b"</query>"
    for item in roster.requests:
        assert item.request is not None
        yield item.request.replace(b"<presence", b"<presence xmlns='jabber:client'", 1)


def _item(item: RosterItem) -> Element:
    attrs = {
        "jid": item.contact,
        "name": item.name or None,
        "subscription": item.state.subscription,
        "ask": "subscribe" if item.state.pending_out else None,
        "approved": "true" if item.approved else None,
    }
    return Element("item", NS, attrs, *(Element("group", NS, None, name) for name in item.groups))


def read(
    pieces: Iterable[Piece], roster: Roster, own: BareJID, limits: Limits, note: Note
) -> Sequence[RosterItem]:
    """Return the items that are new to a roster, or to which a request is new."""
    found: dict[BareJID, RosterItem] = {}
    for piece, _ in pieces:
        for each in piece if piece.name == "query" else (piece,):
            try:
                item = _read_one(each, roster, found, limits)
            except (StanzaError, jid.JIDError) as error:
                note(f"a contact ({each.get('jid') or each.get('from')}) was left out: {error}")
                continue
            if item is not None and item.contact != own:
                found[item.contact] = item
    return list(found.values())


def _read_one(
    element: Element, roster: Roster, found: dict[BareJID, RosterItem], limits: Limits
) -> RosterItem | None:
    if element.key == f"{ns.CLIENT} presence":
        return _read_request(element, roster, found)
    wish = read_set(Element("query", NS, None, element), limits)
    if roster.item(wish.contact).listed and wish.contact not in found:
        return None
    subscription = element.get("subscription", "none")
    if wish.remove or subscription not in _SUBSCRIPTIONS:
        raise StanzaError("bad-request", f"there is no subscription {subscription!r}")
    known = found.get(wish.contact) or roster.item(wish.contact)
    state = states.read(
        subscription,
        pending_out=element.get("ask") == "subscribe",
        pending_in=known.state.pending_in,
    )
    approved = element.get("approved") in ("true", "1")
    return RosterItem(
        wish.contact,
        state,
        listed=True,
        name=wish.name,
        groups=wish.groups,
        approved=approved,
        request=known.request if state.pending_in else None,
    )


def _read_request(
    presence: Element, roster: Roster, found: dict[BareJID, RosterItem]
) -> RosterItem | None:
    """Take note of a request to subscribe that waits for its answer."""
    if presence.get("type") != "subscribe":
        raise StanzaError("bad-request", "it is no request to subscribe")
    contact = jid.parse(presence.get("from", "")).bare
    known = found.get(contact) or roster.item(contact)
    if known.state.is_seen or known.state.pending_in:
        return None
    state = states.inbound("subscribe", known.state, approved=False).state
    attrs = {**presence.attrs, "from": contact}
    data = Element("presence", ns.CLIENT, attrs, *presence.children).to_bytes()
    return known.moved(state, request=data)
