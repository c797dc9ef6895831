"""Who is in a room: occupants by nickname, and the devices of each."""

from typing import TYPE_CHECKING

from palaver.ext.muc.names import OCCUPANT_ID
from palaver.ext.muc.privileges import Role
from palaver.jid import BareJID, FullJID
from palaver.kernel.session import Session

if TYPE_CHECKING:
    from palaver.ext.muc.pages import Page
    from palaver.ext.muc.sheets import Copies, Sheet


class Attendant:
    """One device in a room: what XEP-0045 §7.2.8 calls an in-room session.

    ``jid``      its real address
    ``session``  its session here; None where it is elsewhere, or still arriving
    ``backlog``  what waits until it has arrived, in order; None once it has
    ``entered``  how much had been gathered to be told when it entered, as `Gathered` counts it
    ``to``       the attribute ``to`` of what is sent to it
    ``content``  what it said of itself by its last presence: the inner bytes
    ``lang``     the language of that, or None
    ``nick``     the nickname under which it is in the room, as the key of its occupant
    ``seen``     when something came from it last, in microseconds since 1970
    """

    __slots__ = ("backlog", "content", "entered", "jid", "lang", "nick", "seen", "session", "to")

    def __init__(self, jid: FullJID, session: Session | None, nick: str) -> None:
        self.jid = jid
        self.session = session
        self.to = f" to='{jid.xml}'".encode()
        self.content = b""
        self.lang: str | None = None
        self.nick = nick
        self.backlog: list[Copies | Sheet] | None = None
        self.entered = 0
        self.seen = 0


class Occupant:
    """Somebody in a room under a nickname, with one device or several.

    ``nick``        the nickname
    ``jid``         the address in the room
    ``bare``        the real address; all devices have the same
    ``attendants``  the devices by address
    ``shown``       the one whose presence others see: the last that sent any
    ``id``          the ``<occupant-id/>`` (XEP-0421)
    ``opening``     the beginning of messages from here
    ``known``       the others were told of it, and not that it is gone
    ``copies``      the presence as it is now, without and with the real address, once it was needed
    ``page``        the page of the room that it is on; None once it is gone
    """

    __slots__ = (
        "attendants", "bare", "copies", "id", "jid", "known", "nick", "opening", "page", "role",
        "shown",
    )  # fmt: skip

    def __init__(self, jid: FullJID, shown: Attendant, role: Role, occupant_id: str) -> None:
        self.bare: BareJID = shown.jid.bare
        self.role = role
        self.attendants: dict[FullJID, Attendant] = {shown.jid: shown}
        self.shown = shown
        self.id = f"<occupant-id xmlns='{OCCUPANT_ID}' id='{occupant_id}'/>".encode()
        self.copies: list[Copies | None] = [None, None]
        self.known = False
        self.page: Page | None = None
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
        if self.page is not None:
            self.page.changed()
