"""The addresses of a stanza for many: who gets it, and what each of them sees (XEP-0033 §4)."""

from dataclasses import dataclass
from typing import Final

from palaver import jid
from palaver.jid import JID, JIDError
from palaver.kernel.sharing import KEY, NS, RECIPIENTS
from palaver.wire.element import Element
from palaver.wire.errors import StanzaError
from palaver.wire.stanza import Stanza

_DELIVERED: Final = frozenset({"to", "cc", "bcc"})
_TYPES: Final = _DELIVERED | {"replyto", "replyroom", "noreply", "ofrom"}


@dataclass(frozen=True, slots=True)
class Header:
    """What the addresses say.

    ``number``      how many addresses there are
    ``recipients``  who is to get it, each with the ``<address/>`` that only they see, or None
    ``shown``       the addresses that all see
    """

    number: int
    recipients: dict[JID, Element | None]
    shown: list[Element]

    def copies(self, stanza: Stanza) -> list[Stanza]:
        """Return what each recipient gets; those that see the same share their bytes."""
        bare = without_header(stanza)
        common = _with(bare, self.shown)
        return [
            (common if own is None else _with(bare, [*self.shown, own])).addressed(
                stanza.sender, to
            )
            for to, own in self.recipients.items()
        ]


def read(element: Element, most: int) -> Header:
    """Read the addresses of a stanza that came for a multicast service.

    Raises:
        StanzaError: not-acceptable, these are more than ``most``; jid-malformed or bad-request, one
            of them is not as it must be.
    """
    addresses = list(element.find_all("address"))
    if not addresses:
        raise StanzaError("bad-request", "there are no addresses")
    if len(addresses) > most:
        raise StanzaError("not-acceptable", f"a stanza may have {most} addresses")
    recipients: dict[JID, Element | None] = {}
    shown: list[Element] = []
    for each in addresses:
        kind = _checked(each)
        undelivered = kind in _DELIVERED and each.get("delivered") != "true"
        to = _recipient(each) if undelivered else None
        if kind != "bcc":
            shown.append(_delivered(each))
        if to is not None and (to not in recipients or kind != "bcc"):
            recipients[to] = each if kind == "bcc" else None
    return Header(len(addresses), recipients, shown)


def read_lines(stanza: Stanza, most: int) -> list[Stanza] | None:
    """Return what each recipient gets of a stanza whose recipients are lines, or None.

    Raises:
        StanzaError: not-acceptable, these are more than ``most``; jid-malformed, one is no address.
    """
    to = stanza.to
    assert to is not None
    if not stanza.names or stanza.names[-1] != KEY:
        return None
    address = stanza.elements[-1].find("address")
    lines = None if address is None else address.text_of("recipients", RECIPIENTS)
    if lines is None:
        return None
    names = lines.split("\n")
    if len(names) > most:
        raise StanzaError("not-acceptable", f"a stanza may have {most} recipients")
    bare = without_header(stanza)
    return [bare.addressed(stanza.sender, _within(name, to.domain)) for name in names]


def without_header(stanza: Stanza) -> Stanza:
    """Return a stanza without its last header."""
    parts = stanza.parts()
    last = max(number for number, (key, _) in enumerate(parts) if key == KEY)
    return stanza.with_parts(parts[:last] + parts[last + 1 :])


def _within(name: str, domain: str) -> JID:
    local, slash, resource = name.partition("/")
    try:
        return jid.parse(f"{local}@{domain}{slash}{resource}")
    except JIDError as error:
        raise StanzaError("jid-malformed", str(error)) from error


def _checked(address: Element) -> str:
    """Return the type of an address that is as §4 wants it."""
    kind, attrs = address.get("type", ""), address.attrs
    if kind not in _TYPES:
        raise StanzaError("bad-request", "an address has one of the types of XEP-0033")
    if "uri" in attrs and ("jid" in attrs or "node" in attrs):
        raise StanzaError("bad-request", "an address with a URI has neither jid nor node")
    if kind != "noreply" and not ("jid" in attrs or "uri" in attrs):
        raise StanzaError("bad-request", "an address needs a jid or a uri")
    return kind


def _recipient(address: Element) -> JID:
    if "uri" in address.attrs:
        raise StanzaError("jid-malformed", "this service does not send to URIs")
    try:
        return jid.parse(address.get("jid", ""))
    except JIDError as error:
        raise StanzaError("jid-malformed", str(error)) from error


def _delivered(address: Element) -> Element:
    marked = {**address.attrs, "delivered": "true"}
    return Element(address.name, address.ns, marked, *address.children)


def _with(stanza: Stanza, addresses: list[Element]) -> Stanza:
    if not addresses:
        return stanza
    return stanza.appended(KEY, Element("addresses", NS, None, *addresses).to_bytes())
