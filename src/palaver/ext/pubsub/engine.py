"""What the use cases share: finding nodes, making them, and one change after the other."""

import secrets
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from typing import TYPE_CHECKING, Final

import structlog

from palaver.ext.delay import delay
from palaver.ext.pubsub import events, profile
from palaver.ext.pubsub.errors import no_such_node, node_required, refusal
from palaver.ext.pubsub.held import note_subscription
from palaver.ext.pubsub.items import ItemStore
from palaver.ext.pubsub.limits import PubSubConfig
from palaver.ext.pubsub.node import Node, Subscription
from palaver.ext.pubsub.notifying import Notifier
from palaver.ext.pubsub.place import Place
from palaver.ext.pubsub.settings import NodeConfig
from palaver.ext.pubsub.storage import Key, NodeStore
from palaver.ext.pubsub.tables import NODE_BYTES
from palaver.ext.roster.turns import Turns
from palaver.jid import JID
from palaver.kernel import permissions
from palaver.kernel.roles import administers
from palaver.kernel.storage import StorageUnavailable
from palaver.wire.element import Element
from palaver.wire.errors import StanzaError

if TYPE_CHECKING:
    from palaver.kernel.server import Server

log = structlog.get_logger()

_INSTANT: Final = 16  # random bytes in the name of a node whose creator gave none


