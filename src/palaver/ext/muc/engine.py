"""What the use cases share: the rooms, who may what, and telling occupants of each other."""

from collections.abc import AsyncIterator, Callable, Coroutine, Iterable, Mapping
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from typing import TYPE_CHECKING, Any, Final

from palaver.ext.muc.arriving import Arrivals
from palaver.ext.muc.configuration import RoomConfig
from palaver.ext.muc.crowd import Crowd
from palaver.ext.muc.fanout import Fanout
from palaver.ext.muc.limits import MucConfig
from palaver.ext.muc.names import FAILED, SHUTTING_DOWN
from palaver.ext.muc.occupant import Attendant, Occupant
from palaver.ext.muc.privileges import Affiliation, Role
from palaver.ext.muc.roles import when_given
from palaver.ext.muc.room import Room, Standing
from palaver.ext.muc.rooms import Rooms
from palaver.ext.muc.sheets import Copies
from palaver.ext.muc.shown import NO_NEWS, News, audiences, copies_of, current, others_for
from palaver.ext.muc.slices import slices
from palaver.ext.muc.storage import RoomStore
from palaver.ext.muc.versions import Step
from palaver.ext.roster.turns import Turns
from palaver.jid import JID, BareJID
from palaver.kernel.host import Host
from palaver.kernel.rate_limit import RateLimit
from palaver.kernel.roles import administers
from palaver.kernel.session import Session
from palaver.wire.element import Element
from palaver.wire.errors import StanzaError
from palaver.wire.stanza import Stanza

if TYPE_CHECKING:
    from palaver.kernel.server import Server

_HOUR: Final = 3_600.0  # seconds
_USED_EVERY: Final = 3_600_000_000  # microseconds
_MOST_CALLED: Final = 200  # messages in an hour of rooms to those outside, for one person
_AT_ONCE: Final = 200  # occupants who are told at once that a room ends


