"""Tells who enters which affiliations there are, or are new since a version (XEP-0463 §5.2.1).

Whoever may see the lists of owners, admins and members may follow them; who is banned is told to
those alone who may see that list too, and is without an affiliation for the others.
"""

from collections.abc import Iterable, Sequence
from typing import Final

from palaver.ext.muc.engine import Engine
from palaver.ext.muc.names import USER
from palaver.ext.muc.occupant import Attendant
from palaver.ext.muc.privileges import Affiliation, Role
from palaver.ext.muc.room import Room
from palaver.ext.muc.sheets import Copies
from palaver.ext.muc.versions import Step, mav
from palaver.jid import JID, BareJID
from palaver.wire import escape
from palaver.wire.element import Element

_ITEMS: Final = 500  # in one message
_FORBIDDEN: Final = (
    "<error type='auth'><forbidden xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/></error>"
)


def answer(engine: Engine, room: Room, attendant: Attendant, asked: Element) -> str:
    """Send what somebody has to know who enters; return what says which version that is.

    A stanza of the type error tells whom the lists are not for.
    """
    if not may_see(engine, room, attendant.jid, Affiliation.MEMBER):
        _send(engine, room, attendant, f" type='error'>{_FORBIDDEN}")
        return ""
    versions = room.versions
    versions.follow(room.standings)
    now, since = versions.current, asked.get("since")
    if since != now:
        changed = None if since is None else versions.after(since)
        known = None if changed is None else since
        with_bans = may_see(engine, room, attendant.jid, Affiliation.OUTCAST)
        told = {
            who: _affiliation(room, who, with_bans=with_bans) for who in changed or room.standings
        }
        items = [_item(*each) for each in told.items() if changed or each[1] != "none"]
        _tell(engine, room, attendant, known, items)
    return mav(None, now)


def may_see(engine: Engine, room: Room, who: JID, affiliation: Affiliation) -> bool:
    """Tell whether somebody may see who has an affiliation (§9.5, the table of §5.2.1).

    Where all see the addresses of all, whoever may see the list of members may also see who
    the admins and owners are: clients show all of them together.
    """
    if engine.power(room, who) >= Affiliation.ADMIN:
        return True
    if affiliation is Affiliation.OUTCAST or room.config.anonymous:
        return False
    listed = room.role(who).word in room.config.member_list
    return listed or room.affiliation(who) >= Affiliation.MEMBER


def tell_occupants(
    engine: Engine, room: Room, changed: Iterable[BareJID], steps: Sequence[Step] = ()
) -> None:
    """Tell of changed affiliations of those who are not in the room (§10.3, §10.6).

    All hear of it where all see addresses; otherwise moderators alone. ``steps`` are the changes
    of versions that belong to it.
    """
    version = mav(steps[0].since, steps[-1].until) if steps else ""
    items = "".join(_absent(room, who) for who in changed)
    before = f"<message from='{room.jid.xml}'".encode()
    after = f"><x xmlns='{USER}'>{version}{items}</x></message>".encode()
    to = [
        attendant
        for occupant in room.occupants.values()
        if not room.config.anonymous or occupant.role is Role.MODERATOR
        for attendant in occupant.attendants.values()
    ]
    engine.fanout.send(Copies(before, after), to)


def _absent(room: Room, who: BareJID) -> str:
    affiliation = room.affiliation(who).word
    return f"<item affiliation='{affiliation}' jid='{who.xml}' role='none'/>"


def _affiliation(room: Room, who: str, *, with_bans: bool) -> str:
    standing = room.standings.get(who)
    if standing is None or (standing.affiliation is Affiliation.OUTCAST and not with_bans):
        return "none"
    return standing.affiliation.word


def _item(who: str, affiliation: str) -> str:
    return f"<item jid='{escape.attribute(who)}' affiliation='{affiliation}'/>"


def _tell(
    engine: Engine, room: Room, to: Attendant, since: str | None, items: Sequence[str]
) -> None:
    """Send items, in several messages where there are many.

    Whoever gets not all of these asks for what follows a version that nobody knows.
    """
    now = room.versions.current
    for start in range(0, len(items) or 1, _ITEMS):
        end = start + _ITEMS
        until = now if end >= len(items) else f"{now}.{end}"
        listed = "".join(items[start:end])
        _send(engine, room, to, f"><x xmlns='{USER}'>{mav(since, until)}{listed}</x>")
        since = until


def _send(engine: Engine, room: Room, to: Attendant, rest: str) -> None:
    copies = Copies(f"<message from='{room.jid.xml}'".encode(), f"{rest}</message>".encode())
    engine.fanout.send(copies, (to,))
