"""Tells of changed affiliations of those who are not in the room (XEP-0045 §10.3, §10.6, §15.6)."""

from collections.abc import Mapping
from typing import Final

from palaver.ext.muc import inviting, names
from palaver.ext.muc.engine import Engine
from palaver.ext.muc.following import tell_occupants
from palaver.ext.muc.names import USER
from palaver.ext.muc.privileges import Affiliation
from palaver.ext.muc.room import Room
from palaver.ext.muc.slices import slices
from palaver.ext.muc.versions import Step
from palaver.jid import JID, BareJID
from palaver.wire.element import Element
from palaver.wire.stanza import Stanza

_DELIVERIES: Final = 10_000  # without a pause
_MOST_TOLD: Final = 20  # changes at once of which occupants hear; lists are for more


def among(room: Room, before: Mapping[BareJID, Affiliation]) -> dict[BareJID, Affiliation]:
    """Return those who are not in the room and have another affiliation than before."""
    return {
        who: was
        for who, was in before.items()
        if room.affiliation(who) is not was and not room.of(who)
    }


async def tell(
    engine: Engine,
    room: Room,
    away: Mapping[BareJID, Affiliation],
    steps: Mapping[str, Step],
    by: JID | None,
) -> None:
    """Tell those who may see addresses, and the absent people themselves, of what was before.

    Who becomes a member of a room for members is invited instead (§9.5). Nobody hears of a ban in
    a room where it was nothing: that would be a way to write to anybody. For the same reason those
    outside hear nothing more of somebody, ``by``, who changed too much within an hour. Of many
    changes occupants hear together, and only where somebody follows their versions (XEP-0463
    §5.2.2).
    """
    if len(away) > _MOST_TOLD and steps:
        tell_occupants(engine, room, away, [each for each in steps.values() if each.who in away])
    async for who, was in slices(
        away.items(), size=max(1, _DELIVERIES // (len(room.attendants) + 1))
    ):
        if len(away) <= _MOST_TOLD:
            tell_occupants(engine, room, [who], [steps[who]] if who in steps else ())
        is_now = room.affiliation(who)
        if max(was, is_now) < Affiliation.MEMBER or not (by is None or engine.may_call(by)):
            continue
        if room.config.members_only and was < Affiliation.MEMBER <= is_now:
            inviting.welcome(engine, room, who)
        else:
            _tell_oneself(engine, room, who)


def _item(room: Room, who: BareJID) -> Element:
    affiliation = room.affiliation(who).word
    return Element("item", USER, {"affiliation": affiliation, "jid": who, "role": "none"})


def _tell_oneself(engine: Engine, room: Room, who: BareJID) -> None:
    status = Element("status", USER, {"code": str(names.AFFILIATION_CHANGED)})
    content = Element("x", USER, None, _item(room, who), status)
    engine.server.router.route(Stanza.make("message", room.jid, who, None, content))
