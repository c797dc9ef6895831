"""Service discovery (XEP-0030): what a host or an account is, can do, and has.

The features come from what extensions declare. An extension with more to tell (identities, forms,
items, nodes) is `Discoverable` as well; it is asked as long as it is loaded on the host.
"""

from collections.abc import Awaitable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import ClassVar, Final, NamedTuple

from pydantic import Field

from palaver.ext.roster.roster import roster_of
from palaver.jid import JID, BareJID
from palaver.kernel.account import Account
from palaver.kernel.extension import (
    Answer,
    Extension,
    ExtensionConfig,
    Request,
    Target,
    Xep,
    iq,
)
from palaver.kernel.host import Host
from palaver.kernel.services import Service
from palaver.wire import escape
from palaver.wire.element import Element, Markup
from palaver.wire.errors import StanzaError

NS_INFO: Final = "http://jabber.org/protocol/disco#info"
NS_ITEMS: Final = "http://jabber.org/protocol/disco#items"


_TARGETS: Final = (
    Target.HOST, Target.ACCOUNT, Target.CONTACT, Target.SERVICE, Target.SERVED,
)  # fmt: skip


class Identity(NamedTuple):
    """A kind of entity, as registered: ``server/im``, ``automation/command-list`` and others."""

    category: str
    type: str
    name: str = ""
    lang: str = ""


class Item(NamedTuple):
    """What belongs to an entity: an address, or a node of one."""

    jid: JID
    name: str = ""
    node: str = ""


class Listing(NamedTuple):
    """A page of what belongs to an entity, and the ``<set/>`` that tells which; None for all."""

    items: Sequence[Item]
    set: Element | None = None


@dataclass(frozen=True, slots=True)
class Info:
    """What an entity or a node is and can do; ``forms`` are of type "result" (XEP-0128)."""

    identities: tuple[Identity, ...] = ()
    features: tuple[str, ...] = ()
    forms: tuple[Element, ...] = ()

    def element(self, node: str | None = None) -> Element:
        """Return the ``<query/>`` of disco#info, which repeats the node asked for (§3.2)."""
        query = Element("query", NS_INFO, {"node": node})
        for category, type_, name, lang in self.identities:
            attrs = {"category": category, "type": type_, "name": name or None}
            query.add(Element("identity", NS_INFO, {**attrs, "xml:lang": lang or None}))
        query.add(*(Element("feature", NS_INFO, {"var": var}) for var in self.features))
        return query.add(*self.forms)


_NOTHING: Final = Info()  # what is empty stays so (XEP-0045 §7.12)


@dataclass(frozen=True, slots=True)
class Inquiry:
    """A request for items, or about a node.

    ``account``  the account asked about; None for the host itself
    ``sender``   who asks
    ``node``     the node asked about, "" for none
    ``trusted``  who asks may see the account's presence; always so for a host
    ``service``  the service asked about, or None
    ``address``  the address of that service which is asked about; None for the service itself
    """

    host: Host
    account: Account | None
    sender: JID
    node: str
    trusted: bool
    service: Service | None = None
    address: BareJID | None = None


class Discoverable:
    """What an extension may tell beyond its declared features; override what there is to tell."""

    def disco_about(self, host: Host, account: Account | None) -> Info:
        """Tell more of a host, or of an account on it.

        What it tells of a host stays the same as long as the same extensions are loaded, because
        it is advertised as a hash (XEP-0115).
        """
        return Info()

    def disco_service(self, service: Service) -> Info:
        """Tell what a service is that you provide."""
        return Info()

    async def disco_served(self, inquiry: Inquiry) -> Info | None:
        """Tell what an address of a service of yours is, or None if there is no such."""
        return None

    async def disco_items(self, inquiry: Inquiry) -> Sequence[Item]:
        """List what belongs to a host, an account or a service of yours, to who may see it."""
        return ()

    async def disco_listing(self, inquiry: Inquiry, query: Element) -> Listing | None:
        """List a page of what belongs to a service of yours (XEP-0059), as a request asks for it.

        None where it comes in no pages: then you are asked for `disco_items`.
        """
        return None

    async def disco_node(self, inquiry: Inquiry) -> Info | None:
        """Tell what a node is, or None if it is not one of yours, or not to be known by who asks.

        That is asked for strangers as well, to whom an account with no such node is nobody.
        """
        return None

    async def disco_node_items(self, inquiry: Inquiry) -> Sequence[Item] | None:
        """List what belongs to a node, or None if it is not one of yours."""
        return None


