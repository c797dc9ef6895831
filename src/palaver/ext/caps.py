"""Entity capabilities of hosts (XEP-0115): what discovery tells, as a hash in the stream features.

A client that knows the hash already need not ask.
"""

import base64
import hashlib
from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, ClassVar, Final

from palaver.ext.disco import Disco, Discoverable, Info, Inquiry
from palaver.kernel import forms, hooks
from palaver.kernel.dispatch import Dispatch
from palaver.kernel.extension import Extension, ExtensionConfig, Xep, on
from palaver.kernel.host import Host
from palaver.wire.element import Element

if TYPE_CHECKING:
    from palaver.kernel.server import Server

NS: Final = "http://jabber.org/protocol/caps"
NODE: Final = "urn:x-palaver:server"
"""Identifies this software, whatever its version (§4)."""


class Caps(Extension, Discoverable):
    """Advertises each host's capabilities."""

    name: ClassVar = "caps"
    implements: ClassVar = (
        Xep(115, "1.6.0", "for the server itself, and read from clients' presence"),
    )
    features: ClassVar = (NS,)
    requires: ClassVar = ("disco",)

    def __init__(self, server: "Server", settings: Callable[[str | None], ExtensionConfig]) -> None:
        """Begin with no hash computed."""
        super().__init__(server, settings)
        self._known: dict[Host, tuple[Dispatch, str]] = {}

    def ver(self, host: Host) -> str:
        """Return the verification string of a host; computed once for each set of extensions."""
        known = self._known.get(host)
        if known is None or known[0] is not host.dispatch:
            ver = verification_string(self.server.extension(Disco).about(host))
            known = self._known[host] = (host.dispatch, ver)
        return known[1]

    def forget(self, host: Host) -> None:
        """Compute the string of a host anew: something else is told of it now."""
        self._known.pop(host, None)

    @on(hooks.features_after_login)
    def stream_feature(self, host: Host) -> Element:
        """Advertise the capabilities (XEP-0115 §6.3)."""
        return Element("c", NS, {"hash": "sha-1", "node": NODE, "ver": self.ver(host)})

    async def disco_node(self, inquiry: Inquiry) -> Info | None:
        """Answer for the node that stands for the hash with all that is told of the host (§6.2)."""
        if inquiry.account is None and inquiry.node == f"{NODE}#{self.ver(inquiry.host)}":
            return self.server.extension(Disco).about(inquiry.host)
        return None


def verification_string(info: Info, function: str = "sha1") -> str:
    """Hash what discovery tells (XEP-0115 §5.1)."""
    identities = sorted((i.category, i.type, i.lang, i.name) for i in info.identities)
    parts = ["/".join(identity) for identity in identities]
    parts += _octets(info.features)
    scoped = {scope: form for form in info.forms if (scope := forms.form_type(form)) is not None}
    for scope in _octets(scoped):
        parts.append(scope)
        fields = forms.values(scoped[scope])
        fields.pop(forms.FORM_TYPE)
        for var in _octets(fields):
            parts += [var, *_octets(fields[var])]
    text = "".join(f"{part}<" for part in parts)
    digest = hashlib.new(function, text.encode(), usedforsecurity=False).digest()
    return base64.b64encode(digest).decode()


def _octets(texts: Iterable[str]) -> list[str]:
    """Sort by the bytes of UTF-8, the collation "i;octet" (RFC 4790 §9.3).

    That is the order of code points, which is Python's own.
    """
    return sorted(texts)
