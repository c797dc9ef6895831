"""What owners do: the first configuration of a room, later ones, and its end (XEP-0045 §10)."""

from typing import Final

from palaver.ext.muc import configuration, names
from palaver.ext.muc.admin import apply, check_owners
from palaver.ext.muc.configuration import RoomConfig, Wish
from palaver.ext.muc.engine import Engine
from palaver.ext.muc.names import OWNER, USER
from palaver.ext.muc.privileges import Affiliation, Role
from palaver.ext.muc.room import Room, Standing
from palaver.ext.muc.shown import News
from palaver.ext.muc.slices import is_many, slices
from palaver.jid import JID, BareJID
from palaver.kernel import forms
from palaver.kernel.extension import Answer
from palaver.wire import escape
from palaver.wire.element import Element
from palaver.wire.errors import StanzaError

_LONGEST_REASON: Final = 2_000


class Owning:
    """Takes the requests of owners."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def form(self, room: Room, who: JID) -> Answer:
        """Return the form to configure a room with (§10.1.3, §10.2).

        Raises:
            StanzaError: forbidden, that is for owners.
        """
        self._check(room, who)
        admins = room.affiliated(Affiliation.ADMIN)
        owners = room.affiliated(Affiliation.OWNER)
        return Element("query", OWNER, None, configuration.blank(room.config, admins, owners))

    async def change(self, room: Room, who: JID, query: Element) -> Answer:
        """Configure a room, or destroy it.

        Raises:
            StanzaError: forbidden, that is for owners; bad-request; not-acceptable, the
                configuration is wrong; conflict, there would be no owner any more.
        """
        self._check(room, who)
        destruction = query.find("destroy")
        if destruction is not None:
            await self._destroy(room, destruction)
            return None
        form = forms.find(query)
        if form is None or form.get("type") not in ("submit", "cancel"):
            raise StanzaError("bad-request", "there is no form in this request")
        if form.get("type") == "cancel":
            if room.locked:
                await self._destroy(room, Element("destroy", OWNER))
            return None
        await self.configure(room, form, by=who)
        return None

    async def configure(self, room: Room, form: Element, by: JID | None = None) -> None:
        """Configure a room by a form that was submitted, and tell all; ``by`` as for `apply`.

        Raises:
            StanzaError: not-acceptable, a value is wrong; conflict, no owner would be left.
        """
        async with self._engine.turn(room):
            if by is not None:
                self._check(room, by)
            await self._configure(room, form, by)

    def _check(self, room: Room, who: JID) -> None:
        if self._engine.power(room, who) is not Affiliation.OWNER:
            raise StanzaError("forbidden", "that is for owners")

    # -- configuring -------------------------------------------------------------------------------

    async def _configure(self, room: Room, form: Element, by: JID | None) -> None:
        engine = self._engine
        if not any(form.find_all("field")):
            room.locked = False  # an instant room (§10.1.2)
            return
        limits = engine.limits(room.host)
        wish = configuration.read(
            form, room.config, most_users=limits.occupants, most_history=limits.history
        )
        before = room.config
        changes = _new_standings(room, wish)
        check_owners(room, changes)
        unlocking, room.locked = room.locked, False
        try:
            await apply(engine, room, changes, config=wish.config, by=by)
        except BaseException:
            room.locked = unlocking
            raise
        await self._follow(room, before)
        if not unlocking:
            self._tell(room, before)

    async def _follow(self, room: Room, before: RoomConfig) -> None:
        """Let occupants be as the room is now."""
        engine, config = self._engine, room.config
        if config.members_only and not before.members_only:
            await self._let_strangers_leave(room)
        if config.presence_broadcast != before.presence_broadcast:
            room.pages.changed()
        if before.moderated and not config.moderated:
            await self._give_voice(room)
        if config.presence_broadcast != before.presence_broadcast:
            await engine.show_as_configured(room)
        if not config.logging:
            room.history.clear()

    async def _let_strangers_leave(self, room: Room) -> None:
        """Let a room for members have nobody else in it (§10.2.1)."""
        news, many = News((names.MEMBERS_ONLY_NOW,), gone=True), is_many(room.occupants)
        async for occupant in slices(room.occupants.values()):
            stays = room.affiliation(occupant.bare) >= Affiliation.MEMBER
            if not stays and room.occupants.get(occupant.nick) is occupant:
                self._engine.remove(room, occupant, news, soon=many)

    async def _give_voice(self, room: Room) -> None:
        """Let those who had none be participants where that is for all (§5.1.2)."""
        many = is_many(room.occupants)
        async for occupant in slices(room.occupants.values()):
            mute = occupant.role is Role.VISITOR
            if mute and room.occupants.get(occupant.nick) is occupant:
                self._engine.set_role(room, occupant, Role.PARTICIPANT, soon=many)

    def _tell(self, room: Room, before: RoomConfig) -> None:
        """Tell all of what changed (§10.2.1)."""
        config, codes = room.config, []
        if config.logging != before.logging:
            codes.append(names.IS_LOGGED if config.logging else names.NOT_LOGGED)
        if config.anonymous != before.anonymous:
            codes.append(names.SEMI_ANONYMOUS if config.anonymous else names.NON_ANONYMOUS)
        if not codes and config != before:
            codes.append(names.CONFIGURATION_CHANGED)
        if codes:
            statuses = (Element("status", USER, {"code": str(code)}) for code in codes)
            self._engine.tell_all(room, Element("x", USER, None, *statuses))

    # -- the end -----------------------------------------------------------------------------------

    async def _destroy(self, room: Room, destruction: Element) -> None:
        reason = (destruction.text_of("reason") or "")[:_LONGEST_REASON]
        password = (destruction.text_of("password") or "")[:_LONGEST_REASON]
        destroy(self._engine, room, destruction.get("jid", ""), reason, password)
        await deleted(self._engine, room)


def destroy(
    engine: Engine, room: Room, venue: str = "", reason: str = "", password: str = ""
) -> None:
    """Let all leave a room and delete it (§10.9); ``venue`` is where to meet instead."""
    at = f" jid='{escape.attribute(venue)}'" if venue else ""
    why = f"<reason>{escape.text(reason)}</reason>" if reason else ""
    secret = f"<password>{escape.text(password)}</password>" if password else ""
    news = News(gone=True, more=f"<destroy{at}>{secret}{why}</destroy>")
    engine.rooms.delete(room, engine.dismiss(room, news))


async def deleted(engine: Engine, room: Room) -> None:
    """Wait until a room that was destroyed cannot come back when the server ends.

    Raises:
        StanzaError: it could not be deleted, or storage cannot tell now.
    """
    found = await engine.rooms.get(room.jid, room.host)
    if found is not None and found.id == room.id:
        raise StanzaError("resource-constraint", "the room could not be deleted", type="wait")


def _new_standings(room: Room, wish: Wish) -> dict[BareJID, Standing]:
    """Return the standings that follow from the lists of owners and admins in a form.

    Who is in neither any more falls by one step: an owner to admin, an admin to member. Who is in
    both is an owner.
    """
    owners_now = room.affiliated(Affiliation.OWNER)
    admins_now = room.affiliated(Affiliation.ADMIN)
    owners = owners_now if wish.owners is None else wish.owners
    admins = admins_now if wish.admins is None else wish.admins
    wanted = {
        **dict.fromkeys(admins_now, Affiliation.MEMBER),
        **dict.fromkeys(owners_now, Affiliation.ADMIN),
        **dict.fromkeys(admins, Affiliation.ADMIN),
        **dict.fromkeys(owners, Affiliation.OWNER),
    }
    return {
        who: Standing(affiliation, room.standing(who).nick)
        for who, affiliation in wanted.items()
        if room.affiliation(who) is not affiliation
    }
