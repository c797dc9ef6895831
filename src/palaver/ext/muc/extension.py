"""Rooms: the service, and who takes what comes to it."""

from collections.abc import Awaitable, Callable, Coroutine, Sequence
from functools import partial
from typing import TYPE_CHECKING, Any, ClassVar, Final

from palaver.ext.adhoc import payload as commands
from palaver.ext.disco import Discoverable, Info, Inquiry, Item, Listing
from palaver.ext.muc import (
    archive,
    discovering,
    lasting,
    names,
    picturing,
    registering,
    tables,
)
from palaver.ext.muc.admin import Administration
from palaver.ext.muc.archive import RoomArchive
from palaver.ext.muc.dressing import Dressing
from palaver.ext.muc.engine import Engine
from palaver.ext.muc.entry import Entry
from palaver.ext.muc.ghosts import Ghosts
from palaver.ext.muc.inviting import Inviting
from palaver.ext.muc.limits import MucConfig
from palaver.ext.muc.owner import Owning
from palaver.ext.muc.picturing import Picturing
from palaver.ext.muc.private import Private
from palaver.ext.muc.privileges import Affiliation
from palaver.ext.muc.registering import Registering
from palaver.ext.muc.retracting import MODERATE, Retracting
from palaver.ext.muc.room import Room
from palaver.ext.muc.rooms import Outcome
from palaver.ext.muc.searching import Searching
from palaver.ext.muc.speaking import Speaking
from palaver.ext.muc.voice import Voice
from palaver.jid import JID
from palaver.kernel import forms, hooks, result_sets
from palaver.kernel.account import Account
from palaver.kernel.answering import refusal_for
from palaver.kernel.extension import (
    Answer,
    Extension,
    ExtensionConfig,
    Request,
    Target,
    Xep,
    iq,
    on,
    task,
)
from palaver.kernel.host import Host
from palaver.kernel.services import Service
from palaver.wire.element import Element
from palaver.wire.errors import StanzaError
from palaver.wire.stanza import Stanza

if TYPE_CHECKING:
    from palaver.kernel.server import Server


_TIDYING: Final = 3_600.0  # seconds
_LOOKING: Final = 60.0  # seconds


