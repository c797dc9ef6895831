"""Reads and writes the payload ``<query xmlns='jabber:iq:roster'/>`` (RFC 6121 §2.1)."""

import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final, Protocol

from palaver import jid
from palaver.ext.roster.item import RosterItem
from palaver.jid import BareJID, JIDError
from palaver.wire.element import Element
from palaver.wire.errors import StanzaError

NS: Final = "jabber:iq:roster"


class Limits(Protocol):
    """How much an item may hold, in bytes of UTF-8 and in groups."""

    @property
    def name_bytes(self) -> int:
        """The longest name."""

    @property
    def group_bytes(self) -> int:
        """The longest name of a group."""

    @property
    def groups(self) -> int:
        """The most groups of one item."""


@dataclass(frozen=True, slots=True)
class Wish:
    """What a roster set asks for: an item to be so, or (``remove``) to be no more."""

    contact: BareJID
    remove: bool
    name: str = ""
    groups: tuple[str, ...] = ()


def read_set(query: Element, limits: Limits) -> Wish:
    """Read a roster set (RFC 6121 §2.1.5, §2.3.3). Attributes only the server sets are ignored.

    Raises:
        StanzaError: bad-request, jid-malformed or not-acceptable, with what is wrong.
    """
    items = list(query.find_all("item"))
    if len(items) != 1:
        raise StanzaError("bad-request", f"a roster set has one item, this has {len(items)}")
    item = items[0]
    contact = _contact(item)
    if item.get("subscription") == "remove":
        return Wish(contact, remove=True)
    name = item.get("name", "")
    if _longer(name, limits.name_bytes):
        raise StanzaError("not-acceptable", f"a name may have {limits.name_bytes} bytes")
    return Wish(contact, remove=False, name=name, groups=_groups(item, limits))


def _contact(item: Element) -> BareJID:
    text = item.get("jid")
    if text is None:
        raise StanzaError("bad-request", "the item has no jid")
    try:
        contact = jid.parse(text)
    except JIDError as error:
        raise StanzaError("jid-malformed", str(error)) from error
    if not isinstance(contact, BareJID):
        raise StanzaError("bad-request", "a roster lists addresses without a resource")
    return contact


def _groups(item: Element, limits: Limits) -> tuple[str, ...]:
    groups = tuple(group.text for group in item.find_all("group"))
    if not all(groups):
        raise StanzaError("not-acceptable", "a group has no name")
    if any(_longer(group, limits.group_bytes) for group in groups):
        raise StanzaError("not-acceptable", f"a group may have {limits.group_bytes} bytes")
    if len(groups) > limits.groups:
        raise StanzaError("not-acceptable", f"an item may be in {limits.groups} groups")
    if len({unicodedata.normalize("NFC", group) for group in groups}) < len(groups):
        raise StanzaError("bad-request", "a group is named twice")
    return groups


def _longer(text: str, limit: int) -> bool:
    return len(text) * 4 > limit and len(text.encode()) > limit


def query_of(items: Iterable[RosterItem | BareJID], version: str) -> Element:
    """Write a roster, or a push; a mere JID stands for a contact that was taken off."""
    return Element("query", NS, {"ver": version}, *(_element(item) for item in items))


def _element(item: RosterItem | BareJID) -> Element:
    if isinstance(item, BareJID):
        return Element("item", NS, {"jid": item, "subscription": "remove"})
    return Element(
        "item",
        NS,
        {
            "jid": item.contact,
            "name": item.name or None,
            "subscription": item.state.subscription,
            "ask": "subscribe" if item.state.pending_out else None,
            "approved": "true" if item.approved else None,
        },
        *(Element("group", NS, None, group) for group in item.groups),
    )


def version_text(version: int) -> str:
    """Write a version as the attribute ``ver``."""
    return f"{version:x}"


def read_version(text: str) -> int | None:
    """Read what `version_text` wrote; None for anything else."""
    try:
        version = int(text, 16)
    except ValueError:
        return None
    return version if version >= 0 and version_text(version) == text else None
