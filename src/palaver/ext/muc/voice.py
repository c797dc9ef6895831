"""Asking for voice in a moderated room, and granting it (XEP-0045 §7.13, §8.6)."""

from collections.abc import Coroutine
from typing import Any, Final

from palaver.ext.muc import names
from palaver.ext.muc.engine import Engine
from palaver.ext.muc.occupant import Occupant
from palaver.ext.muc.privileges import Role
from palaver.ext.muc.room import Room
from palaver.jid import JID
from palaver.kernel.form_fields import Boolean, JidSingle, ListSingle, Option, TextSingle
from palaver.kernel.forms import Form
from palaver.kernel.rate_limit import RateLimit
from palaver.wire.element import Element
from palaver.wire.errors import StanzaError
from palaver.wire.stanza import Stanza

_ROLE: Final = ListSingle(
    "muc#role", "Requested role", options=(Option("participant", "Participant"),)
)
_WHO: Final = JidSingle("muc#jid", "Address")
_NICK: Final = TextSingle("muc#roomnick", "Nickname")
_ALLOW: Final = Boolean("muc#request_allow", "Grant voice to this person?", default=False)
_FORM: Final = Form(
    (_ROLE, _WHO, _NICK, _ALLOW),
    form_type=names.REQUEST,
    title="Voice request",
    instructions=("Somebody in the room would like to speak.",),
)
_REQUESTS: Final = 3  # of one person in one room
_MINUTE: Final = 60.0  # seconds


class Voice:
    """Takes requests for voice, and the moderators' answers."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._requests = RateLimit(_REQUESTS, _MINUTE)

    def take(self, stanza: Stanza, room: Room, form: Element) -> Coroutine[Any, Any, None] | None:
        """Take a form of either side; return the work of granting voice.

        Raises:
            StanzaError: not-acceptable, the sender is not in the room or the form is wrong;
                bad-request, it asks for another role; forbidden, granting is for moderators;
                resource-constraint, there were too many requests.
        """
        occupant = room.occupant(stanza.sender)
        if occupant is None:
            raise StanzaError("not-acceptable", "you are not in the room")
        if form.get("type") == "cancel":
            return None
        asked = _FORM.read(form)
        if _ALLOW not in asked:
            if asked.get(_ROLE) is None:
                raise StanzaError("bad-request", "the role to ask for is participant")
            self._ask(room, stanza, occupant.nick)
            return None
        if occupant.role < Role.MODERATOR:
            raise StanzaError("forbidden", "granting voice is for moderators")
        who, nick = asked.get(_WHO), asked.get(_NICK, "")
        wanted = room.occupants.get(nick) if who is None else room.occupant(who)
        if wanted is None or not asked.get(_ALLOW):
            return None
        return self._grant(room, stanza.sender, wanted)

    async def _grant(self, room: Room, by: JID, occupant: Occupant) -> None:
        async with self._engine.turn(room):
            if room.role(by) < Role.MODERATOR or occupant.role is not Role.VISITOR:
                return
            await self._engine.keep_roles(room, {occupant.bare: Role.PARTICIPANT})
            if room.occupants.get(occupant.nick) is occupant:
                self._engine.set_role(room, occupant, Role.PARTICIPANT)

    def _ask(self, room: Room, stanza: Stanza, nick: str) -> None:
        """Pass a request on to the moderators."""
        if room.occupants[nick].role is not Role.VISITOR:
            return  # there is nothing to ask for
        key, now = f"{room.jid}/{stanza.sender.bare}", self._engine.server.clock.monotonic()
        if self._requests.take(key, now):
            raise StanzaError("resource-constraint", "you asked often enough", type="wait")
        filled = (_ROLE.filled("participant"), _WHO.filled(stanza.sender), _NICK.filled(nick))
        form = _FORM.blank(*filled)
        attrs = {"id": stanza.id} if stanza.id else None
        for occupant in room.occupants.values():
            if occupant.role is Role.MODERATOR:
                for to in occupant.attendants:
                    message = Stanza.make("message", room.jid, to, attrs, form)
                    self._engine.server.router.route(message)
