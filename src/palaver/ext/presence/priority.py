"""Reads the priority out of a presence (RFC 6121 §4.7.2.3)."""

import re
from typing import Final

from palaver.wire import element, ns
from palaver.wire.errors import StanzaError
from palaver.wire.stanza import Stanza

_KEY: Final = ns.qname(ns.CLIENT, "priority")
_BYTE: Final = re.compile(r"[+-]?[0-9]{1,5}").fullmatch  # xs:byte, with its leading zeros


def priority_of(stanza: Stanza) -> int:
    """Return the priority, -128 to 127; 0 where there is none.

    Raises:
        StanzaError: bad-request, it is no such number, or there are several.
    """
    if _KEY not in stanza.names:
        return 0
    found = [data for key, data in stanza.parts() if key == _KEY]
    text = element.parse(found[0]).text.strip(" \t\r\n")
    if len(found) > 1 or _BYTE(text) is None or not -128 <= int(text) <= 127:
        raise StanzaError("bad-request", "a priority is one number from -128 to 127")
    return int(text)
