"""The presence of occupants as the others see it (XEP-0045 §7.2.3, §17.3)."""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import partial

from palaver.ext.muc.names import ONESELF, UNTRUSTED, USER
from palaver.ext.muc.occupant import Attendant, Occupant
from palaver.ext.muc.pages import Page
from palaver.ext.muc.privileges import Affiliation, Role
from palaver.ext.muc.room import Room
from palaver.ext.muc.sheets import Copies, Sheet
from palaver.wire import escape
from palaver.wire.stanza import Stanza


@dataclass(frozen=True, slots=True)
class News:
    """What there is to say beside the presence itself.

    ``codes``   status codes for all
    ``own``     status codes for the occupant alone, beside 110
    ``gone``    the occupant is not there any more, under that nickname
    ``nick``    the new nickname
    ``actor``   the nickname of whoever did it
    ``reason``  why
    ``content`` what is shown with it: the inner bytes; None for the occupant's own
    ``more``    more of the ``<x/>``, as XML
    ``affiliation``  what is shown as the affiliation; None for that which the room has
    """

    codes: tuple[int, ...] = ()
    own: tuple[int, ...] = ()
    gone: bool = False
    nick: str = ""
    actor: str = ""
    reason: str = ""
    content: bytes | None = None
    more: str = ""
    affiliation: Affiliation | None = None


NO_NEWS = News()

EMPTY = Sheet(())


def said(stanza: Stanza) -> bytes:
    """Return what a presence or message of an occupant says, without what only rooms may say."""
    if UNTRUSTED.isdisjoint(stanza.names):
        return stanza.inner if stanza.names else b""
    return b"".join(data for key, data in stanza.parts() if key not in UNTRUSTED)


def copies_of(
    room: Room, occupant: Occupant, news: News, *, revealing: bool, own: bool, left: bool = False
) -> Copies:
    """Write the presence of an occupant, as it is now and with what there is to say.

    ``revealing`` shows the real address, ``own`` is for the occupant, ``left`` says that the role
    is none any more.
    """
    shown = occupant.shown
    kind = " type='unavailable'" if news.gone else ""
    lang = f" xml:lang='{escape.attribute(shown.lang)}'" if shown.lang else ""
    content = b"" if news.gone else shown.content
    if news.content is not None:
        content = news.content
    item = _item(room, occupant, news, revealing=revealing, left=left)
    codes = {*news.codes, *((ONESELF, *news.own) if own else ())}
    statuses = "".join(f"<status code='{code}'/>" for code in sorted(codes))
    extra = f"<x xmlns='{USER}'>{item}{news.more}{statuses}</x>"
    hats = b"" if news.gone else room.hats.xml_of(occupant.bare)
    after = b"".join(
        (f"{kind}{lang}>".encode(), content, extra.encode(), hats, occupant.id, b"</presence>")
    )
    return Copies(f"<presence from='{occupant.jid.xml}'".encode(), after)


def _item(room: Room, occupant: Occupant, news: News, *, revealing: bool, left: bool) -> str:
    affiliation = news.affiliation
    if affiliation is None:
        affiliation = room.affiliation(occupant.bare)
    role = "none" if left else occupant.role.word
    address = f" jid='{occupant.shown.jid.xml}'" if revealing else ""
    nick = f" nick='{escape.attribute(news.nick)}'" if news.nick else ""
    attributes = f" affiliation='{affiliation.word}' role='{role}'{address}{nick}"
    actor = f"<actor nick='{escape.attribute(news.actor)}'/>" if news.actor else ""
    reason = f"<reason>{escape.text(news.reason)}</reason>" if news.reason else ""
    return (
        f"<item{attributes}>{actor}{reason}</item>" if actor or reason else f"<item{attributes}/>"
    )


def current(room: Room, occupant: Occupant, *, revealing: bool) -> Copies:
    """Return the presence of an occupant as others see it now; written once until it changes."""
    found = occupant.copies[revealing]
    if found is None:
        found = copies_of(room, occupant, NO_NEWS, revealing=revealing, own=False)
        occupant.copies[revealing] = found
    return found


def others_for(room: Room, viewer: Occupant) -> list[Sheet]:
    """Return the presence of all others, as who enters gets to see it first (§7.1).

    Who is there is settled now; what nobody needed before is written when it is sent.
    """
    revealing = room.sees_addresses(viewer)
    found = [
        _draft(room, page, viewer, revealing=revealing)
        if page is viewer.page
        else page.sheets[revealing] or _sheet(room, page, revealing=revealing)
        for page in room.pages.all
    ]
    return [sheet for sheet in found if sheet is not EMPTY]


def _sheet(room: Room, page: Page, *, revealing: bool) -> Sheet:
    found = page.sheets[revealing] = _draft(room, page, None, revealing=revealing)
    return found


def _draft(room: Room, page: Page, viewer: Occupant | None, *, revealing: bool) -> Sheet:
    shows = room.config.shows
    who = [each for each in page.occupants if each is not viewer and shows(each.role)]
    return Sheet.draft(partial(_written, room, who, revealing=revealing)) if who else EMPTY


def _written(room: Room, who: Iterable[Occupant], *, revealing: bool) -> list[Copies]:
    return [current(room, each, revealing=revealing) for each in who]


def audiences(
    room: Room, occupant: Occupant, *, hidden: bool
) -> Iterable[tuple[bool, bool, list[Attendant]]]:
    """Tell apart who sees what of an occupant: ``(own, revealing, devices)``.

    ``hidden`` leaves out all but the occupant.
    """
    told: list[Attendant] = []
    seeing: list[Attendant] = []
    if not hidden:
        open_to_all = not room.config.anonymous
        for viewer in room.occupants.values():
            if viewer is not occupant:
                sees = open_to_all or viewer.role is Role.MODERATOR
                (seeing if sees else told).extend(viewer.attendants.values())
    own = list(occupant.attendants.values())
    groups = ((False, False, told), (False, True, seeing), (True, True, own))
    return (group for group in groups if group[2])
