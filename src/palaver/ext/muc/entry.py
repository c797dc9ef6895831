"""Entering rooms, presence in them, and leaving (XEP-0045 §7.2, §7.6, §7.7, §7.14)."""

import asyncio
from collections.abc import Coroutine, Sequence
from math import ceil
from typing import Any, Final

from palaver.ext.delay import delay
from palaver.ext.muc import following, history, names
from palaver.ext.muc.engine import Engine
from palaver.ext.muc.names import MUC, USER
from palaver.ext.muc.nicknames import check_looks, check_nick, locked_nick
from palaver.ext.muc.occupant import Attendant, Occupant
from palaver.ext.muc.privileges import Affiliation
from palaver.ext.muc.roles import role_for
from palaver.ext.muc.room import Room
from palaver.ext.muc.sheets import Copies
from palaver.ext.muc.shown import News, copies_of, said
from palaver.ext.muc.versions import MAV
from palaver.jid import JID, BareJID, FullJID
from palaver.kernel import permissions
from palaver.kernel.host import Host
from palaver.kernel.roles import administers
from palaver.wire.element import Element
from palaver.wire.errors import StanzaError
from palaver.wire.stanza import Stanza

#: The errors by which the last hop of a stanza tells that nobody is there (§16.3). RFC 6121
#: §8.5.3.2.1 has service-unavailable for that.
_NOBODY_THERE: Final = frozenset(
    {
        "gone",
        "item-not-found",
        "recipient-unavailable",
        "redirect",
        "remote-server-not-found",
        "remote-server-timeout",
        "service-unavailable",
    }
)
_REFUSED: Final = "service-unavailable"
_LONGEST_PRESENCE: Final = 16_384  # bytes; all see it, and whoever enters later
_MINUTE: Final = 60.0  # seconds
_SPARE: Final = 50  # admins and owners who may enter a full room


