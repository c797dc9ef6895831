"""Which messages are worth keeping: XEP-0160 §3, and the sender's hints of XEP-0334.

A message is judged by its type and by the names of its children, so that nothing is parsed; and
there are few combinations of those, so that each is judged once.
"""

from functools import lru_cache
from typing import Final, NamedTuple

from palaver.wire.stanza import Stanza

HINTS: Final = "urn:xmpp:hints"

_BODY: Final = "jabber:client body"
NO_STORE: Final = f"{HINTS} no-store"
_NO_PERMANENT_STORE: Final = f"{HINTS} no-permanent-store"
_STORE: Final = f"{HINTS} store"
#: All others are "chat" or, also where nobody knows them, "normal" (RFC 6121 §5.2.2).
_PASSING_TYPES: Final = ("error", "groupchat", "headline")

#: What says something about a message, or about who writes, and is no message by itself.
_ABOUT: Final = frozenset(
    {
        "jabber:client thread",
        "http://jabber.org/protocol/nick nick",
        "urn:xmpp:delay delay",
        "urn:xmpp:receipts request",
        "urn:xmpp:chat-markers:0 markable",
    }
)
#: What stays in the archive though it has no body: what later messages refer to, or what was said
#: in a way that the server cannot read. The names begin so.
_ARCHIVED: Final = (
    "urn:xmpp:receipts received",
    "urn:xmpp:chat-markers:0 received",
    "urn:xmpp:chat-markers:0 displayed",
    "urn:xmpp:chat-markers:0 acknowledged",
    "urn:xmpp:message-correct:0 replace",
    "urn:xmpp:reactions:0 reactions",
    "urn:xmpp:message-retract:0 ",
    "urn:xmpp:message-retract:1 ",
    "urn:xmpp:fasten:0 apply-to",
    "urn:xmpp:omemo:",
    "eu.siacs.conversations.axolotl encrypted",
    "urn:xmpp:openpgp:0 openpgp",
    "jabber:x:encrypted x",
    "urn:xmpp:eme:0 encryption",
    "urn:xmpp:jingle-message:0 ",
    "urn:xmpp:call-invites:0 ",
    "urn:xmpp:sfs:0 ",
    "jabber:x:oob x",
    "jabber:x:conference x",
    "http://jabber.org/protocol/muc#user x",
)
_ABOUT_NAMESPACES: Final = (
    "http://jabber.org/protocol/chatstates ",
    f"{HINTS} ",
    "urn:xmpp:sid:0 ",
)
_FEW: Final = 32  # children; peers choose their names, and what is remembered must stay small


class Keeping(NamedTuple):
    """What is to become of a message.

    ``content``   it says something: neither empty nor a chat state alone (XEP-0085 §5.7)
    ``offline``   it is kept until its recipient can read it
    ``archived``  it stays in the archive after that
    """

    content: bool
    offline: bool
    archived: bool


def keeping(stanza: Stanza) -> Keeping:
    """Judge a message by its type, its content and its hints.

    ``<no-store/>`` outweighs ``<store/>``. ``<no-permanent-store/>`` keeps a message out of the
    archive only: XEP-0334 §4.1 allows it to wait for an offline recipient. So does whatever says
    something and is neither a body nor of use later: it waits, and is gone when it was read.
    """
    names = stanza.names
    return _remembered(stanza.type, names) if len(names) <= _FEW else judge(stanza.type, names)


def judge(type_: str, names: tuple[str, ...]) -> Keeping:
    """Judge a message of that type with children of these names (``"namespace local"``)."""
    content = not all(map(_is_about, names))
    if type_ in _PASSING_TYPES or NO_STORE in names:
        return Keeping(content, offline=False, archived=False)
    wanted = _STORE in names
    permanent = _NO_PERMANENT_STORE not in names
    return Keeping(
        content,
        offline=content or wanted,
        archived=permanent and (wanted or _BODY in names or any(map(_is_archived, names))),
    )


_remembered: Final = lru_cache(1024)(judge)


def _is_archived(name: str) -> bool:
    return name.startswith(_ARCHIVED)


def _is_about(name: str) -> bool:
    return name in _ABOUT or name.startswith(_ABOUT_NAMESPACES)
