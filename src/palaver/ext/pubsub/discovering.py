"""Nodes and items in service discovery, to those who may see them (XEP-0060 §5)."""

from typing import Any, Final

from palaver.ext.delay import timestamp
from palaver.ext.disco import Identity, Info, Inquiry, Item
from palaver.ext.pubsub import settings
from palaver.ext.pubsub.access import door_of
from palaver.ext.pubsub.engine import Engine
from palaver.ext.pubsub.items import Window
from palaver.ext.pubsub.names import NS
from palaver.ext.pubsub.node import Affiliation, Node
from palaver.ext.pubsub.place import Place
from palaver.kernel.form_fields import Field, JidMulti, JidSingle, TextSingle

_MOST: Final = 1_000  # nodes or items listed; there is more in pages, but not by discovery
_CREATOR: Final = JidSingle("pubsub#creator", "Who created the node")
_CREATED: Final = TextSingle("pubsub#creation_date", "When it was created")
_OWNERS: Final = JidMulti("pubsub#owner", "Owners")
_PUBLISHERS: Final = JidMulti("pubsub#publisher", "Publishers")
_SUBSCRIBERS: Final = TextSingle("pubsub#num_subscribers", "Number of subscribers")


def place_of(inquiry: Inquiry) -> Place | None:
    """Return the account or the service that is asked about; None for a host."""
    if inquiry.account is not None:
        return Place(inquiry.account.jid, inquiry.host, inquiry.account)
    if inquiry.service is not None:
        return Place(inquiry.service.address, inquiry.host, None)
    return None


async def nodes(engine: Engine, inquiry: Inquiry) -> list[Item]:
    """List the nodes that may be read by who asks (XEP-0163 §6.2)."""
    place = place_of(inquiry)
    if place is None or (place.account is not None and place.account.temporary):
        return []
    found = []
    for node in await engine.nodes.of_service(place.address, inquiry.sender, limit=_MOST):
        door = await door_of(engine.server, node)
        if door.refusal(inquiry.sender, subscribing=True) is None:
            found.append(Item(place.address, node.config.title, node.name))
    return found


async def visible(engine: Engine, inquiry: Inquiry) -> Node | None:
    """Return the node that is asked about, if it exists and may be known by who asks."""
    place = place_of(inquiry)
    node = None if place is None else await engine.find(place, inquiry.node)
    if node is None:
        return None
    door = await door_of(engine.server, node)
    return node if door.refusal(inquiry.sender, subscribing=True) is None else None


async def info(engine: Engine, inquiry: Inquiry) -> Info | None:
    """Tell what a node is, with its metadata (§5.4)."""
    node = await visible(engine, inquiry)
    if node is None:
        return None
    identity = Identity("pubsub", node.config.node_type, node.config.title)
    return Info((identity,), (NS,), (_metadata(node),))


async def items(engine: Engine, inquiry: Inquiry) -> list[Item] | None:
    """List the items of a node by their ids (§5.5)."""
    node = await visible(engine, inquiry)
    if node is None:
        return None
    door = await door_of(engine.server, node)
    if not door.admits(inquiry.sender):
        return []
    found = await engine.items.names(node, Window(), _MOST)
    return [Item(node.service, item) for _, item in found]


def _metadata(node: Node) -> Any:
    publishers = [a for a, what in node.affiliations.items() if what is Affiliation.PUBLISHER]
    more: list[tuple[Field[Any], Any]] = [
        (_CREATOR, node.creator),
        (_CREATED, timestamp(node.created)),
        (_OWNERS, tuple(node.owners or [node.service])),
        (_PUBLISHERS, tuple(publishers)),
        (_SUBSCRIBERS, str(sum(each.active for each in node.subscriptions))),
    ]
    return settings.metadata(node.config, more)
