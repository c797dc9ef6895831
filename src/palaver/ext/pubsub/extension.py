"""Publish-subscribe: the requests, and who takes them."""

from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any, ClassVar, Final

import structlog
from sqlalchemy import Connection

from palaver.ext.adhoc.payload import NS as NS_COMMANDS
from palaver.ext.client_caps import interests
from palaver.ext.disco import Discoverable, Identity, Info, Inquiry, Item
from palaver.ext.portable import Note, Piece, Portable
from palaver.ext.pubsub import (
    admission,
    approving,
    discovering,
    events,
    features,
    held,
    profile,
    tables,
)
from palaver.ext.pubsub.ending import Ending
from palaver.ext.pubsub.engine import Engine
from palaver.ext.pubsub.greeting import greet, greet_contact, greet_from, greet_subscriber
from palaver.ext.pubsub.limits import PubSubConfig
from palaver.ext.pubsub.moving import PORTABLE, NodePortability
from palaver.ext.pubsub.names import NS, NS_OWNER, SUBSCRIBE_AUTHORIZATION
from palaver.ext.pubsub.node import Affiliation, Node
from palaver.ext.pubsub.owning import Owning
from palaver.ext.pubsub.pending import Pending
from palaver.ext.pubsub.place import Place, place_of
from palaver.ext.pubsub.publishing import MOST_RETRACTED, Publishing
from palaver.ext.pubsub.retrieving import Retrieving
from palaver.ext.pubsub.subscribing import Subscribing
from palaver.jid import JID, BareJID
from palaver.kernel import forms, hooks
from palaver.kernel.account import Account
from palaver.kernel.extension import (
    Answer,
    Extension,
    ExtensionConfig,
    Request,
    Target,
    Xep,
    iq,
    on,
    task,
)
from palaver.kernel.hooks import STOP, Phase, Verdict
from palaver.kernel.host import Host
from palaver.kernel.services import Service
from palaver.kernel.session import Session
from palaver.wire import ns
from palaver.wire.element import Element
from palaver.wire.errors import StanzaError
from palaver.wire.stanza import Stanza

if TYPE_CHECKING:
    from palaver.kernel.server import Server

log = structlog.get_logger()

_EVERYWHERE: Final = (Target.ACCOUNT, Target.CONTACT, Target.NOBODY, Target.SERVICE)
_EXPIRY: Final = 60.0  # seconds between two looks for items that have expired

_CHANGES: Final = ("publish", "retract", "purge", "configure", "delete")

Action = Callable[[Place, JID, Element, Element], Awaitable[Answer]]
"""A use case: the place, who asks, the request, and its element that says what is asked."""


