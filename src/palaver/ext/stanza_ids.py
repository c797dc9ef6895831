"""Stanza ids: stamps messages with the id of their row, reads ids, and strips forged ones."""

import re
from typing import ClassVar, Final

from palaver import jid
from palaver.jid import BareJID
from palaver.kernel import hooks
from palaver.kernel.account import Account
from palaver.kernel.extension import Extension, Xep, on
from palaver.kernel.hooks import Phase
from palaver.kernel.session import Session
from palaver.kernel.storage import MAX_ORIGIN_ID, parse_stanza_id, stanza_id
from palaver.wire import element
from palaver.wire.stanza import Stanza

NS: Final = "urn:xmpp:sid:0"

_STANZA_ID: Final = f"{NS} stanza-id"
_ORIGIN_ID: Final = f"{NS} origin-id"
_PREFIX: Final = "<stanza-id xmlns='urn:xmpp:sid:0' by='%s' id='"
_KEPT: Final = b"<stanza-id id='"  # not archived: the same element, written in another order
_KEPT_END: Final = "' by='%s' xmlns='urn:xmpp:sid:0'/></message>"
_END: Final = b"'/>"
_CLOSING: Final = b"</message>"
_DIGITS: Final = 16
# Each match takes a whole attribute, so what is quoted is never taken for one itself.
_ATTRIBUTES: Final = re.compile(rb"""\s([^\s=]+)\s*=\s*(?:'([^']*)'|"([^"]*)")""").finditer
#: As clients usually write it, with characters that are what they look like.
_USUAL: Final = re.compile(
    rb"""<origin-id(?:\s+xmlns=['"][^'"]*['"])?\s+id=(?:'([\w.:-]+)'|"([\w.:-]+)")"""
).match


class StanzaIds(Extension):
    """Makes stanza ids trustworthy: nobody but us gives one in the name of our entities."""

    name: ClassVar = "stanza_ids"
    implements: ClassVar = (Xep(359, "0.7.0"),)
    account_features: ClassVar = (NS,)

    @on(hooks.incoming, phase=Phase.REWRITE, kind="message", payload=(NS, "stanza-id"))
    def strip_incoming(self, stanza: Stanza, _account: Account) -> Stanza | None:
        """Take out what others forged (XEP-0359 §3)."""
        return self._stripped(stanza)

    @on(hooks.outgoing, phase=Phase.REWRITE, kind="message", payload=(NS, "stanza-id"))
    def strip_outgoing(self, stanza: Stanza, _session: Session) -> Stanza | None:
        """Take out what our own users forged (XEP-0359 §3)."""
        return self._stripped(stanza)

    def _stripped(self, stanza: Stanza) -> Stanza | None:
        claims = [_attribute(data, "by") for key, data in stanza.parts() if key == _STANZA_ID]
        if not any(map(self._ours, claims)):
            return None
        return stanza.without(lambda key, child: key == _STANZA_ID and self._ours(child.get("by")))

    def _ours(self, by: str | None) -> bool:
        if by is None:
            return False
        try:
            domain = jid.parse(by).domain
        except jid.JIDError:
            return False
        return domain in self.server.hosts or domain in self.server.services


def stamp(by: BareJID, id_: int) -> bytes:
    """Write the `<stanza-id/>` of a row in the log of account ``by`` (XEP-0359 §2.1)."""
    return f"{_PREFIX % by.xml}{stanza_id(id_)}'/>".encode()


def stamped(stanza: Stanza, by: BareJID, id_: int, *, archived: bool = True) -> Stanza:
    """Return the stanza with the id of its row in the log of account ``by``.

    One that is not ``archived`` has a row only until it is acknowledged: `unstamped` leaves its
    stamp alone, `taken_off` finds it.
    """
    stanza.to_bytes()  # both are made of these bytes, and the sender's row as well
    if archived:
        return stanza.appended(_STANZA_ID, stamp(by, id_))
    end = (_KEPT_END % by.xml).encode().removesuffix(_CLOSING)
    return stanza.appended(_STANZA_ID, b"".join((_KEPT, stanza_id(id_).encode(), end)))


