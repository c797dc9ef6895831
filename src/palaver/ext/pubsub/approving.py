"""Subscriptions that an owner has to approve (XEP-0060 §8.6)."""

from dataclasses import replace
from typing import Final

from palaver.ext.pubsub import events
from palaver.ext.pubsub.engine import Engine
from palaver.ext.pubsub.names import SUBSCRIBE_AUTHORIZATION
from palaver.ext.pubsub.node import Affiliation, Node, Subscription
from palaver.ext.pubsub.place import Place
from palaver.jid import JID
from palaver.kernel import forms
from palaver.kernel.form_fields import Boolean, Hidden, JidSingle, TextSingle
from palaver.kernel.forms import Form
from palaver.wire.errors import StanzaError
from palaver.wire.stanza import Stanza

_SUBID: Final = Hidden("pubsub#subid")
_NODE: Final = TextSingle("pubsub#node", "Node", required=True)
_SUBSCRIBER: Final = JidSingle("pubsub#subscriber_jid", "Address", required=True)
_ALLOW: Final = Boolean("pubsub#allow", "Let this address subscribe?", required=True)
_FORM: Final = Form(
    (_SUBID, _NODE, _SUBSCRIBER, _ALLOW),
    form_type=SUBSCRIBE_AUTHORIZATION,
    title="Request to subscribe",
    instructions=("Choose whether this address may subscribe to the node.",),
)


def ask_owners(engine: Engine, node: Node, subscription: Subscription) -> None:
    """Ask the owners of a node, of whom the first to answer decides (§8.6, §12.13)."""
    for owner in node.owners or [node.service]:
        engine.server.router.route(request(node, subscription, owner))


def request(node: Node, subscription: Subscription, owner: JID) -> Stanza:
    """Return the question whether to approve a subscription."""
    form = _FORM.blank(
        _SUBID.filled(subscription.subid),
        _NODE.filled(node.name),
        _SUBSCRIBER.filled(subscription.jid),
        _ALLOW.filled(False),
    )
    # The id is not a secret: what counts is who answers, and the id of the subscription.
    attrs = {"id": subscription.subid}
    return Stanza.make("message", node.service, owner, attrs, form)


async def decide(engine: Engine, place: Place, stanza: Stanza) -> None:
    """Take an owner's answer; a form that is cancelled decides nothing.

    Raises:
        StanzaError: the form is wrong; forbidden, the sender owns no such node; item-not-found,
            nobody waits for that.
    """
    form = stanza.child("x", forms.NS)
    if form is None or form.get("type") == "cancel":
        return
    answer = _FORM.read(form)
    async with engine.turn(place, answer[_NODE]):
        node = await engine.find(place, answer[_NODE])
        if node is None or node.affiliation(stanza.sender) is not Affiliation.OWNER:
            raise StanzaError("forbidden", "you own no such node")
        address, subid = answer[_SUBSCRIBER], answer.get(_SUBID)
        for each in node.subscriptions_of(address):
            if each.jid == address and not each.active and subid in (None, each.subid):
                await settle(engine, node, each, allow=answer[_ALLOW])
                return
        raise StanzaError("item-not-found", "nobody waits for that")


async def settle(engine: Engine, node: Node, waiting: Subscription, *, allow: bool) -> None:
    """Approve a subscription or deny it, in its node's turn, and tell who asked for it."""
    if allow:
        await engine.put_subscription(node, replace(waiting, state="subscribed"))
    else:
        await engine.nodes.drop_subscription(node, waiting)
    state = "subscribed" if allow else "none"
    told = events.subscription_event(node, waiting, state)
    engine.notifier.tell_always(node, told, [waiting.jid])
    if allow:
        await engine.send_last(node, waiting.jid)
