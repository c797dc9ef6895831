"""Namespaces whose requests a component answers instead of the server (XEP-0355), in admin mode.

The configuration says which, by host. Client mode, in which users delegate to whom they like (§5),
is not there: nobody is asked, and only components that the administrator named get anything.
"""

import secrets
from collections import Counter
from collections.abc import Awaitable, Callable, Mapping
from functools import partial
from typing import TYPE_CHECKING, ClassVar, Final

import structlog

from palaver.ext.caps import Caps
from palaver.ext.disco import NS_INFO, NS_ITEMS, Discoverable, Identity, Info
from palaver.ext.forwarding import FORWARD, address, only, packed
from palaver.kernel import hooks
from palaver.kernel.account import Account
from palaver.kernel.components import Component, Link
from palaver.kernel.extension import (
    Answer,
    Extension,
    ExtensionConfig,
    Request,
    Target,
    Xep,
    on,
)
from palaver.kernel.host import Delegate, Host
from palaver.wire import ns
from palaver.wire.element import Element
from palaver.wire.errors import StanzaError
from palaver.wire.stanza import Stanza

if TYPE_CHECKING:
    from palaver.kernel.server import Server

log = structlog.get_logger()

NS: Final = "urn:xmpp:delegation:2"
_REST: Final = {f"{NS}:bare:disco#info:*": NS_INFO, f"{NS}:bare:disco#items:*": NS_ITEMS}
"""What stands for discovery about accounts that the server does not answer itself (§7.2.4)."""

_MOST_WAITING: Final = 1_000  # requests for one component
_BARE: Final = (Target.ACCOUNT, Target.CONTACT)
_ASIDE: Final = (("::", False), (":bare:", True))
"""What is between `NS` and a namespace in the node that tells of it: of the host, of accounts."""


