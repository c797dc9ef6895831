"""Nodes of accounts as they travel between servers (XEP-0227 §4.10)."""

import secrets
from collections.abc import AsyncIterator, Collection, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any, Final

from palaver import jid
from palaver.ext.portable import Note, Piece
from palaver.ext.pubsub import events, settings
from palaver.ext.pubsub.engine import Engine
from palaver.ext.pubsub.items import Item, Window
from palaver.ext.pubsub.names import NS, NS_OWNER
from palaver.ext.pubsub.node import Affiliation, Node, Subscription
from palaver.ext.pubsub.place import Place
from palaver.ext.pubsub.settings import MAX, NodeConfig
from palaver.ext.pubsub.tables import ITEM_BYTES
from palaver.jid import BareJID
from palaver.kernel import forms
from palaver.kernel.account import Account
from palaver.kernel.slots import Slot
from palaver.wire import escape
from palaver.wire.element import Element
from palaver.wire.errors import StanzaError, WireError

PORTABLE: Final[Mapping[str, int]] = {f"{NS_OWNER} pubsub": 1, f"{NS} pubsub": 2}

_PAGE: Final = 100  # items read at once
_ENDLESS: Final = frozenset({"max", "infinity", "unlimited"})
_STATES: Final = frozenset({"subscribed", "pending"})
_SUBID_BYTES: Final = 40
_ANYWHERE: Final = "\0"
"""No namespace: an item written for it fits any place."""
_MADE: Final[Slot[set[str]]] = Slot("nodes imported")
"""The names of the nodes that the import at work has made: others stay as they are."""


class NodePortability:
    """Writes and reads the nodes of accounts."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    # -- leaving -----------------------------------------------------------------------------------

    async def exported(self, account: Account) -> AsyncIterator[bytes]:
        """Iterate over the XML of an account's nodes: what they are like, then what is in them."""
        nodes = await self._engine.nodes.of_service(account.jid)
        if not nodes:
            return
        yield f"<pubsub xmlns='{NS_OWNER}'>".encode()
        for node in nodes:
            yield b"".join(each.to_bytes(NS_OWNER) for each in _described(node))
        yield f"</pubsub><pubsub xmlns='{NS}'>".encode()
        for node in nodes:
            yield f"<items node='{escape.attribute(node.name)}'>".encode()
            async for part in self._items(node):
                yield part
            yield b"</items>"
        yield b"</pubsub>"

    async def _items(self, node: Node) -> AsyncIterator[bytes]:
        after = 0
        while page := await self._engine.items.page(node, Window(after), _PAGE):
            for item in page:
                element = events.item_element(item, NS, node)
                element.attrs["publisher"] = item.publisher
                yield element.to_bytes(NS)
            after = page[-1].key

    # -- arriving ----------------------------------------------------------------------------------

    def importing(self, account: Account) -> None:
        """Take note that no node was made yet."""
        _MADE.set(account, set())

    async def imported(
        self, account: Account, pieces: Sequence[Piece], note: Note
    ) -> Collection[str]:
        """Store what nodes are like, or what is in them; what is there stays as it is.

        Returns the names of the nodes that have new items.
        """
        place = Place(account.jid, account.host, account)
        last: dict[str, Item] = {}
        for element, within in pieces:
            described = within[0].ns == NS_OWNER
            holder = element if described else within[-1]
            name = holder.get("node")
            if not name or (not described and holder.name != "items"):
                note(f"a node was left out: <{holder.name}/> names none")
                continue
            try:
                async with self._engine.turn(place, name):
                    if described:
                        await self._describe(place, name, element, note)
                    elif item := await self._put(place, name, element):
                        last[name] = item
            except (StanzaError, jid.JIDError) as error:
                what = f"<{element.name}/>" if described else f"item {element.get('id')!r}"
                note(f"of the node {name!r}, {what} was left out: {error}")
        await self._tell(place, last)
        return last.keys()

    async def _tell(self, place: Place, last: Mapping[str, Item]) -> None:
        """Tell who is online already of what is the last item now."""
        if place.account is None or not place.account.sessions:
            return
        for name, item in last.items():
            node = await self._engine.find(place, name)
            if node is not None:
                await self._engine.tell(node, events.published(node, item))

    async def _describe(self, place: Place, name: str, element: Element, note: Note) -> None:
        match element.name:
            case "configure":
                await self._configure(place, name, element, note)
            case "affiliations":
                await self._affiliate(place, await self._node(place, name), element)
            case "subscriptions":
                await self._subscribe(place, await self._node(place, name), element)
            case _:
                raise StanzaError("bad-request", "it is not understood")

    async def _node(self, place: Place, name: str, config: NodeConfig | None = None) -> Node:
        """Return a node, making it where there is none."""
        node = await self._engine.find(place, name)
        if node is None:
            config = config or place.default
            node = await self._engine.create(place, name, place.address, config)
            self._made(place).add(name)
        return node

    @staticmethod
    def _made(place: Place) -> set[str]:
        assert place.account is not None
        return _MADE.of(place.account)

    async def _configure(self, place: Place, name: str, element: Element, note: Note) -> None:
        form = forms.find(element)
        config, wrong = (place.default, []) if form is None else read_config(form, place.default)
        most = self._engine.limits(place).items
        if not 0 < config.max_items <= most:
            config = replace(config, max_items=MAX if config.max_items else 1)
        node = await self._node(place, name, config)
        if name in self._made(place) and node.config != config:
            await self._engine.nodes.configure(node, config)
        for field in wrong:
            note(f"of the node {name!r}, {field} has a value that is not understood")

    async def _affiliate(self, place: Place, node: Node, element: Element) -> None:
        new: dict[BareJID, Affiliation] = {}
        for each in element.find_all("affiliation"):
            who = jid.parse(each.get("jid", "")).bare
            if who != node.service and who not in node.affiliations:
                new[who] = _affiliation(each)
        if len(node.affiliations) + len(new) > self._engine.limits(place).affiliations:
            raise StanzaError("policy-violation", "there are too many")
        await self._engine.nodes.set_affiliations(node, new)

    async def _subscribe(self, place: Place, node: Node, element: Element) -> None:
        for each in element.find_all("subscription"):
            who, state = jid.parse(each.get("jid", "")), each.get("subscription", "subscribed")
            if state not in _STATES or any(old.jid == who for old in node.subscriptions_of(who)):
                continue
            limits = self._engine.limits(place)
            too_many = len(node.subscriptions_of(who)) >= limits.subscriptions
            if too_many or len(node.subscriptions) >= limits.subscribers:
                raise StanzaError("policy-violation", "there are too many")
            subid = each.get("subid", "")
            taken = any(old.subid == subid for old in node.subscriptions)
            if taken or not 0 < len(subid.encode()) <= _SUBID_BYTES:
                subid = secrets.token_hex(16)
            await self._engine.nodes.put_subscription(node, Subscription(who, subid, state))

    async def _put(self, place: Place, name: str, element: Element) -> Item | None:
        """Store an item, where the node has room; in a node made by this import the oldest go."""
        engine = self._engine
        node = await self._node(place, name)
        item = _item(place, element, engine.now())
        if item.size > node.config.largest_payload(engine.limits(place).payload_bytes):
            raise StanzaError("not-acceptable", "the payload is too big")
        most = node.config.most_items(engine.limits(place).items)
        full = node.items >= most and name not in self._made(place)
        if full or not node.config.persist_items or await engine.items.get(node, [item.item]):
            return None
        await engine.check_room(place, node, item.size)
        await engine.items.put(node, item, most)
        return item


