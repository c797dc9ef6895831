"""External components: their place in service discovery, and a command that lists them."""

from collections.abc import Sequence
from typing import ClassVar

from palaver.ext.disco import Discoverable, Inquiry, Item
from palaver.kernel.extension import Extension, NoArguments, Progress, Xep, command


class Components(Extension, Discoverable):
    """Shows the external components of the server (XEP-0114)."""

    name: ClassVar = "components"
    implements: ClassVar = (Xep(114, "1.6", "accepting connections"),)

    async def disco_items(self, inquiry: Inquiry) -> Sequence[Item]:
        """List what is connected below a host; what belongs to none is below each."""
        if inquiry.account is not None:
            return ()
        return [
            Item(component.address)
            for domain, component in self.server.components.items()
            if component.links and self._belongs(domain, inquiry.host.name)
        ]

    def _belongs(self, domain: str, host: str) -> bool:
        parents = [name for name in self.server.hosts if domain.endswith(f".{name}")]
        return host in parents if parents else True

    @command("component list", NoArguments)
    async def list(self, _arguments: NoArguments, _progress: Progress) -> list[dict[str, object]]:
        """List the components, with the addresses that are connected, and what they may do."""
        return [
            {
                "component": domain,
                "connected": [link.peer for link in component.links],
                "privileges": [*component.settings.privileges],
                "delegations": {
                    host: [*names] for host, names in component.settings.delegations.items()
                },
            }
            for domain, component in self.server.components.items()
        ]
