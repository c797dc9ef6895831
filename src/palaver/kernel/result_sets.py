"""Result sets: which page of a long list a client wants, and which it gets (XEP-0059)."""

from dataclasses import dataclass
from typing import Final

from palaver.specifications import Xep
from palaver.wire.element import Element
from palaver.wire.errors import StanzaError

NS: Final = "http://jabber.org/protocol/rsm"
IMPLEMENTS: Final = (Xep(59, "1.0"),)

_DIGITS: Final = 9


@dataclass(frozen=True, slots=True)
class Page:
    """The page that a client asks for.

    ``most``    items at most; None where the client leaves that open
    ``after``   the id of the item that the page follows, or None
    ``before``  the id of the item that the page precedes, or None
    ``last``    take the items next to the end, or to ``before``, instead of those at the beginning
    """

    most: int | None = None
    after: str | None = None
    before: str | None = None
    last: bool = False


def read(parent: Element) -> Page:
    """Read the ``<set/>`` in a request; without one everything is asked for.

    Raises:
        StanzaError: bad-request for a number that is none; feature-not-implemented for a page by
            its index (§2.6 leaves it to the server).
    """
    wish = parent.find("set", NS)
    if wish is None:
        return Page()
    if wish.find("index") is not None:
        raise StanzaError("feature-not-implemented", "pages are found by ids, not by an index")
    before = wish.find("before")
    return Page(
        _number(wish.text_of("max")),
        wish.text_of("after") or None,
        None if before is None else before.text or None,
        before is not None,
    )


def _number(text: str | None) -> int | None:
    if text is None:
        return None
    text = text.strip()
    if not (text.isascii() and text.isdecimal() and len(text) <= _DIGITS):
        raise StanzaError("bad-request", "max is how many items the page may have")
    return int(text)


def write(first: str | None, last: str | None, count: int | None = None) -> Element:
    """Write the ``<set/>`` of an answer: the ids of the first and last item, and how many match."""
    return Element(
        "set",
        NS,
        None,
        None if first is None else Element("first", NS, None, first),
        None if last is None else Element("last", NS, None, last),
        None if count is None else Element("count", NS, None, str(count)),
    )
