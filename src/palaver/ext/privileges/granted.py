"""Which components have privileges on which hosts, and how they are told of them."""

from collections.abc import Iterator
from typing import Final

from palaver.jid import JID
from palaver.kernel.component_settings import PrivilegeSettings
from palaver.kernel.components import Component
from palaver.kernel.server import Server
from palaver.wire.element import Element

NS: Final = "urn:xmpp:privilege:2"
OLD: Final = "urn:xmpp:privilege:1"
"""COMPAT: components from before XEP-0356 0.4 (2022) that were not changed since (2026-11-21). This
version has no requests in the name of users, and is the same otherwise."""


class Granted:
    """The privileges in the configuration."""

    def __init__(self, server: Server) -> None:
        self._server = server

    def to(self, component: Component) -> Iterator[tuple[str, PrivilegeSettings]]:
        """Iterate over (host, privileges) of a component."""
        for name, settings in component.settings.privileges.items():
            host = self._server.hosts.get(name)
            if host is not None and "privileges" in host.extensions:
                yield name, settings

    def on(self, host: str) -> Iterator[tuple[Component, PrivilegeSettings]]:
        """Iterate over the components that have privileges on a host."""
        for component in self._server.components.values():
            settings = component.settings.privileges.get(host)
            if settings is not None:
                yield component, settings

    def component(self, jid: JID) -> Component | None:
        """Return the component that an address is; None for those in its domain and for others."""
        component = self._server.components.get(jid.domain)
        return component if component is not None and component.address == jid.bare else None

    def privileges(self, component: Component, host: str) -> PrivilegeSettings:
        """Return what a component may do on a host."""
        return component.settings.privileges.get(host, _NOTHING)


_NOTHING: Final = PrivilegeSettings()


def advertisement(settings: PrivilegeSettings, namespace: str) -> Element:
    """Tell a component what it may do (XEP-0356 §4.2, §5.2, §6.2, §7.2)."""
    found = Element("privilege", namespace)
    push = "true" if settings.pushes else "false"
    if settings.roster != "none":
        found.add(_perm(namespace, "roster", type=settings.roster, push=push))
    if settings.message != "none":
        found.add(_perm(namespace, "message", type=settings.message))
    if settings.iq and namespace == NS:
        spaces = settings.iq.items()
        found.add(
            _perm(namespace, "iq").add(
                *(Element("namespace", NS, {"ns": ns, "type": type_}) for ns, type_ in spaces)
            )
        )
    if settings.presence != "none":
        found.add(_perm(namespace, "presence", type=settings.presence))
    return found


def _perm(namespace: str, access: str, **attrs: str) -> Element:
    return Element("perm", namespace, {"access": access, **attrs})
