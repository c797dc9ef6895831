"""What a room lets its participants say: how often, and whether with links and files.

Moderators, and so admins and owners, may do all of it.
"""

import re
from collections.abc import Iterator
from math import ceil
from typing import Final

from palaver.ext.muc.occupant import Occupant
from palaver.ext.muc.privileges import Affiliation, Role
from palaver.ext.muc.room import Room
from palaver.wire.element import Element
from palaver.wire.errors import StanzaError
from palaver.wire.stanza import Stanza

_BODY: Final = "jabber:client body"
_FILES: Final = frozenset(
    {
        "jabber:x:oob x",  # XEP-0066
        "urn:xmpp:sfs:0 file-sharing",  # XEP-0447
        "urn:xmpp:sfs:0 sources",
        "urn:xmpp:bob data",  # XEP-0231
    }
)
_SECRETS: Final = frozenset(
    {
        "urn:xmpp:omemo:2 encrypted",
        "eu.siacs.conversations.axolotl encrypted",
        "urn:xmpp:openpgp:0 openpgp",
    }
)
_SAYING: Final = frozenset({_BODY, "jabber:client subject"}) | _FILES | _SECRETS
_SIMS: Final = b"urn:xmpp:sims:1"  # XEP-0385, inside of a reference
_READ: Final = ("body", "subject", "html")
_LINK: Final = re.compile(r"\b(?:https?|ftp|aesgcm)://|\bwww\.", re.IGNORECASE).search


def check(stanza: Stanza, room: Room, occupant: Occupant, now: float) -> None:
    """Check that an occupant may say this, and now; ``now`` never goes back.

    Raises:
        StanzaError: policy-violation, it was said too soon; forbidden, it has a link or a file.
    """
    config = room.config
    if occupant.role >= Role.MODERATOR:
        return
    if config.media != "participants" and _has_media(stanza) and not _may_share(room, occupant):
        raise StanzaError("forbidden", "this room does not let you post links or files")
    if config.slow_seconds and not _SAYING.isdisjoint(stanza.names):
        wait = room.speaking.take(1, config.slow_seconds, occupant.bare, now)
        if wait:
            text = f"this room is slow: you may say something again in {ceil(wait)} seconds"
            raise StanzaError("policy-violation", text, type="wait")


def _may_share(room: Room, occupant: Occupant) -> bool:
    return room.config.media == "members" and room.affiliation(occupant.bare) >= Affiliation.MEMBER


def _has_media(stanza: Stanza) -> bool:
    """Tell whether a message has a link or a file that can be seen: what is encrypted cannot."""
    if not _FILES.isdisjoint(stanza.names) or _SIMS in stanza.inner:
        return True
    return any(
        _LINK(text) for child in stanza.elements if child.name in _READ for text in _texts(child)
    )


def _texts(element: Element) -> Iterator[str]:
    """Return all that is written in an element, and where it points to."""
    yield element.text
    yield from element.attrs.values()
    for child in element:
        yield from _texts(child)
