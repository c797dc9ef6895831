"""Registering with a room: becoming a member with a nickname of one's own (XEP-0045 §7.10)."""

from typing import Final

from palaver import jid
from palaver.ext.muc import names
from palaver.ext.muc.admin import after, apply
from palaver.ext.muc.configuration import person
from palaver.ext.muc.engine import Engine
from palaver.ext.muc.entry import rename
from palaver.ext.muc.nicknames import check_looks, check_nick
from palaver.ext.muc.privileges import Affiliation, Role
from palaver.ext.muc.room import NOBODY, Room, Standing
from palaver.ext.muc.shown import News
from palaver.jid import JID, BareJID
from palaver.kernel import forms
from palaver.kernel.extension import Answer
from palaver.kernel.form_fields import Boolean, JidSingle, TextSingle
from palaver.kernel.forms import Form, FormError
from palaver.kernel.rate_limit import RateLimit
from palaver.wire.element import Element
from palaver.wire.errors import StanzaError
from palaver.wire.stanza import Stanza

NS: Final = "jabber:iq:register"

_NICK: Final = TextSingle("muc#register_roomnick", "Nickname", required=True)
_FORM: Final = Form((_NICK,), form_type=names.REGISTER, title="Registration with the room")
_INSTRUCTIONS: Final = "Choose the nickname that nobody else shall have in this room."

#: The form of §9.9 has no place for the address, without which nobody knows whom to approve.
_WHO: Final = JidSingle("x-muc#register_jid", "Address", required=True, check=person)
_ALLOW: Final = Boolean(
    "muc#register_allow", "Allow this person to register with the room?", default=False
)
_APPROVAL: Final = Form(
    (_WHO, _NICK, _ALLOW),
    form_type=names.REGISTER,
    title="Registration request",
    instructions=("Somebody would like to become a member of the room.",),
)
_MOST_ASKED: Final = 20  # admins and owners
_REQUESTS: Final = 3  # of one person to one room
_HOUR: Final = 3_600.0  # seconds


