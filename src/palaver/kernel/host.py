"""A virtual host: a domain this server answers for."""

from palaver import jid
from palaver.jid import BareJID
from palaver.kernel.dispatch import Dispatch
from palaver.kernel.settings import HostSettings


class Host:
    """A domain with its settings and its dispatch tables.

    ``configured`` its name as the configuration writes it, the key of its settings
    ``settings``   its section of the configuration
    ``dispatch``   the handlers of the extensions it has; replaced as a whole when they change
    ``extensions`` the names of those extensions
    """

    __slots__ = ("configured", "dispatch", "extensions", "jid", "name", "settings")

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

    def __repr__(self) -> str:
        return f"<host {self.name}>"
