"""Nodes between their rows and what is in memory: the ones used last are kept."""

from collections import OrderedDict
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final

from sqlalchemy import (
    ColumnElement,
    Connection,
    Select,
    and_,
    delete,
    func,
    insert,
    or_,
    select,
    update,
)

from palaver import jid
from palaver.ext.privacy.table import ACCOUNTS_WITH_LISTS
from palaver.ext.pubsub.node import Affiliation, Node, Subscription, SubscriptionOptions
from palaver.ext.pubsub.settings import NodeConfig, from_json, to_json
from palaver.ext.pubsub.tables import affiliations, nodes, subscriptions
from palaver.jid import JID, BareJID
from palaver.kernel.storage import Database

_KEPT: Final = 10_000  # nodes in memory
_PART: Final = 1_000  # rows deleted at once, while others wait to write

Key = tuple[BareJID, str]


class NodeStore:
    """The nodes of all services. Every coroutine raises StorageUnavailable.

    Whoever changes a node does so one after the other (`palaver.ext.pubsub.turns`).
    """

    def __init__(self, database: Database) -> None:
        self._database = database
        self._kept: OrderedDict[Key, Node] = OrderedDict()
        self._emptied: dict[BareJID, set[str]] = {}

    async def find(self, service: BareJID, name: str) -> Node | None:
        """Return a node, or None where there is none of that name."""
        node = self._kept.get((service, name))
        if node is not None:
            self._kept.move_to_end((service, name))
            return node
        query = select(nodes).where(nodes.c.service == str(service), nodes.c.name == name)
        found = await self._database.read(lambda connection: _load(connection, query, {}))
        return self._keep(found[0]) if found else None

    def _keep(self, node: Node) -> Node:
        """Keep a node; what another has read meanwhile is the one to use."""
        kept = self._kept.setdefault((node.service, node.name), node)
        while len(self._kept) > _KEPT:
            self._kept.popitem(last=False)
        return kept

    async def of_service(
        self, service: BareJID, who: JID | None = None, *, after: str = "", limit: int = 10_000
    ) -> list[Node]:
        """Return the nodes of a service in the order of their names, after one.

        ``who`` has `_several` explained.
        """
        query = (
            select(nodes)
            .where(nodes.c.service == str(service), nodes.c.name > after)
            .order_by(nodes.c.name)
            .limit(limit)
        )
        return await self._several(query, who)

    async def of_services(
        self, services: Iterable[BareJID], names: Iterable[str], who: JID
    ) -> list[Node]:
        """Return those nodes of several services that have one of these names and any items.

        ``who`` has `_several` explained.
        """
        wanted = nodes.c.service.in_(list(map(str, services))), nodes.c.name.in_(list(names))
        return await self._several(select(nodes).where(*wanted, nodes.c["items"] > 0), who)

    async def with_rules(self, of: Sequence[Node]) -> set[BareJID]:
        """Return the accounts of nodes that may refuse somebody (XEP-0016, XEP-0191)."""
        found: set[BareJID] = set()
        async with self._database.connect() as connection:
            for start in range(0, len(of), _PART):
                mine = nodes.c.id.in_([node.id for node in of[start : start + _PART]])
                strict = nodes.c.account_id.in_(ACCOUNTS_WITH_LISTS)
                rows = await connection.scalars(select(nodes.c.service).where(mine, strict))
                found.update(map(jid.parse_bare, rows))
        return found

    async def concerning(self, service: BareJID, who: JID) -> list[Node]:
        """Return the nodes of a service with which an address is affiliated or subscribed."""
        query = select(nodes).where(_has_to_do_with(who.bare), nodes.c.service == str(service))
        return await self._several(query.order_by(nodes.c.name), who)

    async def anywhere(self, who: BareJID) -> list[Node]:
        """Return the nodes of all services with which an address has to do, or that it created."""
        created = nodes.c.creator == str(who)
        return await self._several(select(nodes).where(or_(_has_to_do_with(who), created)), who)

    async def count(self, service: BareJID, creator: BareJID) -> int:
        """Count the nodes of a service that somebody created."""
        which = and_(nodes.c.service == str(service), nodes.c.creator == str(creator))
        return await self._number(select(func.count()).where(which))

    async def bytes_of(self, service: BareJID, creator: BareJID) -> int:
        """Return the size of all payloads in the nodes of a service that somebody created."""
        total = func.coalesce(func.sum(nodes.c.bytes), 0)
        which = and_(nodes.c.service == str(service), nodes.c.creator == str(creator))
        return await self._number(select(total).where(which))

    async def _number(self, query: Select[Any]) -> int:
        def work(connection: Connection) -> int:
            return int(connection.scalar(query) or 0)

        return await self._database.read(work)

    async def expiring(self) -> list[Key]:
        """Return the nodes whose items expire."""
        return await self._keys(nodes.c.expire > 0)

    async def _keys(self, which: ColumnElement[bool]) -> list[Key]:
        async with self._database.connect() as connection:
            rows = await connection.execute(select(nodes.c.service, nodes.c.name).where(which))
            return [(jid.parse_bare(service), name) for service, name in rows]

    async def waited_for(self, service: BareJID) -> set[str]:
        """Return the names of a service's nodes to which somebody would like to be subscribed."""
        waiting = select(subscriptions.c.node_id).where(subscriptions.c.state == "pending")
        of_service = nodes.c.service == str(service)
        return {name for _, name in await self._keys(of_service & nodes.c.id.in_(waiting))}

    @property
    def are_emptied(self) -> bool:
        """Whether any node loses items as people go offline."""
        return bool(self._emptied)

    async def find_emptied(self) -> None:
        """Learn which nodes lose items when who published them goes offline."""
        query = select(nodes.c.service, nodes.c.name).where(nodes.c.purge_offline)
        async with self._database.connect() as connection:
            for service, name in await connection.execute(query):
                self._emptied.setdefault(jid.parse_bare(service), set()).add(name)

    async def emptied_by(self, publisher: BareJID) -> list[Node]:
        """Return the nodes that may lose items when somebody goes offline."""
        found = []
        for service, names in list(self._emptied.items()):
            if service == publisher or not service.local:
                found += [await self.find(service, name) for name in list(names)]
        return [node for node in found if node is not None]

    def _note_emptied(self, node: Node, *, emptied: bool) -> None:
        if emptied:
            self._emptied.setdefault(node.service, set()).add(node.name)
        elif node.service in self._emptied:
            self._emptied[node.service].discard(node.name)
            if not self._emptied[node.service]:
                del self._emptied[node.service]

    async def subscribed(self, who: BareJID) -> list[Node]:
        """Return the nodes of all services to which an address is subscribed."""
        mine = select(subscriptions.c.node_id).where(subscriptions.c.jid == str(who))
        return await self._several(select(nodes).where(nodes.c.id.in_(mine)), who)

    async def ending(self, now: int) -> list[Key]:
        """Return the nodes that have subscriptions which ended, or may end with a presence."""
        ended = select(subscriptions.c.node_id).where(subscriptions.c.expires <= now)
        return await self._keys(nodes.c.id.in_(ended))

    async def _several(self, query: Select[Any], who: JID | None) -> list[Node]:
        """Return nodes for a look at them; they are not kept.

        Those that are not kept anyway know of ``who`` and of the owners only, if it is given: a
        node may have 100,000 subscribers, which is too much to read for each of them who comes.
        """
        async with self._database.connect() as connection:
            found = await connection.run_sync(_load, query, self._kept, who)
        return [self._kept.get((node.service, node.name), node) for node in found]

    # -- changes -----------------------------------------------------------------------------------

    async def create(self, node: Node, account_id: int | None, owners: Iterable[BareJID]) -> Node:
        """Store a new node, whose id is not known before; return it."""
        row = {
            "account_id": account_id,
            "service": str(node.service),
            "name": node.name,
            "creator": str(node.creator),
            "created": node.created,
            "items": 0,
            "bytes": 0,
            **_config_row(node.config),
        }
        async with self._database.begin() as connection:
            result = await connection.execute(insert(nodes).values(row))
            (node.id,) = result.inserted_primary_key or (0,)
            for owner in owners:
                node.affiliations[owner] = Affiliation.OWNER
                await connection.execute(insert(affiliations).values(_affiliation_row(node, owner)))
        self._note_emptied(node, emptied=node.config.purge_offline)
        return self._keep(node)

    async def configure(self, node: Node, config: NodeConfig) -> None:
        """Give a node another configuration."""
        query = update(nodes).where(nodes.c.id == node.id).values(_config_row(config))
        async with self._database.begin() as connection:
            await connection.execute(query)
        node.config = config
        self._note_emptied(node, emptied=config.purge_offline)

    async def delete(self, node: Node) -> None:
        """Delete a node that has no items any more."""
        async with self._database.begin() as connection:
            await connection.execute(delete(nodes).where(nodes.c.id == node.id))
        self._kept.pop((node.service, node.name), None)
        self._note_emptied(node, emptied=False)

    async def forget_creator(self, node: Node) -> None:
        """Let a node be its service's own creation, as who created it is no more."""
        change = update(nodes).where(nodes.c.id == node.id).values(creator=str(node.service))
        async with self._database.begin() as connection:
            await connection.execute(change)
        node.creator = node.service

    async def set_affiliations(self, node: Node, changes: Mapping[BareJID, Affiliation]) -> None:
        """Change affiliations, all of them or none."""
        async with self._database.begin() as connection:
            for who, affiliation in changes.items():
                this = and_(affiliations.c.node_id == node.id, affiliations.c.jid == str(who))
                await connection.execute(delete(affiliations).where(this))
                if affiliation is not Affiliation.NONE:
                    row = {"node_id": node.id, "jid": str(who), "affiliation": affiliation.value}
                    await connection.execute(insert(affiliations).values(row))
        for who, affiliation in changes.items():
            if affiliation is Affiliation.NONE:
                node.affiliations.pop(who, None)
            else:
                node.affiliations[who] = affiliation

    async def put_subscription(self, node: Node, subscription: Subscription) -> None:
        """Store a subscription, in place of one with the same id."""
        row = {
            "node_id": node.id,
            "subid": subscription.subid,
            "jid": str(subscription.jid.bare),
            "resource": subscription.jid.resource,
            "state": subscription.state,
            "options": subscription.options.to_json(),
            "expires": subscription.options.expire,
        }
        async with self._database.begin() as connection:
            await self._database.upsert(connection, subscriptions, row, ("node_id", "subid"))
        node.put(subscription)

    async def drop_subscription(self, node: Node, subscription: Subscription) -> None:
        """Delete a subscription."""
        this = and_(subscriptions.c.node_id == node.id, subscriptions.c.subid == subscription.subid)
        async with self._database.begin() as connection:
            await connection.execute(delete(subscriptions).where(this))
        node.drop(subscription)


