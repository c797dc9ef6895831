"""Roles that people were given, kept for their next visits (XEP-0045 §5.1).

Kept is what a moderator made of somebody, where that is another role than the affiliation brings:
voice, none, or the role of a moderator. It is kept by bare address, as the same person comes back
with another device or nickname, in rooms of all kinds, and until somebody gives another role. Whom
it is taken from by a change of the affiliation, or by the end of moderation, loses it as well while
away.
"""

from collections.abc import Iterable, Iterator, Mapping
from typing import TYPE_CHECKING

from palaver.ext.muc.privileges import Affiliation, Role, first_role, role_after
from palaver.jid import JID, BareJID

if TYPE_CHECKING:
    from palaver.ext.muc.configuration import RoomConfig
    from palaver.ext.muc.room import Room, Standing

Changes = Mapping[BareJID, Role | None]
"""What is kept from now on; None for nothing."""


class Roles:
    """The roles that are kept in a room, by bare address."""

    __slots__ = ("_kept",)

    def __init__(self) -> None:
        self._kept: dict[BareJID, Role] = {}

    def of(self, who: JID) -> Role | None:
        """Return the role that is kept for an address."""
        return self._kept.get(who.bare)

    def all(self) -> Iterable[tuple[BareJID, Role]]:
        """Return all who have one, with it."""
        return self._kept.items()

    def put(self, changes: Changes) -> None:
        """Keep other roles."""
        for who, role in changes.items():
            if role is None:
                self._kept.pop(who, None)
            else:
                self._kept[who] = role

    def concerned(self, addresses: Iterable[BareJID]) -> Iterator[tuple[BareJID, Role]]:
        """Iterate over those of some addresses, or of all at a domain that is one of them."""
        for each in addresses:
            if each.local:
                role = self._kept.get(each)
                if role is not None:
                    yield each, role
            else:
                yield from (pair for pair in self._kept.items() if pair[0].domain == each)

    def __len__(self) -> int:
        return len(self._kept)


def role_for(room: "Room", who: JID) -> Role:
    """Return the role in which somebody enters."""
    kept = room.roles.of(who)
    return _first(room, who) if kept is None else kept


def when_given(room: "Room", given: Mapping[BareJID, Role], most: int) -> Changes:
    """Return what is kept once people have other roles, or none, being put out of the room.

    Who is put out loses voice or more, but does not get voice by that. Beyond ``most`` a role lasts
    for the visit alone.
    """
    changes: dict[BareJID, Role | None] = {}
    for who, role in given.items():
        kept, first = room.roles.of(who), _first(room, who)
        if role is Role.NONE:
            role = first if kept is None else min(kept, first)
        if role is first and kept is not None:
            changes[who] = None
        elif role not in (first, kept) and (kept is not None or len(room.roles) < most):
            changes[who] = role
    return changes


def when_changed(
    room: "Room", config: "RoomConfig", standings: Mapping[BareJID, "Standing"]
) -> Changes:
    """Return what is kept once a room and some affiliations in it are different."""
    changes: dict[BareJID, Role | None] = {}
    if not len(room.roles):
        return changes
    then = room.standings.copy()
    then.update(standings.items())
    for who, role in room.roles.concerned(standings):
        before, after = room.affiliation(who), _affiliation_in(then, who)
        if after is Affiliation.OUTCAST:
            changes[who] = None
        elif after is not before:
            now = role_after(role, before, after, moderated=config.moderated)
            is_first = now is first_role(after, moderated=config.moderated)
            changes[who] = None if is_first else now
    if room.config.moderated and not config.moderated:
        changes.update((who, None) for who, role in room.roles.all() if role is Role.VISITOR)
    return changes


def _first(room: "Room", who: JID) -> Role:
    return first_role(room.affiliation(who), moderated=room.config.moderated)


def _affiliation_in(standings: "Mapping[str, Standing]", who: BareJID) -> Affiliation:
    """Return the affiliation of an address, its own or that of its domain."""
    for each in (who, who.domain):
        found = standings.get(each)
        if found is not None and found.affiliation is not Affiliation.NONE:
            return found.affiliation
    return Affiliation.NONE
