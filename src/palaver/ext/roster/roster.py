"""An account's roster in memory, and what other extensions ask it."""

from collections.abc import Callable
from typing import Final

from palaver.ext.roster.item import RosterItem
from palaver.ext.roster.states import State
from palaver.jid import JID, BareJID
from palaver.kernel.account import Account
from palaver.kernel.slots import Slot


class Watchers:
    """Those subscribed to an account's presence.

    ``here``       the accounts of this server
    ``elsewhere``  everybody else: other servers, services without accounts
    """

    __slots__ = ("elsewhere", "here")

    def __init__(self, here: tuple[BareJID, ...], elsewhere: tuple[BareJID, ...]) -> None:
        self.here = here
        self.elsewhere = elsewhere


class Roster:
    """What is known of an account's contacts.

    ``contacts``  everyone known by bare JID, also those whose request merely waits; the version
                  of one who is not listed is that of its removal
    ``removed``   contacts that were taken off and the version that did it
    ``floor``     removals up to this version may have been forgotten
    ``version``   the roster's version: grows with every change that it shows
    ``size``      the size of all contacts, in bytes
    """

    __slots__ = ("_is_here", "_watchers", "contacts", "floor", "removed", "size", "version")

    def __init__(self, is_here: Callable[[BareJID], bool]) -> None:
        """Begin empty; ``is_here`` tells whether an address may be an account of this server."""
        self._is_here = is_here
        self._watchers: Watchers | None = None
        self.contacts: dict[BareJID, RosterItem] = {}
        self.removed: dict[BareJID, int] = {}
        self.floor = 0
        self.version = 0
        self.size = 0

    # -- what others ask ---------------------------------------------------------------------------

    @property
    def items(self) -> list[RosterItem]:
        """The items that the roster shows."""
        return [item for item in self.contacts.values() if item.listed]

    @property
    def requests(self) -> list[RosterItem]:
        """The contacts whose request to subscribe waits for the user's answer."""
        return [item for item in self.contacts.values() if item.request is not None]

    def subscription_of(self, jid: JID) -> str:
        """Return "none", "to", "from" or "both" for an address, whatever its resource.

        A user is implicitly subscribed to itself; the roster does not know of that.
        """
        return self.state_of(jid).subscription

    def groups_of(self, jid: JID) -> tuple[str, ...]:
        """Return the groups that an address is in, whatever its resource."""
        item = self.contacts.get(jid.bare)
        return item.groups if item is not None and item.listed else ()

    def __contains__(self, jid: JID) -> bool:
        """Tell whether an address is in the roster, whatever its resource."""
        item = self.contacts.get(jid.bare)
        return item is not None and item.listed

    def state_of(self, jid: JID) -> State:
        """Return the state of the subscriptions with an address, whatever its resource."""
        item = self.contacts.get(jid.bare)
        return State.NONE if item is None else item.state

    def item(self, contact: BareJID) -> RosterItem:
        """Return what is known of a contact; of a stranger, that there is nothing."""
        known = self.contacts.get(contact)
        return known or RosterItem(contact, version=self.removed.get(contact, 0))

    @property
    def watchers(self) -> Watchers:
        """Those subscribed to the account's presence."""
        watchers = self._watchers
        if watchers is None:
            seen = [item.contact for item in self.contacts.values() if item.state.is_seen]
            watchers = self._watchers = Watchers(
                tuple(contact for contact in seen if self._is_here(contact)),
                tuple(contact for contact in seen if not self._is_here(contact)),
            )
        return watchers

    def is_here(self, contact: BareJID) -> bool:
        """Tell whether a contact may be an account of this server."""
        return self._is_here(contact)

    def knows(self, version: int) -> bool:
        """Tell whether all changes since a version are known."""
        return self.floor <= version <= self.version

    def changes_since(self, version: int) -> list[RosterItem | BareJID]:
        """Return what changed after a version `knows` knows, oldest first; a mere JID is gone."""
        changes: list[tuple[int, RosterItem | BareJID]] = [
            (item.version, item if item.listed else item.contact)
            for item in self.contacts.values()
            if item.version > version
        ]
        changes += [(when, contact) for contact, when in self.removed.items() if when > version]
        changes.sort(key=lambda change: change[0])
        return [what for _, what in changes]

    # -- what storage says -------------------------------------------------------------------------

    def put(self, item: RosterItem) -> None:
        """Take an item as it is now stored."""
        self.removed.pop(item.contact, None)
        self._forget(item.contact)
        self.contacts[item.contact] = item
        self.size += item.size
        self.version = max(self.version, item.version)
        self._watchers = None

    def take_off(self, contact: BareJID, version: int, floor: int) -> None:
        """Take note that a contact is not known any more; ``version`` is 0 if it never was listed.

        Removals up to the version ``floor`` are forgotten.
        """
        self._forget(contact)
        self._watchers = None
        self.version = max(self.version, version)
        if version:
            self.removed[contact] = version
        if floor > self.floor:
            self.floor = floor
            self.removed = {who: when for who, when in self.removed.items() if when > floor}

    def clear(self) -> None:
        """Forget everybody: the account is going."""
        self.contacts.clear()
        self.size = 0
        self._watchers = None

    def _forget(self, contact: BareJID) -> None:
        known = self.contacts.pop(contact, None)
        if known is not None:
            self.size -= known.size


roster_slot: Final[Slot[Roster]] = Slot("roster")


def roster_of(account: Account) -> Roster:
    """Return the roster of an account; an empty one where it has none (temporary accounts)."""
    return roster_slot.get(account) or _EMPTY


_EMPTY: Final = Roster(lambda _: False)