class Engine:
    """The rooms of all services.

    ``ending``  the server ends: rooms are left, but are no less persistent for it
    """

    def __init__(self, server: "Server", limits: Callable[[str], MucConfig]) -> None:
        """``limits`` are the settings of a host."""
        self.server = server
        self.store = RoomStore(server)
        self.rooms = Rooms(server, self.store)
        self.fanout = Fanout(server.router)
        self.arrivals = Arrivals(self.fanout)
        self.crowd = Crowd(self.arrivals, self.limits)
        self.ending = False
        self._calls = RateLimit(_MOST_CALLED, _HOUR)
        self._turns = Turns()
        self._creating = Turns()
        self._limits = limits

    def limits(self, host: Host) -> MucConfig:
        """Return the settings of a host."""
        return self._limits(host.name)

    def now(self) -> int:
        """Return the present moment in microseconds since 1970."""
        return int(self.server.clock.now() * 1_000_000)

    @asynccontextmanager
    async def turn(self, room: Room) -> AsyncIterator[None]:
        """Wait until nobody else changes what is stored of a room, and keep others waiting.

        Who may do what has to be found out in this turn: one before may have changed it.

        Raises:
            StanzaError: item-not-found, the room is no more.
        """
        async with self._turns.of(room.jid):
            if room.ended:
                raise StanzaError("item-not-found", "the room is no more")
            yield

    def occupant_id(self, room: BareJID, who: BareJID) -> str:
        """Return the id of a person in a room (XEP-0421 §3.1)."""
        return self.server.secret.name("occupant", room, who)

    def power(self, room: Room, who: JID) -> Affiliation:
        """Return the affiliation by which somebody acts: administrators of the host own all."""
        if administers(self.server, who, room.host):
            return Affiliation.OWNER
        return room.affiliation(who)

    def session(self, who: JID) -> Session | None:
        """Return the session of an address here, if there is one."""
        account = self.server.accounts.loaded(who.bare)
        return None if account is None else account.sessions.get(who.resource)

    def is_here(self, who: JID) -> bool:
        """Tell whether an address belongs to a host of ours."""
        return who.domain in self.server.hosts

    def may_call(self, by: JID, times: int = 1) -> bool:
        """Tell whether rooms may write to so many people outside them, as somebody brings about.

        Invitations and news of affiliations go to whomever one names, in any number of rooms.
        """
        now = self.server.clock.monotonic()
        return not any(self._calls.take(by.bare, now) for _ in range(times))

    def creating(self, who: BareJID) -> AbstractAsyncContextManager[None]:
        """Wait until somebody creates no other room: so many at once are not too many."""
        return self._creating.of(who)

    async def change(
        self, room: Room, config: RoomConfig | None, standings: Mapping[BareJID, Standing]
    ) -> list[Step]:
        """Store another configuration and another standing of some addresses.

        Return what versions of the affiliations it brought.

        Raises:
            StanzaError: resource-constraint, there are too many affiliations.
            StorageUnavailable: nothing is changed.
        """
        self._check_size(room, standings)
        count = room.versions.count
        await self.store.change(room, config, standings)
        return room.versions.last(room.versions.count - count)

    def _check_size(self, room: Room, affiliated: Iterable[BareJID]) -> None:
        limit = self.limits(room.host).affiliations
        added = sum(who not in room.standings for who in affiliated)
        if added and len(room.standings) + added > limit:
            raise StanzaError("resource-constraint", f"a room has at most {limit} affiliations")

    # -- telling -----------------------------------------------------------------------------------

    def announce(
        self,
        room: Room,
        occupant: Occupant,
        news: News = NO_NEWS,
        *,
        left: bool = False,
        but: Attendant | None = None,
    ) -> None:
        """Show the presence of an occupant to all who may see it, but for one device.

        The others who still know of one that is hidden by now hear that it is gone.
        """
        self.crowd.settle(room, occupant.nick)
        hidden = not room.config.shows(occupant.role)
        if hidden and occupant.known:
            self.hide(room, occupant)
        occupant.known = not hidden and not left
        plain = news is NO_NEWS
        for own, revealing, to in audiences(room, occupant, hidden=hidden):
            if plain and not own:
                copies = current(room, occupant, revealing=revealing)
            else:
                copies = copies_of(room, occupant, news, revealing=revealing, own=own, left=left)
            if but is not None and own:
                to = [each for each in to if each is not but]
            self.fanout.send(copies, to)

    def show(
        self,
        room: Room,
        occupant: Occupant,
        news: News = NO_NEWS,
        *,
        new: bool = False,
        but: Attendant | None = None,
    ) -> None:
        """Show the presence of an occupant as it is now; in a large room to the others soon."""
        if not self.crowd.is_in(room) or not room.config.shows(occupant.role):
            self.announce(room, occupant, news, but=but)
            return
        to = [each for each in occupant.attendants.values() if each is not but]
        if to:
            self.fanout.send(copies_of(room, occupant, news, revealing=True, own=True), to)
        occupant.known = True
        self.crowd.shows(room, occupant, new=new, news=None if news is NO_NEWS else news)

    def tell_all(self, room: Room, *children: Element, type_: str = "groupchat") -> None:
        """Send a message of the room itself to all in it."""
        message = Stanza.make("message", room.jid, None, {"type": type_}, *children)
        self.fanout.send(Copies(message.head(), message.tail()), room.attendants.values())

    def set_role(
        self,
        room: Room,
        occupant: Occupant,
        role: Role,
        news: News = NO_NEWS,
        *,
        soon: bool = False,
    ) -> None:
        """Let an occupant have a role, and show it; who is hidden now is gone for the others.

        ``soon`` is for one of many: in a large room others hear of all of them together.
        """
        if room.config.shows(occupant.role) and not room.config.shows(role):
            self.hide(room, occupant)
        becomes_moderator = role is Role.MODERATOR and occupant.role is not role
        occupant.role = role
        occupant.changed()
        if soon:
            self.show(room, occupant, news)
        else:
            self.announce(room, occupant, news)
        if becomes_moderator and room.config.anonymous:
            for attendant in occupant.attendants.values():
                self.show_others(room, occupant, attendant)

    def show_others(self, room: Room, occupant: Occupant, attendant: Attendant) -> None:
        """Show all others to a device of an occupant; those in a large room in slices."""
        others = others_for(room, occupant)
        if self.crowd.is_in(room):
            self.arrivals.begin(room, attendant, others)
        else:
            self.fanout.send_sheets(others, (attendant,))

    def hide(self, room: Room, occupant: Occupant) -> None:
        """Let an occupant be gone for the others, who may not see it any more."""
        occupant.known = False
        gone = News(gone=True)
        if self.crowd.is_in(room):
            self.crowd.goes(room, occupant, gone)
            return
        self.crowd.settle(room, occupant.nick)
        for own, revealing, to in audiences(room, occupant, hidden=False):
            if not own:
                copies = copies_of(room, occupant, gone, revealing=revealing, own=False, left=True)
                self.fanout.send(copies, to)

    async def show_as_configured(self, room: Room) -> None:
        """Show those who are to be seen, and let those be gone for the others who are hidden."""
        async for occupant in slices(room.occupants.values()):
            shows = room.config.shows(occupant.role)
            if room.occupants.get(occupant.nick) is not occupant or occupant.known is shows:
                continue
            if shows:
                self.show(room, occupant)
            else:
                self.hide(room, occupant)

    async def keep_roles(self, room: Room, given: Mapping[BareJID, Role]) -> None:
        """Keep the roles that people are given for their next visits.

        Raises:
            StorageUnavailable: nothing is kept.
        """
        most = self.limits(room.host).affiliations
        await self.store.keep(room, when_given(room, given, most))

    def use(self, room: Room) -> None:
        """Take note that somebody is in a room, or was until now; stored once an hour."""
        now = self.now()
        if now - room.used >= _USED_EVERY:
            room.used = now
            self.server.spawn(self.store.use(room))

    # -- going -------------------------------------------------------------------------------------

    def part(self, room: Room, attendant: Attendant, news: News) -> None:
        """Let a device leave; with the last one of an occupant, others hear of it (§7.14)."""
        occupant = room.occupants[attendant.nick]
        if len(occupant.attendants) == 1:
            self.remove(room, occupant, news)
            return
        shown = occupant.shown
        copies = copies_of(room, occupant, news, revealing=True, own=True, left=True)
        room.leave(attendant)
        self.fanout.send(copies, (attendant,))
        if shown is attendant:
            self.show(room, occupant)

    def remove(self, room: Room, occupant: Occupant, news: News, *, soon: bool = False) -> None:
        """Let an occupant leave, with all devices; ``news`` says that it is gone.

        Who cannot be reached to be told has left already when that is found out. ``soon`` is for
        one of many: in a large room others hear of all of them together.
        """
        attendants = list(occupant.attendants.values())
        for attendant in attendants:
            room.leave(attendant)
        for attendant in attendants:
            occupant.attendants[attendant.jid] = attendant
        gathers = (soon or _is_usual(news)) and self.crowd.is_in(room)
        if gathers and room.config.shows(occupant.role):
            own = copies_of(room, occupant, news, revealing=True, own=True, left=True)
            self.crowd.goes(room, occupant, news)
            self.fanout.send(own, attendants)
        else:
            self.announce(room, occupant, news, left=True)
        self.left(room)

    def left(self, room: Room) -> None:
        """Take note that somebody left: a room may end with its last occupant (§7.14)."""
        if room.attendants:
            return
        if self.ending or (room.config.persistent and not room.locked):
            if not self.ending:
                self.use(room)
            self.rooms.emptied(room)
        else:
            self.rooms.delete(room)

    def dismiss(self, room: Room, news: News) -> Coroutine[Any, Any, None]:
        """Let everybody leave at once; all hear only of their own going (§10.9).

        Return the work of telling those who are not told yet, as they are many.
        """
        occupants = room.empty()
        self._say_goodbye(room, occupants[:_AT_ONCE], news)
        return self._go_on_saying_goodbye(room, occupants[_AT_ONCE:], news)

    async def _go_on_saying_goodbye(
        self, room: Room, occupants: Iterable[Occupant], news: News
    ) -> None:
        async for occupant in slices(occupants):
            self._say_goodbye(room, (occupant,), news)

    def _say_goodbye(self, room: Room, occupants: Iterable[Occupant], news: News) -> None:
        for occupant in occupants:
            own = copies_of(room, occupant, news, revealing=True, own=True, left=True)
            self.fanout.send(own, occupant.attendants.values())

    async def close(self) -> None:
        """Let everybody leave every room, as the server ends (§14.2)."""
        self.ending = True
        for room in self.rooms.all():
            await self.dismiss(room, News((SHUTTING_DOWN,), gone=True))


def _is_usual(news: News) -> bool:
    """Tell whether somebody just left, or could not be reached: nobody made it leave."""
    return news.codes in ((), (FAILED,)) and not (news.actor or news.reason or news.more)