class Entry:
    """Takes the presence of those who are in a room, or want to be."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def take(
        self, stanza: Stanza, room: Room | None, host: Host
    ) -> Coroutine[Any, Any, None] | None:
        """Take a presence for an address in a room; return the work of making the room.

        Raises:
            StanzaError: whoever sends it may not enter, or may not do so like this.
        """
        if stanza.type == "unavailable":
            self._exit(stanza, room)
        elif stanza.type == "error":
            self.failed(stanza, room)
        if "type" in stanza.attrs:
            return None  # nobody enters by a probe or the like (§17.3)
        sender, to = stanza.sender, stanza.to
        assert to is not None
        if not isinstance(to, FullJID):
            raise StanzaError("jid-malformed", "to enter a room one needs a nickname")
        if not isinstance(sender, FullJID):
            raise StanzaError("jid-malformed", "to enter a room one needs a resource")
        if len(stanza.inner) > _LONGEST_PRESENCE:
            raise StanzaError("policy-violation", "that is too much for all who see it")
        attendant = None if room is None else room.attendants.get(sender)
        if room is not None and attendant is not None:
            self._again(stanza, room, attendant, to.resource)
        elif not stanza.has("x", MUC):
            self._not_in(stanza, room)
        elif room is None:
            return self._create(stanza, sender, to, host)
        else:
            self._enter(stanza, room, sender, to.resource)
        return None

    # -- entering ----------------------------------------------------------------------------------

    async def _create(self, stanza: Stanza, sender: FullJID, to: FullJID, host: Host) -> None:
        """Make a room, owned by whoever enters it first, and wait for its configuration (§10.1)."""
        engine, limits = self._engine, self._engine.limits(host)
        check_nick(to.resource, limits.nick)
        _wanted(stanza, engine.now())
        async with engine.creating(sender.bare):
            await check_creation(engine, sender, host, to.domain)
            room = await engine.store.create(to.bare, host, sender.bare, limits.default())
        if limits.lock_seconds:
            room.locked = True
            asyncio.get_running_loop().call_later(limits.lock_seconds, _unlock, room)
        engine.rooms.put(room)
        self._enter(stanza, room, sender, to.resource, created=True)
        engine.left(room)  # whoever wanted it may be gone by now

    def _enter(
        self, stanza: Stanza, room: Room, sender: FullJID, nick: str, *, created: bool = False
    ) -> None:
        engine = self._engine
        session = engine.session(sender)
        if session is None and engine.is_here(sender):
            return  # the session ended meanwhile
        request = stanza.child("x", MUC)
        password = None if request is None else request.text_of("password")
        check_nick(nick, engine.limits(room.host).nick)
        wanted = _wanted(stanza, engine.now())
        affiliation = room.affiliation(sender)
        self._check_pace(room, sender)
        self._admit(room, sender, affiliation, password)
        wished, nick = nick, locked_nick(room, sender, nick)
        self._check_free(room, sender, nick)
        self._check_size(room, sender, affiliation, nick)
        if affiliation < Affiliation.MEMBER:
            self._check_pace_of_strangers(room)
        attendant = Attendant(sender, session, nick)
        attendant.content, attendant.lang = said(stanza), stanza.lang
        attendant.seen = engine.now()
        engine.use(room)
        occupant = room.enter(
            attendant, role_for(room, sender), engine.occupant_id(room.jid, sender.bare)
        )
        codes = [names.OTHER_NICK] * (nick != wished) + [names.CREATED] * created
        is_new = len(occupant.attendants) == 1
        asked = None if request is None else request.find("mav", MAV)
        self._welcome(room, occupant, attendant, wanted, codes, entered=is_new, asked=asked)

    def _admit(
        self, room: Room, who: FullJID, affiliation: Affiliation, password: str | None
    ) -> None:
        """Check that somebody may enter (§7.2.5 to §7.2.11).

        Raises:
            StanzaError: with the condition of §7.2.16 for whatever is in the way.
        """
        config = room.config
        if affiliation is Affiliation.OUTCAST:
            raise StanzaError("forbidden", "you are banned from this room")
        if room.locked and affiliation is not Affiliation.OWNER:
            raise StanzaError("item-not-found", "this room is not ready yet")
        if config.members_only and affiliation < Affiliation.MEMBER:
            raise StanzaError("registration-required", "this room is for members")
        if config.password and password != config.password and affiliation < Affiliation.OWNER:
            raise StanzaError("not-authorized", "this room has a password, which is another")

    def _check_size(self, room: Room, who: JID, affiliation: Affiliation, nick: str) -> None:
        """Check that there is room for another occupant, if that is what somebody would be.

        Raises:
            StanzaError: service-unavailable, the room is full; resource-constraint, the person is
                in it under too many nicknames.
        """
        if nick in room.occupants:
            return
        limits = self._engine.limits(room.host)
        most = room.config.max_users or limits.occupants
        if affiliation >= Affiliation.ADMIN:
            most += _SPARE
        if len(room.occupants) >= most:
            raise StanzaError("service-unavailable", "the room is full", type="wait")
        if len(room.of(who.bare)) >= limits.sessions:
            text = f"one person has at most {limits.sessions} nicknames in a room"
            raise StanzaError("resource-constraint", text)

    def _check_free(self, room: Room, who: JID, nick: str) -> None:
        """Check that a nickname is nobody else's (§7.2.8).

        Raises:
            StanzaError: conflict; resource-constraint, there are too many devices under it.
        """
        holder = room.occupants.get(nick)
        if holder is not None and holder.bare != who.bare:
            raise StanzaError("conflict", "somebody else in the room has this nickname")
        if room.reserved.get(nick, who.bare) != who.bare:
            raise StanzaError("conflict", "somebody else reserved this nickname")
        if holder is None:
            check_looks(room, who.bare, nick)
        most = self._engine.limits(room.host).sessions
        if holder is not None and len(holder.attendants) >= most:
            raise StanzaError("resource-constraint", f"at most {most} devices have one nickname")

    def _check_pace(self, room: Room, who: FullJID) -> None:
        """Check that one address does not try to enter a room too often, as to guess a password.

        Raises:
            StanzaError: resource-constraint, of the type wait.
        """
        now = self._engine.server.clock.monotonic()
        most = self._engine.limits(room.host).entries
        self._wait(room.entering_again.take(most, _MINUTE, who.bare, now))

    def _check_pace_of_strangers(self, room: Room) -> None:
        """Check that not too many enter a room who have nothing to do with it.

        Raises:
            StanzaError: resource-constraint, of the type wait.
        """
        now = self._engine.server.clock.monotonic()
        self._wait(room.entering.take(room.config.entries, _MINUTE, "", now))

    @staticmethod
    def _wait(wait: float) -> None:
        if wait:
            text = f"too many enter this room: try again in {ceil(wait)} seconds"
            raise StanzaError("resource-constraint", text, type="wait")

    def _welcome(
        self,
        room: Room,
        occupant: Occupant,
        attendant: Attendant,
        wanted: history.Limits,
        codes: Sequence[int] = (),
        *,
        entered: bool = False,
        asked: Element | None = None,
    ) -> None:
        """Send all that belongs to entering, in the order of §7.1.

        ``asked`` is the ``<mav/>`` of who wants to know the affiliations first (XEP-0463 §5.1).
        """
        engine, config = self._engine, room.config
        version = "" if asked is None else following.answer(engine, room, attendant, asked)
        engine.show_others(room, occupant, attendant)
        if engine.crowd.is_in(room):
            room.gathered.entered(attendant)
        engine.show(room, occupant, new=entered, but=attendant)
        own_codes = (
            *[names.SHOWS_ADDRESSES] * (not config.anonymous),
            *[names.IS_LOGGED] * config.logging,
            *codes,
        )
        own = copies_of(room, occupant, News(own=own_codes, more=version), revealing=True, own=True)
        engine.fanout.send(own, (attendant,))
        for past in room.history.wanted(room.jid, config.history, wanted):
            engine.fanout.send(Copies(past.before, past.after), (attendant,))
        engine.fanout.send(subject_of(room), (attendant,))

    # -- being there -------------------------------------------------------------------------------

    def _again(self, stanza: Stanza, room: Room, attendant: Attendant, nick: str) -> None:
        """Take another presence of somebody who is in the room.

        Who enters again lost track, and gets all there is (§7.2.2).
        """
        occupant = room.occupants[attendant.nick]
        request, wished = stanza.child("x", MUC), nick
        if nick != attendant.nick:
            check_nick(nick, self._engine.limits(room.host).nick)
            nick = locked_nick(room, occupant.bare, nick)
            if nick != wished and request is None:
                raise StanzaError("not-acceptable", f"your nickname in this room is {nick}")
        if nick != attendant.nick:
            self._check_change(room, occupant, nick)
        if request is not None:
            self._check_pace(room, attendant.jid)
        attendant.content, attendant.lang = said(stanza), stanza.lang
        attendant.seen = self._engine.now()
        occupant.shown = attendant
        occupant.changed()
        if nick != attendant.nick:
            rename(self._engine, room, occupant, nick)
        if request is not None:
            wanted = _wanted(stanza, self._engine.now())
            codes = [names.OTHER_NICK] * (nick != wished)
            asked = request.find("mav", MAV)
            self._welcome(room, occupant, attendant, wanted, codes, asked=asked)
        else:
            self._engine.show(room, occupant)

    def _check_change(self, room: Room, occupant: Occupant, nick: str) -> None:
        if nick in room.occupants:
            raise StanzaError("conflict", "this nickname is in use")
        self._check_free(room, occupant.bare, nick)

    def _not_in(self, stanza: Stanza, room: Room | None) -> None:
        """Tell a client that it is not in the room, though it believes so (§7.2.17)."""
        assert stanza.to is not None
        affiliation = Affiliation.NONE if room is None else room.affiliation(stanza.sender)
        reason = Element("reason", USER, None, "You are not in the room.")
        codes = (names.ONESELF, names.KICKED, names.FAILED)
        content = Element(
            "x",
            USER,
            None,
            Element("item", USER, {"affiliation": affiliation.word, "role": "none"}, reason),
            *(Element("status", USER, {"code": str(code)}) for code in codes),
        )
        attrs = {"type": "unavailable"}
        answer = Stanza.make("presence", stanza.to, stanza.sender, attrs, content)
        self._engine.server.router.route_answer(answer)

    # -- leaving -----------------------------------------------------------------------------------

    def _exit(self, stanza: Stanza, room: Room | None) -> None:
        """Let somebody leave, under whatever nickname: there may have been another meanwhile."""
        attendant = None if room is None else room.attendants.get(stanza.sender)  # type: ignore[call-overload]  # bare: never there
        if room is not None and attendant is not None:
            self._engine.part(room, attendant, News(gone=True, content=said(stanza)))

    def failed(self, stanza: Stanza, room: Room | None) -> None:
        """Let somebody leave for whom a stanza of the room came back (§14.1, §16.3)."""
        attendant = None if room is None else room.attendants.get(stanza.sender)  # type: ignore[call-overload]  # bare: never there
        if room is None or attendant is None:
            return
        error = stanza.child("error")
        conditions = {child.name for child in error} if error is not None else set()
        if conditions.isdisjoint(_NOBODY_THERE):
            return
        if _REFUSED in conditions and stanza.kind == "message" and self._blocks(room, attendant):
            return
        self._engine.part(room, attendant, News((names.FAILED,), gone=True))

    def _blocks(self, room: Room, attendant: Attendant) -> bool:
        """Tell whether somebody may be there all the same, who blocks another (XEP-0191 §3.2).

        Whoever is blocked would put out by a private message who blocks it. Devices elsewhere are
        asked soon.
        """
        engine, who = self._engine, attendant.jid
        if engine.is_here(who):
            return engine.session(who) is not None
        asks = bool(engine.limits(room.host).ghost_minutes)
        if asks and who.domain not in engine.server.components:
            attendant.seen = 0
            return True
        return False


def _wanted(stanza: Stanza, now: int) -> history.Limits:
    """Return how much of the history somebody wants who enters."""
    request = stanza.child("x", MUC)
    return history.limits_of(None if request is None else request.find("history"), now)


def _unlock(room: Room) -> None:
    room.locked = False


def rename(engine: Engine, room: Room, occupant: Occupant, nick: str) -> None:
    """Tell all of another nickname (§7.6); all devices of the occupant have it.

    Whoever calls it shows the new presence.
    """
    news = News(codes=(names.NEW_NICK,), gone=True, nick=nick)
    engine.announce(room, occupant, news)
    room.rename(occupant, nick)


async def check_creation(engine: Engine, who: JID, host: Host, service: str) -> None:
    """Check that somebody may create a room (§10.1.1).

    Raises:
        StanzaError: not-allowed; resource-constraint, there are too many.
    """
    server, limits = engine.server, engine.limits(host)
    if administers(server, who, host):
        return
    account = server.accounts.loaded(who.bare)
    if limits.create == "administrators" or (limits.create == "accounts" and account is None):
        raise StanzaError("not-allowed", "you may not create rooms here")
    if account is not None and account.temporary and limits.create != "everybody":
        raise StanzaError("not-allowed", "temporary accounts may not create rooms")
    if account is not None and not permissions.has_right(server, account, "rooms"):
        raise StanzaError("not-allowed", "your account may not create rooms")
    creator: BareJID = who.bare
    if await engine.store.count(service, creator) >= limits.rooms:
        raise StanzaError("resource-constraint", f"you have {limits.rooms} rooms already")


def subject_of(room: Room) -> Copies:
    """Write the subject for who enters (§7.2.15)."""
    subject = room.subject
    sender: JID = room.jid.with_resource(subject.nick) if subject.nick else room.jid
    late = delay(room.jid, subject.at).to_bytes() if subject.at else b""
    content = subject.content or b"<subject/>"
    after = b"".join((b" type='groupchat'>", content, late, b"</message>"))
    return Copies(f"<message from='{sender.xml}'".encode(), after)
