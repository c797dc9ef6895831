"""What the service and its rooms tell of themselves (XEP-0045 §6)."""

from collections.abc import Sequence
from typing import Any, Final

from palaver import jid
from palaver.ext.adhoc.payload import NS as COMMANDS
from palaver.ext.disco import NS_INFO, NS_ITEMS, Identity, Info, Inquiry, Item, Listing
from palaver.ext.muc import names, picturing, retracting
from palaver.ext.muc.engine import Engine
from palaver.ext.muc.picturing import Picturing
from palaver.ext.muc.privileges import Affiliation
from palaver.ext.muc.room import Room
from palaver.ext.muc.versions import MAV
from palaver.jid import JID, BareJID
from palaver.kernel import result_sets
from palaver.kernel.form_fields import Boolean, Field, JidMulti, TextMulti, TextSingle
from palaver.kernel.forms import Form
from palaver.kernel.result_sets import Page
from palaver.kernel.services import Service
from palaver.wire import element
from palaver.wire.element import Element
from palaver.wire.errors import StanzaError

_REGISTER: Final = "jabber:iq:register"
_ARCHIVE: Final = ("urn:xmpp:mam:2", "urn:xmpp:mam:2#extended", "urn:xmpp:sid:0")
_WITH_ARCHIVE: Final = (*_ARCHIVE, *retracting.FEATURES)
_OF_ROOM: Final = (
    names.MUC, names.STABLE_ID, names.SELF_PING, names.OCCUPANT_ID, names.REQUEST, names.HATS,
    COMMANDS, MAV,
)  # fmt: skip
OF_SERVICE: Final = (
    names.MUC, names.STABLE_ID, names.OCCUPANT_ID, NS_INFO, NS_ITEMS, result_sets.NS,
)  # fmt: skip

_DESCRIPTION: Final = TextSingle("muc#roominfo_description", "Description")
_LANGUAGE: Final = TextSingle("muc#roominfo_lang", "Language")
_OCCUPANTS: Final = TextSingle("muc#roominfo_occupants", "Number of occupants")
_SUBJECT: Final = TextSingle("muc#roominfo_subject", "Subject")
_SUBJECT_OPEN: Final = Boolean("muc#roominfo_subjectmod", "Participants may change the subject")
_CONTACTS: Final = JidMulti("muc#roominfo_contactjid", "Contact addresses")
_HISTORY: Final = TextSingle("muc#maxhistoryfetch", "Most messages of history")
_PUBSUB: Final = TextSingle("muc#roominfo_pubsub", "Associated node")
_LOGS: Final = TextSingle("muc#roominfo_logs", "URL of what was said")
_HATS: Final = TextSingle("hats#hash", "Hats hash")
_PICTURES: Final = TextMulti("muc#roominfo_avatarhash", "Avatar hash")
_FORM: Final = Form(
    (
        _DESCRIPTION, _LANGUAGE, _OCCUPANTS, _SUBJECT, _SUBJECT_OPEN, _CONTACTS, _HISTORY, _PUBSUB,
        _LOGS, _PICTURES, _HATS,
    ),
    form_type=names.ROOM_INFO,
)  # fmt: skip


def service(engine: Engine, service: Service, pictures: Picturing) -> Info:
    """Tell what the service is (§6.2)."""
    limits = engine.limits(service.host)
    searched = (names.SEARCH,) if limits.searches else ()
    features = (*OF_SERVICE, *searched, *_cards(pictures))
    return Info((Identity("conference", "text", limits.name),), features)


async def room_of(engine: Engine, inquiry: Inquiry) -> Room | None:
    """Return the room asked about; None where who asks must not know of it.

    Raises:
        StanzaError: storage cannot tell now.
    """
    assert inquiry.address is not None
    room = await engine.rooms.get(inquiry.address, inquiry.host)
    if room is None or (room.locked and room.affiliation(inquiry.sender) < Affiliation.OWNER):
        return None
    return room


async def info(engine: Engine, inquiry: Inquiry, pictures: Picturing) -> Info | None:
    """Tell what a room is (§6.4)."""
    room = await room_of(engine, inquiry)
    if room is None:
        return None
    identity = Identity("conference", "text", room.config.name or room.jid.local)
    hashes = await pictures.hashes(room)
    offered = (*features(room), *_cards(pictures))
    return Info((identity,), offered, (_form(engine, room, inquiry, hashes),))


def _cards(pictures: Picturing) -> tuple[str, ...]:
    return (picturing.NS,) if pictures.available() else ()


