"""Kinds of nodes that have rules of their own: what they begin with, and what they take."""

from collections.abc import Iterator
from typing import TYPE_CHECKING, ClassVar

from palaver.ext.pubsub.node import Node
from palaver.ext.pubsub.settings import NodeConfig
from palaver.kernel.host import Host
from palaver.wire.element import Element

if TYPE_CHECKING:
    from palaver.kernel.server import Server


class Profile:
    """One kind of nodes, known by their names or by their ``pubsub#type``."""

    def concerns(self, node: str, type_: str) -> bool:
        """Tell whether a node of this name and type is of the kind."""
        raise NotImplementedError

    def default(self, config: NodeConfig) -> NodeConfig:
        """Return what such nodes begin with, where others begin with ``config``."""
        return config

    def check_config(self, config: NodeConfig) -> None:
        """Check that such a node may be configured so.

        Raises:
            StanzaError: not-acceptable.
        """

    def take(self, node: Node, item: str, payload: Element | None) -> None:
        """Check what is published as an item, and add to it what the server knows better.

        Raises:
            StanzaError: bad-request with invalid-payload or payload-required.
        """


class Profiled:
    """An extension with profiles; they hold on each host that has it.

    ``profiles``         the first one that concerns a node is taken
    ``service_features`` disco features of a service whose nodes may be of these kinds
    """

    profiles: ClassVar[tuple[Profile, ...]] = ()
    service_features: ClassVar[tuple[str, ...]] = ()


def of(server: "Server", host: Host) -> Iterator[Profiled]:
    """Iterate over the extensions of a host that have profiles."""
    for name, extension in server.extensions.items():
        if isinstance(extension, Profiled) and name in host.extensions:
            yield extension


def find(server: "Server", host: Host, node: str, type_: str) -> Profile | None:
    """Return the profile that concerns a node of this name and type, if there is one."""
    known = (profile for each in of(server, host) for profile in each.profiles)
    return next((profile for profile in known if profile.concerns(node, type_)), None)
