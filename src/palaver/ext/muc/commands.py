"""The commands by which administrators look after rooms."""

from collections.abc import AsyncIterator, Sequence
from dataclasses import replace
from typing import ClassVar

from palaver import jid as addresses
from palaver.ext.muc import configuration, names, overview
from palaver.ext.muc.admin import apply, check_owners
from palaver.ext.muc.command_arguments import (
    AffiliateArguments,
    AffiliationsArguments,
    ConfigArguments,
    CreateArguments,
    DestroyArguments,
    KickArguments,
    ListArguments,
    MessageArguments,
    OfHosts,
    PurgeArguments,
    RoomArguments,
)
from palaver.ext.muc.engine import Engine
from palaver.ext.muc.extension import Muc
from palaver.ext.muc.overview import Summary
from palaver.ext.muc.owner import Owning, deleted, destroy
from palaver.ext.muc.privileges import AFFILIATIONS, Affiliation
from palaver.ext.muc.room import Room, Standing
from palaver.ext.muc.shown import News
from palaver.jid import BareJID, JIDError
from palaver.kernel import durations
from palaver.kernel.errors import CommandError
from palaver.kernel.extension import Extension, Progress, command
from palaver.kernel.host import Host
from palaver.kernel.roles import Access
from palaver.kernel.services import Service
from palaver.wire import ns
from palaver.wire.element import Element


