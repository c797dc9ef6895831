"""What becomes of rooms in the long run: those left over, old messages, accounts that go."""

from typing import TYPE_CHECKING, Final

import structlog

from palaver.ext.muc.admin import apply
from palaver.ext.muc.engine import Engine
from palaver.ext.muc.owner import destroy
from palaver.ext.muc.privileges import Affiliation
from palaver.ext.muc.room import Room, Standing
from palaver.ext.muc.shown import News
from palaver.ext.muc.wardrobe import Wardrobe
from palaver.jid import BareJID
from palaver.wire.errors import StanzaError

if TYPE_CHECKING:
    from palaver.kernel.account import Account
    from palaver.kernel.services import Service

log = structlog.get_logger()

_DAY: Final = 86_400.0  # seconds
_PAGE: Final = 500  # rooms


async def clear_away(engine: Engine) -> None:
    """Delete temporary rooms in which nobody is, as after a restart when nobody came back."""
    server = engine.server
    for address in await engine.store.temporary():
        service = server.services.get(address.domain)
        if service is None:
            continue
        room = await engine.rooms.get(address, service.host)
        if room is not None and not room.attendants and not room.config.persistent:
            engine.rooms.delete(room)


def look_who_is_in(engine: Engine) -> None:
    """Take note of the rooms that are in use."""
    for room in engine.rooms.all():
        if room.attendants:
            engine.use(room)


async def expire(engine: Engine, service: "Service") -> None:
    """Delete the messages of a service's rooms that are older than they may be."""
    server, days = engine.server, engine.limits(service.host).days
    if not days:
        return
    before = int((server.clock.now() - days * _DAY) * 1000) << 20
    after, deleted = "", 0
    while page := await server.store.page(
        str(service.address), prefix="", after=after, limit=_PAGE
    ):
        for record in page:
            deleted += await server.log.expire(record.id, before)
        after = page[-1].localpart
    if deleted:
        log.info("old messages deleted from rooms", service=service.address, messages=deleted)


async def leave(engine: Engine, account: "Account") -> None:
    """Let an account that goes have nothing to do with any room any more."""
    for address in await engine.store.concerning(account.jid):
        service = engine.server.services.get(address.domain)
        room = None if service is None else await engine.rooms.get(address, service.host)
        if room is not None:
            try:
                async with engine.turn(room):
                    await _without(engine, room, account.jid)
            except StanzaError:
                if not room.ended:
                    raise


async def _without(engine: Engine, room: Room, who: BareJID) -> None:
    """Take an address out of a room; the first admin follows the last owner.

    A room without either ends, unless others are members of it: administrators of the host can
    give it another owner.
    """
    for occupant in room.of(who):
        engine.remove(room, occupant, News(gone=True))
    if room.ended:
        return  # it did not outlast its occupants
    changes = {who: Standing(Affiliation.NONE)} if who in room.standings else {}
    if room.affiliated(Affiliation.OWNER) == [who]:
        for heir in room.affiliated(Affiliation.ADMIN)[:1]:
            changes[heir] = Standing(Affiliation.OWNER, room.standing(heir).nick)
    if changes:
        await apply(engine, room, changes, quiet=True)
    if room.roles.of(who) is not None:
        await engine.store.keep(room, {who: None})
    await engine.store.disown(room, who)
    if who in room.hats.worn:
        await Wardrobe(engine.server).take_off(room, who, *room.hats.worn[who])
    left = {each.affiliation for each in room.standings.values()}
    if left <= {Affiliation.OUTCAST} and not room.attendants:
        destroy(engine, room)