class Engine:
    """The nodes of all accounts and services."""

    def __init__(self, server: "Server", limits: Callable[[str], PubSubConfig]) -> None:
        """``limits`` are those of a host."""
        self.server = server
        self.nodes = NodeStore(server.database)
        self.items = ItemStore(server.database)
        self.notifier = Notifier(server)
        self._turns = Turns()
        self._limits = limits

    def limits(self, place: Place) -> PubSubConfig:
        """Return the limits of a place."""
        return self._limits(place.host.name)

    def now(self) -> int:
        """Return the present moment in microseconds since 1970."""
        return int(self.server.clock.now() * 1_000_000)

    def turn(self, place: Place, name: str) -> AbstractAsyncContextManager[None]:
        """Wait until nobody else changes a node, and keep others waiting meanwhile."""
        return self._turns.of((place.address, name))

    @asynccontextmanager
    async def changing(self, node: Node) -> AsyncIterator[Node | None]:
        """Take a node's turn, and give it as it is then; None when it is gone."""
        async with self.changing_at((node.service, node.name)) as now:
            yield now

    @asynccontextmanager
    async def changing_at(self, key: Key) -> AsyncIterator[Node | None]:
        """Do the same for the node of a service and a name."""
        async with self._turns.of(key):
            yield await self.nodes.find(*key)

    async def node(self, place: Place, name: str | None) -> Node:
        """Return a node.

        Raises:
            StanzaError: bad-request, none is named; item-not-found, there is none of that name.
        """
        if not name:
            raise node_required()
        node = await self.find(place, name)
        if node is None:
            raise no_such_node()
        return node

    async def find(self, place: Place, name: str) -> Node | None:
        """Return a node, or None."""
        if len(name.encode()) > NODE_BYTES or (place.address.local and place.account is None):
            return None
        return await self.nodes.find(place.address, name)

    def may_create(self, place: Place, who: JID) -> bool:
        """Tell whether somebody may create nodes at a place."""
        if place.address.local:
            return place.is_owned_by(who)
        if who.bare == place.address:
            return True
        account = self.server.accounts.loaded(who.bare)
        if account is not None and not permissions.has_right(self.server, account, "nodes"):
            return False
        match self.limits(place).create:
            case "everybody":
                return True
            case "accounts":
                return account is not None and not account.temporary
            case _:
                return administers(self.server, who, place.host)

    async def create(self, place: Place, name: str, who: JID, config: NodeConfig) -> Node:
        """Create a node, in its turn; whoever creates it owns it.

        Raises:
            StanzaError: not-allowed, the account is temporary; not-acceptable, the name is too
                long; policy-violation, there are too many.
        """
        if place.account is not None and place.account.temporary:
            raise StanzaError("not-allowed", "nothing is stored for a temporary account")
        if len(name.encode()) > NODE_BYTES:
            text = f"the name of a node has at most {NODE_BYTES} bytes"
            raise StanzaError("not-acceptable", text)
        if await self.nodes.count(place.address, who.bare) >= self.limits(place).nodes:
            raise StanzaError("policy-violation", "there are too many nodes", type="wait")
        node = self.planned(place, name, who, config)
        owners = [] if place.address.local else [who.bare]
        return await self.nodes.create(node, place.account_id, owners)

    def planned(self, place: Place, name: str, who: JID, config: NodeConfig) -> Node:
        """Return a node that is stored nowhere yet.

        Raises:
            StanzaError: as `check_config` does.
        """
        self.check_config(place, name, config)
        return Node(0, place.address, name, who.bare, self.now(), config)

    def default(self, place: Place, name: str, type_: str) -> NodeConfig:
        """Return what a node of this name and ``pubsub#type`` begins with."""
        known = profile.find(self.server, place.host, name, type_)
        return place.default if known is None else known.default(place.default)

    def take(self, place: Place, node: Node, item: str, payload: Element | None) -> None:
        """Check what is published, and complete it, where the node is of a kind with rules.

        Raises:
            StanzaError: as `Profile.take` does.
        """
        known = profile.find(self.server, place.host, node.name, node.config.type)
        if known is not None:
            known.take(node, item, payload)

    def check_config(self, place: Place, name: str, config: NodeConfig) -> None:
        """Check that a configuration asks for no more than there is, and fits the node's kind.

        Raises:
            StanzaError: not-acceptable.
        """
        most = self.limits(place).items
        if config.max_items > most:
            raise StanzaError("not-acceptable", f"pubsub#max_items: at most {most}, or max")
        if config.max_items == 0:
            raise StanzaError("not-acceptable", "pubsub#max_items: at least 1")
        known = profile.find(self.server, place.host, name, config.type)
        if known is not None:
            known.check_config(config)

    async def check_room(self, place: Place, node: Node, more: int) -> None:
        """Check that the nodes of whoever created this one have room for so many bytes.

        Raises:
            StanzaError: policy-violation.
        """
        used = await self.nodes.bytes_of(place.address, node.creator)
        if used + more > self.limits(place).account_bytes:
            raise refusal("policy-violation", "payload-too-big", "there is no room for it")

    async def delete(self, node: Node) -> None:
        """Delete a node with all that is in it, in its turn."""
        await self.items.purge(node)
        await self.nodes.delete(node)

    async def put_subscription(self, node: Node, subscription: Subscription) -> None:
        """Store a subscription, in its node's turn."""
        await self.nodes.put_subscription(node, subscription)
        holder = self.server.accounts.loaded(subscription.jid.bare)
        if holder is not None:
            note_subscription(holder, subscription.options)

    async def purge(self, node: Node) -> None:
        """Delete all items of a node, in its turn, and say so once where deletions are told."""
        await self.items.purge(node)
        if node.config.notify_retract:
            await self.tell(node, events.purged(node))

    async def tell(self, node: Node, event: Element) -> None:
        """Notify; what was done stays done where that cannot be."""
        try:
            await self.notifier.tell(node, event)
        except (StanzaError, StorageUnavailable) as error:
            log.warning("subscribers not notified", node=node.name, reason=str(error))

    async def audience(self, node: Node) -> set[JID]:
        """Return who would be told now what is published; nobody where that cannot be found out."""
        try:
            return set(await self.notifier.audience(node))
        except (StanzaError, StorageUnavailable):
            return set()

    async def welcome(self, node: Node, before: set[JID]) -> None:
        """Send the last item to whom a change of the configuration has let in (§12.2)."""
        if node.config.send_last_published_item != "on_sub_and_presence":
            return
        await self.send_last(node, *(await self.audience(node) - before))

    async def send_last(self, node: Node, *to: JID) -> None:
        """Send the last item to new subscribers, in the node's turn, with its time (§6.1.7)."""
        config = node.config
        if config.send_last_published_item == "never" or not config.deliver_notifications:
            return
        item = (await self.items.last_of([node])).get(node.id)
        if item is not None:
            stamp = delay(node.service, item.published)
            await self.notifier.tell_those(node, to, events.published(node, item), stamp)

    @staticmethod
    def instant_name() -> str:
        """Make up the name of a node (§8.1.2)."""
        return secrets.token_hex(_INSTANT)
