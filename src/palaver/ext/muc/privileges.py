"""Roles and affiliations, and who may change whose: the tables of XEP-0045 §5, as data."""

from collections.abc import Mapping
from enum import IntEnum
from typing import Final

from palaver.wire.errors import StanzaError


class Role(IntEnum):
    """What an occupant may do for the duration of a visit (§5.1)."""

    NONE = 0
    VISITOR = 1
    PARTICIPANT = 2
    MODERATOR = 3

    @property
    def word(self) -> str:
        """The name in the protocol."""
        return self.name.lower()


class Affiliation(IntEnum):
    """What an address has to do with a room for good (§5.2)."""

    OUTCAST = 0
    NONE = 1
    MEMBER = 2
    ADMIN = 3
    OWNER = 4

    @property
    def word(self) -> str:
        """The name in the protocol."""
        return self.name.lower()


ROLES: Final[Mapping[str, Role]] = {role.word: role for role in Role}
AFFILIATIONS: Final[Mapping[str, Affiliation]] = {each.word: each for each in Affiliation}

_FIRST_ROLES: Final[Mapping[bool, Mapping[Affiliation, Role]]] = {
    True: {
        Affiliation.NONE: Role.VISITOR,
        Affiliation.MEMBER: Role.PARTICIPANT,
        Affiliation.ADMIN: Role.MODERATOR,
        Affiliation.OWNER: Role.MODERATOR,
    },
    False: {
        Affiliation.NONE: Role.PARTICIPANT,
        Affiliation.MEMBER: Role.PARTICIPANT,
        Affiliation.ADMIN: Role.MODERATOR,
        Affiliation.OWNER: Role.MODERATOR,
    },
}


def first_role(affiliation: Affiliation, *, moderated: bool) -> Role:
    """Return the role in which somebody enters (§5.1.2); NONE for outcasts, who may not."""
    return _FIRST_ROLES[moderated].get(affiliation, Role.NONE)


def role_after(role: Role, before: Affiliation, after: Affiliation, *, moderated: bool) -> Role:
    """Return the role of an occupant whose affiliation changes (§5.1.3, the note).

    What an affiliation gives is never less than what it gives who enters. Who was a moderator by
    an affiliation loses that with it; who was made one keeps it.
    """
    first = first_role(after, moderated=moderated)
    if before >= Affiliation.ADMIN > after:
        return first
    return max(role, first)


def check_role_change(by: tuple[Role, Affiliation], of: tuple[Role, Affiliation], to: Role) -> None:
    """Check that somebody may change the role of an occupant (§5.1.1, §5.1.3, §8.2 to §8.5).

    §8.4 forbids to revoke the voice of whoever is "at or above the moderator's level". Taken to
    the letter, a moderator without an affiliation could not do it at all: between two of those it
    is allowed.

    Raises:
        StanzaError: forbidden, this is for others to do; not-allowed, not with this occupant.
    """
    (actor_role, actor), (role, target) = by, of
    if actor_role < Role.MODERATOR:
        raise StanzaError("forbidden", "that is for moderators")
    if Role.MODERATOR in (role, to) and actor < Affiliation.ADMIN:
        if to is Role.MODERATOR:
            raise StanzaError("forbidden", "that is for admins and owners")
        raise StanzaError("not-allowed", "moderators are admins' and owners' to remove")
    if target >= Affiliation.ADMIN and to not in (Role.NONE, role):
        raise StanzaError("not-allowed", "admins and owners are always moderators")
    if target > actor:
        raise StanzaError("not-allowed", "the occupant's affiliation is higher than yours")
    if to is Role.VISITOR and target == actor and target > Affiliation.NONE:
        raise StanzaError("not-allowed", "the occupant's affiliation is as high as yours")


def check_affiliation_change(by: Affiliation, before: Affiliation, to: Affiliation) -> None:
    """Check that somebody may change an affiliation (§5.2.1, §5.2.2, §9.1).

    Raises:
        StanzaError: forbidden, this is for others to do; not-allowed, not with this address.
    """
    if by < Affiliation.ADMIN:
        raise StanzaError("forbidden", "that is for admins and owners")
    if by < Affiliation.OWNER:
        if to >= Affiliation.ADMIN:
            raise StanzaError("forbidden", "that is for owners")
        if before >= Affiliation.ADMIN:
            raise StanzaError("not-allowed", "the affiliation is as high as yours, or higher")
