"""What makes an Atom entry or feed valid (RFC 4287 §4), as far as readers rely on it."""

import re
from datetime import datetime
from typing import Final

from palaver.ext.pubsub.errors import refusal
from palaver.wire.element import Element
from palaver.wire.errors import StanzaError

ATOM: Final = "http://www.w3.org/2005/Atom"
_ONE: Final = ("id", "title", "updated")
_AT_MOST_ONE: Final = ("id", "published", "summary", "title", "updated")
_DATES: Final = ("published", "updated")
_DATE: Final = re.compile(
    r"\d{4}-\d\d-\d\d[Tt]\d\d:\d\d:\d\d(\.\d{1,9})?([Zz]|[+-]\d\d:\d\d)", re.ASCII
)
_IRI: Final = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:\S+")


def invalid(text: str) -> StanzaError:
    """Return the error for a payload that is not what the node is for (XEP-0060 §7.1.3.3)."""
    return refusal("bad-request", "invalid-payload", text)


def check(element: Element, *, complete: bool = True) -> None:
    """Check an entry or a feed.

    No author is asked for: XEP-0277 and XEP-0472 leave it out where who publishes is the author.
    ``complete`` says that it needs an id and a time beside its title; comments have neither in
    XEP-0277 §3.2.

    Raises:
        StanzaError: bad-request with invalid-payload.
    """
    for name in _ONE if complete else ("title",):
        if element.find(name) is None:
            raise invalid(f"an Atom {element.name} needs <{name}/>")
    for name in _AT_MOST_ONE:
        if len(list(element.find_all(name))) > 1:
            raise invalid(f"an Atom {element.name} has one <{name}/>")
    for name in _DATES:
        _check_date(element, name)
    given = element.text_of("id")
    if given is not None and not is_iri(given.strip()):
        raise invalid("<id/> is an IRI, such as tag: or urn:uuid:")
    for author in element.find_all("author"):
        if not (author.text_of("name") or "").strip():
            raise invalid("an author has a name")


def _check_date(element: Element, name: str) -> None:
    text = element.text_of(name)
    if text is not None and not is_date(text.strip()):
        raise invalid(f"<{name}/> is a date like 2026-11-21T10:00:00Z (RFC 3339)")


def is_date(text: str) -> bool:
    """Tell whether a text is a moment as Atom has it (RFC 4287 §3.3)."""
    match = _DATE.fullmatch(text)
    if match is None:
        return False
    zone = match[2].upper()
    second = text[17:19].replace("60", "59")  # a leap second, which datetime does not know
    try:
        datetime.fromisoformat(f"{text[:17]}{second}{'+00:00' if zone == 'Z' else zone}")
    except ValueError:
        return False
    return True


def is_iri(text: str) -> bool:
    """Tell whether a text is an address with a scheme, as ids are (RFC 4287 §4.2.6)."""
    return _IRI.fullmatch(text) is not None