def _described(node: Node) -> Iterator[Element]:
    """Iterate over what an owner knows of a node."""
    form = settings.told(node.config)
    form.attrs["type"] = "form"
    named = {"node": node.name}
    yield Element("configure", NS_OWNER, named, form)
    if node.affiliations:
        found = (
            Element("affiliation", NS_OWNER, {"jid": str(who), "affiliation": what.value})
            for who, what in node.affiliations.items()
        )
        yield Element("affiliations", NS_OWNER, named, *found)
    if node.subscriptions:
        own = (
            Element(
                "subscription",
                NS_OWNER,
                {"jid": str(each.jid), "subscription": each.state, "subid": each.subid},
            )
            for each in node.subscriptions
        )
        yield Element("subscriptions", NS_OWNER, named, *own)


def _affiliation(element: Element) -> Affiliation:
    try:
        return Affiliation(element.get("affiliation", ""))
    except ValueError:
        raise StanzaError("bad-request", "there is no such affiliation") from None


def _item(place: Place, element: Element, now: int) -> Item:
    """Read an item; who published it is believed.

    Raises:
        StanzaError: it is no item that could have been published.
        JIDError: its publisher has no address.
    """
    payloads = list(element)
    if element.name != "item" or len(payloads) > 1:
        raise StanzaError("bad-request", "it is no item with one payload")
    id_ = element.get("id") or secrets.token_hex(16)
    if len(id_.encode()) > ITEM_BYTES:
        raise StanzaError("not-acceptable", f"an id has at most {ITEM_BYTES} bytes")
    try:
        data = payloads[0].to_bytes(_ANYWHERE) if payloads else b""
    except WireError as error:
        raise StanzaError("bad-request", str(error)) from error
    publisher = jid.parse(element.get("publisher") or str(place.address)).bare
    return Item(0, id_, publisher, now, len(data), data.decode())


def read_config(form: Element, default: NodeConfig) -> tuple[NodeConfig, list[str]]:
    """Return the configuration that a form of another server has, and the fields left out.

    Fields of its own are ignored, as §4.10.1 has it. Who may read is not left to chance: an access
    model that is not understood becomes "whitelist".
    """
    values, changes, wrong = forms.values(form), dict[str, Any](), []
    for field in settings.FIELDS:
        name, given = field.var.partition("#")[2], values.get(field.var)
        if not given or given in ([""], ["none"]):
            continue
        endless = isinstance(field, settings.Amount) and given[0].strip() in _ENDLESS
        try:
            changes[name] = MAX if endless else field.read(given)
        except ValueError:
            wrong.append(field.var)
            if name == "access_model":
                changes[name] = "whitelist"
    return replace(default, **{k: v for k, v in changes.items() if v is not None}), wrong
