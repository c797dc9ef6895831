"""Who is in a room: occupants by nickname, and the devices of each."""

from typing import TYPE_CHECKING

from palaver.ext.muc.names import OCCUPANT_ID
from palaver.ext.muc.privileges import Role
from palaver.jid import BareJID, FullJID
from palaver.kernel.session import Session

if TYPE_CHECKING:
    from palaver.ext.muc.fanout import Copies


class Attendant:
    """One device in a room: what XEP-0045 §7.2.8 calls an in-room session.

    ``jid``      its real address
    ``session``  its session here; None where it is elsewhere
    ``to``       the attribute ``to`` of what is sent to it
    ``content``  what it said of itself by its last presence: the inner bytes
    ``lang``     the language of that, or None
    ``nick``     the nickname under which it is in the room, as the key of its occupant
    """

    __slots__ = ("content", "jid", "lang", "nick", "session", "to")

    def __init__(self, jid: FullJID, session: Session | None, nick: str) -> None:
        self.jid = jid
        self.session = session
        self.to = f" to='{jid.xml}'".encode()
        self.content = b""
        self.lang: str | None = None
        self.nick = nick


class Occupant:
    """Somebody in a room under a nickname, with one device or several.

    ``nick``        the nickname
    ``jid``         the address in the room
    ``bare``        the real address; all devices have the same
    ``attendants``  the devices by address
    ``shown``       the one whose presence others see: the last that sent any
    ``id``          the ``<occupant-id/>`` (XEP-0421)
    ``opening``     the beginning of messages from here
    ``copies``      the presence as it is now, without and with the real address, once it was needed
    """

    __slots__ = ("attendants", "bare", "copies", "id", "jid", "nick", "opening", "role", "shown")

    def __init__(self, jid: FullJID, shown: Attendant, role: Role, occupant_id: str) -> None:
        self.bare: BareJID = shown.jid.bare
        self.role = role
        self.attendants: dict[FullJID, Attendant] = {shown.jid: shown}
        self.shown = shown
        self.id = f"<occupant-id xmlns='{OCCUPANT_ID}' id='{occupant_id}'/>".encode()
        self.copies: list[Copies | None] = [None, None]
        self.rename(jid)

    def rename(self, jid: FullJID) -> None:
        """Take another address in the room, with its nickname."""
        self.jid = jid
        self.nick = jid.resource
        self.opening = f"<message from='{jid.xml}'".encode()
        for each in self.attendants.values():
            each.nick = self.nick
        self.changed()

    def changed(self) -> None:
        """Take note that the presence is another now."""
        self.copies = [None, None]
