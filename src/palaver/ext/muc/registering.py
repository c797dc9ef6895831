"""Registering with a room: becoming a member with a nickname of one's own (XEP-0045 §7.10)."""

from typing import Final

from palaver import jid
from palaver.ext.muc import names
from palaver.ext.muc.admin import apply
from palaver.ext.muc.engine import Engine
from palaver.ext.muc.entry import check_nick
from palaver.ext.muc.privileges import Affiliation
from palaver.ext.muc.room import Room, Standing
from palaver.jid import JID
from palaver.kernel import forms
from palaver.kernel.extension import Answer
from palaver.kernel.forms import Form, FormError, TextSingle
from palaver.wire.element import Element
from palaver.wire.errors import StanzaError

NS: Final = "jabber:iq:register"

_NICK: Final = TextSingle("muc#register_roomnick", "Nickname", required=True)
_FORM: Final = Form((_NICK,), form_type=names.REGISTER, title="Registration with the room")
_INSTRUCTIONS: Final = "Choose the nickname that nobody else shall have in this room."


class Registering:
    """Takes requests to register.

    Whoever may enter may register; a room for members lets only members reserve a nickname, as
    membership there is for admins to give (§9.3). Nobody needs to approve (§9.9 is an option).
    """

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def form(self, room: Room, who: JID) -> Answer:
        """Return the form, or what is registered.

        Raises:
            StanzaError: not-allowed.
        """
        self._check(room, who)
        nick = room.standing(who).nick
        instructions = Element("instructions", NS, None, _INSTRUCTIONS)
        if nick:
            known = Element("registered", NS), Element("username", NS, None, nick)
            return Element("query", NS, None, *known, _FORM.blank(_NICK.filled(nick)))
        return Element("query", NS, None, instructions, _FORM.blank())

    @staticmethod
    def _check(room: Room, who: JID) -> None:
        affiliation = room.affiliation(who)
        if affiliation is Affiliation.OUTCAST:
            raise StanzaError("not-allowed", "you are banned from this room")
        if room.config.members_only and affiliation < Affiliation.MEMBER:
            raise StanzaError("not-allowed", "in this room admins decide who is a member")

    async def register(self, room: Room, who: JID, query: Element) -> Answer:
        """Reserve a nickname, or give up what was registered.

        Raises:
            StanzaError: not-allowed; bad-request, there is no valid form; conflict, the nickname is
                somebody else's; not-acceptable, it cannot be a nickname.
        """
        async with self._engine.turn(room):
            self._check(room, who)
            standing = room.standing(who)
            if query.find("remove") is not None:
                left = standing.affiliation
                left = Affiliation.NONE if left is Affiliation.MEMBER else left
                await apply(self._engine, room, {who.bare: Standing(left)})
                return None
            nick = self._nick(room, who, query)
            affiliation = max(standing.affiliation, Affiliation.MEMBER)
            await apply(self._engine, room, {who.bare: Standing(affiliation, nick)})
        return None

    def _nick(self, room: Room, who: JID, query: Element) -> str:
        form = forms.find(query, "submit")
        if form is None:
            raise StanzaError("bad-request", "register by the form")
        try:
            wanted = _FORM.read(form)[_NICK]
        except FormError as error:
            raise StanzaError("bad-request", error.text) from error
        try:
            nick = room.jid.with_resource(wanted).resource
        except jid.JIDError as error:
            raise StanzaError("not-acceptable", str(error)) from error
        check_nick(nick, self._engine.limits(room.host).nick)
        holder = room.occupants.get(nick)
        in_use = holder is not None and holder.bare != who.bare
        if in_use or room.reserved.get(nick, who.bare) != who.bare:
            raise StanzaError("conflict", "the nickname is somebody else's")
        return nick
