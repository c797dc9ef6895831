"""A virtual host: a domain this server answers for."""

from collections.abc import Awaitable, Callable, Mapping

from palaver import jid
from palaver.jid import BareJID
from palaver.kernel.dispatch import Dispatch
from palaver.kernel.extension import Answer, Request, Target
from palaver.kernel.settings import HostSettings
from palaver.wire.stanza import Stanza

Delegate = Callable[[Stanza, Target], Callable[[Request], Answer | Awaitable[Answer]] | None]
"""Gives the handler of a request that somebody else answers; None for all other requests."""


class Host:
    """A domain with its settings and its dispatch tables.

    ``configured`` its name as the configuration writes it, the key of its settings
    ``settings``   its section of the configuration
    ``dispatch``   the handlers of the extensions it has; replaced as a whole when they change
    ``extensions`` the names of those extensions
    ``delegations`` who else answers requests to it and to accounts, by namespace (XEP-0355)
    """

    __slots__ = ("configured", "delegations", "dispatch", "extensions", "jid", "name", "settings")

    def __init__(self, name: str, settings: HostSettings) -> None:
        """Take a domain as configured.

        Raises:
            JIDError: it is not a domain name.
        """
        self.jid: BareJID = jid.parse_bare(name)
        self.name = self.jid.domain
        self.configured = name
        self.settings = settings
        self.dispatch = Dispatch(())
        self.extensions: frozenset[str] = frozenset()
        self.delegations: Mapping[str, Delegate] = {}

    @property
    def replaced(self) -> frozenset[str]:
        """The names of the extensions in whose place somebody else answers (XEP-0355 §7.2)."""
        if not self.delegations:
            return frozenset()
        return frozenset(
            handler.__self__.name  # type: ignore[attr-defined]  # handlers are methods
            for (_, _, payload), handler in self.dispatch.iq.items()
            if payload.partition(" ")[0] in self.delegations
        ) - {"disco"}

    def __repr__(self) -> str:
        return f"<host {self.name}>"
