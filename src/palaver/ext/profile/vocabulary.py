"""What both kinds of vCard have words for: vcard-temp (XEP-0054) and vCard4 (RFC 6351)."""

import re
from collections.abc import Callable
from typing import Final

from palaver.wire.element import Element

TEMP: Final = "vcard-temp"
VCARD4: Final = "urn:ietf:params:xml:ns:vcard-4.0"

Conversion = Callable[[Element], Element | None]
"""Says an element of one kind in the other; None where that has no word, or nothing is said."""

TYPES: Final = {
    "HOME": "home", "WORK": "work", "TEXT": "text", "VOICE": "voice", "FAX": "fax", "CELL": "cell",
    "VIDEO": "video", "PAGER": "pager", "TEXTPHONE": "textphone",
}  # fmt: skip
FLAGS: Final = {value: key for key, value in TYPES.items()}
ADDRESS: Final = {
    "POBOX": "pobox", "EXTADD": "ext", "STREET": "street", "LOCALITY": "locality",
    "REGION": "region", "PCODE": "code", "CTRY": "country",
}  # fmt: skip
NAME: Final = {
    "FAMILY": "surname", "GIVEN": "given", "MIDDLE": "additional", "PREFIX": "prefix",
    "SUFFIX": "suffix",
}  # fmt: skip
DATA: Final = re.compile(r"data:([^;,]*);base64,(.*)", re.DOTALL)


def leaf(name: str, text: str | None = None) -> Element:
    """Return an element of a vcard-temp that holds a text at most."""
    return Element(name, TEMP, None, text or None)


def leaf4(name: str, kind: str, text: str) -> Element:
    """Return a property of a vCard4 that has one value, of this kind."""
    return Element(name, VCARD4, None, Element(kind, VCARD4, None, text or None))
