"""A room in memory: who is in it, who has to do with it, and how it is configured."""

from dataclasses import dataclass

from palaver import jid
from palaver.ext.muc.called import Called
from palaver.ext.muc.configuration import RoomConfig
from palaver.ext.muc.gathering import Gathered
from palaver.ext.muc.hats import Hats
from palaver.ext.muc.history import History
from palaver.ext.muc.looks import Looks
from palaver.ext.muc.occupant import Attendant, Occupant
from palaver.ext.muc.pages import Pages
from palaver.ext.muc.privileges import Affiliation, Role
from palaver.ext.muc.roles import Roles
from palaver.ext.muc.throttle import Throttle
from palaver.ext.muc.versions import Versions
from palaver.jid import JID, BareJID, FullJID
from palaver.kernel.host import Host


@dataclass(frozen=True, slots=True)
class Standing:
    """What an address has to do with a room for good.

    ``nick``    the nickname reserved for it, or ""
    ``reason``  why, as whoever said so put it, or ""
    """

    affiliation: Affiliation
    nick: str = ""
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Subject:
    """The subject of a room.

    ``content``  the ``<subject/>`` elements; empty where there never was one
    ``nick``     who set it
    ``at``       when, in microseconds since 1970; 0 where there never was one
    """

    content: bytes = b""
    nick: str = ""
    at: int = 0


NOBODY = Standing(Affiliation.NONE)


