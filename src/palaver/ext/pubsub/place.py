"""Where nodes are, and one request that concerns them."""

from dataclasses import dataclass

from palaver.ext.pubsub.settings import ACCOUNT_DEFAULT, SERVICE_DEFAULT, NodeConfig
from palaver.jid import JID, BareJID
from palaver.kernel.account import Account
from palaver.kernel.extension import Request
from palaver.kernel.host import Host


@dataclass(frozen=True, slots=True)
class Place:
    """An account or a service, as an address with nodes.

    ``account``  the account; None for a service, and for an address that is nobody's
    """

    address: BareJID
    host: Host
    account: Account | None

    @property
    def default(self) -> NodeConfig:
        """The configuration that new nodes have."""
        return ACCOUNT_DEFAULT if self.address.local else SERVICE_DEFAULT

    @property
    def account_id(self) -> int | None:
        """The key of the account in tables, if there is one."""
        return None if self.account is None else self.account.id

    def is_owned_by(self, who: JID) -> bool:
        """Tell whether an address owns all there is."""
        return self.account is not None and who.bare == self.address


def place_of(request: Request) -> Place:
    """Return the place that a request is for."""
    to = request.stanza.to
    address = request.sender.bare if to is None else to.bare
    return Place(address, request.host, request.account)
