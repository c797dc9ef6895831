"""Reads archived messages for the index: their words, their ids, and what they retract."""

import re
from collections.abc import Callable
from typing import Final

from palaver.ext.archive import words
from palaver.ext.archive.names import RETRACT
from palaver.ext.delay import timestamp
from palaver.ext.stanza_ids import NS as NS_IDS
from palaver.kernel.storage import (
    IndexedMessage,
    LogEntry,
    Tombstone,
    parse_stanza_id,
    timestamp_of,
)
from palaver.wire import element
from palaver.wire.element import Element
from palaver.wire.errors import WireError
from palaver.wire.rereading import reread
from palaver.wire.stanza import Stanza

_RETRACT: Final = f"{RETRACT} retract"
_REPLACE: Final = "urn:xmpp:message-correct:0 replace"
_ORIGIN_ID: Final = f"{NS_IDS} origin-id"
_OCCUPANT_ID: Final = "urn:xmpp:occupant-id:0 occupant-id"
_MODERATE: Final = "urn:xmpp:message-moderate:1"
_ROOM: Final = "http://jabber.org/protocol/muc#user x"
#: What has to be looked at more closely, as it speaks of another message.
_ABOUT_ANOTHER: Final = re.compile(rb"urn:xmpp:message-(?:retract:1|correct:0)").search
_ID: Final = re.compile(
    rb"""<message(?:\s+(?!id\s*=)[^\s=]+\s*=\s*(?:'[^']*'|"[^"]*"))*\s+id\s*=\s*"""
    rb"""(?:'([^'&]*)'|"([^"&]*)")"""
).match


class Reader:
    """Implements `palaver.kernel.storage.MessageReader` for what XMPP says in messages."""

    __slots__ = ("_searchable",)

    def __init__(self, searchable: Callable[[str], bool]) -> None:
        """Take what tells whether the archives of a host can be searched."""
        self._searchable = searchable

    def searchable(self, host: str) -> bool:
        """Tell whether the messages of a host's accounts are found by their words."""
        return self._searchable(host)

    def read(self, stanza: bytes, origin_id: str | None, *, with_words: bool) -> IndexedMessage:
        """Read a message as stored."""
        found = words.words_of(stanza) if with_words else []
        if _ABOUT_ANOTHER(stanza) is not None:
            return _read_closely(stanza, found)
        usual = _ID(stanza)
        own = (usual[1] or usual[2] or b"").decode() if usual else None
        return IndexedMessage(found, _distinct(own, origin_id))

    def tombstone(self, original: LogEntry, retraction: LogEntry) -> Tombstone | None:
        """Return what remains of a message that its author retracts (XEP-0424 §5, §6).

        That is a body of its own as well as a correction of it (XEP-0308). All occupants of a room
        have its bare address, so there the resource counts too.
        """
        try:
            message, order = reread(original.stanza), reread(retraction.stanza)
        except (WireError, KeyError, ValueError):
            return None
        called = _id_in(order, _RETRACT)
        own = called in (message.id, _id_in(message, _ORIGIN_ID))
        if called is None or not (own or called == _id_in(message, _REPLACE)):
            return None
        in_room = _ROOM in message.names or _ROOM in order.names
        if in_room and original.peer_resource != retraction.peer_resource:
            return None
        return Tombstone(_stone(message, order, retraction.id), own)

    def stone(self, original: LogEntry, retraction: LogEntry) -> bytes | None:
        """Return what remains of a message that its author retracts by its stanza-id."""
        try:
            message, order = reread(original.stanza), reread(retraction.stanza)
        except (WireError, KeyError, ValueError):
            return None
        return _stone(message, order, retraction.id)

    def corrects(self, later: LogEntry, original: LogEntry) -> bool:
        """Tell whether a message of the same author is a correction of another (XEP-0308)."""
        if later.peer != original.peer or later.outgoing != original.outgoing:
            return False
        try:
            replaced = _id_in(reread(later.stanza), _REPLACE)
            return replaced is not None and replaced == reread(original.stanza).id
        except (WireError, KeyError, ValueError):
            return False


def _stone(message: Stanza, order: Stanza, at: int) -> bytes:
    stamp = timestamp(timestamp_of(at))
    return bury(message, Element("retracted", RETRACT, {"id": order.id, "stamp": stamp}))


def bury(message: Stanza, stone: Element) -> bytes:
    """Write what remains of a message: a tombstone, and who said it, in rooms."""
    author = message.part(_OCCUPANT_ID) if _OCCUPANT_ID in message.names else b""
    return b"".join((message.head(), b">", stone.to_bytes(), author, b"</message>"))


def _read_closely(stanza: bytes, found: list[str]) -> IndexedMessage:
    try:
        message = reread(stanza)
    except (WireError, KeyError, ValueError):
        return IndexedMessage(found)
    ids = _distinct(message.id, _id_in(message, _ORIGIN_ID), _id_in(message, _REPLACE))
    # The tombstone repeats the id of the retraction, so one without is none.
    retracts = _retracted(message) if message.id else None
    # The body of a retraction tells of it to those who do not know better (XEP-0424 §4).
    return IndexedMessage([] if retracts else found, ids, retracts, _entry(message, retracts))


def _retracted(message: Stanza) -> str | None:
    """Return what a message takes back of its author; what moderators do is done by the room."""
    if _RETRACT not in message.names:
        return None
    order = element.parse(message.part(_RETRACT))
    return None if order.find("moderated", _MODERATE) is not None else order.get("id") or None


def _entry(message: Stanza, retracts: str | None) -> int | None:
    """Return which entry is meant in the log of a room, which calls messages by its own ids."""
    if retracts is None or message.type != "groupchat":
        return None
    try:
        return parse_stanza_id(retracts)
    except ValueError:
        return None


def _distinct(*ids: str | None) -> list[str]:
    return list(dict.fromkeys(each for each in ids if each))


def _id_in(message: Stanza, key: str) -> str | None:
    """Return the ``id`` of the child of that name."""
    if key not in message.names:
        return None
    return element.parse(message.part(key)).get("id") or None
