"""Sends last items to who comes online and wants to hear of them (XEP-0163 §4.3.4)."""

from collections.abc import AsyncIterator, Callable, Sequence
from itertools import groupby
from typing import Final

from palaver.ext.client_caps import interests
from palaver.ext.delay import delay
from palaver.ext.pubsub import events
from palaver.ext.pubsub.access import door_of
from palaver.ext.pubsub.engine import Engine
from palaver.ext.pubsub.node import Node
from palaver.ext.pubsub.notifying import blocks
from palaver.ext.pubsub.visiting import visited_by
from palaver.ext.roster.roster import roster_of
from palaver.jid import JID, BareJID
from palaver.kernel.account import Account
from palaver.kernel.session import Session

_ON_PRESENCE: Final = "on_sub_and_presence"
_PART: Final = 200  # services looked at in one query


async def greet(engine: Engine, session: Session, names: frozenset[str]) -> None:
    """Send the last items of these nodes, of the account itself and of its contacts.

    Only of contacts with whom presence is shared both ways, as a client of another server would
    not hear of others either.
    """
    roster = roster_of(session.account)
    services = [session.bare]
    services += [
        item.contact
        for item in roster.everybody()
        if item.state.sees and item.state.is_seen and roster.is_here(item.contact)
    ]
    services += visited_by(session)
    for start in range(0, len(services), _PART):
        await greet_from(engine, session, names, services[start : start + _PART])


async def greet_from(
    engine: Engine, session: Session, names: frozenset[str], services: Sequence[BareJID]
) -> None:
    """Send the last items of the nodes of these names at some accounts."""
    found = await engine.nodes.of_services(services, names, session.jid)
    found = [n for n in found if n.config.send_last_published_item == _ON_PRESENCE]
    found.sort(key=lambda node: (node.service, node.name))
    nodes = [node async for node in _open_to(engine, session, found)]
    await _send_last(engine, session.jid, nodes, lambda: session.closed)


async def greet_contact(
    engine: Engine, account: Account, address: JID, names: frozenset[str]
) -> None:
    """Send the last items of an account's nodes to a client of a contact at another server."""
    if blocks(account, address):
        return
    nodes = [
        node
        for node in await engine.nodes.of_services([account.jid], names, address)
        if node.config.send_last_published_item == _ON_PRESENCE
        and node.config.deliver_notifications
        and (await door_of(engine.server, node)).admits(address)
    ]
    await _send_last(engine, address, nodes, lambda: False)


async def greet_subscriber(engine: Engine, session: Session) -> None:
    """Send the last items of nodes to which an account that comes online is subscribed."""
    names = interests(session)
    found = []
    for node in await engine.nodes.subscribed(session.bare):
        config = node.config
        if config.send_last_published_item != _ON_PRESENCE or not config.deliver_notifications:
            continue
        if node.service.local and node.name in names:
            continue  # it is greeted with what it wants to hear of
        door = await door_of(engine.server, node)
        if any(
            each.active and each.options.deliver and each.jid in (session.bare, session.jid)
            for each in node.subscriptions_of(session.bare)
        ) and door.admits(session.jid):
            found.append(node)
    await _send_last(engine, session.jid, found, lambda: session.closed)


async def _send_last(
    engine: Engine, to: JID, nodes: Sequence[Node], gone: Callable[[], bool]
) -> None:
    """Send the last items of nodes, none of them after what is newer.

    Of a node that told something while it was read, the last item is read again; where that was
    published in the meantime, it was told.
    """
    newest: dict[int, int] | None = None
    while nodes:
        with engine.notifier.meanwhile() as told:
            last = await engine.items.last_of(nodes)
        if newest is None:
            newest = {node: item.key for node, item in last.items()}
        nodes = [n for n in nodes if n.id in last and last[n.id].key <= newest.get(n.id, 0)]
        for node in nodes:
            if node.id not in told and not gone():
                item = last[node.id]
                stamp = delay(node.service, item.published)
                await engine.notifier.tell_one(node, to, events.published(node, item), stamp)
        nodes = [node for node in nodes if node.id in told]


async def _open_to(engine: Engine, session: Session, nodes: Sequence[Node]) -> AsyncIterator[Node]:
    """Choose the nodes that a session may be told of; whom an account blocks, it tells nothing.

    Accounts that are not in use stay so where what has to be known of them is known anyhow: else
    those who come online in the morning would bring all their contacts into memory.
    """
    loaded = engine.server.accounts.loaded
    strict = await engine.nodes.with_rules([n for n in nodes if loaded(n.service) is None])
    for service, own in groupby(nodes, key=lambda node: node.service):
        account = loaded(service)
        if account is None and service in strict:
            account = await engine.server.accounts.get(service)
        if account is not None and blocks(account, session.jid):
            continue
        for node in own:
            if node.config.deliver_notifications and await _admits(engine, session, node):
                yield node


async def _admits(engine: Engine, session: Session, node: Node) -> bool:
    """Tell whether a session may read a node of an account of ours."""
    idle = engine.server.accounts.loaded(node.service) is None
    if idle and node.config.access_model == "presence":
        affiliation = node.affiliation(session.jid)
        sees = roster_of(session.account).state_of(node.service).sees  # as both rosters say
        return affiliation.reads or (sees and not affiliation.never_reads)
    return (await door_of(engine.server, node)).admits(session.jid)
