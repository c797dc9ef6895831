"""Forwards messages to members who are mentioned and not in the room (XEP-0452).

Somebody is mentioned by a reference (XEP-0372) to the address or to the nickname that the member
registered, or by this nickname in the text: clients of today write no more than that.
"""

from collections.abc import Iterator
from typing import Final, NamedTuple
from urllib.parse import unquote

from palaver import jid
from palaver.ext.delay import delay
from palaver.ext.muc.engine import Engine
from palaver.ext.muc.privileges import Affiliation
from palaver.ext.muc.room import Room
from palaver.ext.muc.sheets import Copies
from palaver.jid import BareJID, FullJID
from palaver.wire import element
from palaver.wire.element import Element
from palaver.wire.stanza import Stanza

NS: Final = "urn:xmpp:mmn:0"
FORWARD: Final = "urn:xmpp:forward:0"
_REFERENCE: Final = "urn:xmpp:reference:0"
_REFERENCES: Final = f"{_REFERENCE} reference"
_BODY: Final = "jabber:client body"
_MOST: Final = 20  # members who are told of one message


class Said(NamedTuple):
    """A message that was said.

    ``stanza``    as it came, from a real address
    ``occupant``  the address in the room of who said it
    ``copies``    as occupants got it
    ``at``        when, in microseconds since 1970
    """

    stanza: Stanza
    occupant: FullJID
    copies: Copies
    at: int


class Mentions:
    """Finds out who is mentioned, and tells those who are away."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def look(self, said: Said, room: Room) -> None:
        """Forward a message to the members it mentions; nearly always it mentions nobody."""
        names = said.stanza.names
        found: dict[BareJID, None] = {}
        if _REFERENCES in names:
            found.update(dict.fromkeys(_referenced(said.stanza, room)))
        if room.reserved and _BODY in names:
            found.update(dict.fromkeys(_named(said.stanza, room)))
        if not found:
            return
        here = {occupant.bare for occupant in room.occupants.values()}
        away = [who for who in found if who not in here and who != said.stanza.sender.bare]
        for who in away[:_MOST]:
            if room.affiliation(who) >= Affiliation.MEMBER:
                self._forward(said, room, who)

    def _forward(self, said: Said, room: Room, who: BareJID) -> None:
        before, after = said.copies
        message = element.parse(b"".join((before, b" to='", room.jid.xml.encode(), b"'", after)))
        forwarded = Element("forwarded", FORWARD, None, delay(room.jid, said.at), message)
        content = Element("mentions", NS, None, forwarded)
        router = self._engine.server.router
        router.route(Stanza.make("message", room.jid, who, None, content))


def _referenced(stanza: Stanza, room: Room) -> Iterator[BareJID]:
    """Find the members to whose address or nickname a message refers."""
    for child in stanza.elements:
        if child.name != "reference" or child.ns != _REFERENCE or child.get("type") != "mention":
            continue
        uri = child.get("uri", "").partition("?")[0]
        try:
            address = jid.parse(unquote(uri.removeprefix("xmpp:")))
        except jid.JIDError:
            continue
        if address.bare != room.jid:
            yield address.bare
        elif address.resource in room.reserved:
            yield room.reserved[address.resource]


def _named(stanza: Stanza, room: Room) -> Iterator[BareJID]:
    """Find the members whose nickname is in the text, as words of their own."""
    if not room.called.begins_in(stanza.inner.decode()):
        return
    body = stanza.child("body")
    for nick in () if body is None else room.called.among(body.text):
        yield room.reserved[nick]
