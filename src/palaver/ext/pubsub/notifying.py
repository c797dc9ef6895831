"""Tells those who are to hear of it what happens to nodes (XEP-0060 §12.2, XEP-0163 §4)."""

import asyncio
import secrets
from collections import OrderedDict
from collections.abc import Callable, Container, Iterable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Final

from palaver.ext.client_caps import interests
from palaver.ext.contact_caps import listeners
from palaver.ext.privacy.rules import Kind
from palaver.ext.privacy.state import applied, rules_of
from palaver.ext.pubsub.access import Door, door_of
from palaver.ext.pubsub.node import Node, Subscription
from palaver.ext.pubsub.visiting import Visits
from palaver.ext.roster.roster import roster_of
from palaver.jid import JID, BareJID
from palaver.kernel.account import Account
from palaver.kernel.session import Session
from palaver.wire.element import Element
from palaver.wire.stanza import Stanza

if TYPE_CHECKING:
    from palaver.kernel.server import Server

_REMEMBERED: Final = 10_000  # notifications whose errors are understood
_BREATH: Final = 200  # subscribers between two looks at what else there is to do


class Notifier:
    """Sends notifications.

    Beyond those who subscribed, an account's own devices and the contacts with whom it shares
    presence hear of its nodes when their clients want to. XEP-0163 §4.3.1 would have them told
    which device published, by XEP-0033; that is left out, as nothing reads it.
    """

    def __init__(self, server: "Server") -> None:
        self._server = server
        self.visits = Visits()
        self._told: OrderedDict[str, tuple[BareJID, str]] = OrderedDict()
        self._meanwhile: dict[object, set[int]] = {}

    @contextmanager
    def meanwhile(self) -> Iterator[Container[int]]:
        """Note the keys of the nodes of which somebody is told during the context.

        Who reads an item in order to send it finds out whether it may be the last one no more.
        """
        this = object()
        self._meanwhile[this] = set()
        try:
            yield self._meanwhile[this]
        finally:
            del self._meanwhile[this]

    async def tell(self, node: Node, event: Element) -> None:
        """Tell everybody who is to hear of what happens in a node.

        Raises:
            StanzaError: who that is cannot be found out now.
        """
        if not node.config.deliver_notifications:
            return
        if node.service.local:
            await self._server.accounts.get(node.service)  # its contacts are to be known
        door = await door_of(self._server, node)
        for noted in self._meanwhile.values():
            noted.add(node.id)
        send = self._sender(self._stanza(node, event))
        told = set()
        for session in self._interested(node, door):
            told.add(session.bare)
            send(session.jid)
        for address in self._afar(node, door):
            told.add(address.bare)
            send(address)
        unwanted = self._unwanted(node, door)
        for number, subscription in enumerate(node.subscriptions, 1):
            if number % _BREATH == 0:
                await asyncio.sleep(0)
            if subscription.active and not (subscription.jid in told or unwanted(subscription)):
                send(subscription.jid)

    async def audience(self, node: Node) -> list[JID]:
        """Return the addresses that are told of what is published in a node.

        Raises:
            StanzaError: that cannot be found out now.
        """
        door = await door_of(self._server, node)
        unwanted = self._unwanted(node, door)
        told: list[JID] = [session.jid for session in self._interested(node, door)]
        told += self._afar(node, door)
        bare = {address.bare for address in told}
        return told + [
            each.jid
            for each in node.subscriptions
            if each.active and each.jid not in bare and not unwanted(each)
        ]

    async def tell_one(self, node: Node, to: JID, event: Element, *more: Element) -> None:
        """Tell one address."""
        await self.tell_those(node, (to,), event, *more)

    async def tell_those(
        self, node: Node, to: Iterable[JID], event: Element, *more: Element
    ) -> None:
        """Tell these addresses."""
        send = self._sender(self._stanza(node, event, *more))
        for number, address in enumerate(to, 1):
            if number % _BREATH == 0:
                await asyncio.sleep(0)
            send(address)

    def tell_always(self, node: Node, event: Element, to: Iterable[JID]) -> None:
        """Tell these, whatever they want to hear."""
        send = self._sender(self._stanza(node, event))
        for address in to:
            send(address)

    def node_told_of(self, service: BareJID, id_: str) -> str | None:
        """Return the name of the node that a notification of late was about, by its id."""
        of, name = self._told.get(id_, (None, None))
        return name if of == service else None

    # -- who ---------------------------------------------------------------------------------------

    def _interested(self, node: Node, door: Door) -> Iterator[Session]:
        """Iterate over the sessions that hear of an account's node because they want to."""
        account = self._server.accounts.loaded(node.service)
        if not node.service.local or account is None:
            return
        for session in account.sessions.values():
            if node.name in interests(session):
                yield session
        roster = roster_of(account)
        for address in roster.watchers.here:
            contact = self._server.accounts.loaded(address)
            if contact is None or not contact.sessions or not roster.state_of(address).sees:
                continue
            wanting = [s for s in contact.sessions.values() if node.name in interests(s)]
            if wanting and door.admits(address) and not blocks(account, address):
                yield from wanting
        if node.config.access_model == "open":
            yield from self._visitors(node, account, door)

    def _afar(self, node: Node, door: Door) -> Iterator[JID]:
        """Iterate over the clients of contacts at other servers that want to hear of a node."""
        account = self._server.accounts.loaded(node.service)
        if not node.service.local or account is None:
            return
        roster = roster_of(account)
        for address in listeners(account, node.name):
            state = roster.state_of(address.bare)
            if (
                state.sees
                and state.is_seen
                and door.admits(address)
                and not blocks(account, address)
            ):
                yield address

    def _visitors(self, node: Node, account: Account, door: Door) -> Iterator[Session]:
        """Iterate over the sessions that sent the account presence, and are no contacts."""
        roster = roster_of(account)
        for session in self.visits.of(node.service):
            state = roster.state_of(session.bare)
            if (
                node.name in interests(session)
                and not (state.sees and state.is_seen)
                and door.admits(session.jid)
                and not blocks(account, session.jid)
            ):
                yield session

    def _unwanted(self, node: Node, door: Door) -> Callable[[Subscription], bool]:
        """Return what tells whether a subscriber is not to be told, now or any more."""
        presence_decides = node.config.presence_based_delivery
        owner = self._server.accounts.loaded(node.service)
        admits = door.admits

        def unwanted(subscription: Subscription) -> bool:
            options, who = subscription.options, subscription.jid
            if not options.deliver or not admits(who):
                return True
            if presence_decides or options.show_values:
                return not self.is_there(who, options.show_values)
            return owner is not None and blocks(owner, who)

        return unwanted

    def is_there(self, who: JID, shows: tuple[str, ...] = ()) -> bool:
        """Tell whether an address of ours is online, in one of some states."""
        account = self._server.accounts.loaded(who.bare)
        if account is None:
            return False
        return any(
            s.presence is not None and (not shows or _show(s.presence) in shows)
            for s in account.sessions.values()
            if who.resource in ("", s.jid.resource)
        )

    # -- sending -----------------------------------------------------------------------------------

    def _stanza(self, node: Node, *children: Element) -> Stanza:
        attrs = {"id": secrets.token_hex(8)}
        self._told[attrs["id"]] = (node.service, node.name)
        if len(self._told) > _REMEMBERED:
            self._told.popitem(last=False)
        if node.config.notification_type != "normal":
            attrs["type"] = "headline"
        return Stanza.make("message", node.service, None, attrs, *children)

    def _sender(self, stanza: Stanza) -> Callable[[JID], None]:
        """Return what sends a stanza to one address after the other.

        An account of ours is found here, once for each, and the recipients share the bytes of the
        stanza: this runs for every subscriber of a node.
        """
        router, hosts = self._server.router, self._server.hosts
        loaded, copy = self._server.accounts.loaded, stanza.copies()
        passing = stanza.type == "headline"  # nobody keeps it for later

        def send(to: JID) -> None:
            account = loaded(to.bare)
            if account is None:
                if not (passing and to.local and to.domain in hosts):
                    router.route(copy(to))
            elif account.sessions or not passing:
                router.deliver(copy(to), account)

        return send


def blocks(account: Account, who: JID) -> bool:
    """Tell whether an account sends nothing to an address (XEP-0163 §4.3.3)."""
    each = applied(rules_of(account), None)
    if each is None or who.bare == account.jid:
        return False
    return not each.allows(Kind.OTHER, who, roster_of(account))


def _show(presence: Stanza) -> str:
    show = presence.child("show")
    return "online" if show is None else show.text.strip()
