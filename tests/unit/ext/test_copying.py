"""Which messages are copied to other devices (XEP-0280 §6.1)."""

import pytest

from palaver import jid
from palaver.ext.copying import is_copied
from palaver.wire import element
from palaver.wire.stanza import Stanza

BODY = "<body>Hi</body>"
PRIVATE = "<private xmlns='urn:xmpp:carbons:2'/>"
NO_COPY = "<no-copy xmlns='urn:xmpp:hints'/>"
RECEIVED = "<received xmlns='urn:xmpp:receipts' id='1'/>"
COMPOSING = "<composing xmlns='http://jabber.org/protocol/chatstates'/>"
DISPLAYED = "<displayed xmlns='urn:xmpp:chat-markers:0' id='1'/>"
PROCEED = "<proceed xmlns='urn:xmpp:jingle-message:0' id='1'/>"
INVITE = "<x xmlns='http://jabber.org/protocol/muc#user'><invite from='a@b'/></x>"
DIRECT = "<x xmlns='jabber:x:conference' jid='room@muc.x'/>"
ROOM = "<x xmlns='http://jabber.org/protocol/muc#user'/>"
FORGED = "<received xmlns='urn:xmpp:carbons:2'/>"


def message(type_: str, content: str) -> Stanza:
    sender = jid.parse("romeo@montague.example/orchard")
    children = list(element.parse(f"<x xmlns='jabber:client'>{content}</x>".encode()))
    return Stanza.make("message", sender, None, {"type": type_} if type_ else None, *children)


@pytest.mark.parametrize(
    ("type_", "content", "sent", "received"),
    [
        ("chat", BODY, True, True),
        ("chat", "", True, True),
        ("chat", COMPOSING, True, True),
        ("", BODY, True, True),
        ("normal", BODY, True, True),
        ("unheard-of", BODY, True, True),
        ("normal", "", False, False),
        ("normal", "<subject>x</subject>", False, False),
        ("normal", RECEIVED, True, True),
        ("normal", DISPLAYED, True, True),
        ("normal", PROCEED, True, True),
        ("normal", DIRECT, True, True),
        ("normal", INVITE, True, True),
        ("chat", BODY + PRIVATE + NO_COPY, False, False),
        ("chat", BODY + PRIVATE, False, False),
        ("chat", BODY + NO_COPY, False, False),
        ("groupchat", BODY, False, False),
        ("headline", BODY, False, False),
        ("chat", BODY + ROOM, True, False),
        ("normal", BODY + ROOM, False, False),
        ("chat", BODY + FORGED, False, False),
        ("error", BODY, False, False),
    ],
)
def test_rules(type_: str, content: str, sent: bool, received: bool) -> None:
    stanza = message(type_, content)
    assert is_copied(stanza, received=False) is sent
    assert is_copied(stanza, received=True) is received


def test_an_error_is_copied_if_what_it_answers_was() -> None:
    assert is_copied(message("error", ""), received=True, answered=True)
