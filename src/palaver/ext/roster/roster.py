"""An account's roster in memory, and what other extensions ask it."""

from collections.abc import Callable, Iterator, Mapping
from typing import Final

from palaver.ext.roster.item import RosterItem
from palaver.ext.roster.states import State
from palaver.jid import JID, BareJID
from palaver.kernel.account import Account
from palaver.kernel.slots import Slot

_NOBODY: Final[Mapping[BareJID, RosterItem]] = {}


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
    ``shared``    contacts the account has because it is in groups: not stored with it, and one
                  mapping for all who have the same; they add to what is in ``contacts``
    ``shared_version``  the version that made ``shared`` as it is; who knows an earlier one gets
                  the whole roster
    ``removed``   contacts that were taken off and the version that did it
    ``floor``     removals up to this version may have been forgotten
    ``version``   the roster's version: grows with every change that it shows
    ``size``      the size of all contacts, in bytes
    """

    __slots__ = (
        "_is_here", "_watchers", "contacts", "floor", "owner", "removed", "shared",
        "shared_version", "size", "version",
    )  # fmt: skip

    def __init__(self, is_here: Callable[[BareJID], bool]) -> None:
        """Begin empty; ``is_here`` tells whether an address may be an account of this server."""
        self._is_here = is_here
        self._watchers: Watchers | None = None
        self.owner: BareJID | None = None
        self.shared: Mapping[BareJID, RosterItem] = _NOBODY
        self.shared_version = 0
        self.contacts: dict[BareJID, RosterItem] = {}
        self.removed: dict[BareJID, int] = {}
        self.floor = 0
        self.version = 0
        self.size = 0

    # -- what others ask ---------------------------------------------------------------------------

    @property
    def items(self) -> list[RosterItem]:
        """The items that the roster shows."""
        return [item for item in self.everybody() if item.listed]

    @property
    def own_items(self) -> list[RosterItem]:
        """The items that are the account's own, as it has them."""
        return [item for item in self.contacts.values() if item.listed]

    def everybody(self) -> Iterator[RosterItem]:
        """Iterate over all contacts, the account's own and those by groups."""
        if not self.shared:
            yield from self.contacts.values()
            return
        for contact in self.contacts:
            yield self.shown(contact)
        for contact, item in self.shared.items():
            if contact not in self.contacts and contact != self.owner:
                yield item

    def shown(self, contact: BareJID) -> RosterItem:
        """Return a contact as the roster shows it: the account's own item, with what groups add."""
        shared = self.by_group(contact)
        if shared is None:
            return self.item(contact)
        own = self.contacts.get(contact)
        if own is None:
            return shared
        return own.joined(shared, max(own.version, self.shared_version))

    def by_group(self, contact: BareJID) -> RosterItem | None:
        """Return what groups make of a contact, or None where they have nothing to do with it."""
        found = self.shared.get(contact)
        return None if found is None or contact == self.owner else found

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
        item = self.shown(jid.bare)
        return item.groups if item.listed else ()

    def __contains__(self, jid: JID) -> bool:
        """Tell whether an address is in the roster, whatever its resource."""
        return self.shown(jid.bare).listed

    def state_of(self, jid: JID) -> State:
        """Return the state of the subscriptions with an address, whatever its resource."""
        if self.shared:
            return self.shown(jid.bare).state
        item = self.contacts.get(jid.bare)
        return State.NONE if item is None else item.state

    def item(self, contact: BareJID) -> RosterItem:
        """Return the account's own item of a contact; of a stranger, that there is nothing."""
        known = self.contacts.get(contact)
        return known or RosterItem(contact, version=self.removed.get(contact, 0))

    @property
    def watchers(self) -> Watchers:
        """Those subscribed to the account's presence."""
        watchers = self._watchers
        if watchers is None:
            seen = [item.contact for item in self.everybody() if item.state.is_seen]
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
        return max(self.floor, self.shared_version) <= version <= self.version

    def changes_since(self, version: int) -> list[RosterItem | BareJID]:
        """Return what changed after a version `knows` knows, oldest first; a mere JID is gone."""
        changed = [(each.version, contact) for contact, each in self.contacts.items()]
        changed += [(when, contact) for contact, when in self.removed.items()]
        changed = sorted(each for each in changed if each[0] > version)
        items = [self.shown(contact) for _, contact in changed]
        return [item if item.listed else item.contact for item in items]

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

    def share(self, contacts: Mapping[BareJID, RosterItem], version: int) -> None:
        """Have these contacts by groups, from a version on."""
        self.shared = contacts
        self.shared_version = version
        self.version = max(self.version, version)
        self._watchers = None

    def clear(self) -> None:
        """Forget everybody: the account is going."""
        self.shared = _NOBODY
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
