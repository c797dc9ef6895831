"""Decides who may communicate with an account: privacy lists as data (XEP-0016 §2.1, §2.2)."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import IntFlag
from typing import Final, Literal, NamedTuple, Protocol

from palaver.jid import JID

ItemType = Literal["", "jid", "group", "subscription"]


class Kind(IntFlag):
    """A kind of stanza that an item may be about."""

    MESSAGE = 1
    """a message that arrives"""
    IQ = 2
    """an IQ that arrives"""
    PRESENCE_IN = 4
    """a presence notification that arrives: available or unavailable"""
    PRESENCE_OUT = 8
    """a presence notification that the account sends"""
    OTHER = 16
    """whatever is stopped only by items about all stanzas: subscriptions, what the account sends"""
    ALL = 31


class Relations(Protocol):
    """What a roster knows of an address."""

    def subscription_of(self, jid: JID) -> str:
        """Return "none", "to", "from" or "both"."""

    def groups_of(self, jid: JID) -> tuple[str, ...]:
        """Return the groups that the address is in."""


class Item(NamedTuple):
    """A rule: whether to ``allow`` those ``kinds`` of stanzas from and to whom it matches."""

    order: int
    allow: bool
    type: ItemType
    value: str
    kinds: Kind

    @property
    def blocks(self) -> bool:
        """Tell whether it is what the blocking command makes: deny a JID all stanzas."""
        return self.type == "jid" and not self.allow and self.kinds == Kind.ALL


class _Other(NamedTuple):
    """An item that is not about a JID, with its place among all items."""

    place: int
    item: Item


class PrivacyList:
    """Items in ascending order; the first that matches decides, and without one all may pass.

    Items about JIDs are found by look-up, so that a long block list costs no more than a short one.
    """

    __slots__ = ("_by_jid", "_others", "items")

    def __init__(self, items: Iterable[Item]) -> None:
        self.items = tuple(sorted(items))
        self._by_jid: dict[Kind, dict[str, int]] = {kind: {} for kind in Kind.ALL}
        self._others: dict[Kind, list[_Other]] = {kind: [] for kind in Kind.ALL}
        for place, item in enumerate(self.items):
            for kind in item.kinds:
                if item.type == "jid":
                    self._by_jid[kind].setdefault(item.value, place)
                else:
                    self._others[kind].append(_Other(place, item))

    def allows(self, kind: Kind, peer: JID, relations: Relations) -> bool:
        """Decide on one kind of stanzas from or to a peer.

        ``relations`` is asked only where an item is about groups or subscriptions.
        """
        item = self._first(kind, peer, relations)
        return item is None or item.allow

    def blocks(self, peer: JID, relations: Relations) -> bool:
        """Tell whether a peer is denied as the blocking command does it."""
        item = self._first(Kind.OTHER, peer, relations)
        return item is not None and item.blocks

    def _first(self, kind: Kind, peer: JID, relations: Relations) -> Item | None:
        by_jid = self._by_jid[kind]
        last = len(self.items)
        found = last
        if by_jid:
            # XEP-0016 §2.1: the address itself, its bare JID, its domain.
            found = min(
                by_jid.get(peer, last), by_jid.get(peer.bare, last), by_jid.get(peer.domain, last)
            )
        for place, item in self._others[kind]:
            if place > found:
                break
            if _matches(item, peer, relations):
                return item
        return self.items[found] if found < last else None


def _matches(item: Item, peer: JID, relations: Relations) -> bool:
    if item.type == "subscription":
        return relations.subscription_of(peer) == item.value
    if item.type == "group":
        return item.value in relations.groups_of(peer)
    return True


@dataclass(frozen=True, slots=True)
class Rules:
    """An account's privacy lists, and which of them is the default.

    The block list of XEP-0191 is not stored on its own: it is what the default list denies to
    single JIDs (XEP-0191 §5).
    """

    lists: Mapping[str, PrivacyList] = field(default_factory=dict)
    default: str | None = None

    def __bool__(self) -> bool:
        return bool(self.lists)

    def applied(self, active: str | None) -> PrivacyList | None:
        """Return the list that applies where ``active`` is the session's active list."""
        name = self.default if active is None else active
        return None if name is None else self.lists.get(name)

    @property
    def blocked(self) -> list[str]:
        """The JIDs in the block list."""
        applied = self.applied(None)
        return [item.value for item in applied.items if item.blocks] if applied else []

    def with_list(self, name: str, items: Iterable[Item]) -> "Rules":
        """Return the rules with a list made or replaced."""
        return Rules({**self.lists, name: PrivacyList(items)}, self.default)

    def without_list(self, name: str) -> "Rules":
        """Return the rules without a list; it is no longer the default either."""
        lists = {other: each for other, each in self.lists.items() if other != name}
        return Rules(lists, None if self.default == name else self.default)

    def with_default(self, name: str | None) -> "Rules":
        """Return the rules with another default list, or none."""
        return Rules(self.lists, name)

    def blocking(self, jids: Iterable[str]) -> "Rules":
        """Return the rules with these JIDs blocked, before all else in the default list."""
        new = list(dict.fromkeys(jids))
        applied = self.applied(None)
        old = applied.items if applied else ()
        kept = [item for item in old if not (item.blocks and item.value in new)]
        blocking = [Item(0, allow=False, type="jid", value=jid, kinds=Kind.ALL) for jid in new]
        return self._renumbered([*blocking, *kept])

    def unblocking(self, jids: Iterable[str] | None) -> "Rules":
        """Return the rules with these JIDs, or all of them, no longer blocked."""
        applied = self.applied(None)
        if applied is None:
            return self
        gone = None if jids is None else set(jids)
        kept = [
            item
            for item in applied.items
            if not (item.blocks and (gone is None or item.value in gone))
        ]
        if len(kept) == len(applied.items):
            return self
        return self._renumbered(kept)

    def _renumbered(self, items: Iterable[Item]) -> "Rules":
        name = self.default or self._free_name()
        numbered = [item._replace(order=order) for order, item in enumerate(items, 1)]
        if not numbered:
            return self.without_list(name)
        return self.with_list(name, numbered).with_default(name)

    def _free_name(self) -> str:
        name, number = BLOCK_LIST, 2
        while name in self.lists:
            name, number = f"{BLOCK_LIST} {number}", number + 1
        return name


BLOCK_LIST: Final = "blocklist"
"""The name of the default list that the blocking command makes."""

NO_RULES: Final = Rules()
