"""Publishing and taking back (XEP-0060 §7)."""

import secrets
from collections.abc import Mapping, Sequence
from typing import Final

from palaver import jid
from palaver.ext.pubsub import events
from palaver.ext.pubsub.access import check_overwriting, check_owner, check_publishing
from palaver.ext.pubsub.engine import Engine
from palaver.ext.pubsub.errors import forbidden, no_such_node, node_required, refusal, unsupported
from palaver.ext.pubsub.items import Item
from palaver.ext.pubsub.names import NS, PUBLISH_OPTIONS
from palaver.ext.pubsub.node import Affiliation, Node
from palaver.ext.pubsub.place import Place
from palaver.ext.pubsub.settings import Preconditions
from palaver.ext.pubsub.tables import ITEM_BYTES
from palaver.jid import JID
from palaver.kernel import forms, hooks
from palaver.kernel.account import Account
from palaver.kernel.forms import FORM_TYPE
from palaver.wire.element import Element
from palaver.wire.errors import StanzaError

MOST_RETRACTED: Final = 100  # items of one request
_ANYWHERE: Final = "\0"
"""Never the default namespace: what is written for it declares its own, and fits any place."""


class Publishing:
    """The use cases of publishers."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    async def publish(self, place: Place, who: JID, payload: Element, publish: Element) -> Element:
        """Publish an item, creating the node if there is none (§7.1).

        Raises:
            StanzaError: as §7.1.3 and §7.1.5 have it.
        """
        name = publish.get("node")
        if not name:
            raise node_required()
        conditions = _preconditions(payload)
        async with self._engine.turn(place, name):
            node = await self._node(place, name, who, conditions)
            items = list(publish.find_all("item"))
            item = await self._item(place, node, who, items)
            if item is not None and place.account is not None:
                await _ask_others(place.account, name, item.item, items[0])
            await self._check_fitting(place, node, item)
            if node.is_new:  # not before it is clear that it gets its first item
                node = await self._engine.create(place, name, who, node.config)
            await self._put(place, node, item)
        told = None if item is None else Element("item", NS, {"id": item.item})
        return Element("pubsub", NS, None, Element("publish", NS, {"node": name}, told))

    async def publish_own(
        self, place: Place, node: str, item: Element, options: Mapping[str, str]
    ) -> None:
        """Publish in the name of an account or a service, with these publish-options.

        Raises:
            StanzaError: as `publish` does.
        """
        publish = Element("publish", NS, {"node": node}, item)
        payload = Element("pubsub", NS, None, publish, _given(options))
        await self.publish(place, place.address, payload, publish)

    async def _node(
        self, place: Place, name: str, who: JID, conditions: Preconditions | None
    ) -> Node:
        """Return the node that is published to, or what it would be."""
        engine = self._engine
        node = await engine.find(place, name)
        if node is None and not engine.may_create(place, who):
            raise no_such_node()
        if node is not None:
            check_publishing(node, who)
        if conditions is not None and conditions.unknown:
            raise _unmet(conditions.unknown[0])
        if node is None:
            default = engine.default(place, name, "" if conditions is None else conditions.type)
            config = default if conditions is None else conditions.applied_to(default)
            return engine.planned(place, name, who, config)
        default = engine.default(place, name, node.config.type)
        unmet = "" if conditions is None else conditions.unmet(node.config, default)
        if unmet:
            raise _unmet(f"pubsub#{unmet}")
        return node

    async def _item(
        self, place: Place, node: Node, who: JID, items: Sequence[Element]
    ) -> Item | None:
        """Check what is published against the configuration of the node (§7.1.3.5 to §7.1.3.7)."""
        config = node.config
        if len(items) > 1:
            raise refusal("bad-request", "invalid-payload", "publish one item at a time")
        if not config.persist_items and not config.deliver_payloads:
            if items:
                raise refusal("bad-request", "item-forbidden", "the node has no items")
            return None
        if not items:
            raise refusal("bad-request", "item-required", "there is no item")
        payloads = list(items[0])
        if len(payloads) > 1:
            raise refusal("bad-request", "invalid-payload", "an item has one payload")
        if config.deliver_payloads and not payloads:
            raise refusal("bad-request", "payload-required", "the item has no payload")
        id_ = items[0].get("id") or secrets.token_hex(16)
        self._engine.take(place, node, id_, payloads[0] if payloads else None)
        data = payloads[0].to_bytes(_ANYWHERE) if payloads else b""
        if len(data) > config.largest_payload(self._engine.limits(place).payload_bytes):
            raise refusal("not-acceptable", "payload-too-big", "the payload is too big")
        if len(id_.encode()) > ITEM_BYTES:
            raise StanzaError("not-acceptable", f"an id has at most {ITEM_BYTES} bytes")
        return Item(0, id_, who.bare, self._engine.now(), len(data), data.decode())

    async def _put(self, place: Place, node: Node, item: Item | None) -> None:
        engine = self._engine
        gone: list[str] = []
        if item is not None and node.config.persist_items:
            gone = await engine.items.put(node, item, self._most(place, node))
        await engine.tell(node, events.published(node, item))
        # Where one item replaces another, what is new says enough.
        tells = node.config.notify_retract and node.config.publish_node_full == "retract-oldest"
        if gone and tells and node.config.max_items != 1:
            await engine.tell(node, events.retracted(node, gone))

    async def _check_fitting(self, place: Place, node: Node, item: Item | None) -> None:
        if item is not None and node.config.persist_items:
            await self._check_full(node, item, self._most(place, node))
            await self._engine.check_room(place, node, item.size)

    def _most(self, place: Place, node: Node) -> int:
        return node.config.most_items(self._engine.limits(place).items)

    async def _check_full(self, node: Node, item: Item, most: int) -> None:
        old = await self._engine.items.get(node, [item.item])
        if old and old[0].publisher != item.publisher:
            check_overwriting(node, jid.parse(item.publisher))
        if node.config.publish_node_full == "reject" and not old and node.items >= most:
            raise refusal("conflict", "node-full", "the node is full")

    async def retract(self, place: Place, who: JID, retract: Element) -> None:
        """Delete items (§7.2).

        Raises:
            StanzaError: as §7.2.3 has it.
        """
        name = retract.get("node")
        ids = [each.get("id", "") for each in retract.find_all("item")]
        if not name:
            raise node_required()
        async with self._engine.turn(place, name):
            node = await self._engine.node(place, name)
            if not ids or not all(ids):
                raise refusal("bad-request", "item-required", "name the items to delete")
            if len(ids) > MOST_RETRACTED:
                raise StanzaError("policy-violation", f"at most {MOST_RETRACTED} items at once")
            await self._check_retracting(node, who, ids)
            await self._engine.items.take_off(node, ids)
            if node.config.notify_retract or retract.get("notify") in ("1", "true"):
                await self._engine.tell(node, events.retracted(node, ids))

    async def _check_retracting(self, node: Node, who: JID, ids: Sequence[str]) -> None:
        """Let owners and publishers delete anything, others what they published themselves."""
        affiliation = node.affiliation(who)
        if affiliation is Affiliation.OUTCAST:
            raise forbidden()
        allowed = affiliation in (Affiliation.OWNER, Affiliation.PUBLISHER)
        if not allowed:
            check_publishing(node, who)
        if not node.config.persist_items:
            raise unsupported("persistent-items", "the node keeps no items")
        found = await self._engine.items.get(node, ids)
        if not allowed and any(item.publisher != who.bare for item in found):
            raise forbidden()
        if len(found) < len(set(ids)):
            raise StanzaError("item-not-found", "there is no such item")

    async def purge(self, place: Place, who: JID, purge: Element) -> None:
        """Delete all items of a node (§8.5).

        Raises:
            StanzaError: as §8.5.3 has it.
        """
        name = purge.get("node")
        if not name:
            raise node_required()
        async with self._engine.turn(place, name):
            node = await self._engine.node(place, name)
            check_owner(node, who)
            if not node.config.persist_items:
                raise unsupported("persistent-items", "the node keeps no items")
            await self._engine.purge(node)


async def _ask_others(account: Account, node: str, id_: str, item: Element) -> None:
    """Let other extensions refuse what is published."""
    for handle in account.host.dispatch.handlers(hooks.item_publishing):
        for payload in item:
            await handle(account, node, id_, payload)


def _given(options: Mapping[str, str]) -> Element | None:
    if not options:
        return None
    fields = {FORM_TYPE: PUBLISH_OPTIONS, **{f"pubsub#{k}": v for k, v in options.items()}}
    form = Element("x", forms.NS, {"type": "submit"})
    for var, value in fields.items():
        text = Element("value", forms.NS, None, value)
        form.add(Element("field", forms.NS, {"var": var}, text))
    return Element("publish-options", NS, None, form)


def _preconditions(payload: Element) -> Preconditions | None:
    options = payload.find("publish-options")
    if options is None:
        return None
    form = forms.find(options)
    if form is None:
        raise StanzaError("bad-request", "publish options are a form")
    return Preconditions(form)


def _unmet(field: str) -> StanzaError:
    return refusal("conflict", "precondition-not-met", f"{field} is not so")
