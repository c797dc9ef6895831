"""The groups of a host in memory, and what they make of its accounts' rosters.

Who is in the same groups sees the same contacts: what is made for one serves all of them, and an
account costs no more than a look-up.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Final

from palaver.ext.roster.item import RosterItem
from palaver.ext.roster.states import read, subscription_of
from palaver.jid import BareJID

View = Mapping[BareJID, RosterItem]
"""What groups make of a roster: its contacts by address, the account itself among them."""

_NOTHING: Final[View] = {}


@dataclass(slots=True, eq=False)
class Group:
    """A group.

    ``everybody``  all accounts of the host are in it, besides the members
    ``shown_to``   the ids of the groups in whose members' rosters it is
    """

    id: int
    name: str
    everybody: bool = False
    members: set[BareJID] = field(default_factory=set)
    shown_to: set[int] = field(default_factory=set)


class Directory:
    """The groups of a host.

    ``accounts``  the addresses of all its accounts, as far as a group wants everybody
    ``version``   the roster version since which all is as it is
    """

    __slots__ = ("_memberships", "_views", "accounts", "groups", "version")

    def __init__(self, groups: Iterable[Group], accounts: set[BareJID], version: int) -> None:
        self.groups = {group.id: group for group in groups}
        self.accounts = accounts
        self.version = version
        self._views: dict[frozenset[int], View] = {}
        self._memberships: dict[BareJID, set[int]] = {}
        self.changed()

    @property
    def wants_everybody(self) -> bool:
        """Tell whether a group has all accounts of the host."""
        return any(group.everybody for group in self.groups.values())

    def find(self, name: str) -> Group | None:
        """Return the group of a name."""
        return next((group for group in self.groups.values() if group.name == name), None)

    def changed(self) -> None:
        """Take note that groups are not as they were."""
        self._views = {}
        self._memberships = {}
        for group in self.groups.values():
            for member in group.members:
                self._memberships.setdefault(member, set()).add(group.id)

    def view(self, account: BareJID) -> View:
        """Return what the groups make of an account's roster."""
        if not self.groups:
            return _NOTHING
        mine = frozenset(self._memberships.get(account, ())) | {
            each.id for each in self.groups.values() if each.everybody and account in self.accounts
        }
        found = self._views.get(mine)
        if found is None:
            found = self._views[mine] = self._made(mine)
        return found

    def _made(self, mine: frozenset[int]) -> View:
        seen: dict[BareJID, list[str]] = {}
        for group in sorted(self.groups.values(), key=lambda each: each.name):
            if group.shown_to & mine:
                for member in self.members(group):
                    seen.setdefault(member, []).append(group.name)
        watching: set[BareJID] = set()
        for id_ in {each for own in mine for each in self.groups[own].shown_to}:
            if id_ in self.groups:
                watching |= self.members(self.groups[id_])
        return {
            contact: _item(contact, seen.get(contact), contact in watching)
            for contact in seen.keys() | watching
        }

    def members(self, group: Group) -> set[BareJID]:
        """Return who is in a group."""
        return group.members | self.accounts if group.everybody else group.members


def _item(contact: BareJID, groups: list[str] | None, watching: bool) -> RosterItem:
    """Make the item of a contact; one who only sees the account is not shown to it."""
    subscription = subscription_of(sees=groups is not None, is_seen=watching)
    state = read(subscription, pending_out=False, pending_in=False)
    return RosterItem(contact, state, listed=groups is not None, groups=tuple(groups or ()))


def differences(old: View, new: View) -> list[BareJID]:
    """Return the contacts that are not the same in two views."""
    if old is new:
        return []
    return [who for who in old.keys() | new.keys() if old.get(who) != new.get(who)]
