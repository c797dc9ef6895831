"""The use cases of subscribers (XEP-0060 §5.6, §5.7, §6.1 to §6.4)."""

import secrets
from dataclasses import replace
from typing import Final

from palaver import jid
from palaver.ext.pubsub import approving, events, options
from palaver.ext.pubsub.access import door_of
from palaver.ext.pubsub.engine import Engine
from palaver.ext.pubsub.errors import forbidden, no_such_node, refusal, unsupported
from palaver.ext.pubsub.names import NS
from palaver.ext.pubsub.node import Affiliation, Node, Subscription, SubscriptionOptions
from palaver.ext.pubsub.place import Place
from palaver.jid import JID
from palaver.kernel import forms
from palaver.wire.element import Element
from palaver.wire.errors import StanzaError

_AFTER_APPROVAL: Final = "authorize"


class Subscribing:
    """Subscriptions as their holders see them."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    async def subscribe(
        self, place: Place, who: JID, payload: Element, subscribe: Element
    ) -> Element:
        """Subscribe, or ask for it; another request tells how things are (§6.1).

        Raises:
            StanzaError: as §6.1.3 has it.
        """
        address = _own_address(subscribe, who, "invalid-jid")
        name = subscribe.get("node") or ""
        async with self._engine.turn(place, name):
            node = await self._engine.node(place, name)
            door = await door_of(self._engine.server, node)
            refused = door.refusal(who, subscribing=True)
            if refused is not None:
                raise refused
            subscription = next((s for s in node.subscriptions_of(who) if s.jid == address), None)
            configured = None
            if subscription is None:
                configured = self._options(payload)
                subscription = await self._new(place, node, address, configured)
            elif not subscription.active:
                raise refusal("not-authorized", "pending-subscription", "it is not approved yet")
            told = events.subscription_element(node, subscription)
            told.add(Element("subscribe-options", NS))
            return Element("pubsub", NS, None, told, _configured(subscription, configured))

    async def _new(
        self, place: Place, node: Node, address: JID, wanted: SubscriptionOptions | None
    ) -> Subscription:
        if not node.config.subscribe:
            raise unsupported("subscribe", "the node has no subscriptions")
        account = self._engine.server.accounts.loaded(address.bare)
        if account is not None and account.temporary:
            raise StanzaError("forbidden", "not for temporary accounts", type="cancel")
        limits = self._engine.limits(place)
        if (
            len(node.subscriptions_of(address)) >= limits.subscriptions
            or len(node.subscriptions) >= limits.subscribers
        ):
            text = "there are too many subscriptions"
            raise refusal("policy-violation", "too-many-subscriptions", text, type="wait")
        free = node.config.access_model != _AFTER_APPROVAL or node.affiliation(address).reads
        state = "subscribed" if free else "pending"
        wanted = node.lasting(wanted or SubscriptionOptions())
        new = Subscription(address, secrets.token_hex(16), state, wanted)
        await self._engine.put_subscription(node, new)
        if not free:
            approving.ask_owners(self._engine, node, new)
        else:
            await self._began(node, new)
        return new

    async def _began(self, node: Node, subscription: Subscription) -> None:
        """Send the last item (§6.1.7), and tell the owners who want to know."""
        if node.config.notify_sub:
            told = events.subscription_event(node, subscription, subscription.state)
            self._engine.notifier.tell_always(node, told, node.owners or [node.service])
        await self._engine.send_last(node, subscription.jid)

    def _options(self, payload: Element) -> SubscriptionOptions | None:
        """Read the options sent along with a subscription, if there are any (§6.3.7)."""
        given = payload.find("options")
        if given is None:
            return None
        names = [child.name for child in payload]
        if given.attrs or names.index("options") < names.index("subscribe"):
            raise StanzaError("bad-request", "the options follow, and name no node")
        form = forms.find(given)
        if form is None:
            return None
        return options.read(form, SubscriptionOptions(), self._engine.now())

    async def unsubscribe(self, place: Place, who: JID, unsubscribe: Element) -> None:
        """End a subscription (§6.2).

        Raises:
            StanzaError: as §6.2.3 has it.
        """
        name = unsubscribe.get("node") or ""
        async with self._engine.turn(place, name):
            node = await self._engine.node(place, name)
            subscription = _own_subscription(node, unsubscribe, who, "cancel")
            await self._engine.nodes.drop_subscription(node, subscription)
            if node.config.notify_sub:
                told = events.subscription_event(node, subscription, "none")
                self._engine.notifier.tell_always(node, told, node.owners or [node.service])

    # -- options -----------------------------------------------------------------------------------

    async def get_options(self, place: Place, who: JID, asked: Element) -> Element:
        """Return the form with the options of a subscription (§6.3.2).

        Raises:
            StanzaError: as §6.3.4 has it.
        """
        node = await self._engine.node(place, asked.get("node"))
        subscription = _own_subscription(node, asked, who, "modify")
        attrs = {"node": node.name, "jid": str(subscription.jid), "subid": subscription.subid}
        form = options.blank(subscription.options)
        return Element("pubsub", NS, None, Element("options", NS, attrs, form))

    async def set_options(self, place: Place, who: JID, given: Element) -> None:
        """Change the options of a subscription (§6.3.5).

        Raises:
            StanzaError: as §6.3.4 and §6.3.6 have it.
        """
        name = given.get("node") or ""
        async with self._engine.turn(place, name):
            node = await self._engine.node(place, name)
            subscription = _own_subscription(node, given, who, "modify")
            form = forms.find(given)
            if form is None:
                raise refusal("bad-request", "invalid-options", "there is no form")
            if form.get("type") == "cancel":
                return
            changed = options.read(form, subscription.options, self._engine.now())
            changed = node.lasting(changed)
            await self._engine.put_subscription(node, replace(subscription, options=changed))

    async def default_options(self, place: Place, asked: Element) -> Element:
        """Return the options that subscriptions begin with (§6.4)."""
        name = asked.get("node")
        if name is not None and await self._engine.find(place, name) is None:
            raise no_such_node()
        form = options.blank(SubscriptionOptions())
        return Element("pubsub", NS, None, Element("default", NS, {"node": name}, form))

    # -- lists -------------------------------------------------------------------------------------

    async def subscriptions(self, place: Place, who: JID, asked: Element) -> Element:
        """List somebody's own subscriptions (§5.6)."""
        found = Element("subscriptions", NS, {"node": asked.get("node")})
        for node in await self._concerning(place, who, asked):
            for each in node.subscriptions_of(who):
                found.add(events.subscription_element(node, each))
        return Element("pubsub", NS, None, found)

    async def affiliations(self, place: Place, who: JID, asked: Element) -> Element:
        """List somebody's own affiliations (§5.7)."""
        found = Element("affiliations", NS, {"node": asked.get("node")})
        for node in await self._concerning(place, who, asked):
            affiliation = node.affiliation(who)
            if affiliation is not Affiliation.NONE:
                attrs = {"node": node.name, "affiliation": affiliation.value}
                found.add(Element("affiliation", NS, attrs))
        return Element("pubsub", NS, None, found)

    async def _concerning(self, place: Place, who: JID, asked: Element) -> list[Node]:
        name = asked.get("node")
        if name:
            return [await self._engine.node(place, name)]
        if place.is_owned_by(who):
            return await self._engine.nodes.of_service(place.address, who)
        return await self._engine.nodes.concerning(place.address, who)


