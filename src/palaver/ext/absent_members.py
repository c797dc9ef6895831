"""Tells members of rooms who are away of all that is said there, where they want that (XEP-0492).

Who wants to hear of every message of a room says so by the notification settings of its bookmark.
Of each member that is found out once, when something is said and it is not known; it is forgotten
when the account's bookmarks change. So a message costs nothing more where nobody wants it.
"""

from collections import OrderedDict
from collections.abc import Callable
from typing import TYPE_CHECKING, ClassVar, Final

import structlog

from palaver.ext.muc.extension import Muc
from palaver.ext.muc.privileges import Affiliation
from palaver.ext.muc.room import Room
from palaver.ext.push import wishes
from palaver.ext.push.extension import Push
from palaver.ext.push.worth import is_worth
from palaver.jid import BareJID, FullJID, parse_bare
from palaver.kernel import hooks
from palaver.kernel.account import Account
from palaver.kernel.extension import Extension, ExtensionConfig, on
from palaver.kernel.rate_limit import RateLimit
from palaver.kernel.storage import StorageUnavailable
from palaver.wire.element import Element
from palaver.wire.errors import StanzaError
from palaver.wire.stanza import Stanza

if TYPE_CHECKING:
    from palaver.kernel.server import Server

log = structlog.get_logger()

_ROOMS: Final = 10_000  # of which it is known who wants to hear of all
_EVERY: Final = 5.0  # seconds between two notifications for one member of one room


class Followers:
    """What is known of the members of a room.

    ``known``    of whom it is known whether they want to hear of all
    ``want``     those who do
    ``changes``  how often affiliations had changed when all members were known
    ``busy``     whether it is being found out
    """

    __slots__ = ("busy", "changes", "known", "want")

    def __init__(self) -> None:
        self.known: set[BareJID] = set()
        self.want: set[BareJID] = set()
        self.changes = -1
        self.busy = False

    def forget(self, who: BareJID) -> None:
        """Take note that somebody may want something else now."""
        if who in self.known:
            self.known.discard(who)
            self.want.discard(who)
            self.changes = -1


class AbsentMembers(Extension):
    """Lets push services know of messages in rooms in which a member is not."""

    name: ClassVar = "absent_members"
    requires: ClassVar = ("muc", "push")

    def __init__(self, server: "Server", settings: Callable[[str | None], ExtensionConfig]) -> None:
        """Begin without knowing what anybody wants."""
        super().__init__(server, settings)
        self._rooms: OrderedDict[BareJID, Followers] = OrderedDict()
        self._told = RateLimit(1, _EVERY)

    @on(hooks.room_said)
    def said(self, occupant: FullJID, stanza: Stanza) -> None:
        """Tell those who want to hear of all."""
        address = occupant.bare
        room = self.server.extension(Muc).engine.rooms.at_hand(address)
        if room is None:
            return
        followers = self._rooms.get(address)
        if followers is None:
            followers = self._rooms[address] = Followers()
            if len(self._rooms) > _ROOMS:
                self._rooms.popitem(last=False)
        if followers.changes != room.changes and not followers.busy:
            followers.busy = True
            self.server.spawn(self._ask(followers, room, occupant, stanza))
        elif followers.want:
            self._tell(followers, room, occupant, stanza)

    @on(hooks.node_changed)
    async def node_changed(self, account: Account, _node: str) -> None:
        """Find out anew what an account wants, when its bookmarks may have changed."""
        self._forget(account)

    @on(hooks.private_storing)
    async def private_storing(self, account: Account, _element: Element) -> None:
        """Find out anew what an account wants, when its bookmarks may have changed."""
        self._forget(account)

    @on(hooks.account_deleting)
    async def account_deleting(self, account: Account) -> None:
        """Forget an account that goes."""
        self._forget(account)

    def _forget(self, account: Account) -> None:
        for followers in self._rooms.values():
            followers.forget(account.jid)

    # -- who wants to hear of all ------------------------------------------------------------------

    async def _ask(
        self, followers: Followers, room: Room, occupant: FullJID, stanza: Stanza
    ) -> None:
        """Find out what members want of whom that is not known, and tell them of the message."""
        try:
            changes = room.changes
            members = {
                parse_bare(who)
                for who, standing in room.standings.items()
                if standing.affiliation >= Affiliation.MEMBER
            }
            followers.known &= members
            followers.want &= members
            followers.changes = changes
            for who in members - followers.known:
                followers.known.add(who)
                followers.want.discard(who)
                if await self._wants_all(who, room) and who in followers.known:
                    followers.want.add(who)
        except (StanzaError, StorageUnavailable) as error:
            log.info("wishes of members cannot be read", room=str(room.jid), reason=str(error))
            followers.known.clear()
            followers.changes = -1
        finally:
            followers.busy = False
        self._tell(followers, room, occupant, stanza)

    async def _wants_all(self, who: BareJID, room: Room) -> bool:
        if who.domain not in self.server.hosts:
            return False
        account = await self.server.accounts.get(who)
        return account is not None and await self._wish(account, room) == "always"

    async def _wish(self, account: Account, room: Room) -> str:
        return await wishes.wish(self.server, account, room.jid)

    # -- telling -----------------------------------------------------------------------------------

    def _tell(self, followers: Followers, room: Room, occupant: FullJID, stanza: Stanza) -> None:
        here = {occupant.bare for occupant in room.occupants.values()}
        now = self.server.clock.monotonic()
        for who in followers.want - here:
            if who != stanza.sender.bare and not self._told.take(f"{room.jid}/{who}", now):
                self.server.spawn(self._notify(who, occupant, stanza))

    async def _notify(self, who: BareJID, occupant: FullJID, stanza: Stanza) -> None:
        try:
            account = await self.server.accounts.get(who)
        except StanzaError:
            return  # storage cannot tell now
        if account is not None and is_worth(stanza, account):
            shown = stanza.addressed(occupant, account.jid)  # nobody learns the real address
            self.server.extension(Push).tell_of(shown, account, occupant.bare)
