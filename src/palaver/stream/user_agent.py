"""What a client says of itself when it logs in (XEP-0388 §2.3)."""

import re
from dataclasses import dataclass
from typing import Final

from palaver.sasl import Condition, SaslError
from palaver.wire.element import Element

_UUID_4: Final = re.compile(
    "[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}", re.IGNORECASE
).fullmatch
_LONGEST: Final = 100  # characters kept of a name


@dataclass(frozen=True, slots=True)
class UserAgent:
    """A client installation.

    ``id``        the same at every login of it, and known to nobody else; empty when it has none
    ``software``  what it is called, ``device`` what it runs on; for the account's owner to read
    """

    id: str = ""
    software: str = ""
    device: str = ""


def read(element: Element | None) -> UserAgent:
    """Read ``<user-agent/>``, which may be missing.

    Raises:
        SaslError: malformed-request, its id is no UUID of version 4.
    """
    if element is None:
        return UserAgent()
    id_ = element.get("id")
    if id_ is not None and _UUID_4(id_) is None:
        raise SaslError(Condition.MALFORMED_REQUEST, "the user agent's id is no UUID v4")
    return UserAgent((id_ or "").lower(), _name(element, "software"), _name(element, "device"))


def _name(element: Element, what: str) -> str:
    return " ".join((element.text_of(what) or "").split())[:_LONGEST]
