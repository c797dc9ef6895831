"""Lists of roles and affiliations, and changing them (XEP-0045 §8.2 to §8.5, §9, §10.3 to §10.8).

All that a request asks for is checked before anything of it is done. Its sender gets the result
first, and then, like all others, the presence of those whom it concerns.
"""

import asyncio
from collections.abc import Callable, Coroutine, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any, Final, TypeVar

from palaver import jid
from palaver.ext.muc import absent, names
from palaver.ext.muc.configuration import RoomConfig
from palaver.ext.muc.engine import Engine
from palaver.ext.muc.following import may_see
from palaver.ext.muc.names import ADMIN
from palaver.ext.muc.nicknames import check_nick
from palaver.ext.muc.occupant import Occupant
from palaver.ext.muc.privileges import (
    AFFILIATIONS,
    ROLES,
    Affiliation,
    Role,
    check_affiliation_change,
    check_role_change,
    role_after,
)
from palaver.ext.muc.room import Room, Standing
from palaver.ext.muc.shown import News
from palaver.ext.muc.slices import is_many, slices
from palaver.ext.muc.versions import Step
from palaver.jid import JID, BareJID
from palaver.kernel.extension import Answer
from palaver.kernel.rate_limit import RateLimit
from palaver.wire import escape
from palaver.wire.element import Element, Markup
from palaver.wire.errors import StanzaError

T = TypeVar("T")

_LONGEST_REASON: Final = 2_000
_MOST_ITEMS: Final = 1_000
_LONG: Final = 1_000  # entries of a list
_LISTS: Final = 20  # long lists of one person
_MINUTE: Final = 60.0  # seconds


@dataclass(frozen=True, slots=True)
class RoleChange:
    """A change of an occupant's role, which was ``before``."""

    occupant: Occupant
    before: Role
    role: Role
    reason: str


