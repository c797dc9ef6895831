"""The use cases of owners (XEP-0060 §8)."""

import secrets
from collections.abc import Sequence
from dataclasses import replace
from typing import Final

from palaver import jid
from palaver.ext.pubsub import approving, events, settings
from palaver.ext.pubsub.access import check_owner
from palaver.ext.pubsub.engine import Engine
from palaver.ext.pubsub.errors import forbidden, node_required
from palaver.ext.pubsub.names import NS, NS_OWNER
from palaver.ext.pubsub.node import Affiliation, Node, Subscription, SubscriptionOptions
from palaver.ext.pubsub.place import Place
from palaver.jid import JID, BareJID
from palaver.kernel import forms
from palaver.wire.element import Element
from palaver.wire.errors import StanzaError

_MOST_AT_ONCE: Final = 1_000  # changes of one request
_STATES: Final = ("none", "pending", "subscribed", "unconfigured")


class Owning:
    """Creating, configuring and deleting nodes; who has to do with them."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    # -- nodes -------------------------------------------------------------------------------------

    async def create(self, place: Place, who: JID, payload: Element, create: Element) -> Element:
        """Create a node, and configure it at once where that is asked for (§8.1).

        Raises:
            StanzaError: as §8.1.1 and §8.1.3 have it.
        """
        if not self._engine.may_create(place, who):
            raise forbidden()
        name = create.get("node") or self._engine.instant_name()
        configure = payload.find("configure")
        if configure is not None:
            names = [child.name for child in payload]
            if configure.attrs or names.index("configure") < names.index("create"):
                raise StanzaError("bad-request", "the configuration follows, and names no node")
        form = None if configure is None else forms.find(configure)
        given = form is not None and form.get("type") != "cancel"
        type_ = settings.type_in(form) if form is not None and given else ""
        config = self._engine.default(place, name, type_)
        if form is not None and given:
            config = settings.read(form, config, config)
        async with self._engine.turn(place, name):
            if await self._engine.find(place, name) is not None:
                raise StanzaError("conflict", "there is a node of that name")
            await self._engine.create(place, name, who, config)
        return Element("pubsub", NS, None, Element("create", NS, {"node": name}))

    async def configuration(self, place: Place, who: JID, asked: Element) -> Element:
        """Return the form to configure a node with (§8.2.1)."""
        node = await self._owned(place, who, asked)
        form = settings.blank(node.config)
        configure = Element("configure", NS_OWNER, {"node": node.name}, form)
        return Element("pubsub", NS_OWNER, None, configure)

    async def configure(self, place: Place, who: JID, given: Element) -> None:
        """Change the configuration of a node (§8.2.4).

        Raises:
            StanzaError: as §8.2.3 and §8.2.5.2 have it.
        """
        engine = self._engine
        async with engine.turn(place, given.get("node", "")):
            node = await self._owned(place, who, given)
            form = forms.find(given)
            if form is None:
                raise StanzaError("bad-request", "there is no form")
            if form.get("type") == "cancel":
                return
            default = engine.default(place, node.name, settings.type_in(form))
            config = settings.read(form, node.config, default)
            engine.check_config(place, node.name, config)
            before = await engine.audience(node)
            await engine.nodes.configure(node, config)
            await self._shorten(place, node)
            if config.notify_config:
                await engine.tell(node, events.configured(node))
            await engine.welcome(node, before)

    async def _shorten(self, place: Place, node: Node) -> None:
        """Delete the oldest items of a node that may have fewer than it has."""
        most = node.config.most_items(self._engine.limits(place).items)
        if not node.config.persist_items:
            await self._engine.items.purge(node)
        left = node.items + 1
        while most < node.items < left:
            left = node.items
            await self._engine.items.drop_oldest(node, node.items - most)

    async def default(self, place: Place) -> Element:
        """Return the configuration that nodes begin with (§8.3)."""
        form = settings.blank(place.default)
        return Element("pubsub", NS_OWNER, None, Element("default", NS_OWNER, None, form))

    async def delete(self, place: Place, who: JID, given: Element) -> None:
        """Delete a node (§8.4).

        Raises:
            StanzaError: as §8.4.3 has it.
        """
        engine = self._engine
        async with engine.turn(place, given.get("node", "")):
            node = await self._owned(place, who, given)
            redirect = given.find("redirect")
            uri = None if redirect is None else redirect.get("uri")
            await engine.delete(node)
            if node.config.notify_delete:
                told = events.deleted(node, uri)
                waiting = [each.jid for each in node.subscriptions if not each.active]
                await engine.tell(node, told)
                engine.notifier.tell_always(node, told, waiting)

    async def _owned(self, place: Place, who: JID, element: Element) -> Node:
        if not element.get("node"):
            raise node_required()
        node = await self._engine.node(place, element.get("node"))
        check_owner(node, who)
        return node

    # -- subscriptions -----------------------------------------------------------------------------

    async def subscriptions(self, place: Place, who: JID, asked: Element) -> Element:
        """List the subscriptions to a node (§8.8.1)."""
        node = await self._owned(place, who, asked)
        found = Element("subscriptions", NS_OWNER, {"node": node.name})
        for each in node.subscriptions:
            if not each.active:
                continue  # those are found by pubsub#get-pending
            attrs = {"jid": str(each.jid), "subscription": each.state, "subid": each.subid}
            found.add(Element("subscription", NS_OWNER, attrs))
        return Element("pubsub", NS_OWNER, None, found)

    async def set_subscriptions(self, place: Place, who: JID, given: Element) -> None:
        """Change subscriptions: approve, end, or make them (§8.8.2).

        Raises:
            StanzaError: as §8.8.2.3 has it; not-acceptable, with those that could not be changed.
        """
        async with self._engine.turn(place, given.get("node", "")):
            node = await self._owned(place, who, given)
            wrong = Element("subscriptions", NS_OWNER, {"node": node.name})
            for each in _few(list(given.find_all("subscription"))):
                if not await self._set_subscription(place, node, each):
                    wrong.add(_unchanged(node, each))
            if list(wrong):
                payload = Element("pubsub", NS_OWNER, None, wrong)
                raise StanzaError("not-acceptable", "some were not changed", payload=payload)

    async def _set_subscription(self, place: Place, node: Node, wish: Element) -> bool:
        """Change one subscription, and tell whether that can be done."""
        state, address, subid = wish.get("subscription"), _jid(wish), wish.get("subid")
        if state is None and address is not None:
            return True  # nothing is to change
        if address is None or state not in _STATES or state == "unconfigured":
            return False
        own = node.subscriptions_of(address)
        old = next((s for s in own if s.jid == address and subid in (None, s.subid)), None)
        engine = self._engine
        if state == "none":
            if old is None:
                return False
            await approving.settle(engine, node, old, allow=False)
        elif old is None:
            limits = engine.limits(place)
            refused = node.affiliation(address).never_reads or not node.config.subscribe
            if refused or len(node.subscriptions) >= limits.subscribers:
                return False
            lasting = node.lasting(SubscriptionOptions())
            new = Subscription(address, secrets.token_hex(16), state, lasting)
            await engine.put_subscription(node, new)
            told = events.subscription_event(node, new, state)
            engine.notifier.tell_always(node, told, [address])
        elif state == "subscribed" and not old.active:
            await approving.settle(engine, node, old, allow=True)
        elif state != old.state:
            await engine.put_subscription(node, replace(old, state=state))
            told = events.subscription_event(node, old, state)
            engine.notifier.tell_always(node, told, [address])
        return True

    # -- affiliations ------------------------------------------------------------------------------

    async def affiliations(self, place: Place, who: JID, asked: Element) -> Element:
        """List the affiliations of a node (§8.9.1)."""
        node = await self._owned(place, who, asked)
        found = Element("affiliations", NS_OWNER, {"node": node.name})
        if place.address.local:
            found.add(_affiliation(place.address, Affiliation.OWNER))
        found.add(*(_affiliation(each, what) for each, what in node.affiliations.items()))
        return Element("pubsub", NS_OWNER, None, found)

    async def set_affiliations(self, place: Place, who: JID, given: Element) -> None:
        """Change affiliations (§8.9.2).

        Raises:
            StanzaError: as §8.9.2.3 has it; not-acceptable, with those that could not be changed.
        """
        async with self._engine.turn(place, given.get("node", "")):
            node = await self._owned(place, who, given)
            wishes = _few(list(given.find_all("affiliation")))
            addresses = [_jid(each) for each in wishes]
            if len(set(addresses)) < len(addresses):
                raise StanzaError("bad-request", "an address is there twice")
            changes, wrong = self._sorted_out(place, node, wishes)
            await self._engine.nodes.set_affiliations(node, changes)
            await self._follow(node, changes)
            if wrong:
                found = Element("affiliations", NS_OWNER, {"node": node.name}, *wrong)
                payload = Element("pubsub", NS_OWNER, None, found)
                raise StanzaError("not-acceptable", "some were not changed", payload=payload)

    def _sorted_out(
        self, place: Place, node: Node, wishes: Sequence[Element]
    ) -> tuple[dict[BareJID, Affiliation], list[Element]]:
        """Tell what can be changed from what cannot: a node keeps an owner (§8.9.2.4)."""
        changes: dict[BareJID, Affiliation] = {}
        wrong: list[Element] = []
        owners = set(node.owners) | ({place.address} if place.address.local else set())
        most = self._engine.limits(place).affiliations
        for wish in wishes:
            address, affiliation = _jid(wish), _read_affiliation(wish)
            bare = None if address is None else address.bare
            if bare is not None and wish.get("affiliation") is None:
                continue  # nothing is to change
            if bare is None or affiliation is None or bare == place.address:
                wrong.append(_as_it_is(node, wish, bare))
                continue
            left = owners | {bare} if affiliation is Affiliation.OWNER else owners - {bare}
            if not left or len(node.affiliations) + len(changes) >= most:
                wrong.append(_as_it_is(node, wish, bare))
                continue
            owners = left
            changes[bare] = affiliation
        return changes, wrong

    async def _follow(self, node: Node, changes: dict[BareJID, Affiliation]) -> None:
        """Let subscriptions follow from affiliations (§8.7.4): outcasts lose theirs."""
        for who, affiliation in changes.items():
            for each in node.subscriptions_of(who):
                if affiliation.never_reads:
                    await approving.settle(self._engine, node, each, allow=False)
                elif affiliation.reads and not each.active:
                    await approving.settle(self._engine, node, each, allow=True)


def _few(wishes: list[Element]) -> list[Element]:
    if len(wishes) > _MOST_AT_ONCE:
        raise StanzaError("policy-violation", f"at most {_MOST_AT_ONCE} changes at once")
    return wishes


def _jid(element: Element) -> JID | None:
    try:
        return jid.parse(element.get("jid", ""))
    except jid.JIDError:
        return None


def _unchanged(node: Node, wish: Element) -> Element:
    address = _jid(wish)
    own = [] if address is None else node.subscriptions_of(address)
    state = next((each.state for each in own if each.jid == address), "none")
    return Element("subscription", NS_OWNER, {"jid": wish.get("jid"), "subscription": state})


def _read_affiliation(wish: Element) -> Affiliation | None:
    try:
        return Affiliation(wish.get("affiliation", ""))
    except ValueError:
        return None


def _affiliation(who: BareJID, affiliation: Affiliation) -> Element:
    attrs = {"jid": str(who), "affiliation": affiliation.value}
    return Element("affiliation", NS_OWNER, attrs)


def _as_it_is(node: Node, wish: Element, who: BareJID | None) -> Element:
    affiliation = Affiliation.NONE if who is None else node.affiliation(who)
    attrs = {"jid": wish.get("jid"), "affiliation": affiliation.value}
    return Element("affiliation", NS_OWNER, attrs)