def _configured(subscription: Subscription, wanted: SubscriptionOptions | None) -> Element | None:
    """Return the options that were asked for along with a subscription, as they are (§6.3.7)."""
    if wanted is None:
        return None
    return Element("options", NS, None, options.told(subscription.options))


def _address(element: Element, detail: str) -> JID:
    text = element.get("jid")
    if not text:
        raise refusal("bad-request", "jid-required" if detail == "" else detail, "name an address")
    try:
        return jid.parse(text)
    except jid.JIDError as error:
        raise refusal("bad-request", "invalid-jid", str(error)) from error


def _own_address(element: Element, who: JID, detail: str) -> JID:
    address = _address(element, detail)
    if address.bare != who.bare or (address.resource and address != who):
        raise refusal("bad-request", "invalid-jid", "that is not your address")
    return address


def _own_subscription(node: Node, element: Element, who: JID, type_: str) -> Subscription:
    """Find the subscription that a request is about.

    Raises:
        StanzaError: as §6.2.3 and §6.3.4 have it.
    """
    address, subid = _address(element, ""), element.get("subid")
    if address.bare != who.bare:
        raise forbidden()
    found = next((each for each in node.subscriptions_of(who) if each.jid == address), None)
    if found is None:
        text = "there is no such subscription"
        raise refusal("unexpected-request", "not-subscribed", text, type=type_)
    if subid is not None and subid != found.subid:
        raise refusal("not-acceptable", "invalid-subid", "there is no such subscription")
    return found
