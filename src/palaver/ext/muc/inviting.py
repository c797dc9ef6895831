"""Invitations that a room passes on, and their being declined (XEP-0045 §7.8.2, §9.5)."""

from collections import OrderedDict
from collections.abc import Coroutine
from typing import Any, Final

from palaver import jid
from palaver.ext.muc.engine import Engine
from palaver.ext.muc.following import tell_occupants
from palaver.ext.muc.names import USER
from palaver.ext.muc.privileges import Affiliation, Role
from palaver.ext.muc.room import Room, Standing
from palaver.jid import JID, BareJID
from palaver.wire.element import Element
from palaver.wire.errors import StanzaError
from palaver.wire.stanza import Stanza

_LONGEST_REASON: Final = 2_000
_MOST_AT_ONCE: Final = 20
_REMEMBERED: Final = 10_000  # people invited to rooms, who may still decline


def welcome(engine: Engine, room: Room, who: BareJID) -> None:
    """Invite somebody who is a member now (§9.5)."""
    _send(engine, room, who, Element("invite", USER, {"from": room.jid}))


def _send(
    engine: Engine, room: Room, who: JID, said: Element, attrs: dict[str, str] | None = None
) -> None:
    content = Element("x", USER, None, said)
    if said.name == "invite" and room.config.password:
        content.add(Element("password", USER, None, room.config.password))
    engine.server.router.route(Stanza.make("message", room.jid, who, attrs, content))


def _told(name: str, by: JID, request: Element) -> Element:
    """Return what the other side is told: from whom, why, and the chat that it goes on with."""
    reason = request.text_of("reason")
    going_on = request.find("continue")
    thread = None if going_on is None else {"thread": going_on.get("thread")}
    return Element(
        name,
        USER,
        {"from": by},
        None if reason is None else Element("reason", USER, None, reason[:_LONGEST_REASON]),
        None if going_on is None else Element("continue", USER, thread),
    )


class Inviting:
    """Takes the messages by which occupants invite others, and those decline."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._invited: OrderedDict[tuple[BareJID, BareJID], dict[BareJID, None]] = OrderedDict()

    def take(self, stanza: Stanza, room: Room, said: Element) -> Coroutine[Any, Any, None] | None:
        """Take an invitation or its refusal; return work that it takes.

        Raises:
            StanzaError: not-acceptable, the sender is not in the room; forbidden, it may not
                invite; resource-constraint, it invited too many, or the room has too many members;
                jid-malformed, bad-request; item-not-found, nobody sent what is declined.
        """
        declined = said.find("decline")
        if declined is not None:
            self._decline(stanza, room, declined)
            return None
        wanted = [(each, _address(each)) for each in said.find_all("invite")]
        if not all(who.local for _, who in wanted):
            raise StanzaError("not-acceptable", "only people are invited")
        if not wanted or len(wanted) > _MOST_AT_ONCE:
            raise StanzaError("bad-request", f"at most {_MOST_AT_ONCE} are invited at once")
        self._check(room, stanza.sender)
        if not self._engine.may_call(stanza.sender, len(wanted)):
            raise StanzaError("resource-constraint", "you invited too many", type="wait")
        return self._invite(stanza, room, wanted)

    async def _invite(self, stanza: Stanza, room: Room, wanted: list[tuple[Element, JID]]) -> None:
        """Pass invitations on; in a room for members those invited become that (§9.5)."""
        engine = self._engine
        for _, who in wanted:
            if engine.is_here(who) and await engine.server.accounts.get(who.bare) is None:
                raise StanzaError("item-not-found", "there is nobody of that address")
        if room.config.members_only:
            async with engine.turn(room):
                self._check(room, stanza.sender)
                await self._make_members(room, stanza.sender, [who.bare for _, who in wanted])
        attrs = {"id": stanza.id} if stanza.id else None
        for request, who in wanted:
            self._remember(room, who.bare, stanza.sender.bare)
            _send(engine, room, who, _told("invite", stanza.sender, request), attrs)

    def _check(self, room: Room, who: JID) -> None:
        occupant = room.occupant(who)
        if occupant is None:
            raise StanzaError("not-acceptable", "you are not in the room")
        power = self._engine.power(room, who)
        if room.config.members_only and power < Affiliation.ADMIN:
            if not room.config.allow_invites or power < Affiliation.MEMBER:
                raise StanzaError("forbidden", "inviting is for admins and owners")
        elif occupant.role < Role.PARTICIPANT:
            raise StanzaError("forbidden", "inviting is for who has voice")

    async def _make_members(self, room: Room, by: JID, invited: list[BareJID]) -> None:
        """Let people be members; bans, also of domains, are for admins to lift."""
        engine, lifts = self._engine, self._engine.power(room, by) >= Affiliation.ADMIN
        new = [
            who
            for who in dict.fromkeys(invited)
            if who not in room.standings
            and (lifts or room.affiliation(who) is not Affiliation.OUTCAST)
        ]
        if not new:
            return
        steps = await engine.change(room, None, dict.fromkeys(new, Standing(Affiliation.MEMBER)))
        if steps:  # others hear of it as XEP-0463 has it
            tell_occupants(engine, room, new, steps)

    def _decline(self, stanza: Stanza, room: Room, declined: Element) -> None:
        """Tell the inviter, once for each invitation.

        That nobody of that address is in the room is not told: it would say who is.
        """
        inviter, who = _address(declined), stanza.sender.bare
        by = self._invited.get((room.jid, who), {})
        if inviter.bare not in by:
            raise StanzaError("item-not-found", "nobody of that address invited you")
        del by[inviter.bare]
        attrs = {"id": stanza.id} if stanza.id else None
        to = inviter if inviter in room.attendants else inviter.bare
        _send(self._engine, room, to, _told("decline", who, declined), attrs)

    def _remember(self, room: Room, who: BareJID, by: BareJID) -> None:
        self._invited.setdefault((room.jid, who), {})[by] = None
        if len(self._invited) > _REMEMBERED:
            self._invited.popitem(last=False)


def _address(request: Element) -> JID:
    to = request.get("to")
    if to is None:
        raise StanzaError("bad-request", "an invitation is to somebody")
    try:
        return jid.parse(to)
    except jid.JIDError as error:
        raise StanzaError("jid-malformed", str(error)) from error