class Room:
    """A room.

    ``id``          its key in tables: that of an account nobody can log in to
    ``host``        the host to whose service it belongs
    ``standings``   who is affiliated, by bare address or, if a whole domain is, by that
    ``reserved``    who reserved a nickname, by that
    ``called``      those nicknames, to be found in what is said
    ``versions``    those of its affiliations
    ``hats``        its hats, and who wears them
    ``roles``       the roles that are kept for who comes back
    ``used``        when somebody was in it last, as stored: in microseconds since 1970
    ``changes``     how often anybody's standing has changed since it is in memory
    ``occupants``   who is in it, by nickname
    ``looks``, ``reserved_looks``  how nicknames look that are in use, or that somebody reserved
    ``attendants``  the devices that are in it, by real address
    ``pages``       all occupants, by pages
    ``gathered``    what others are to be told soon of occupants
    ``speaking``    how often each participant may say something
    ``entering``, ``entering_again``  how often strangers, and how often each address may enter
    ``pictures``    the hashes of its avatars; None where they have not been looked up
    ``ended``       it is no more
    ``locked``      it waits for its first configuration (§10.1.1): nobody else may enter
    """

    __slots__ = (
        "_people",
        "attendants",
        "called",
        "changes",
        "config",
        "creator",
        "ended",
        "entering",
        "entering_again",
        "gathered",
        "hats",
        "history",
        "host",
        "id",
        "jid",
        "locked",
        "looks",
        "occupants",
        "pages", "pictures",
        "reserved",
        "reserved_looks",
        "roles",
        "speaking",
        "standings",
        "subject",
        "used",
        "versions",
    )  # fmt: skip

    def __init__(
        self, id_: int, jid: BareJID, host: Host, creator: BareJID, config: RoomConfig
    ) -> None:
        self.id = id_
        self.jid = jid
        self.host = host
        self.creator = creator
        self.config = config
        self.standings: dict[str, Standing] = {}
        self.reserved: dict[str, BareJID] = {}
        self.called = Called()
        self.subject = Subject()
        self.hats = Hats()
        self.roles = Roles()
        self.used = 0
        self.versions = Versions()
        self.history = History()
        self.locked = False
        self.ended = False
        self.pictures: tuple[str, ...] | None = None
        self.changes = 0
        self.occupants: dict[str, Occupant] = {}
        self._people: dict[BareJID, list[Occupant]] = {}
        self.looks, self.reserved_looks = Looks(), Looks()
        self.attendants: dict[FullJID, Attendant] = {}
        self.pages = Pages()
        self.gathered = Gathered()
        self.speaking = Throttle()
        self.entering = Throttle()
        self.entering_again = Throttle()

    # -- for good ----------------------------------------------------------------------------------

    def standing(self, who: JID) -> Standing:
        """Return what an address has to do with the room; a domain stands for all of its own."""
        found = self.standings.get(who.bare)
        return found or self.standings.get(who.domain) or NOBODY

    def affiliation(self, who: JID) -> Affiliation:
        """Return the affiliation of an address (§5.2)."""
        return self.standing(who).affiliation

    def affiliated(self, affiliation: Affiliation) -> list[BareJID]:
        """Return the addresses that have an affiliation."""
        found = (who for who, each in self.standings.items() if each.affiliation is affiliation)
        return [jid.parse_bare(who) for who in found]

    def put(self, who: BareJID, standing: Standing) -> None:
        """Let an address have another standing."""
        self.changes += 1
        before = self.standings.pop(who, NOBODY)
        self.versions.changed(who, before.affiliation, standing.affiliation)
        if before.nick:
            self.reserved.pop(before.nick, None)
            self.called.remove(before.nick)
            self.reserved_looks.remove(before.nick)
        if standing.affiliation is not Affiliation.NONE:
            self.standings[who] = standing
            if standing.nick:
                self.reserved[standing.nick] = who
                self.called.add(standing.nick)
                self.reserved_looks.add(standing.nick)
        for occupant in self.of(who):
            occupant.changed()

    # -- for a visit -------------------------------------------------------------------------------

    def occupant(self, who: JID) -> Occupant | None:
        """Return the occupant whose device that is."""
        attendant = self.attendants.get(who)  # type: ignore[call-overload]  # bare: never there
        return None if attendant is None else self.occupants[attendant.nick]

    def of(self, who: BareJID) -> list[Occupant]:
        """Return the occupants with a real address, or of a domain."""
        if not who.local:
            return [each for each in self.occupants.values() if each.bare.domain == who]
        return list(self._people.get(who, ()))

    def role(self, who: JID) -> Role:
        """Return the role of a device; NONE for one that is not in the room."""
        occupant = self.occupant(who)
        return Role.NONE if occupant is None else occupant.role

    def enter(self, attendant: Attendant, role: Role, occupant_id: str) -> Occupant:
        """Let a device enter under its nickname, beside others of the same person."""
        self.attendants[attendant.jid] = attendant
        occupant = self.occupants.get(attendant.nick)
        if occupant is None:
            address = self.jid.with_resource(attendant.nick)
            occupant = Occupant(address, attendant, role, occupant_id)
            self.occupants[attendant.nick] = occupant
            self._people.setdefault(occupant.bare, []).append(occupant)
            self.pages.add(occupant)
            self.looks.add(attendant.nick)
        else:
            occupant.attendants[attendant.jid] = attendant
            occupant.shown = attendant
            occupant.changed()
        return occupant

    def leave(self, attendant: Attendant) -> Occupant:
        """Let a device leave; the occupant leaves with the last one."""
        del self.attendants[attendant.jid]
        occupant = self.occupants[attendant.nick]
        del occupant.attendants[attendant.jid]
        if not occupant.attendants:
            del self.occupants[attendant.nick]
            self._forget(occupant)
            self.pages.remove(occupant)
            self.looks.remove(attendant.nick)
        elif occupant.shown is attendant:
            occupant.shown = next(reversed(occupant.attendants.values()))
            occupant.changed()
        return occupant

    def _forget(self, occupant: Occupant) -> None:
        of_person = self._people[occupant.bare]
        of_person.remove(occupant)
        if not of_person:
            del self._people[occupant.bare]

    def empty(self) -> list[Occupant]:
        """Let everybody leave; return who was there."""
        found = list(self.occupants.values())
        self.occupants, self.attendants, self._people = {}, {}, {}
        self.looks, self.pages = Looks(), Pages()
        self.gathered.stop()
        return found

    def rename(self, occupant: Occupant, nick: str) -> None:
        """Let an occupant have another nickname."""
        del self.occupants[occupant.nick]
        self.looks.remove(occupant.nick)
        self.looks.add(nick)
        occupant.rename(self.jid.with_resource(nick))
        self.occupants[occupant.nick] = occupant

    def sees_addresses(self, viewer: Occupant) -> bool:
        """Tell whether an occupant may see the real addresses of others."""
        return not self.config.anonymous or viewer.role is Role.MODERATOR