class Registering:
    """Takes requests to register.

    Whoever may enter may register. Where members may do what others may not, which is to enter,
    to speak, or to post files, only members reserve a nickname: membership there is for admins to
    give (§9.3); and where a password is needed, one has to be inside. A room may want an admin's
    approval instead, and then others can ask to become members of it (§9.9), or let nobody
    register.
    """

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._requests = RateLimit(_REQUESTS, _HOUR)

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
        affiliation, kind = room.affiliation(who), room.config.registering
        if affiliation is Affiliation.OUTCAST:
            raise StanzaError("not-allowed", "you are banned from this room")
        if kind == "closed":
            raise StanzaError("not-allowed", "this room lets nobody register")
        if affiliation >= Affiliation.MEMBER:
            return
        if kind == "open" and room.config.favours_members:
            raise StanzaError("not-allowed", "in this room admins decide who is a member")
        if kind == "open" and room.roles.of(who) is Role.VISITOR:
            raise StanzaError("not-allowed", "voice was taken from you in this room")
        if room.config.password and who not in room.attendants:
            raise StanzaError("not-allowed", "enter the room first, by its password")

    async def register(self, room: Room, who: JID, query: Element) -> Answer:
        """Reserve a nickname, ask for that, or give up what was registered.

        Raises:
            StanzaError: not-allowed; bad-request, there is no valid form; conflict, the nickname is
                somebody else's; not-acceptable, it cannot be a nickname; resource-constraint,
                there were too many requests.
        """
        async with self._engine.turn(room):
            if query.find("remove") is not None:
                await self._unregister(room, who)
                return None
            self._check(room, who)
            nick = self._nick_wanted(room, who.bare, query)
            by_approval = room.config.registering == "approval"
            if by_approval and room.affiliation(who) < Affiliation.MEMBER:
                self._ask(room, who.bare, nick)
            else:
                await self._put_down(room, who.bare, nick, who)
        return None

    async def _unregister(self, room: Room, who: JID) -> None:
        if room.affiliation(who) is Affiliation.OUTCAST:
            raise StanzaError("not-allowed", "you are banned from this room")
        left = room.standings.get(who, NOBODY).affiliation
        left = Affiliation.NONE if left is Affiliation.MEMBER else left
        await apply(self._engine, room, {who.bare: Standing(left)}, by=who)

    async def _put_down(self, room: Room, who: BareJID, nick: str, by: JID) -> None:
        affiliation = max(room.affiliation(who), Affiliation.MEMBER)
        await apply(self._engine, room, {who: Standing(affiliation, nick)}, by=by)
        if room.config.lock_nicks:
            after(self._engine, self._rename(room, who, nick))

    async def _rename(self, room: Room, who: BareJID, nick: str) -> None:
        """Let somebody in the room have the registered nickname at once, where it has to.

        It is told after the affiliation that comes with it.
        """
        for occupant in room.of(who):
            if nick not in room.occupants:
                rename(self._engine, room, occupant, nick)
                self._engine.announce(room, occupant, News(codes=(names.OTHER_NICK,)))

    # -- approval (§9.9) ---------------------------------------------------------------------------

    def _ask(self, room: Room, who: BareJID, nick: str) -> None:
        """Ask admins and owners whether somebody may register.

        Nothing is kept of that: what they answer says whom it is about, and they could make that
        person a member without having been asked.
        """
        engine = self._engine
        if self._requests.take(f"{room.jid}/{who}", engine.server.clock.monotonic()):
            raise StanzaError("resource-constraint", "you asked often enough", type="wait")
        form = _APPROVAL.blank(_WHO.filled(who), _NICK.filled(nick), _ALLOW.filled(False))
        to = room.affiliated(Affiliation.ADMIN) + room.affiliated(Affiliation.OWNER)
        for each in to[-_MOST_ASKED:]:
            engine.server.router.route(Stanza.make("message", room.jid, each, None, form))

    async def decide(self, stanza: Stanza, room: Room, form: Element) -> None:
        """Take the answer of an admin or an owner.

        Raises:
            StanzaError: forbidden, that is for admins and owners; not-acceptable, the form is
                wrong, or its nickname; conflict, the nickname is somebody else's by now;
                not-allowed, that person is banned.
        """
        if self._engine.power(room, stanza.sender) < Affiliation.ADMIN:
            raise StanzaError("forbidden", "that is for admins and owners")
        if form.get("type") == "cancel":
            return
        answer = _APPROVAL.read(form)
        if not answer.get(_ALLOW, False):
            return
        who = answer[_WHO].bare
        async with self._engine.turn(room):
            if self._engine.power(room, stanza.sender) < Affiliation.ADMIN:
                raise StanzaError("forbidden", "that is for admins and owners")
            if room.affiliation(who) is Affiliation.OUTCAST:
                raise StanzaError("not-allowed", "that person is banned from the room")
            nick = self._free_nick(room, who, answer[_NICK])
            await self._put_down(room, who, nick, stanza.sender)

    # -- nicknames ---------------------------------------------------------------------------------

    def _nick_wanted(self, room: Room, who: BareJID, query: Element) -> str:
        form = forms.find(query, "submit")
        if form is None:
            raise StanzaError("bad-request", "register by the form")
        try:
            wanted = _FORM.read(form)[_NICK]
        except FormError as error:
            raise StanzaError("bad-request", error.text) from error
        return self._free_nick(room, who, wanted)

    def _free_nick(self, room: Room, who: BareJID, wanted: str) -> str:
        try:
            nick = room.jid.with_resource(wanted).resource
        except jid.JIDError as error:
            raise StanzaError("not-acceptable", str(error)) from error
        check_nick(nick, self._engine.limits(room.host).nick)
        holder = room.occupants.get(nick)
        in_use = holder is not None and holder.bare != who
        if in_use or room.reserved.get(nick, who) != who:
            raise StanzaError("conflict", "the nickname is somebody else's")
        check_looks(room, who, nick)
        return nick
