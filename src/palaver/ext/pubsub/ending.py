"""What ends by itself: items, leases, subscriptions of who goes offline, and of who is no more."""

from typing import Final

from palaver.ext.pubsub import approving, events
from palaver.ext.pubsub.engine import Engine
from palaver.ext.pubsub.node import WITH_PRESENCE, Node, Subscription
from palaver.ext.pubsub.place import Place
from palaver.jid import JID, BareJID
from palaver.wire.stanza import Stanza

_GONE: Final = frozenset({"gone", "item-not-found", "jid-malformed"})
"""Errors that say that there will never be anybody (§12.4).

Not service-unavailable, which servers say of those who are merely offline as well.
"""


class Ending:
    """Ends things, each in its node's turn."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    # -- items -------------------------------------------------------------------------------------

    async def expire_items(self) -> None:
        """Delete items that are older than their node keeps them."""
        for key in await self._engine.nodes.expiring():
            async with self._engine.changing_at(key) as node:
                if node is not None:
                    await self._expire(node)

    async def _expire(self, node: Node) -> None:
        engine = self._engine
        before = engine.now() - node.config.expire * 1_000_000
        ids = await engine.items.expired(node, before) if node.config.expire else []
        while ids:
            await self._retract(node, ids)
            ids = await engine.items.expired(node, before)

    async def _retract(self, node: Node, ids: list[str]) -> None:
        await self._engine.items.take_off(node, ids)
        if node.config.notify_retract:
            await self._engine.tell(node, events.retracted(node, ids))

    async def empty(self, publisher: BareJID) -> None:
        """Delete what somebody who went offline published where it goes then (purge_offline)."""
        for found in await self._engine.nodes.emptied_by(publisher):
            async with self._engine.changing(found) as node:
                if node is None or not node.config.purge_offline:
                    continue
                if node.service == publisher:
                    await self._engine.purge(node)
                while ids := await self._engine.items.of_publisher(node, publisher):
                    await self._retract(node, ids)

    # -- subscriptions -----------------------------------------------------------------------------

    async def end_leases(self) -> None:
        """End the subscriptions whose time is over, and those of who is not online any more."""
        engine = self._engine
        now = engine.now()
        for key in await engine.nodes.ending(now):
            async with engine.changing_at(key) as node:
                if node is None:
                    continue
                for each in node.subscriptions:
                    if self._is_over(each, now):
                        await approving.settle(engine, node, each, allow=False)

    def _is_over(self, subscription: Subscription, now: int) -> bool:
        end = subscription.options.expire
        if end == WITH_PRESENCE:
            ours = subscription.jid.domain in self._engine.server.hosts
            return ours and not self._engine.notifier.is_there(subscription.jid)
        return end is not None and end <= now

    async def end_temporary(self, who: JID) -> None:
        """End the subscriptions that last as long as somebody is online, who went offline."""
        engine = self._engine
        for found in await engine.nodes.subscribed(who.bare):
            async with engine.changing(found) as node:
                if node is None:
                    continue
                for each in node.subscriptions_of(who):
                    if each.options.expire == WITH_PRESENCE and each.jid in (who, who.bare):
                        await self._drop_unless_there(node, each)

    async def _drop_unless_there(self, node: Node, subscription: Subscription) -> None:
        if not self._engine.notifier.is_there(subscription.jid):
            await self._engine.nodes.drop_subscription(node, subscription)

    async def bounced(self, place: Place, error: Stanza) -> None:
        """End the subscription of who is no more, as an error says that came back (§12.4)."""
        told = error.child("error")
        name = self._engine.notifier.node_told_of(place.address, error.id or "")
        if told is None or name is None or not any(child.name in _GONE for child in told):
            return
        async with self._engine.turn(place, name):
            node = await self._engine.find(place, name)
            if node is None:
                return
            for each in node.subscriptions_of(error.sender):
                if each.jid == error.sender or not error.sender.resource:
                    await self._engine.nodes.drop_subscription(node, each)