class Administration:
    """Takes the requests of moderators, admins and owners about others."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._long_lists = RateLimit(_LISTS, _MINUTE)

    # -- lists -------------------------------------------------------------------------------------

    def lists(self, room: Room, who: JID, query: Element) -> Answer:
        """Return everybody with a role or an affiliation.

        Raises:
            StanzaError: forbidden, that is for others to see; bad-request, also where one list is
                asked for twice; resource-constraint, long lists were asked for too often.
        """
        items: list[str] = []
        asked = list(query.find_all("item"))
        if len(asked) > len({_list_of(item) for item in asked}):
            raise StanzaError("bad-request", "each list can be had once")
        for item in asked:
            if "affiliation" in item.attrs:
                affiliation = _one_of(AFFILIATIONS, item.get("affiliation", ""))
                self._check_list(room, who, affiliation)
                items += (_affiliated(room, each) for each in room.affiliated(affiliation))
            else:
                role = _one_of(ROLES, item.get("role", ""))
                if room.role(who) < Role.MODERATOR and not self._administers(room, who):
                    raise StanzaError("forbidden", "that is for moderators")
                found = [each for each in room.occupants.values() if each.role is role]
                items += (_present(room, each) for each in found)
        self._check_length(len(items), who)
        return Element("query", ADMIN, None, Markup("".join(items)) if items else None)

    def _check_length(self, entries: int, who: JID) -> None:
        now = self._engine.server.clock.monotonic()
        if entries > _LONG and self._long_lists.take(who.bare, now):
            raise StanzaError("resource-constraint", "you asked often enough", type="wait")

    def _administers(self, room: Room, who: JID) -> bool:
        return self._engine.power(room, who) >= Affiliation.ADMIN

    def _check_list(self, room: Room, who: JID, affiliation: Affiliation) -> None:
        if not may_see(self._engine, room, who, affiliation):
            raise StanzaError("forbidden", "that is for admins and owners")

    # -- changes -----------------------------------------------------------------------------------

    async def change(self, room: Room, who: JID, query: Element) -> Answer:
        """Change roles, or affiliations; all of them or none.

        Raises:
            StanzaError: bad-request; item-not-found, nobody has the nickname; jid-malformed;
                forbidden, not-allowed: what `palaver.ext.muc.privileges` says; conflict, no owner
                would be left, somebody bans oneself, or a nickname is somebody else's;
                not-acceptable, a domain or a nickname cannot have that; resource-constraint, there
                are too many affiliations.
            StorageUnavailable: nothing is changed.
        """
        items = list(query.find_all("item"))
        if not items or len(items) > _MOST_ITEMS:
            raise StanzaError("bad-request", f"one item at least, and at most {_MOST_ITEMS}")
        if any("role" in item.attrs and "affiliation" in item.attrs for item in items):
            raise StanzaError("bad-request", "a change is of a role, or of an affiliation")
        async with self._engine.turn(room):
            if all("role" in item.attrs for item in items):
                roles = [self._role_change(room, who, item) for item in items]
                given = {each.occupant.bare: each.role for each in roles}
                await self._engine.keep_roles(room, given)
                after(self._engine, self._set_roles(room, who, roles))
                return None
            changes = dict(self._new_standing(room, who, item) for item in items)
            check_nicks(changes)
            check_owners(room, changes)
            reasons = {each: standing.reason for each, standing in changes.items()}
            await apply(
                self._engine, room, changes, actor=_nick_of(room, who), reasons=reasons, by=who
            )
        return None

    # -- roles -------------------------------------------------------------------------------------

    def _role_change(self, room: Room, who: JID, item: Element) -> RoleChange:
        role = _one_of(ROLES, item.get("role", ""))
        occupant = room.occupants.get(_nick(room, item.get("nick")))
        if occupant is None:
            raise StanzaError("item-not-found", "nobody in the room has this nickname")
        power = self._engine.power(room, who)
        own = Role.MODERATOR if power >= Affiliation.ADMIN else room.role(who)
        target = occupant.role, room.affiliation(occupant.bare)
        check_role_change((own, power), target, role)
        return RoleChange(occupant, occupant.role, role, _reason(item))

    async def _set_roles(self, room: Room, who: JID, changes: Sequence[RoleChange]) -> None:
        actor, many = _nick_of(room, who), is_many(changes)
        async for change in slices(changes):
            for occupant in _concerned(room, change):
                if change.role is Role.NONE:
                    news = News((names.KICKED,), gone=True, actor=actor, reason=change.reason)
                    self._engine.remove(room, occupant, news, soon=many)
                elif change.role is not occupant.role:
                    news = News(reason=change.reason)
                    self._engine.set_role(room, occupant, change.role, news, soon=many)

    # -- affiliations ------------------------------------------------------------------------------

    def _new_standing(self, room: Room, who: JID, item: Element) -> tuple[BareJID, Standing]:
        affiliation = _one_of(AFFILIATIONS, item.get("affiliation", ""))
        target = _address(room, item)
        before = room.standings.get(target, Standing(Affiliation.NONE))
        check_affiliation_change(self._engine.power(room, who), before.affiliation, affiliation)
        if affiliation is Affiliation.OUTCAST and who.bare == target:
            raise StanzaError("conflict", "nobody bans oneself")
        if not target.local and affiliation not in (Affiliation.OUTCAST, Affiliation.NONE):
            raise StanzaError("not-acceptable", "a whole domain can only be banned")
        nick = before.nick
        if "nick" in item.attrs and "jid" in item.attrs:
            nick = _nick(room, item.get("nick")) if item.get("nick") else ""
            if nick:
                check_nick(nick, self._engine.limits(room.host).nick)
        if affiliation in (Affiliation.OUTCAST, Affiliation.NONE):
            nick = ""
        if nick and room.reserved.get(nick, target) != target:
            raise StanzaError("conflict", "the nickname is somebody else's")
        return target, Standing(affiliation, nick, _reason(item))


def check_owners(room: Room, changes: Mapping[BareJID, Standing]) -> None:
    """Check that a room still has an owner after some changes (§10.2, §10.4).

    Raises:
        StanzaError: conflict.
    """
    owners = {*room.affiliated(Affiliation.OWNER)} - changes.keys()
    added = any(each.affiliation is Affiliation.OWNER for each in changes.values())
    if not owners and not added:
        raise StanzaError("conflict", "a room needs an owner")


def check_nicks(changes: Mapping[BareJID, Standing]) -> None:
    """Check that a request reserves each nickname for one person alone.

    Raises:
        StanzaError: conflict.
    """
    nicks = [each.nick for each in changes.values() if each.nick]
    if len(nicks) > len(set(nicks)):
        raise StanzaError("conflict", "a nickname is for one person")


async def apply(
    engine: Engine,
    room: Room,
    changes: Mapping[BareJID, Standing],
    *,
    config: RoomConfig | None = None,
    by: JID | None = None,
    actor: str = "",
    reasons: Mapping[BareJID, str] | None = None,
    quiet: bool = False,
) -> None:
    """Store another standing of some addresses, and let occupants be as it says, in their turn.

    ``by`` is who brings it about, or None for the server and commands to it, of which all hear;
    ``actor`` the nickname that is shown for it. ``quiet`` leaves out what is told about those who
    are not in the room, and to them.

    Raises:
        StanzaError: resource-constraint, there are too many affiliations.
        StorageUnavailable: nothing is changed.
    """
    before = {who: room.affiliation(who) for who in changes}
    # Those in the room first, as they are told of first: so versions follow one another.
    ordered = dict(sorted(changes.items(), key=lambda each: not room.of(each[0])))
    steps = {step.who: step for step in await engine.change(room, config, ordered)}
    held = _held(room, before)
    away = None if quiet else absent.among(room, before)

    async def tell() -> None:
        """Tell those in the room first, then those who are not."""
        await _follow(engine, room, held, actor, reasons or {}, steps)
        if away is not None:
            await absent.tell(engine, room, away, steps, by)

    after(engine, tell())


def _held(room: Room, before: Mapping[BareJID, Affiliation]) -> dict[Occupant, Affiliation]:
    """Return whom changes concern of those in the room now, with their affiliation before.

    Somebody may have entered while the changes were being stored.
    """
    found: dict[Occupant, Affiliation] = {}
    for who, was in before.items():
        for each in room.of(who):
            own = room.standings.get(each.bare)
            found[each] = before.get(each.bare, was if own is None else own.affiliation)
    return found


async def _follow(
    engine: Engine,
    room: Room,
    held: Mapping[Occupant, Affiliation],
    actor: str,
    reasons: Mapping[BareJID, str],
    steps: dict[str, Step],
) -> None:
    """Let occupants follow their affiliations (§9.1 to §9.5)."""
    many = is_many(held)
    async for occupant, before in slices(held.items()):
        if room.occupants.get(occupant.nick) is not occupant:
            continue
        affiliation = room.affiliation(occupant.bare)
        reason = reasons.get(occupant.bare, "")
        step = steps.pop(occupant.bare, None)
        more = "" if step is None else step.xml
        if affiliation is Affiliation.OUTCAST:
            news = News((names.BANNED,), gone=True, actor=actor, reason=reason, more=more)
            engine.remove(room, occupant, news, soon=many)
        elif room.config.members_only and affiliation < Affiliation.MEMBER:
            codes = (names.LOST_AFFILIATION,)
            news = News(codes, gone=True, actor=actor, reason=reason, more=more)
            engine.remove(room, occupant, news, soon=many)
        elif affiliation is not before:
            moderated = room.config.moderated
            role = role_after(occupant.role, before, affiliation, moderated=moderated)
            news = News(reason=reason, more=more)
            engine.set_role(room, occupant, role, news, soon=many)


def later(work: Callable[[], object]) -> None:
    """Do something when the result of the request that is being handled is sent."""
    asyncio.get_running_loop().call_soon(work)


def after(engine: Engine, work: Coroutine[Any, Any, None]) -> None:
    """Do the same with what may take longer."""
    later(partial(engine.server.spawn, work))


def _list_of(item: Element) -> tuple[str, str]:
    kind = "affiliation" if "affiliation" in item.attrs else "role"
    return kind, item.get(kind, "")


# -- items -----------------------------------------------------------------------------------------


def _affiliated(room: Room, who: BareJID) -> str:
    standing = room.standings[who]
    nick = f" nick='{escape.attribute(standing.nick)}'" if standing.nick else ""
    reason = f"<reason>{escape.text(standing.reason)}</reason>" if standing.reason else ""
    return f"<item affiliation='{standing.affiliation.word}' jid='{who.xml}'{nick}>{reason}</item>"


def _present(room: Room, occupant: Occupant) -> str:
    affiliation = room.affiliation(occupant.bare).word
    return (
        f"<item affiliation='{affiliation}' jid='{occupant.shown.jid.xml}'"
        f" nick='{escape.attribute(occupant.nick)}' role='{occupant.role.word}'/>"
    )


def _concerned(room: Room, change: RoleChange) -> list[Occupant]:
    """Return the occupant whose role changes, if it is still there, and who has to follow.

    Somebody from whom a role is taken has it no more under another nickname, nor by having entered
    again while that was stored.
    """
    occupant = change.occupant
    if change.role is Role.NONE:
        return [occupant] if room.occupants.get(occupant.nick) is occupant else []
    return [
        each
        for each in room.of(occupant.bare)
        if each is occupant or change.role < each.role <= change.before
    ]


def _nick_of(room: Room, who: JID) -> str:
    occupant = room.occupant(who)
    return "" if occupant is None else occupant.nick


def _nick(room: Room, text: str | None) -> str:
    try:
        return room.jid.with_resource(text or "").resource
    except jid.JIDError as error:
        raise StanzaError("jid-malformed", str(error)) from error


def _address(room: Room, item: Element) -> BareJID:
    """Return whom an item is about: by address, or by the nickname of an occupant."""
    address = item.get("jid")
    if address is None and item.get("nick") is None:
        raise StanzaError("bad-request", "an item is about somebody")
    if address is None:
        occupant = room.occupants.get(_nick(room, item.get("nick")))
        if occupant is None:
            raise StanzaError("item-not-found", "nobody in the room has this nickname")
        return occupant.bare
    try:
        return jid.parse(address).bare
    except jid.JIDError as error:
        raise StanzaError("jid-malformed", str(error)) from error


def _reason(item: Element) -> str:
    return (item.text_of("reason") or "")[:_LONGEST_REASON]


def _one_of(words: Mapping[str, T], word: str) -> T:
    found = words.get(word)
    if found is None:
        raise StanzaError("bad-request", f"there is no {word[:20]!r}")
    return found
