"""What subscribers are told: the elements of notifications (XEP-0060 §7, §8, §12.14)."""

from collections.abc import Iterable

from palaver.ext.pubsub.items import Item
from palaver.ext.pubsub.names import NS, NS_EVENT
from palaver.ext.pubsub.node import Node, Subscription
from palaver.ext.pubsub.settings import told
from palaver.wire.element import Element, Markup


def item_element(item: Item, namespace: str, node: Node, *, payload: bool = True) -> Element:
    """Return an item, with its payload or without."""
    publisher = item.publisher if node.config.itemreply == "publisher" else None
    content = Markup(item.payload) if payload and item.payload else None
    return Element("item", namespace, {"id": item.item, "publisher": publisher}, content)


def _event(child: Element) -> Element:
    return Element("event", NS_EVENT, None, child)


def _items(node: Node, *children: Element) -> Element:
    return _event(Element("items", NS_EVENT, {"node": node.name}, *children))


def published(node: Node, item: Item | None) -> Element:
    """Tell of an item; transient nodes without payloads have none (§4.3)."""
    if item is None:
        return _items(node)
    return _items(node, item_element(item, NS_EVENT, node, payload=node.config.deliver_payloads))


def retracted(node: Node, ids: Iterable[str]) -> Element:
    """Tell of items that are no more (§7.2.2.1)."""
    return _items(node, *(Element("retract", NS_EVENT, {"id": each}) for each in ids))


def purged(node: Node) -> Element:
    """Tell that all items are no more (§8.5.2)."""
    return _event(Element("purge", NS_EVENT, {"node": node.name}))


def deleted(node: Node, uri: str | None) -> Element:
    """Tell that a node is no more, and what is in its place (§8.4.2)."""
    redirect = None if uri is None else Element("redirect", NS_EVENT, {"uri": uri})
    return _event(Element("delete", NS_EVENT, {"node": node.name}, redirect))


def configured(node: Node) -> Element:
    """Tell of the configuration, whole where payloads are delivered (§8.2.5.3)."""
    form = told(node.config) if node.config.deliver_payloads else None
    return _event(Element("configuration", NS_EVENT, {"node": node.name}, form))


def subscription_event(node: Node, subscription: Subscription, state: str) -> Element:
    """Tell of the state of a subscription (§12.14)."""
    return _event(subscription_element(node, subscription, NS_EVENT, state))


def subscription_element(
    node: Node, subscription: Subscription, namespace: str = NS, state: str = ""
) -> Element:
    """Return a subscription as its holder and the owners see it."""
    attrs = {
        "node": node.name,
        "jid": str(subscription.jid),
        "subscription": state or subscription.state,
        "subid": subscription.subid,
    }
    return Element("subscription", namespace, attrs)
