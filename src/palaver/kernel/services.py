"""Services inside this process: domains below a host that an extension answers for."""

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Any

from palaver import jid
from palaver.jid import BareJID
from palaver.kernel.dispatch import Dispatch, Dispatches
from palaver.kernel.extension import Extension, Target
from palaver.kernel.host import Host
from palaver.wire.errors import StanzaError
from palaver.wire.stanza import Stanza

if TYPE_CHECKING:
    from palaver.kernel.router import Router


class Service:
    """A domain that an extension answers for, on behalf of a host.

    ``address``   its domain
    ``host``      the host whose service it is
    ``extension`` what provides it
    ``dispatch``  the handlers of its requests
    """

    __slots__ = ("address", "dispatch", "extension", "host")

    def __init__(
        self,
        address: str,
        host: Host,
        extension: Extension[Any],
        dispatch: Dispatch,
    ) -> None:
        """Have the handlers of the extension, and of others, which have no service of their own.

        Raises:
            JIDError: the address is not a domain name.
        """
        self.address: BareJID = jid.parse_bare(address)
        self.host = host
        self.extension = extension
        self.dispatch = dispatch

    def take(self, stanza: Stanza, router: "Router") -> None:
        """Take a stanza for an address of the domain.

        Raises:
            StanzaError: there is nobody, or it is refused.
        """
        target = Target.SERVICE
        if stanza.to != self.address:
            to = stanza.to
            if to is None or not (to.local and self.extension.serves_addresses):
                raise StanzaError("service-unavailable", "there is nobody at the service")
            target = Target.SERVED
            if to.resource:
                self.extension.service_took(stanza, self)
                return
        if stanza.kind == "iq":
            router.answering.to_service(stanza, target, self, router.asking(stanza))
        else:
            self.extension.service_took(stanza, self)


def services_of(
    host: Host, extensions: Iterable[Extension[Any]], build: Dispatches
) -> Iterator[Service]:
    """Iterate over the services that a host's extensions provide.

    Raises:
        LoadError: two extensions answer the same request.
    """
    chosen = [(each, each.service_address(host)) for each in extensions]
    others = [each for each, address in chosen if not address]
    for each, address in chosen:
        if address:
            yield Service(address, host, each, build.of((each, *others), of_service=True))