def _has_to_do_with(who: BareJID) -> ColumnElement[bool]:
    affiliated = select(affiliations.c.node_id).where(affiliations.c.jid == str(who))
    subscribed = select(subscriptions.c.node_id).where(subscriptions.c.jid == str(who))
    return nodes.c.id.in_(affiliated.union(subscribed))


def _config_row(config: NodeConfig) -> dict[str, object]:
    values = {"config": to_json(config), "expire": config.expire}
    return {**values, "purge_offline": config.purge_offline}


def _affiliation_row(node: Node, who: BareJID) -> dict[str, object]:
    return {"node_id": node.id, "jid": str(who), "affiliation": node.affiliations[who].value}


def _load(
    connection: Connection, query: Select[Any], kept: Mapping[Key, Node], who: JID | None = None
) -> list[Node]:
    """Read nodes with their affiliations and subscriptions, or with those that concern ``who``."""
    found = [_node(row, kept) for row in connection.execute(query)]
    fresh = {node.id: node for node in found if kept.get((node.service, node.name)) is not node}
    ids = list(fresh)
    for start in range(0, len(ids), _PART):
        affiliated, subscribed = _details(ids[start : start + _PART], who)
        for row in connection.execute(affiliated):
            node = fresh[row.node_id]
            node.affiliations[jid.parse_bare(row.jid)] = Affiliation(row.affiliation)
        for row in connection.execute(subscribed):
            fresh[row.node_id].put(_subscription(row))
    return found


def _details(ids: Sequence[int], who: JID | None) -> tuple[Select[Any], Select[Any]]:
    """Return how to read affiliations and subscriptions."""
    affiliated = select(affiliations).where(affiliations.c.node_id.in_(ids))
    subscribed = select(subscriptions).where(subscriptions.c.node_id.in_(ids))
    if who is None:
        return affiliated, subscribed
    mine, owners = affiliations.c.jid == str(who.bare), affiliations.c.affiliation == "owner"
    return affiliated.where(or_(mine, owners)), subscribed.where(
        subscriptions.c.jid == str(who.bare)
    )


def _node(row: Any, kept: Mapping[Key, Node]) -> Node:
    service = jid.parse_bare(row.service)
    node = kept.get((service, row.name))
    if node is None:
        creator, config = jid.parse_bare(row.creator), from_json(row.config)
        node = Node(row.id, service, row.name, creator, row.created, config)
        node.items, node.bytes = row.items, row.bytes
    return node


def _subscription(row: Any) -> Subscription:
    bare = jid.parse_bare(row.jid)
    address = bare.with_resource(row.resource) if row.resource else bare
    options = SubscriptionOptions.from_json(row.options, row.expires)
    return Subscription(address, row.subid, row.state, options)