class Delegations(Extension, Discoverable):
    """Forwards requests to the components they are delegated to, and tells their features."""

    name: ClassVar = "delegations"
    implements: ClassVar = (Xep(355, "0.5", "admin mode", partial=True),)
    features: ClassVar = (NS,)
    requires: ClassVar = ("disco", "caps")

    def __init__(self, server: "Server", settings: Callable[[str | None], ExtensionConfig]) -> None:
        super().__init__(server, settings)
        self._told: dict[tuple[str, bool], dict[str, Info]] = {}
        self._waiting: Counter[str] = Counter()

    @on(hooks.server_started)
    async def begin(self) -> None:
        """Let hosts know what is delegated."""
        for host in self.server.hosts.values():
            found: dict[str, Delegate] = {}
            for component in self.server.components.values():
                for namespace, attributes in self._of(component, host).items():
                    if namespace in _REST:
                        found[_REST[namespace]] = partial(self._rest, component)
                    else:
                        found[namespace] = partial(self._whole, component, attributes)
            host.delegations = found

    def _of(self, component: Component, host: Host) -> Mapping[str, tuple[str, ...]]:
        if self.name not in host.extensions:
            return {}
        return component.settings.delegations.get(host.name, {})

    @on(hooks.component_connected)
    def advertise(self, component: Component, link: Link) -> None:
        """Tell a component what is delegated to it, and ask what it can do there (§4.2, §7.2)."""
        for host in self.server.hosts.values():
            namespaces = self._of(component, host)
            if not namespaces:
                continue
            told = Element("delegation", NS)
            for namespace, attributes in namespaces.items():
                names = (Element("attribute", NS, {"name": each}) for each in attributes)
                told.add(Element("delegated", NS, {"namespace": namespace}, *names))
            id_ = {"id": secrets.token_hex(8)}
            link.carry(Stanza.make("message", host.jid, component.address, id_, told))
            log.info("delegated", component=component.address, host=host.name, what=[*namespaces])
            self.server.spawn(self._ask(component, host, [n for n in namespaces if n not in _REST]))

    # -- requests ----------------------------------------------------------------------------------

    def _whole(
        self, component: Component, attributes: tuple[str, ...], stanza: Stanza, _target: Target
    ) -> Callable[[Request], Awaitable[Answer]] | None:
        """Take a request of a delegated namespace, unless it is the component's own (§4.3)."""
        if stanza.sender.domain == component.address:
            return None
        payload = stanza.payload
        if payload is None or any(payload.get(each) is None for each in attributes):
            return None
        return partial(self._forward, component)

    def _rest(
        self, component: Component, stanza: Stanza, target: Target
    ) -> Callable[[Request], Awaitable[Answer]] | None:
        """Take discovery about an account, where the server itself knows nothing (§7.2.4)."""
        if target not in _BARE or stanza.type != "get" or stanza.payload is None:
            return None
        if stanza.sender.domain == component.address:
            return None
        if stanza.payload.get("node"):
            return partial(self._own_first, component, target)
        return partial(self._forward, component) if stanza.payload.ns == NS_ITEMS else None

    async def _own_first(self, component: Component, target: Target, request: Request) -> Answer:
        handler = request.host.dispatch.iq[target, "get", request.payload.key]
        try:
            answer = handler(request)
            found: Answer = await answer if isinstance(answer, Awaitable) else answer
        except StanzaError as error:
            if error.condition != "item-not-found":
                raise
            return await self._forward(component, request)
        return found

    async def _forward(self, component: Component, request: Request) -> Answer:
        """Let the component answer (§4.3); whatever goes wrong is service-unavailable.

        What waits for one component is bounded, so that one that does not answer costs little, and
        components that ask for each other's namespaces come to an end.

        Raises:
            StanzaError: resource-constraint or service-unavailable.
        """
        if self._waiting[component.address] >= _MOST_WAITING:
            raise StanzaError("resource-constraint", "too much waits for who answers this")
        self._waiting[component.address] += 1
        try:
            return await self._answered(component, request)
        finally:
            self._waiting[component.address] -= 1

    async def _answered(self, component: Component, request: Request) -> Answer:
        stanza, host = request.stanza, request.host
        wrapped = Element("delegation", NS, None, packed(stanza))
        try:
            found = await self.server.requests.ask("set", host.jid, component.address, wrapped)
            return _answer(found, stanza, host)
        except StanzaError as error:
            log.warning(
                "delegated request failed",
                component=component.address,
                stanza=repr(stanza),
                condition=error.condition,
                text=error.text,
            )
            raise StanzaError("service-unavailable") from error

    # -- discovery ---------------------------------------------------------------------------------

    async def _ask(self, component: Component, host: Host, namespaces: list[str]) -> None:
        for namespace in namespaces:
            for separator, bare in _ASIDE:
                node = f"{NS}{separator}{namespace}"
                query = Element("query", NS_INFO, {"node": node})
                try:
                    found = await self.server.requests.ask(
                        "get", host.jid, component.address, query
                    )
                except StanzaError:
                    continue
                self._told.setdefault((host.name, bare), {})[namespace] = _info(found)
        self.server.extension(Caps).forget(host)

    def disco_about(self, host: Host, account: Account | None) -> Info:
        """Tell what components do for a host, or for its accounts (§7.2)."""
        found = self._told.get((host.name, account is not None), {}).values()
        return Info(
            tuple(each for info in found for each in info.identities),
            tuple(each for info in found for each in info.features),
            tuple(each for info in found for each in info.forms),
        )


def _answer(found: Element | None, stanza: Stanza, host: Host) -> Answer:
    """Return the payload of what a component answered, checked as §4.3 says.

    Raises:
        StanzaError: it is no result, or not for who asked, or not of who was asked.
    """
    delegation = None if found is None or (found.name, found.ns) != ("delegation", NS) else found
    inner = only(only(delegation, "forwarded", FORWARD), "iq", ns.CLIENT)
    asked = (stanza.to,) if stanza.to is not None else (stanza.sender.bare, host.jid)
    right = (
        address(inner, "to") == stanza.sender
        and address(inner, "from") in (None, *asked)
        and inner.get("id") == stanza.id
        and inner.get("type") == "result"
    )
    payloads = list(inner)
    if not right or len(payloads) > 1:
        raise StanzaError("bad-request", "that is no answer to the request")
    return payloads[0] if payloads else None


def _info(query: Element | None) -> Info:
    """Read what a component tells of a node."""
    if query is None:
        return Info()
    return Info(
        tuple(
            Identity(each.get("category", ""), each.get("type", ""), each.get("name", ""))
            for each in query.find_all("identity")
        ),
        tuple(each.get("var", "") for each in query.find_all("feature")),
        tuple(query.find_all("x", "jabber:x:data")),
    )
