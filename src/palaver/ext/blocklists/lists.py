"""Real-time block lists: nodes of publish-subscribe services whose items name who is blocked.

As other servers have it: the id of an item is the SHA-256 of a bare JID or a domain (the node
``muc_bans_sha256``), or the address itself (``spam_source_domains``). The payload, often a report
of XEP-0377, says why.
"""

from collections.abc import Iterator
from hashlib import sha256
from typing import TYPE_CHECKING, Final
from urllib.parse import unquote

from palaver import jid
from palaver.ext.blocklists.matching import Block, Source, digest_in, normal
from palaver.ext.blocklists.tables import ITEM_BYTES
from palaver.ext.pubsub.names import NS, NS_EVENT
from palaver.jid import JID, BareJID, JIDError
from palaver.kernel import result_sets
from palaver.wire.element import Element
from palaver.wire.errors import StanzaError

if TYPE_CHECKING:
    from palaver.kernel.server import Server

NODE: Final = "muc_bans_sha256"
_REPORTING: Final = "urn:xmpp:reporting:1"
_MOST_PAGES: Final = 10_000
_REASON: Final = 200  # characters


class BlockList:
    """One list, and what it says at the moment.

    ``service``     the publish-subscribe service, and ``node`` its node
    ``subscriber``  the host in whose name it is read
    ``hosts``       those that go by it
    ``blocks``      whom it names
    ``fresh``       whether that is what it says now, as far as we are told
    ``problem``     why not
    ``key``         what it is called in storage
    """

    __slots__ = (
        "blocks", "fresh", "hosts", "key", "node", "problem", "service", "subscriber", "uri",
    )  # fmt: skip

    def __init__(self, uri: str, subscriber: BareJID) -> None:
        """Take its address as configured."""
        self.service, self.node = parse(uri)
        self.uri = f"xmpp:{self.service}?;node={self.node}"
        self.key = sha256(f"{self.service}\n{self.node}".encode()).digest()
        self.subscriber = subscriber
        self.hosts: set[str] = set()
        self.blocks = Source()
        self.fresh = False
        self.problem = "not read yet"

    def take(self, address: str, reason: str = "") -> None:
        """Block whom an item names, as `address_in` writes it."""
        self.blocks.put(Block(address, reason, self.uri))


def parse(uri: str) -> tuple[BareJID, str]:
    """Read the address of a list: ``rtbl.example`` or ``xmpp:rtbl.example?;node=name``.

    Raises:
        ValueError: it is none.
    """
    address, _, query = uri.removeprefix("xmpp:").partition("?")
    node = NODE
    for pair in query.split(";"):
        name, _, value = pair.partition("=")
        if name == "node" and value:
            node = unquote(value)
    return jid.parse_bare(unquote(address)), node


def address_in(item: str) -> str | None:
    """Return whom the id of an item names, as blocks are written; None where it is no address."""
    if len(item.encode()) > ITEM_BYTES:
        return None
    digest = digest_in(item)
    if digest is not None:
        return digest
    try:
        return normal(item)
    except JIDError:
        return None


Change = tuple[str, str | None]
"""Whom an item names, and why; None when the item is there no more."""


def changes_in(parent: Element) -> Iterator[Change]:
    """Iterate over what an answer or a notification says; who names nobody is passed over."""
    for child in parent:
        address = address_in(child.get("id", ""))
        if address is not None and child.ns == parent.ns:
            if child.name == "item":
                yield address, _reason(child)
            elif child.name == "retract":
                yield address, None


def _reason(item: Element) -> str:
    report = item.find("report", _REPORTING)
    if report is None:
        return ""
    text = report.text_of("text") or report.get("reason", "").rpartition(":")[2]
    return " ".join(text.split())[:_REASON]


async def subscribe(server: "Server", found: BlockList) -> None:
    """Subscribe to a list (XEP-0060 §6.1); again is no harm.

    Raises:
        StanzaError: the service does not want it, or does not answer.
    """
    wish = Element("subscribe", NS, {"node": found.node, "jid": str(found.subscriber)})
    await _ask(server, found, "set", wish)


async def fetch(server: "Server", found: BlockList, most: int) -> dict[str, str]:
    """Return whom all items of a list name, and why, page by page (XEP-0060 §6.5.4).

    Raises:
        StanzaError: the service does not let us, or does not answer; or (policy-violation) there
            are more than ``most``.
    """
    items: dict[str, str] = {}
    ids: set[str] = set()
    after: str | None = None
    for _ in range(_MOST_PAGES):
        answer = await _ask(server, found, "get", Element("items", NS, {"node": found.node}), after)
        page = answer.find("items") if answer is not None else None
        known = len(ids)
        if page is not None:
            ids.update(item.get("id", "") for item in page)
            items.update((address, reason or "") for address, reason in changes_in(page))
        if len(ids) > most:
            raise StanzaError("policy-violation", f"the list has more than {most} items")
        after = _next(answer)
        if len(ids) == known or after is None:
            break
    return items


def _next(answer: Element | None) -> str | None:
    """Return after which item the next page begins, if the service gives pages."""
    page = answer.find("set", result_sets.NS) if answer is not None else None
    return None if page is None else page.text_of("last") or None


async def _ask(
    server: "Server", found: BlockList, type_: str, what: Element, after: str | None = None
) -> Element | None:
    payload = Element("pubsub", NS, None, what)
    if after is not None:
        payload.add(
            Element("set", result_sets.NS, None, Element("after", result_sets.NS, None, after))
        )
    return await server.requests.ask(type_, found.subscriber, found.service, payload)


def from_list(found: BlockList, sender: JID, event: Element | None) -> Element | None:
    """Return what a notification says of a list; None where it is not one of this list."""
    if event is None or event.ns != NS_EVENT or sender.bare != found.service:
        return None
    return next((child for child in event if child.get("node") == found.node), None)
