"""Which messages are copied to a user's other devices: the rules of XEP-0280 §6.1.

A message is judged by its type and by the names of its children, so that nothing is parsed; and
there are few combinations of those, so that each is judged once.
"""

from enum import Enum, auto
from functools import lru_cache
from typing import Final

from palaver.wire.stanza import Stanza

NS: Final = "urn:xmpp:carbons:2"
MUC_USER: Final = "http://jabber.org/protocol/muc#user"

_PRIVATE: Final = (f"{NS} private", "urn:xmpp:hints no-copy")
_COPIES: Final = (f"{NS} received", f"{NS} sent")
_BODY: Final = "jabber:client body"
_MUC: Final = f"{MUC_USER} x"
_NEVER: Final = ("groupchat", "headline")

#: The beginnings of the names of what makes a message of type "normal" one of a conversation.
_CONVERSATION: Final = (
    "urn:xmpp:receipts ",
    "http://jabber.org/protocol/chatstates ",
    "urn:xmpp:chat-markers:0 ",
    "urn:xmpp:reactions:",
    "urn:xmpp:message-retract:",
    "urn:xmpp:jingle-message:",
    "urn:xmpp:call-invites:",
    "urn:xmpp:eme:0 ",
    "urn:xmpp:omemo:",
    "eu.siacs.conversations.axolotl ",
    "jabber:x:conference ",
)
_FEW: Final = 32  # children; peers choose their names, and what is remembered must stay small


class Copying(Enum):
    """What is to become of a message's copies."""

    NONE = auto()
    ALL = auto()
    ERROR = auto()
    """copied if what it answers was"""
    ROOM = auto()
    """concerns a room: see `is_copied`"""


def is_copied(stanza: Stanza, *, received: bool, answered: bool = False) -> bool:
    """Tell whether a message is copied to other devices.

    ``received``  it arrived for the user, rather than being sent by one of the user's devices
    ``answered``  it is an error that answers a message which was copied
    """
    names = stanza.names
    rule = (_remembered if len(names) <= _FEW else judge)(stanza.type, names)
    if rule is Copying.ALL:
        return True
    if rule is Copying.ERROR:
        return answered
    if rule is Copying.ROOM:
        return _is_room_message_copied(stanza, received=received)
    return False


def judge(type_: str, names: tuple[str, ...]) -> Copying:
    """Judge a message of that type with children of these names (``"namespace local"``)."""
    if type_ in _NEVER or any(name in names for name in (*_PRIVATE, *_COPIES)):
        return Copying.NONE
    if type_ == "error":
        return Copying.ERROR
    if _MUC in names:
        return Copying.ROOM
    if type_ == "chat" or _BODY in names or any(map(_is_conversation, names)):
        return Copying.ALL
    return Copying.NONE


_remembered: Final = lru_cache(1024)(judge)


def _is_conversation(name: str) -> bool:
    return name.startswith(_CONVERSATION)


def _is_room_message_copied(stanza: Stanza, *, received: bool) -> bool:
    """Copy invitations, and private messages where the room does not send them to all devices."""
    element = stanza.child("x", MUC_USER)
    if element is not None and element.find("invite") is not None:
        return True
    return not received and stanza.type == "chat"
