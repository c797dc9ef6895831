"""Makes the elements of XEP-0227 from what other servers keep."""

import datetime
from collections.abc import Iterator, Mapping
from typing import Final

from palaver.ext.delay import NS as NS_DELAY
from palaver.ext.delay import timestamp
from palaver.ext.moving.names import NS, NS_ARCHIVE, Misfit
from palaver.ext.portable import Piece
from palaver.wire import element, ns
from palaver.wire.element import Element
from palaver.wire.errors import WireError

_DEEPEST: Final = 100
_LATEST: Final = 253_402_300_799  # seconds: the end of the year 9999


def archived(message: Element, seconds: float) -> Piece:
    """Return a message of an archive (XEP-0227 §4.11)."""
    stamp = Element("delay", NS_DELAY, {"stamp": _stamp(seconds)})
    forwarded = Element("forwarded", "urn:xmpp:forward:0", None, stamp, message)
    result = Element("result", "urn:xmpp:mam:2", None, forwarded)
    return Piece(result, (Element("archive", NS_ARCHIVE),))


def waiting(message: Element, seconds: float) -> Piece:
    """Return a message that waits for its reader (XEP-0227 §4.5)."""
    message.add(Element("delay", NS_DELAY, {"stamp": _stamp(seconds)}))
    return as_waiting(message)


def as_waiting(message: Element) -> Piece:
    """Return a message that waits, and says since when."""
    return Piece(message, (Element("offline-messages", NS),))


def _stamp(seconds: float) -> str:
    if not 0 < seconds < _LATEST:
        raise ValueError("the time of a message makes no sense")
    return timestamp(int(seconds * 1_000_000))


def pieces(whole: Element, depths: Mapping[str, int]) -> Iterator[Piece | Misfit]:
    """Take an element apart as deep as who imports it wants (`Portable`)."""
    depth = depths.get(whole.key)
    if depth is None:
        yield Misfit(f"<{whole.key}/> is not understood")
    else:
        yield from _apart(whole, depth, ())


def _apart(whole: Element, depth: int, within: tuple[Element, ...]) -> Iterator[Piece]:
    if depth == 0:
        yield Piece(whole, within)
        return
    shell = Element(whole.name, whole.ns, whole.attrs)
    for child in whole:
        yield from _apart(child, depth - 1, (*within, shell))


def parsed(text: str) -> Element:
    """Read one element out of a database; raises ValueError for what is none or is a trap."""
    data = text.encode()
    if b"<!" in data.replace(b"<![CDATA[", b""):
        raise ValueError("XML with declarations")
    try:
        found = element.parse(data)
    except WireError as error:
        raise ValueError(str(error)) from None
    if _depth(found) > _DEEPEST:
        raise ValueError("elements too deep in each other")
    return found


def _depth(tree: Element) -> int:
    depth, level = 0, [tree]
    while level:
        depth += 1
        level = [child for each in level for child in each]
    return depth


def roster_item(
    contact: str, name: str, subscription: str, *, asked: bool, groups: list[str]
) -> Element:
    """Return an item of a roster."""
    attrs = {
        "jid": contact,
        "name": name or None,
        "subscription": subscription,
        "ask": "subscribe" if asked else None,
    }
    space = "jabber:iq:roster"
    return Element("item", space, attrs, *(Element("group", space, None, g) for g in groups))


def request(contact: str) -> Element:
    """Return a request to subscribe that waits."""
    return Element("presence", ns.CLIENT, {"type": "subscribe", "from": contact})


def seconds_of(text: str) -> float:
    """Read a moment of XEP-0082 as seconds since 1970; raises ValueError."""
    return datetime.datetime.fromisoformat(text).timestamp()