class DiscoConfig(ExtensionConfig):
    """What a host calls itself."""

    name: str = Field(
        "Palaver",
        min_length=1,
        max_length=200,
        description="Name of the service, which clients show beside its address.",
        examples=["Verona Chat"],
    )


class Disco(Extension[DiscoConfig]):
    """Answers for hosts and, to those who may see their presence, for accounts."""

    Config = DiscoConfig
    name: ClassVar = "disco"
    implements: ClassVar = (
        Xep(30, "2.5.0"),
        Xep(128, "1.0.1"),
        Xep(4, "2.13.2", "inside other protocols; declared by `palaver.kernel.forms`"),
        Xep(68, "1.3.0"),
    )
    features: ClassVar = (NS_INFO, NS_ITEMS)
    account_features: ClassVar = (NS_INFO, NS_ITEMS)

    # -- for other extensions ----------------------------------------------------------------------

    def about(self, host: Host, account: Account | None = None) -> Info:
        """Return all that is told of a host, or of an account."""
        replaced = host.replaced
        found = [
            each.disco_about(host, account)
            for name, each in self._discoverable_by_name(host)
            if name not in replaced
        ]
        declared = self.server.features(host, of_account=account is not None)
        identities = [self._identity(host, account)]
        identities += [identity for info in found for identity in info.identities]
        return Info(
            _unique(identities),
            _features(declared, *(info.features for info in found)),
            tuple(form for info in found for form in info.forms),
        )

    def _identity(self, host: Host, account: Account | None) -> Identity:
        if account is None:
            return Identity("server", "im", self.config(host.name).name)
        return Identity("account", "anonymous" if account.temporary else "registered")

    def _discoverable(self, host: Host) -> list[Discoverable]:
        return [each for _, each in self._discoverable_by_name(host)]

    def _discoverable_by_name(self, host: Host) -> Iterator[tuple[str, Discoverable]]:
        return (
            (name, extension)
            for name, extension in self.server.extensions.items()
            if isinstance(extension, Discoverable) and name in host.extensions
        )

    # -- info --------------------------------------------------------------------------------------

    @iq("get", NS_INFO, "query", to=_TARGETS)
    def info(self, request: Request) -> Answer | Awaitable[Answer]:
        """Tell what an entity or a node is (XEP-0030 §3).

        A stranger cannot tell an account from an address that does not exist (§8), unless it has a
        node that is open to everybody.
        """
        inquiry = _inquiry(request)
        if inquiry.node:
            return self._node(inquiry)
        if not inquiry.trusted:
            raise StanzaError("service-unavailable")
        if inquiry.address is not None:
            return self._served(inquiry)
        if inquiry.service is not None:
            return self._about_service(inquiry.service).element()
        return self.about(inquiry.host, inquiry.account).element()

    @staticmethod
    def _about_service(service: Service) -> Info:
        provider = service.extension
        found = provider.disco_service(service) if isinstance(provider, Discoverable) else Info()
        return replace(found, features=_features(found.features, (NS_INFO, NS_ITEMS)))

    async def _served(self, inquiry: Inquiry) -> Answer:
        for each in self._asked(inquiry):
            found = await each.disco_served(inquiry)
            if found is not None:
                features = _features(found.features, (NS_INFO, NS_ITEMS))
                return replace(found, features=features).element()
        raise StanzaError("item-not-found", "there is nobody at this address")

    def _asked(self, inquiry: Inquiry) -> list[Discoverable]:
        """Return who may know an answer."""
        if inquiry.service is None:
            return self._discoverable(inquiry.host)
        provider = inquiry.service.extension
        return [provider] if isinstance(provider, Discoverable) else []

    async def _node(self, inquiry: Inquiry) -> Answer:
        for each in self._asked(inquiry):
            found = await each.disco_node(inquiry)
            if found == _NOTHING:
                return found.element(inquiry.node)
            if found is not None:
                features = _features(found.features, (NS_INFO,))
                return replace(found, features=features).element(inquiry.node)
        if not inquiry.trusted:
            raise StanzaError("service-unavailable")
        raise StanzaError("item-not-found", "there is no such node")

    # -- items -------------------------------------------------------------------------------------

    @iq("get", NS_ITEMS, "query", to=_TARGETS)
    async def items(self, request: Request) -> Answer:
        """List what belongs to an entity or a node (XEP-0030 §4)."""
        inquiry = _inquiry(request)
        if inquiry.node:
            return _items(await self._node_items(inquiry), inquiry.node)
        if inquiry.service is not None and inquiry.address is None:
            for each in self._asked(inquiry):
                listing = await each.disco_listing(inquiry, request.payload)
                if listing is not None:
                    return _items(listing.items).add(listing.set)
        found = _resources(inquiry) + self._services(inquiry)
        for each in self._asked(inquiry):
            found += await each.disco_items(inquiry)
        return _items(found)

    def _services(self, inquiry: Inquiry) -> list[Item]:
        """List the services of a host that are inside this process."""
        if inquiry.account is not None or inquiry.service is not None:
            return []
        services = [s for s in self.server.services.values() if s.host is inquiry.host]
        return [Item(each.address, _name_of(each)) for each in services]

    async def _node_items(self, inquiry: Inquiry) -> Sequence[Item]:
        for each in self._asked(inquiry):
            found = await each.disco_node_items(inquiry)
            if found is not None:
                return found
        if inquiry.trusted:
            raise StanzaError("item-not-found", "there is no such node")
        return ()

    @iq("get", NS_ITEMS, "query", to=Target.NOBODY)
    def items_of_nobody(self, request: Request) -> Answer:
        """Answer for an account that does not exist as for one with no items (§8 rule 2)."""
        return _items((), request.payload.get("node"))