class RoomCommands(Extension):
    """Offers the commands about rooms; who gives them owns every room of the host."""

    name: ClassVar = "room_commands"
    requires: ClassVar = ("muc",)

    @property
    def _engine(self) -> Engine:
        return self.server.extension(Muc).engine

    # -- finding -----------------------------------------------------------------------------------

    def _services(self, arguments: OfHosts) -> list[Service]:
        """Return the services that are meant."""
        if arguments.host:
            return [self._service(arguments.host)]
        return [each for each in self.server.services.values() if isinstance(each.extension, Muc)]

    def _service(self, host: str) -> Service:
        for each in self.server.services.values():
            if each.host.name == host and isinstance(each.extension, Muc):
                return each
        raise CommandError("unknown-host", f"{host} is not served here, or has no rooms.")

    def _address(self, host: str, room: str) -> tuple[BareJID, Host]:
        """Return the address of a room that is named by its address or the first part of that."""
        service = self._service(host)
        try:
            found = addresses.parse_bare(room if "@" in room else f"{room}@{service.address}")
        except JIDError as error:
            raise CommandError("bad-jid", f"{room!r} cannot be a room: {error}.") from None
        if found.domain != service.address or not found.local:
            raise CommandError("bad-jid", f"{found} is no room of {host}.")
        return found, service.host

    async def _room(self, arguments: RoomArguments) -> Room:
        address, host = self._address(arguments.host, arguments.room)
        room = await self._engine.rooms.get(address, host)
        if room is None:
            raise CommandError("not-found", f"There is no room {address}.")
        return room

    # -- looking -----------------------------------------------------------------------------------

    @command("room list", ListArguments, access=Access.ADMINISTRATORS)
    async def list_rooms(
        self, arguments: ListArguments, _progress: Progress
    ) -> list[dict[str, object]]:
        """List rooms, with how many people are in them and when something was said last."""
        found: list[dict[str, object]] = []
        before = None if arguments.idle is None else self._before(arguments.idle)
        async for each in self._summaries(arguments, arguments.prefix):
            if arguments.empty and each.occupants:
                continue
            if arguments.kind not in ("any", _kind(each)):
                continue
            if before is not None and each.idle_since() > before:
                continue
            found.append(each.shown())
            if len(found) == arguments.limit:
                break
        return found

    async def _summaries(self, arguments: OfHosts, prefix: str = "") -> AsyncIterator[Summary]:
        for service in self._services(arguments):
            async for each in overview.summaries(self._engine, service, prefix):
                yield each

    def _before(self, idle: str) -> int:
        return int((self.server.clock.now() - durations.seconds_of(idle)) * 1_000_000)

    @command("room show", RoomArguments, access=Access.ADMINISTRATORS)
    async def show(self, arguments: RoomArguments, _progress: Progress) -> dict[str, object]:
        """Show what there is to know of a room."""
        return await overview.details(self._engine, await self._room(arguments))

    @command("room occupants", RoomArguments, access=Access.ADMINISTRATORS)
    async def occupants(self, arguments: RoomArguments, _progress: Progress) -> object:
        """List who is in a room."""
        return overview.occupants(await self._room(arguments))

    @command("room affiliations", AffiliationsArguments, access=Access.ADMINISTRATORS)
    async def affiliations(self, arguments: AffiliationsArguments, _progress: Progress) -> object:
        """List who owns a room, who is a member of it, and who is banned."""
        only = None if arguments.affiliation is None else AFFILIATIONS[arguments.affiliation]
        return overview.affiliations(await self._room(arguments), only)

    # -- beginning and end -------------------------------------------------------------------------

    @command("room create", CreateArguments, access=Access.ADMINISTRATORS)
    async def create(self, arguments: CreateArguments, _progress: Progress) -> dict[str, object]:
        """Make a room that stays, with an owner."""
        engine = self._engine
        address, host = self._address(arguments.host, arguments.room)
        owner = _parsed(arguments.owner)
        if not owner.local:
            raise CommandError("bad-jid", f"{owner} cannot own a room.")
        limits = engine.limits(host)
        wish = configuration.read(
            configuration.submitted(_settings(arguments.option)),
            replace(limits.default(), persistent=True),
            most_users=limits.occupants,
            most_history=limits.history,
        )
        room = await engine.rooms.make(
            address, host, lambda: engine.store.create(address, host, owner, wish.config)
        )
        if room is None:
            raise CommandError("exists", f"There is a room {address} already.")
        return {"room": str(room.jid), "owner": str(owner)}

    @command("room destroy", DestroyArguments, access=Access.ADMINISTRATORS)
    async def destroy(self, arguments: DestroyArguments, _progress: Progress) -> None:
        """Let all leave a room, and delete it with its archive."""
        venue = str(_parsed(arguments.alternative)) if arguments.alternative else ""
        room = await self._room(arguments)
        destroy(self._engine, room, venue, arguments.reason)
        await deleted(self._engine, room)

    @command("room purge", PurgeArguments, access=Access.ADMINISTRATORS)
    async def purge(self, arguments: PurgeArguments, progress: Progress) -> list[dict[str, object]]:
        """Delete rooms that nobody was in for long."""
        before = self._before(arguments.idle)
        found = [
            each
            async for each in self._summaries(arguments)
            if not each.occupants and each.idle_since() <= before
        ]
        for number, each in enumerate(found):
            if not arguments.dry_run:
                await self._purge(each)
            progress(number + 1, len(found))
        return [each.shown() for each in found]

    async def _purge(self, summary: Summary) -> None:
        service = self.server.services.get(summary.address.domain)
        if service is None:
            return
        room = await self._engine.rooms.get(summary.address, service.host)
        if room is not None and not room.attendants:
            destroy(self._engine, room)
            await deleted(self._engine, room)

    # -- changing ----------------------------------------------------------------------------------

    @command("room config", ConfigArguments, access=Access.ADMINISTRATORS)
    async def config_of(self, arguments: ConfigArguments, _progress: Progress) -> object:
        """Show how a room is configured, or change that."""
        room = await self._room(arguments)
        if arguments.option:
            form = configuration.submitted(_settings(arguments.option))
            await Owning(self._engine).configure(room, form)
        return overview.options(room)

    @command("room affiliate", AffiliateArguments, access=Access.ADMINISTRATORS)
    async def affiliate(self, arguments: AffiliateArguments, _progress: Progress) -> None:
        """Make somebody an owner, admin or member of a room, ban somebody, or undo that."""
        who, affiliation = _parsed(arguments.address), AFFILIATIONS[arguments.affiliation]
        if not who.local and affiliation > Affiliation.NONE:
            raise CommandError("bad-jid", "A whole domain can only be banned.")
        room = await self._room(arguments)
        async with self._engine.turn(room):
            nick = room.standing(who).nick if affiliation > Affiliation.NONE else ""
            changes = {who: Standing(affiliation, nick, arguments.reason)}
            check_owners(room, changes)
            await apply(self._engine, room, changes, reasons={who: arguments.reason})

    @command("room kick", KickArguments, access=Access.ADMINISTRATORS)
    async def kick(self, arguments: KickArguments, _progress: Progress) -> None:
        """Put somebody out of a room, who may come back."""
        room = await self._room(arguments)
        occupant = room.occupants.get(arguments.nick)
        if occupant is None:
            raise CommandError("not-found", f"Nobody in {room.jid} is called {arguments.nick}.")
        news = News((names.KICKED,), gone=True, reason=arguments.reason)
        self._engine.remove(room, occupant, news)

    @command("room message", MessageArguments, access=Access.ADMINISTRATORS)
    async def message(self, arguments: MessageArguments, _progress: Progress) -> dict[str, object]:
        """Tell all who are in a room something, or all in all rooms of a host."""
        body = Element("body", ns.CLIENT, None, arguments.text)
        if arguments.room:
            if not arguments.host:
                raise CommandError("bad-arguments", "Say the host of the room as well.")
            rooms = [await self._room(RoomArguments(host=arguments.host, room=arguments.room))]
        else:
            hosts = [service.host for service in self._services(arguments)]
            rooms = [each for each in self._engine.rooms.all() if each.host in hosts]
        told = [each for each in rooms if each.attendants]
        for each in told:
            self._engine.tell_all(each, body)
        return {"rooms": len(told), "occupants": sum(len(each.occupants) for each in told)}


def _kind(summary: Summary) -> str:
    return "persistent" if summary.row.config.persistent else "temporary"


def _parsed(text: str) -> BareJID:
    try:
        return addresses.parse_bare(text)
    except JIDError as error:
        raise CommandError("bad-jid", f"{text!r} is not an address: {error}.") from None


def _settings(options: Sequence[str]) -> list[tuple[str, str]]:
    """Read options of the form option=value."""
    found = []
    for each in options:
        name, equals, value = each.partition("=")
        if not equals:
            raise CommandError("bad-arguments", f"{each!r} is not of the form option=value.")
        found.append((name.strip(), value))
    return found
