"""What one occupant sends to another: private messages, and requests (XEP-0045 §7.5, §17.4)."""

import secrets
from typing import Final

from palaver.ext.muc.asked import Asked, Requests
from palaver.ext.muc.engine import Engine
from palaver.ext.muc.history import without_delays_of
from palaver.ext.muc.names import UNTRUSTED, USER, USER_X
from palaver.ext.muc.occupant import Occupant
from palaver.ext.muc.privileges import Role
from palaver.ext.muc.room import Room
from palaver.ext.ping import NS as PING
from palaver.jid import JID
from palaver.wire.element import Element
from palaver.wire.errors import StanzaError
from palaver.wire.stanza import Stanza

_SELDOM: Final = {
    "anyone": Role.VISITOR,
    "participants": Role.PARTICIPANT,
    "moderators": Role.MODERATOR,
}
_DISCO: Final = "http://jabber.org/protocol/disco#"
_ITEMS: Final = f"{_DISCO}items query"
_ERROR: Final = "jabber:client error"
_WITH_ADDRESS: Final = ("gone", "redirect")
#: What is asked of an account rather than of one of its devices: profile and avatar.
_OF_ACCOUNT: Final = ("vcard-temp vCard", "http://jabber.org/protocol/pubsub pubsub")


class Private:
    """Takes what is for the address of an occupant."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._asked = Requests()

    # -- messages ----------------------------------------------------------------------------------

    def message(self, stanza: Stanza, room: Room) -> None:
        """Pass a private message on to all devices of its recipient.

        Raises:
            StanzaError: bad-request, it is for all; not-acceptable, the sender is not in the room;
                item-not-found, nobody has the nickname; forbidden, the sender may not send any.
        """
        if stanza.type == "groupchat":
            raise StanzaError("bad-request", "what is for all goes to the address of the room")
        sender = room.occupant(stanza.sender)
        if sender is None:
            raise StanzaError("not-acceptable", "you are not in the room")
        recipient = self._recipient(stanza, room)
        least = _SELDOM.get(room.config.allow_pm)
        if least is None or sender.role < least:
            raise StanzaError("forbidden", "this room does not let you send private messages")
        self._engine.crowd.settle(room, sender.nick)  # so that the recipient knows the sender
        message = without_delays_of(room.jid, stanza)
        message = message.without(lambda key, _child: key in UNTRUSTED - {USER_X})
        message = message.without(lambda key, child: key == USER_X and bool(list(child)))
        if USER_X not in message.names:
            message = message.with_child(Element("x", USER))
        message = message.appended("urn:xmpp:occupant-id:0 occupant-id", sender.id)
        for attendant in list(recipient.attendants.values()):
            self._engine.server.router.route(message.addressed(sender.jid, attendant.jid))

    def _recipient(self, stanza: Stanza, room: Room) -> Occupant:
        assert stanza.to is not None
        found = room.occupants.get(stanza.to.resource)
        if found is None:
            raise StanzaError("item-not-found", "nobody in the room has this nickname")
        return found

    # -- requests ----------------------------------------------------------------------------------

    def iq(self, stanza: Stanza, room: Room) -> None:
        """Pass a request or its answer on; answer a ping of oneself (XEP-0410 §6).

        Raises:
            StanzaError: not-acceptable or bad-request, the sender is not in the room;
                item-not-found, nobody has the nickname.
        """
        if stanza.type not in ("get", "set"):
            self._answer(stanza)
            return
        sender = room.occupant(stanza.sender)
        if sender is None:
            if stanza.names[0].startswith(_DISCO):
                raise StanzaError("bad-request", "you are not in the room")
            raise StanzaError("not-acceptable", "you are not in the room", type="cancel")
        recipient = self._recipient(stanza, room)
        if recipient is sender and stanza.names[0] == f"{PING} ping":
            self._engine.server.router.route_answer(stanza.result())
            return
        self._engine.crowd.settle(room, sender.nick)
        self._ask(stanza, sender, recipient)

    def _ask(self, stanza: Stanza, sender: Occupant, recipient: Occupant) -> None:
        real: JID = recipient.shown.jid
        if stanza.names[0] in _OF_ACCOUNT:
            real = recipient.bare
        token = secrets.token_hex(8)
        asked = Asked(stanza.sender, stanza.id, sender.jid, recipient.jid, real)
        self._asked.add(token, asked)
        request = stanza.with_attributes(id=token).addressed(sender.jid, real)
        self._engine.server.router.route(request)

    def _answer(self, stanza: Stanza) -> None:
        asked = self._asked.take(stanza.id or "", stanza.sender, stanza.to)
        if asked is None:
            return
        answer = _without_addresses(stanza, asked)
        answer = answer.with_attributes(id=asked.id).addressed(asked.to, asked.sender)
        self._engine.server.router.route_answer(answer)


def _without_addresses(answer: Stanza, asked: Asked) -> Stanza:
    """Take out the real address where servers and clients put it by themselves.

    Errors say who raised them, and where somebody is now (RFC 6120 §8.3.2, §8.3.3.5, §8.3.3.14);
    items of service discovery are usually at the address that was asked (XEP-0050 §2.2).
    """
    if answer.type == "error":
        error = answer.child("error")
        rest = answer.without(lambda key, _child: key == _ERROR)
        return answer if error is None else rest.with_child(_plain(error))
    if answer.names[:1] != (_ITEMS,):
        return answer
    query = next(iter(answer.elements))
    items = (_at_occupant(item, asked) for item in query)
    rest = answer.without(lambda key, _child: key == _ITEMS)
    return rest.with_child(Element(query.name, query.ns, query.attrs, *items))


def _plain(error: Element) -> Element:
    attrs = {name: value for name, value in error.attrs.items() if name != "by"}
    children = (Element(e.name, e.ns) if e.name in _WITH_ADDRESS else e for e in error)
    return Element(error.name, error.ns, attrs, *children)


def _at_occupant(item: Element, asked: Asked) -> Element:
    if item.get("jid", "").partition("/")[0] != asked.real.bare:
        return item
    return Element(item.name, item.ns, {**item.attrs, "jid": asked.to}, *item)