class PubSub(Extension[PubSubConfig], Discoverable, Portable):
    """Nodes of every account (XEP-0163), and of the service of each host."""

    Config = PubSubConfig
    name: ClassVar = "pubsub"
    implements: ClassVar = (
        Xep(
            60,
            "1.30.0",
            "an address subscribes once to a node; no digests, no message bodies made of payloads; "
            "who bounces as service-unavailable stays subscribed, as it may only be offline",
        ),
        Xep(163, "1.2.2"),
        Xep(222, "1.0"),
        Xep(223, "1.1.1"),
    )
    account_features: ClassVar = features.OF_ACCOUNT
    requires: ClassVar = ("client_caps", "disco", "roster")
    tables: ClassVar = (tables.nodes, tables.items, tables.affiliations, tables.subscriptions)
    portable: ClassVar = PORTABLE

    def __init__(self, server: "Server", settings: Callable[[str | None], ExtensionConfig]) -> None:
        """Begin without a node in memory."""
        super().__init__(server, settings)
        engine = self.engine = Engine(server, self.config)
        self._portability = NodePortability(engine)
        publishing, retrieving = Publishing(engine), Retrieving(engine)
        self._publishing = publishing
        self._ending = Ending(engine)
        self._pending = Pending(engine)
        subscribing, owning = Subscribing(engine), Owning(engine)
        self._actions: dict[tuple[str, str, str], Action] = {
            ("set", NS, "publish"): publishing.publish,
            ("set", NS, "retract"): lambda place, who, _, x: publishing.retract(place, who, x),
            ("get", NS, "items"): retrieving.retrieve,
            ("set", NS, "subscribe"): subscribing.subscribe,
            ("set", NS, "unsubscribe"): lambda p, who, _, x: subscribing.unsubscribe(p, who, x),
            ("get", NS, "options"): lambda p, who, _, x: subscribing.get_options(p, who, x),
            ("set", NS, "options"): lambda p, who, _, x: subscribing.set_options(p, who, x),
            ("get", NS, "default"): lambda p, _, __, x: subscribing.default_options(p, x),
            ("get", NS, "subscriptions"): lambda p, w, _, x: subscribing.subscriptions(p, w, x),
            ("get", NS, "affiliations"): lambda p, who, _, x: subscribing.affiliations(p, who, x),
            ("set", NS, "create"): owning.create,
            ("get", NS_OWNER, "default"): lambda place, *_: owning.default(place),
            ("get", NS_OWNER, "configure"): lambda p, who, _, x: owning.configuration(p, who, x),
            ("set", NS_OWNER, "configure"): lambda p, who, _, x: owning.configure(p, who, x),
            ("set", NS_OWNER, "delete"): lambda p, who, _, x: owning.delete(p, who, x),
            ("set", NS_OWNER, "purge"): lambda p, who, _, x: publishing.purge(p, who, x),
            ("get", NS_OWNER, "subscriptions"): lambda p, w, _, x: owning.subscriptions(p, w, x),
            ("set", NS_OWNER, "subscriptions"): lambda p, w, _, x: owning.set_subscriptions(
                p, w, x
            ),
            ("get", NS_OWNER, "affiliations"): lambda p, w, _, x: owning.affiliations(p, w, x),
            ("set", NS_OWNER, "affiliations"): lambda p, w, _, x: owning.set_affiliations(p, w, x),
        }

    # -- for other extensions ----------------------------------------------------------------------

    async def payload_of(self, account: Account, node: str, item: str) -> str | None:
        """Return what an item of an account holds, as XML; None where there is no such item.

        Raises StorageUnavailable.
        """
        found = await self.engine.nodes.find(account.jid, node)
        items = [] if found is None else await self.engine.items.get(found, [item])
        return items[0].payload if items else None

    async def publish(
        self, account: Account, node: str, item: Element, options: Mapping[str, str]
    ) -> None:
        """Publish in the name of an account; ``options`` are the values of the node's fields.

        Raises:
            StanzaError: as publishing does.
        """
        place = Place(account.jid, account.host, account)
        await self._publishing.publish_own(place, node, item, options)

    async def retract(self, account: Account, node: str, ids: Sequence[str]) -> None:
        """Delete items in the name of an account, and notify.

        Raises:
            StanzaError: as retracting does.
        """
        place = Place(account.jid, account.host, account)
        for start in range(0, len(ids), MOST_RETRACTED):
            items = (Element("item", NS, {"id": i}) for i in ids[start : start + MOST_RETRACTED])
            retract = Element("retract", NS, {"node": node, "notify": "true"}, *items)
            await self._publishing.retract(place, account.jid, retract)

    async def publish_at(self, place: Place, node: str, item: Element) -> None:
        """Publish in the name of an account or a service, at a node of its own.

        Raises:
            StanzaError: as publishing does.
        """
        await self._publishing.publish_own(place, node, item, {})

    async def provide(
        self, place: Place, name: str, owner: BareJID, changes: Mapping[str, Any], *, type_: str
    ) -> None:
        """Make a node of a type unless it exists; its defaults are changed as said.

        Raises:
            StanzaError: as creating does.
        """
        engine = self.engine
        async with engine.turn(place, name):
            if await engine.find(place, name) is None:
                config = replace(engine.default(place, name, type_), **changes)
                await engine.create(place, name, owner, config)

    async def purge(self, account: Account, node: str) -> None:
        """Delete all items of an account's node, if there is one; raises StorageUnavailable."""
        found = await self.engine.nodes.find(account.jid, node)
        if found is None:
            return
        async with self.engine.changing(found) as changed:
            if changed is not None and changed.items:
                await self.engine.items.purge(changed)
                await self.engine.tell(changed, events.purged(changed))

    # -- requests ----------------------------------------------------------------------------------

    @iq(("get", "set"), NS, "pubsub", to=_EVERYWHERE)
    async def ask(self, request: Request) -> Answer:
        """Take a request of whoever publishes, subscribes or reads."""
        return await self._act(request)

    @iq(("get", "set"), NS_OWNER, "pubsub", to=_EVERYWHERE)
    async def own(self, request: Request) -> Answer:
        """Take a request of an owner."""
        return await self._act(request)

    @iq("set", NS_COMMANDS, "command", to=_EVERYWHERE)
    async def command(self, request: Request) -> Answer:
        """Show owners who waits for their approval (§8.7)."""
        place = place_of(request)
        return await self._pending.run(place, request.sender, request.payload, request.stanza.lang)

    async def _act(self, request: Request) -> Answer:
        payload = request.payload
        type_ = "set" if request.is_set else "get"
        for child in payload:
            action = self._actions.get((type_, payload.ns, child.name))
            if action is not None and child.ns == payload.ns:
                answer = await action(place_of(request), request.sender, payload, child)
                if type_ == "set" and request.account is not None:
                    await self._done(request.account, child)
                return answer
        if not list(payload):
            raise StanzaError("bad-request", "there is nothing asked for")
        raise StanzaError("feature-not-implemented", "there is no such request")

    async def _done(self, account: Account, done: Element) -> None:
        if done.name in _CHANGES:
            await self._tell_others(hooks.node_changed, account, done.get("node", ""))

    @staticmethod
    async def _tell_others(
        hook: hooks.Hook[[Account, str], Awaitable[None]], account: Account, node: str
    ) -> None:
        """Let other extensions know of a node; their failures are their own."""
        for handle in account.host.dispatch.handlers(hook):
            try:
                await handle(account, node)
            except Exception:
                log.exception("handler failed", hook=hook.name)

    # -- the service -------------------------------------------------------------------------------

    def service_address(self, host: Host) -> str:
        """Return the domain of a host's service."""
        label = self.config(host.name).service
        return f"{label}.{host.name}" if label else ""

    def service_took(self, stanza: Stanza, service: Service) -> None:
        """Take an owner's decision on a subscription (§8.6), an error, or that somebody left."""
        place = Place(service.address, service.host, None)
        if stanza.kind == "message" and stanza.has("x", forms.NS) and stanza.type != "error":
            self._decide(place, stanza)
            return
        if stanza.kind == "message" and stanza.type == "error":
            self.server.spawn(self._ending.bounced(place, stanza))
        elif stanza.kind == "presence" and stanza.type == "unavailable":
            self.server.spawn(self._ending.end_temporary(stanza.sender))
        super().service_took(stanza, service)

    @on(hooks.incoming, phase=Phase.ROUTE, kind="message", payload=(forms.NS, "x"))
    def decision(self, stanza: Stanza, account: Account) -> Verdict:
        """Take an account's own decision on a subscription to one of its nodes."""
        if stanza.sender.bare != account.jid or stanza.to != account.jid:
            return None
        form = stanza.child("x", forms.NS)
        if form is None or forms.form_type(form) != SUBSCRIBE_AUTHORIZATION:
            return None
        if form.get("type") not in ("submit", "cancel"):
            return None
        self._decide(Place(account.jid, account.host, account), stanza)
        return STOP

    @on(hooks.incoming, phase=Phase.ROUTE, kind="message", payload=(ns.CLIENT, "error"))
    def bounced(self, stanza: Stanza, account: Account) -> None:
        """Take an error that a notification of an account's node met with."""
        if stanza.to == account.jid and stanza.type == "error":
            place = Place(account.jid, account.host, account)
            self.server.spawn(self._ending.bounced(place, stanza))

    def _decide(self, place: Place, stanza: Stanza) -> None:
        self.server.spawn(self._decided(place, stanza))

    async def _decided(self, place: Place, stanza: Stanza) -> None:
        try:
            await approving.decide(self.engine, place, stanza)
        except StanzaError as error:
            self.server.router.refuse(stanza, error)

    # -- discovery ---------------------------------------------------------------------------------

    def disco_about(self, host: Host, account: Account | None) -> Info:
        """Tell that an account has nodes (XEP-0163 §6.1)."""
        if account is None or account.temporary:
            return Info()
        return Info((Identity("pubsub", "pep"),))

    def disco_service(self, service: Service) -> Info:
        """Tell what the service is (XEP-0060 §5.1)."""
        kinds = profile.of(self.server, service.host)
        more = (feature for each in kinds for feature in each.service_features)
        identity = Identity("pubsub", "service", "Publish-subscribe")
        return Info((identity,), (*features.OF_SERVICE, NS_COMMANDS, *more))

    async def disco_items(self, inquiry: Inquiry) -> Sequence[Item]:
        """List nodes (§5.2)."""
        return await discovering.nodes(self.engine, inquiry)

    async def disco_node(self, inquiry: Inquiry) -> Info | None:
        """Tell what a node is (§5.3)."""
        place = discovering.place_of(inquiry)
        if place is None:
            return None
        found = await self._pending.about(place, inquiry.sender, inquiry.node)
        return found or await discovering.info(self.engine, inquiry)

    async def disco_node_items(self, inquiry: Inquiry) -> Sequence[Item] | None:
        """List the items of a node (§5.5)."""
        place = discovering.place_of(inquiry)
        if place is None:
            return None
        found = await self._pending.listed(place, inquiry.sender, inquiry.node)
        return found or await discovering.items(self.engine, inquiry)

    # -- moving ------------------------------------------------------------------------------------

    def exported(self, account: Account) -> AsyncIterator[bytes]:
        """Write an account's nodes (XEP-0227 §4.10)."""
        return self._portability.exported(account)

    def importing(self, account: Account) -> None:
        """Begin with an account's nodes."""
        self._portability.importing(account)

    async def imported(self, account: Account, pieces: Sequence[Piece], note: Note) -> None:
        """Store nodes and items that are not there yet."""
        for node in await self._portability.imported(account, pieces, note):
            await self._tell_others(hooks.node_imported, account, node)

    # -- what happens ------------------------------------------------------------------------------

    @on(hooks.client_interests)
    def interested(self, session: Session, names: frozenset[str]) -> None:
        """Send the last items of what a client wants to hear of."""
        self.server.spawn(greet(self.engine, session, names))

    @on(hooks.contact_interests)
    def contact_interested(self, account: Account, client: JID, names: frozenset[str]) -> None:
        """Send the last items of what a contact's client at another server wants to hear of."""
        self.server.spawn(greet_contact(self.engine, account, client, names))

    @on(hooks.contact_changed)
    def contact_changed(self, account: Account, contact: BareJID, before: str) -> None:
        """Let subscriptions and last items follow who sees whose presence (XEP-0163 §7.1)."""
        self.server.spawn(admission.follow(self.engine, account, contact, before))

    @on(hooks.account_deleting, before=("presence",))
    async def leave(self, account: Account) -> None:
        """Forget the nodes of an account that goes, and what it has to do with others.

        Before its subscriptions to presence end, for those who have them are told.
        """
        engine = self.engine
        for found in await engine.nodes.of_service(account.jid, account.jid):
            async with engine.changing(found) as node:
                if node is not None:
                    await engine.delete(node)
                    if node.config.notify_delete:
                        await engine.tell(node, events.deleted(node, None))
        for found in await engine.nodes.anywhere(account.jid):
            async with engine.changing(found) as node:
                if node is not None:
                    await self._without(node, account.jid)
        await engine.items.forget_publisher(account.jid)

    async def _without(self, node: Node, who: BareJID) -> None:
        """Let a node have nothing to do with an address; without an owner it ends."""
        engine = self.engine
        for subscription in node.subscriptions_of(who):
            await engine.nodes.drop_subscription(node, subscription)
        await engine.nodes.set_affiliations(node, {who: Affiliation.NONE})
        if node.creator == who:
            await engine.nodes.forget_creator(node)
        if not node.owners and not node.service.local:
            await engine.delete(node)
            await engine.tell(node, events.deleted(node, None))

    @on(hooks.server_started)
    async def start(self) -> None:
        """Learn which nodes are emptied as people go offline."""
        await self.engine.nodes.find_emptied()

    @on(hooks.account_loading)
    def load(self, account: Account, connection: Connection) -> None:
        """Know whether an account is subscribed to anything."""
        held.load(account, connection)

    @on(hooks.session_available)
    def came(self, session: Session, _presence: Stanza) -> None:
        """Send the last items of what an account is subscribed to."""
        if held.held_by(session.account).any:
            self.server.spawn(greet_subscriber(self.engine, session))

    @on(hooks.sent, kind="presence")
    def went(self, stanza: Stanza, session: Session) -> None:
        """Take note of visits (§9.1.3), and let end what lasts as long as somebody is online."""
        if stanza.to is not None:
            self._visits(stanza, session, stanza.to.bare)
        elif stanza.type == "unavailable":
            self._gone(session)

    def _visits(self, stanza: Stanza, session: Session, account: BareJID) -> None:
        visits = self.engine.notifier.visits
        if stanza.type == "unavailable":
            visits.end(session, account)
        elif stanza.type == "available" and account.local and account != session.bare:
            ours = account.domain in self.server.hosts
            names = interests(session)
            if ours and visits.begin(session, account) and names:
                self.server.spawn(greet_from(self.engine, session, names, [account]))

    @on(hooks.session_closed)
    def closed(self, session: Session) -> None:
        """Let end what lasts as long as somebody is online."""
        self._gone(session)

    def _gone(self, session: Session) -> None:
        self.engine.notifier.visits.end_all(session)
        account = session.account
        if held.held_by(account).temporary:
            self.server.spawn(self._ending.end_temporary(session.jid))
        offline = all(other.presence is None for other in account.sessions.values())
        if offline and self.engine.nodes.are_emptied:
            self.server.spawn(self._ending.empty(account.jid))

    @task(every=_EXPIRY)
    async def expire(self) -> None:
        """Let end items and subscriptions whose time is over."""
        await self._ending.expire_items()
        await self._ending.end_leases()