class Muc(Extension[MucConfig], Discoverable):
    """Rooms of the service of each host."""

    Config = MucConfig
    name: ClassVar = "muc"
    implements: ClassVar = (
        Xep(45, "1.35.5"),
        Xep(317, "0.3.1"),
        Xep(410, "1.1.0"),
        Xep(421, "1.0.1"),
        Xep(425, "0.3.0"),
        Xep(433, "0.1.0"),
        Xep(452, "0.2.2"),
        Xep(463, "0.2.0", "versions are told once somebody in the room asks for them"),
        Xep(486, "0.1.0"),
    )
    requires: ClassVar = ("disco", "privacy", "roster", "stanza_ids")
    serves_addresses: ClassVar = True
    tables: ClassVar = (
        tables.rooms, tables.affiliations, tables.roles, tables.hats, tables.hat_wearers,
    )  # fmt: skip

    def __init__(self, server: "Server", settings: Callable[[str | None], ExtensionConfig]) -> None:
        """Begin without a room in memory."""
        super().__init__(server, settings)
        engine = self.engine = Engine(server, self.config)
        self._picturing, self._dressing = Picturing(engine), Dressing(engine)
        retracting = self._retracting = Retracting(engine)
        self._entry, self._speaking, self._private = (
            Entry(engine),
            Speaking(engine, retracting),
            Private(engine),
        )
        self._ghosts, self._searching = Ghosts(engine), Searching(engine)
        self._inviting, self._voice = Inviting(engine), Voice(engine)
        self._owning, self._admin = Owning(engine), Administration(engine)
        self._registering, self._archive = Registering(engine), RoomArchive(engine, retracting)

    # -- the service -------------------------------------------------------------------------------

    def service_address(self, host: Host) -> str:
        """Return the domain of a host's service."""
        label = self.config(host.name).service
        return f"{label}.{host.name}" if label else ""

    def service_took(self, stanza: Stanza, service: Service) -> None:
        """Take what is for a room or an occupant.

        Raises:
            StanzaError: it is refused.
        """
        to = stanza.to
        assert to is not None
        if not to.local:
            super().service_took(stanza, service)
            return
        room = self.engine.rooms.at_hand(to.bare)
        if room is not None:
            work = self._take(stanza, room, service.host)
            if work is not None:
                done = self.server.router.put_off()
                self.server.spawn(self._finish(stanza, work, done))
            return
        done = self.server.router.put_off()
        then = partial(self._take_late, stanza, service.host, done)
        self.engine.rooms.when_ready(to.bare, service.host, then)

    def _take(
        self, stanza: Stanza, room: Room | None, host: Host
    ) -> Coroutine[Any, Any, None] | None:
        """Take a stanza for a room that is at hand, or that does not exist."""
        if stanza.kind == "presence":
            return self._entry.take(stanza, room, host)
        if stanza.type == "error" and stanza.kind == "message":
            self._entry.failed(stanza, room)
            return None
        if room is None or not self._open(room, stanza.sender):
            raise StanzaError("item-not-found", "there is no such room")
        if stanza.kind == "iq":
            self._private.iq(stanza, room)
            return None
        if stanza.to != room.jid:
            self._private.message(stanza, room)
            return None
        if stanza.type == "groupchat":
            return self._speaking.say(stanza, room)
        return self._take_message(stanza, room)

    def _take_message(self, stanza: Stanza, room: Room) -> Coroutine[Any, Any, None] | None:
        """Take a message to the room itself that is not for all (§7.8.2, §7.13, §8.6)."""
        said = stanza.child("x", names.USER)
        if said is not None:
            return self._inviting.take(stanza, room, said)
        form = stanza.child("x", forms.NS)
        if form is not None and forms.form_type(form) == names.REGISTER:
            return self._registering.decide(stanza, room, form)
        if form is None or forms.form_type(form) != names.REQUEST:
            raise StanzaError("bad-request", "messages to a room are of the type groupchat")
        return self._voice.take(stanza, room, form)

    # -- requests ----------------------------------------------------------------------------------

    async def _room(self, request: Request) -> Room:
        to = request.stanza.to
        assert to is not None
        room = await self.engine.rooms.get(to.bare, request.host)
        if room is None or not self._open(room, request.sender):
            raise StanzaError("item-not-found", "there is no such room")
        return room

    def _open(self, room: Room, who: JID) -> bool:
        """Tell whether somebody may know of a room yet (§7.2.11)."""
        return not room.locked or self.engine.power(room, who) is Affiliation.OWNER

    @iq("get", names.OWNER, "query", to=Target.SERVED)
    async def configuration(self, request: Request) -> Answer:
        """Tell an owner how a room is configured."""
        return self._owning.form(await self._room(request), request.sender)

    @iq("set", names.OWNER, "query", to=Target.SERVED)
    async def configure(self, request: Request) -> Answer:
        """Configure or destroy a room."""
        room = await self._room(request)
        return await self._owning.change(room, request.sender, request.payload)

    @iq("get", names.ADMIN, "query", to=Target.SERVED)
    async def lists(self, request: Request) -> Answer:
        """List who has a role or an affiliation."""
        return self._admin.lists(await self._room(request), request.sender, request.payload)

    @iq("set", names.ADMIN, "query", to=Target.SERVED)
    async def change(self, request: Request) -> Answer:
        """Change roles or affiliations."""
        room = await self._room(request)
        return await self._admin.change(room, request.sender, request.payload)

    @iq("get", registering.NS, "query", to=Target.SERVED)
    async def registration(self, request: Request) -> Answer:
        """Tell how to register with a room."""
        return self._registering.form(await self._room(request), request.sender)

    @iq("set", registering.NS, "query", to=Target.SERVED)
    async def register(self, request: Request) -> Answer:
        """Register with a room, or give that up."""
        room = await self._room(request)
        return await self._registering.register(room, request.sender, request.payload)

    def _take_late(
        self, stanza: Stanza, host: Host, done: Callable[[], None], outcome: Outcome
    ) -> Coroutine[Any, Any, None] | None:
        """Take a stanza that waited for its room; nobody above catches errors here."""
        try:
            if isinstance(outcome, StanzaError):
                raise outcome
            work = self._take(stanza, outcome, host)
        except Exception as error:
            self._refuse(stanza, error)
            work = None
        if work is not None:
            return self._finish(stanza, work, done)
        done()
        return None

    async def _finish(
        self, stanza: Stanza, work: Awaitable[None], done: Callable[[], None]
    ) -> None:
        try:
            await work
        except Exception as error:
            self._refuse(stanza, error)
        finally:
            done()

    def _refuse(self, stanza: Stanza, error: Exception) -> None:
        self.server.router.refuse(stanza, refusal_for(error, stanza=repr(stanza)))

    @iq("get", picturing.NS, "vCard", to=Target.SERVED)
    async def card(self, request: Request) -> Answer:
        """Return the vCard of a room."""
        return await self._picturing.card(await self._room(request))

    @iq("set", picturing.NS, "vCard", to=Target.SERVED)
    async def publish(self, request: Request) -> Answer:
        """Give a room a vCard."""
        room = await self._room(request)
        await self._picturing.publish(room, request.sender, request.payload)
        return None

    @iq("set", MODERATE, "moderate", to=Target.SERVED)
    async def moderate(self, request: Request) -> Answer:
        """Take back what somebody said in a room."""
        room = await self._room(request)
        await self._retracting.moderate(room, request.sender, request.payload)
        return None

    @iq("set", commands.NS, "command", to=Target.SERVED)
    async def command(self, request: Request) -> Answer:
        """Run a command of a room."""
        return await self._dressing.execute(await self._room(request), request)

    # -- the archive -------------------------------------------------------------------------------

    @iq("set", archive.NS, "query", to=Target.SERVED)
    async def query(self, request: Request) -> Answer:
        """Send a page of a room's archive."""
        most = self.config(request.host.name).page
        return await self._archive.query(await self._room(request), request, most)

    @iq("get", archive.NS, "query", to=Target.SERVED)
    async def query_form(self, request: Request) -> Answer:
        """Tell which fields a question to an archive may have."""
        return self._archive.form(await self._room(request), request.sender)

    @iq("get", archive.NS, "metadata", to=Target.SERVED)
    async def metadata(self, request: Request) -> Answer:
        """Tell where the archive of a room begins and ends."""
        return await self._archive.metadata(await self._room(request), request.sender)

    # -- discovery ---------------------------------------------------------------------------------

    def disco_service(self, service: Service) -> Info:
        """Tell what the service is."""
        return discovering.service(self.engine, service, self._picturing)

    async def disco_served(self, inquiry: Inquiry) -> Info | None:
        """Tell what a room is."""
        return await discovering.info(self.engine, inquiry, self._picturing)

    async def disco_items(self, inquiry: Inquiry) -> Sequence[Item]:
        """List occupants."""
        return () if inquiry.address is None else await discovering.occupants(self.engine, inquiry)

    async def disco_listing(self, inquiry: Inquiry, query: Element) -> Listing | None:
        """List rooms."""
        assert inquiry.service is not None
        page = result_sets.read(query)
        return await discovering.listing(self.engine, inquiry.service, page)

    async def disco_node(self, inquiry: Inquiry) -> Info | None:
        """Tell what somebody's own nickname in a room is, or a command of a room."""
        command = await self._dressing.described(inquiry)
        return command or await discovering.node(self.engine, inquiry)

    async def disco_node_items(self, inquiry: Inquiry) -> Sequence[Item] | None:
        """List the commands of a room that are for who asks."""
        return await self._dressing.items(inquiry)

    @iq("get", names.SEARCH, "search", to=Target.SERVICE)
    async def search(self, request: Request) -> Answer:
        """Search for rooms, or tell how that is done."""
        return await self._searching.search(request)

    # -- what happens ------------------------------------------------------------------------------

    @on(hooks.server_ending, before=("stream_management",))
    async def close(self) -> None:
        """Tell all in rooms that these are closed for a while (§14.2); they stay as they are."""
        await self.engine.close()

    @on(hooks.account_deleting)
    async def leave(self, account: Account) -> None:
        """Let an account that goes have nothing to do with any room any more."""
        await lasting.leave(self.engine, account)

    @task(every=_LOOKING)
    async def look(self) -> None:
        """Find out who is in a room no more, but never said so."""
        await self._ghosts.look()

    @task(every=_TIDYING)
    async def tidy(self) -> None:
        """Delete what nobody comes back for, and what is older than is kept."""
        await lasting.clear_away(self.engine)
        lasting.look_who_is_in(self.engine)
        for service in self.server.services.values():
            if service.extension is self:
                await lasting.expire(self.engine, service)
