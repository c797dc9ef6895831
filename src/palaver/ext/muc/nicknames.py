"""Which nicknames one may have in a room (XEP-0045 §7.2.8, §7.10, §17.1)."""

from palaver.ext.muc.looks import is_visible
from palaver.ext.muc.room import Room
from palaver.jid import JID, BareJID
from palaver.wire.errors import StanzaError


def locked_nick(room: Room, who: JID, nick: str) -> str:
    """Return the nickname that somebody has instead of another, where they are locked (§7.10)."""
    own = room.standing(who).nick
    return own if own and room.config.lock_nicks else nick


def check_nick(nick: str, most: int) -> None:
    """Check that a nickname can be seen, and is not too long (§17.1).

    Raises:
        StanzaError: not-acceptable.
    """
    if not is_visible(nick):
        raise StanzaError("not-acceptable", "a nickname must be visible")
    if len(nick) > most:
        raise StanzaError("not-acceptable", f"a nickname has at most {most} characters")


def check_looks(room: Room, who: BareJID, nick: str) -> None:
    """Check that a nickname looks like nobody else's, in use or reserved (UTS #39 §4).

    Raises:
        StanzaError: conflict.
    """
    if room.reserved.get(nick) == who:
        return
    alike = [room.occupants[each].bare for each in room.looks.like(nick)]
    alike += (room.reserved[each] for each in room.reserved_looks.like(nick))
    if any(each != who for each in alike):
        raise StanzaError("conflict", "this looks like the nickname of somebody else")
