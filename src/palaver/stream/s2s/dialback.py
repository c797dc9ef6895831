"""Server dialback (XEP-0220): its elements, and its keys (XEP-0185)."""

import hashlib
import hmac
from typing import Final, NamedTuple

from palaver import jid
from palaver.wire import escape, ns
from palaver.wire.element import Element
from palaver.wire.errors import StanzaError, StreamError

NS: Final = "jabber:server:dialback"
NS_FEATURE: Final = "urn:xmpp:features:dialback"


class Pair(NamedTuple):
    """Two domains between which stanzas flow in one direction (XEP-0220 §1).

    ``sender``  the domain that the stanzas are from
    ``target``  the domain that they are for
    """

    sender: str
    target: str

    @property
    def reversed(self) -> "Pair":
        """The pair of what flows in the other direction."""
        return Pair(self.target, self.sender)

    def __str__(self) -> str:
        return f"{self.sender} → {self.target}"


def key(secret: bytes, pair: Pair, stream_id: str) -> str:
    """Return the key of a pair on a stream, whose id the target's server chose (XEP-0185 §2)."""
    hashed = hashlib.sha256(secret).hexdigest().encode()
    text = f"{pair.target} {pair.sender} {stream_id}"
    return hmac.new(hashed, text.encode(), "sha256").hexdigest()


def same(given: str, expected: str) -> bool:
    """Compare two keys, in a time that does not tell where they differ."""
    return hmac.compare_digest(given.strip().lower().encode(), expected.encode())


def feature() -> Element:
    """Return the stream feature: errors are not the end of the stream (§2.4.1)."""
    return Element("dialback", NS_FEATURE, None, Element("errors", NS_FEATURE))


def addresses(element: Element) -> Pair:
    """Return the domains that an element is from and for.

    Raises:
        StreamError: improper-addressing, one of them is missing or no domain.
    """
    try:
        return Pair(
            jid.prepare_domain(element.get("from", "")), jid.prepare_domain(element.get("to", ""))
        )
    except jid.JIDError as error:
        raise StreamError("improper-addressing", f"dialback needs two domains: {error}") from None


def written(
    name: str,
    sender: str,
    to: str,
    *,
    id_: str | None = None,
    type_: str | None = None,
    text: str = "",
    error: StanzaError | None = None,
) -> bytes:
    """Return ``<db:result/>`` or ``<db:verify/>``; some servers know no other prefix (§2.3)."""
    attributes = {"from": sender, "to": to, "id": id_, "type": type_}
    tag = "".join(
        f" {name}='{escape.attribute(value)}'"
        for name, value in attributes.items()
        if value is not None
    )
    inner = escape.text(text).encode() if error is None else _error(error)
    if not inner:
        return f"<db:{name}{tag}/>".encode()
    return b"".join((f"<db:{name}{tag}>".encode(), inner, f"</db:{name}>".encode()))


def _error(error: StanzaError) -> bytes:
    """Return the ``<error/>`` of the stream's own namespace (§2.4.2)."""
    condition = Element(error.condition, ns.STANZA_ERRORS)
    return Element("error", ns.CLIENT, {"type": error.type}, condition).to_bytes()


def error_of(element: Element) -> str:
    """Return the condition that an element of the type ``error`` holds; empty without one."""
    for child in element:
        if child.name == "error":
            for condition in child:
                if condition.ns == ns.STANZA_ERRORS and condition.name != "text":
                    return condition.name
    return ""