def _inquiry(request: Request) -> Inquiry:
    account, sender = request.account, request.sender
    trusted = account is None or sees_presence(sender, account)
    node = request.payload.get("node", "")
    to = request.stanza.to
    served = to.bare if request.service is not None and to is not None and to.local else None
    return Inquiry(request.host, account, sender, node, trusted, request.service, served)


def _name_of(service: Service) -> str:
    provider = service.extension
    if not isinstance(provider, Discoverable):
        return ""
    return next((each.name for each in provider.disco_service(service).identities), "")


def sees_presence(jid: JID, account: Account) -> bool:
    """Tell whether an address may see the presence of an account (RFC 6121 §3).

    That is the account itself, and who has a subscription to it.
    """
    return jid.bare == account.jid or roster_of(account).state_of(jid).is_seen


def _resources(inquiry: Inquiry) -> list[Item]:
    """List the available resources of an account (§4.1), to those who may know them (§8)."""
    if inquiry.account is None or not inquiry.trusted:
        return []
    return [Item(s.jid) for s in inquiry.account.sessions.values() if s.available]


def _unique(identities: Iterable[Identity]) -> tuple[Identity, ...]:
    """Keep the first of each category, type and language: two would contradict (§3.1)."""
    found: dict[tuple[str, str, str], Identity] = {}
    for identity in identities:
        found.setdefault((identity.category, identity.type, identity.lang), identity)
    return tuple(found.values())


def _features(*groups: Iterable[str]) -> tuple[str, ...]:
    return tuple(sorted({feature for group in groups for feature in group}))


def _items(items: Iterable[Item], node: str | None = None) -> Element:
    listed = "".join(_item(*each) for each in items)  # thousands, of a large room
    return Element("query", NS_ITEMS, {"node": node or None}, Markup(listed) if listed else None)


def _item(jid: JID, name: str, node: str) -> str:
    shown = f" name='{escape.attribute(name)}'" if name else ""
    at = f" node='{escape.attribute(node)}'" if node else ""
    return f"<item jid='{jid.xml}'{shown}{at}/>"
