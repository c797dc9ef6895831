"""What follows when contacts gain or lose access to an account's nodes (XEP-0163 §7.1)."""

from palaver.ext.client_caps import interests
from palaver.ext.pubsub.access import door_of
from palaver.ext.pubsub.approving import settle
from palaver.ext.pubsub.engine import Engine
from palaver.ext.pubsub.greeting import greet_from
from palaver.ext.pubsub.node import Node
from palaver.ext.roster.roster import roster_of
from palaver.jid import BareJID
from palaver.kernel.account import Account


async def follow(engine: Engine, account: Account, contact: BareJID, before: str) -> None:
    """Take note that something about a contact changed; the subscription was ``before``."""
    if before != "both" and roster_of(account).subscription_of(contact) == "both":
        await _greet(engine, account, contact)
    await _cancel(engine, account, contact)


async def _greet(engine: Engine, account: Account, contact: BareJID) -> None:
    """Send the last items of a new contact to whom they can reach now."""
    if contact.domain not in engine.server.hosts:
        return
    for session in list(account.sessions.values()):
        names = interests(session)
        if names:
            await greet_from(engine, session, names, [contact])


async def _cancel(engine: Engine, account: Account, contact: BareJID) -> None:
    """End the contact's subscriptions to nodes that it may not read any more."""
    found_here = await engine.nodes.concerning(account.jid, contact)
    subscribed = await engine.nodes.subscribed(contact)
    at_services = [node for node in subscribed if _depends_on(node, account)]
    for found in [*found_here, *at_services]:
        async with engine.changing(found) as node:
            if node is None or (await door_of(engine.server, node)).admits(contact):
                continue
            for subscription in node.subscriptions_of(contact):
                if subscription.active:
                    await settle(engine, node, subscription, allow=False)


def _depends_on(node: Node, account: Account) -> bool:
    """Tell whether who may read a node of a service depends on an account's roster."""
    by_roster = node.config.access_model in ("presence", "roster")
    return by_roster and not node.service.local and account.jid in node.owners