def taken_off(stanza: Stanza, by: BareJID) -> tuple[int | None, bytes, bool]:
    """Return the id that `stamped` put into a message, the bytes without it, and if it is archived.

    The id is None, and the bytes are all, where there is none.
    """
    data = stanza.to_bytes()
    if _STANZA_ID not in stanza.names:
        return None, data, False
    end = (_KEPT_END % by.xml).encode()
    start = len(data) - len(end) - _DIGITS - len(_KEPT)
    if stanza.names[-1] == _STANZA_ID and data.endswith(end) and data.startswith(_KEPT, start):
        digits = data[start + len(_KEPT) : start + len(_KEPT) + _DIGITS]
        return parse_stanza_id(digits.decode()), data[:start] + _CLOSING, False
    return *unstamped(stanza, by), True


def unstamped(stanza: Stanza, by: BareJID) -> tuple[int | None, bytes]:
    """Return the id that `stamped` put into a message, if it did, and the bytes without it."""
    data = stanza.to_bytes()
    if _STANZA_ID not in stanza.names:
        return None, data
    prefix = (_PREFIX % by.xml).encode()
    length = len(prefix) + _DIGITS + len(_END)
    end = len(data) - len(_CLOSING)
    at_the_end = data.startswith(prefix, end - length) and data.startswith(_END, end - len(_END))
    if at_the_end and stanza.names[-1] == _STANZA_ID:
        # Nearly always: nothing was appended later. An element that ends with "/>" has nothing
        # inside, so this is the last child itself, and no forgery inside another.
        return _cut(data, end - length, prefix)
    for key, child in reversed(stanza.parts()):
        end -= len(child)
        if key == _STANZA_ID and child.startswith(prefix):
            return _cut(data, end, prefix)
    return None, data


def _cut(data: bytes, start: int, prefix: bytes) -> tuple[int | None, bytes]:
    middle = start + len(prefix)
    end = middle + _DIGITS
    try:
        id_ = parse_stanza_id(data[middle:end].decode())
    except ValueError:
        return None, data
    return id_, data[:start] + data[end + len(_END) :]


class _LastOrigin:
    """The origin-id of the stanza that was asked about last: several ask about each."""

    __slots__ = ("attrs", "id")

    def __init__(self) -> None:
        self.attrs: dict[str, str] | None = None
        self.id: str | None = None


class _LastSent:
    """The row that was written last in the log of a sender."""

    __slots__ = ("attrs", "id")

    def __init__(self) -> None:
        self.attrs: dict[str, str] | None = None
        self.id: int | None = None


_last: Final = _LastOrigin()
_last_sent: Final = _LastSent()


def note_sent(stanza: Stanza, id_: int) -> None:
    """Take note of the id of a stanza's row in the log of its sender."""
    _last_sent.attrs = stanza.attrs
    _last_sent.id = id_


def stamped_for_sender(stanza: Stanza, by: BareJID) -> Stanza:
    """Return a stanza that was just sent with the id of its row in the log of its sender ``by``.

    It comes back as it is where there is no such row (yet).
    """
    if _last_sent.attrs is not stanza.attrs or _last_sent.id is None:
        return stanza
    return stanza.appended(_STANZA_ID, stamp(by, _last_sent.id))


def origin_id(stanza: Stanza) -> str | None:
    """Return the sender's own id (XEP-0359 §2.2), unless it is longer than storage takes."""
    if _ORIGIN_ID not in stanza.names:
        return None
    attrs = stanza.attrs
    if _last.attrs is not attrs:  # all edits of one stanza share this object
        data = stanza.part(_ORIGIN_ID)
        usual = _USUAL(data)
        found = (usual[1] or usual[2]).decode() if usual else _attribute(data, "id")
        _last.attrs = attrs
        _last.id = found if found and len(found) <= MAX_ORIGIN_ID else None
    return _last.id


def _attribute(data: bytes, name: str) -> str | None:
    """Return an attribute of an element without making a tree of it, where that can be."""
    wanted = name.encode()
    for match in _ATTRIBUTES(data):
        key, single, double = match.groups()
        if key == wanted:
            value: bytes = double if single is None else single
            return value.decode() if b"&" not in value else element.parse(data).get(name)
    return None
