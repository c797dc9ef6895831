"""A small model of one room: what XEP-0045 says of affiliations, roles and nicknames.

It shares nothing with the server: no tables, no names, no order of checks. Each method says what a
request of somebody leads to: True where it is done, False where it is refused.
"""

from typing import Final

AFFILIATIONS: Final = ("outcast", "none", "member", "admin", "owner")
ROLES: Final = ("none", "visitor", "participant", "moderator")
DOMAIN: Final = "capulet.example"
"""The domain that is banned as a whole now and then."""


class Model:
    """A room, in which ``owner`` is the first.

    ``present``   who is in it: nickname and role
    ``standing``  who is affiliated
    ``reserved``  who reserved which nickname
    ``kept``      who comes back with a role that was given
    """

    def __init__(self) -> None:
        self.present: dict[str, tuple[str, str]] = {"owner": ("n0", "moderator")}
        self.standing: dict[str, str] = {"owner": "owner"}
        self.reserved: dict[str, str] = {}
        self.kept: dict[str, str] = {}
        self.domain_banned = False
        self.moderated = self.members_only = self.locked = self.password = False
        self.anonymous = True

    # -- what is known -----------------------------------------------------------------------------

    def affiliation(self, who: str) -> str:
        if who in self.standing:
            return self.standing[who]
        return "outcast" if self.domain_banned and who == "dan" else "none"

    def view(self) -> dict[str, tuple[str, str]]:
        """Return what everybody in the room sees: affiliation and role by nickname."""
        return {nick: (self.affiliation(who), role) for who, (nick, role) in self.present.items()}

    def may_see_addresses(self, who: str) -> bool:
        role = self.present[who][1] if who in self.present else "none"
        return not self.anonymous or role == "moderator"

    def _owns(self, who: str) -> bool:
        return self.affiliation(who) == "owner"

    def _administers(self, who: str) -> bool:
        return self.affiliation(who) in ("admin", "owner")

    def _belongs(self, who: str) -> bool:
        return self.affiliation(who) in ("member", "admin", "owner")

    def _role(self, who: str) -> str:
        return self.present[who][1] if who in self.present else "none"

    def _beginning(self, who: str) -> str:
        """Return the role with which an affiliation begins (§5.1.2)."""
        if self._administers(who):
            return "moderator"
        if self.moderated and not self._belongs(who):
            return "visitor"
        return "participant"

    def _taken(self, nick: str, who: str) -> bool:
        used = any(nick == other for each, (other, _) in self.present.items() if each != who)
        kept = any(nick == other for each, other in self.reserved.items() if each != who)
        return used or kept

    # -- occupants (§7) ----------------------------------------------------------------------------

    def enter(self, who: str, nick: str) -> bool:
        if who in self.present:
            return self._move(who, nick, entering=True)
        if self.affiliation(who) == "outcast":
            return False
        if self.members_only and not self._belongs(who):
            return False
        if self.password and not self._owns(who):
            return False
        nick = self._own_nick(who, nick)
        if self._taken(nick, who):
            return False
        self.present[who] = (nick, self.kept.get(who, self._beginning(who)))
        return True

    def rename(self, who: str, nick: str) -> bool:
        """Do as §7.6 says; who is not there is told so, which is no error."""
        return self._move(who, nick, entering=False) if who in self.present else True

    def _move(self, who: str, nick: str, *, entering: bool) -> bool:
        before, role = self.present[who]
        if nick == before:
            return True
        wanted = self._own_nick(who, nick)
        if wanted != nick and not entering:
            return False
        if wanted != before and self._taken(wanted, who):
            return False
        self.present[who] = (wanted, role)
        return True

    def _own_nick(self, who: str, nick: str) -> str:
        return self.reserved.get(who, nick) if self.locked else nick

    def leave(self, who: str) -> bool:
        self.present.pop(who, None)
        return True

    def say(self, who: str) -> bool:
        return self._role(who) in ("participant", "moderator")

    def subject(self, who: str) -> bool:
        return self._role(who) == "moderator"

    def register(self, who: str, nick: str) -> bool:
        if self.affiliation(who) == "outcast":
            return False
        if (self.members_only or self.moderated) and not self._belongs(who):
            return False
        if self.kept.get(who) == "visitor" and not self._belongs(who):
            return False
        if self.password and not self._belongs(who) and who not in self.present:
            return False
        if self._taken(nick, who):
            return False
        was = self.affiliation(who)
        self.standing[who] = "member" if was == "none" else was
        self.reserved[who] = nick
        self._keep(who, was)
        if who in self.present:
            self._follow(who, was)
            if self.locked:
                self.present[who] = (nick, self._role(who))
        return True

    # -- moderators, admins, owners (§5, §8 to §10) ------------------------------------------------

    def give_role(self, by: str, who: str, role: str) -> bool:
        if who not in self.present:
            return False
        if self._role(by) != "moderator" and not self._administers(by):
            return False
        if self._above(who, by):
            return False
        is_moderator = self._role(who) == "moderator"
        if (role == "moderator" or is_moderator) and not self._administers(by):
            return False
        if self._administers(who) and role in ("visitor", "participant"):
            return False
        level = self.affiliation(who) == self.affiliation(by) != "none"
        if role == "visitor" and level:
            return False
        first = self._beginning(who)
        if role == "none":
            del self.present[who]
            if ROLES.index(self.kept.get(who, first)) >= ROLES.index(first):
                self.kept.pop(who, None)
        else:
            self.present[who] = (self.present[who][0], role)
            self.kept[who] = role
            if role == first:
                del self.kept[who]
        return True

    def _above(self, who: str, other: str) -> bool:
        return AFFILIATIONS.index(self.affiliation(who)) > AFFILIATIONS.index(
            self.affiliation(other)
        )

    def affiliate(self, by: str, who: str, to: str) -> bool:
        if not self._administers(by):
            return False
        # By the entry of one's own: a ban of the domain is another entry.
        was_entry = self.standing.get(who, "none")
        if not self._owns(by) and (to in ("admin", "owner") or was_entry in ("admin", "owner")):
            return False
        if to == "outcast" and by == who:
            return False
        owners = [each for each, what in self.standing.items() if what == "owner"]
        if owners == [who] and to != "owner":
            return False
        was = self.affiliation(who)
        if to == "none":
            self.standing.pop(who, None)
        else:
            self.standing[who] = to
        if to in ("none", "outcast"):
            self.reserved.pop(who, None)
        self._keep(who, was)
        if who in self.present:
            self._follow(who, was)
        return True

    def ban_domain(self, by: str, banned: bool) -> bool:
        if not self._administers(by):
            return False
        was = self.affiliation("dan")
        self.domain_banned = banned
        self._keep("dan", was)
        if "dan" in self.present:
            self._follow("dan", was)
        return True

    def _follow(self, who: str, was: str) -> None:
        """Let an occupant be as the affiliation says now (§9)."""
        now = self.affiliation(who)
        nick, role = self.present[who]
        if now == "outcast" or (self.members_only and now == "none"):
            del self.present[who]
        elif now != was:
            self.present[who] = (nick, self._role_now(who, role, was))

    def _role_now(self, who: str, role: str, was: str) -> str:
        now, first = self.affiliation(who), self._beginning(who)
        demoted = was in ("admin", "owner") and now not in ("admin", "owner")
        better = ROLES.index(role) > ROLES.index(first)
        return role if better and not demoted else first

    def _keep(self, who: str, was: str) -> None:
        """Let what is kept be as the affiliation says now."""
        now = self.affiliation(who)
        if who not in self.kept or now == was:
            return
        role = self._role_now(who, self.kept.pop(who), was)
        if now != "outcast" and role != self._beginning(who):
            self.kept[who] = role

    def configure(
        self,
        by: str,
        moderated: bool,
        members_only: bool,
        locked: bool,
        password: bool,
        open_: bool,
    ) -> bool:
        if not self._owns(by):
            return False
        if self.moderated and not moderated:
            for who, (nick, role) in list(self.present.items()):
                self.present[who] = (nick, "participant" if role == "visitor" else role)
            self.kept = {who: role for who, role in self.kept.items() if role != "visitor"}
        if members_only and not self.members_only:
            for who in [each for each in self.present if not self._belongs(each)]:
                del self.present[who]
        self.moderated, self.members_only = moderated, members_only
        self.locked, self.password, self.anonymous = locked, password, not open_
        return True