def features(room: Room) -> tuple[str, ...]:
    """Return the features of a room: what it can do, and what kind of room it is (§16.3)."""
    config = room.config
    kinds = (
        "muc_passwordprotected" if config.password else "muc_unsecured",
        "muc_public" if config.public else "muc_hidden",
        "muc_persistent" if config.persistent else "muc_temporary",
        "muc_membersonly" if config.members_only else "muc_open",
        "muc_moderated" if config.moderated else "muc_unmoderated",
        "muc_semianonymous" if config.anonymous else "muc_nonanonymous",
    )
    registers = () if config.registering == "closed" else (_REGISTER,)
    return (*_OF_ROOM, *registers, *kinds, *(_WITH_ARCHIVE if config.logging else ()))


def _form(engine: Engine, room: Room, inquiry: Inquiry, hashes: Sequence[str]) -> Element:
    """Tell more; the subject only to those who might enter (§15.4)."""
    config = room.config
    filled: list[tuple[Field[Any], Any]] = [
        (_DESCRIPTION, config.description),
        (_LANGUAGE, config.language),
        (_OCCUPANTS, str(len(room.occupants))),
        (_SUBJECT_OPEN, config.change_subject),
        (_HISTORY, str(config.history)),
        (_PUBSUB, config.pubsub),
        (_LOGS, config.logs),
        (_CONTACTS, config.contacts),
        (_PICTURES, "\n".join(hashes)),
        (_HATS, room.hats.digest()),
    ]
    if may_read(engine, room, inquiry.sender) and room.subject.content:
        filled.append((_SUBJECT, _subject(room)))
    return _FORM.result(*(field.filled(value) for field, value in filled if value not in ("", ())))


def _subject(room: Room) -> str:
    return next(
        (e.text for e in element.parse_all(room.subject.content) if e.name == "subject"), ""
    )


def may_read(engine: Engine, room: Room, who: JID) -> bool:
    """Tell whether somebody could enter, and so may know what is said inside."""
    affiliation = engine.power(room, who)
    if affiliation is Affiliation.OUTCAST:
        return False
    if affiliation >= Affiliation.MEMBER or who in room.attendants:
        return True
    return not room.config.members_only and not room.config.password


async def listing(engine: Engine, service: Service, page: Page) -> Listing:
    """List the rooms of the service that are public (§6.3), in the order of their addresses.

    A page comes with the addresses of its first and last room, also where nobody asked for pages
    but there are too many rooms for one answer.
    """
    address, most = str(service.address), engine.limits(service.host).rooms_page
    most = most if page.most is None else min(page.most, most)
    found = await engine.store.listed(
        address, most + 1, after=_local(page.after), before=_local(page.before), last=page.last
    )
    more = len(found) > most
    if more:
        found = found[-most:] if page.last and most else found[:most]
    rooms = [(jid.make(each.name, service.address), each.config.name) for each in found]
    hidden = locked(engine, service)
    items = [Item(room, name) for room, name in rooms if room not in hidden]
    if page == Page() and not more:
        return Listing(items)
    count = max(len(items), await engine.store.count_listed(address) - len(hidden))
    first, last = (str(rooms[0][0]), str(rooms[-1][0])) if rooms else (None, None)
    return Listing(items, result_sets.write(first, last, count))


def _local(address: str | None) -> str:
    return (address or "").partition("@")[0]


def locked(engine: Engine, service: Service) -> set[BareJID]:
    """Return the public rooms of a service of which nobody may know yet (§10.1.1)."""
    mine = (room for room in engine.rooms.all() if room.jid.domain == service.address)
    return {room.jid for room in mine if room.locked and room.config.public}


async def occupants(engine: Engine, inquiry: Inquiry) -> Sequence[Item]:
    """List the occupants of a room (§6.5), which are known to occupants only."""
    room = await room_of(engine, inquiry)
    if room is None:
        raise StanzaError("item-not-found", "there is no such room")
    if inquiry.sender not in room.attendants:
        return ()
    shows = room.config.shows
    return [Item(each.jid) for each in room.occupants.values() if shows(each.role)]


async def node(engine: Engine, inquiry: Inquiry) -> Info | None:
    """Tell the nickname that somebody reserved (§7.12), or that all traffic may pass (§17.7)."""
    if inquiry.address is None:
        return None
    room = await room_of(engine, inquiry)
    if room is None:
        raise StanzaError("item-not-found", "there is no such room")
    if inquiry.node == names.TRAFFIC:
        raise StanzaError("service-unavailable", "all extensions may pass")
    if inquiry.node != names.RESERVED_NICK:
        return None
    nick = room.standing(inquiry.sender).nick
    return Info((Identity("conference", "text", nick),)) if nick else Info()
