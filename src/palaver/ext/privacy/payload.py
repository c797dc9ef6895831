"""Reads and writes the payloads of ``jabber:iq:privacy`` (XEP-0016 §2)."""

from collections.abc import Container
from typing import Final

from palaver import jid
from palaver.ext.privacy.rules import Item, ItemType, Kind, PrivacyList
from palaver.wire.element import Element
from palaver.wire.errors import StanzaError

NS: Final = "jabber:iq:privacy"

_KINDS: Final = {
    "message": Kind.MESSAGE,
    "iq": Kind.IQ,
    "presence-in": Kind.PRESENCE_IN,
    "presence-out": Kind.PRESENCE_OUT,
}
_ACTIONS: Final = {"allow": True, "deny": False}
_SUBSCRIPTIONS: Final = frozenset({"none", "to", "from", "both"})
_HIGHEST: Final = 2**32 - 1  # xs:unsignedInt


def only_child(query: Element) -> Element:
    """Return the one child of a query.

    Raises:
        StanzaError: bad-request, there are none or several (XEP-0016 §2.2).
    """
    children = list(query)
    if len(children) != 1 or children[0].ns != NS:
        raise StanzaError("bad-request", "a query is about one thing at a time")
    return children[0]


def items_of(element: Element, groups: Container[str]) -> list[Item]:
    """Read the items of a ``<list/>`` (XEP-0016 §2.1); ``groups`` are those of the roster.

    Raises:
        StanzaError: bad-request, jid-malformed or item-not-found, with what is wrong.
    """
    items = [_item(child, groups) for child in element]
    if len({item.order for item in items}) < len(items):
        raise StanzaError("bad-request", "two items have the same order")
    return items


def _item(element: Element, groups: Container[str]) -> Item:
    if element.key != f"{NS} item":
        raise StanzaError("bad-request", "a list consists of items")
    action = _ACTIONS.get(element.get("action", ""))
    if action is None:
        raise StanzaError("bad-request", "an item's action is allow or deny")
    type_, value = _subject(element, groups)
    return Item(_order(element), action, type_, value, _kinds(element))


def _order(element: Element) -> int:
    text = element.get("order", "").strip()
    if not (text.isascii() and text.isdecimal() and len(text) <= 10 and int(text) <= _HIGHEST):
        raise StanzaError("bad-request", "an item's order is a number that is not negative")
    return int(text)


def _subject(element: Element, groups: Container[str]) -> tuple[ItemType, str]:
    """Return the type and the value: whom the item is about."""
    type_, value = element.get("type"), element.get("value")
    if type_ is None:
        if value is not None:
            raise StanzaError("bad-request", "an item with a value has a type")
        return "", ""
    if not value:
        raise StanzaError("bad-request", "an item with a type has a value")
    if type_ == "jid":
        return "jid", normal(value)
    if type_ == "subscription" and value in _SUBSCRIPTIONS:
        return "subscription", value
    if type_ == "group":
        if value not in groups:
            raise StanzaError("item-not-found", "no contact in the roster is in that group")
        return "group", value
    raise StanzaError("bad-request", f"there is no type {type_} with that value")


def normal(address: str) -> str:
    """Return an address in normal form.

    Raises:
        StanzaError: jid-malformed.
    """
    try:
        return str(jid.parse(address))
    except jid.JIDError as error:
        raise StanzaError("jid-malformed", str(error)) from error


def _kinds(element: Element) -> Kind:
    kinds = Kind(0)
    for child in element:
        kind = _KINDS.get(child.name) if child.ns == NS else None
        if kind is None:
            raise StanzaError("bad-request", f"an item cannot be about {child.name}")
        kinds |= kind
    return kinds or Kind.ALL


def list_element(name: str, privacy_list: PrivacyList | None = None) -> Element:
    """Write a list, or its name alone."""
    items = privacy_list.items if privacy_list else ()
    return Element("list", NS, {"name": name}, *map(_item_element, items))


def _item_element(item: Item) -> Element:
    attrs = {
        "type": item.type or None,
        "value": item.value or None,
        "action": "allow" if item.allow else "deny",
        "order": str(item.order),
    }
    children = [Element(name, NS) for name, kind in _KINDS.items() if kind in item.kinds]
    return Element("item", NS, attrs, *([] if item.kinds == Kind.ALL else children))


def query(*children: Element) -> Element:
    """Write a query."""
    return Element("query", NS, None, *children)
