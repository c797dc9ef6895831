"""What is kept: types, content and hints of messages."""

import pytest

from palaver.ext.keeping import Keeping, judge, keeping
from palaver.jid import parse
from palaver.wire.element import Element
from palaver.wire.stanza import Stanza

BODY = "jabber:client body"
SUBJECT = "jabber:client subject"
THREAD = "jabber:client thread"
COMPOSING = "http://jabber.org/protocol/chatstates composing"
ACTIVE = "http://jabber.org/protocol/chatstates active"
ORIGIN_ID = "urn:xmpp:sid:0 origin-id"
RECEIVED = "urn:xmpp:receipts received"
REQUEST = "urn:xmpp:receipts request"
OMEMO = "eu.siacs.conversations.axolotl encrypted"
INVITATION = "jabber:x:conference x"
STORE = "urn:xmpp:hints store"
NO_STORE = "urn:xmpp:hints no-store"
NO_PERMANENT_STORE = "urn:xmpp:hints no-permanent-store"
NO_COPY = "urn:xmpp:hints no-copy"

NOTHING = Keeping(content=False, offline=False, archived=False)
LOST = Keeping(content=True, offline=False, archived=False)
OFFLINE = Keeping(content=True, offline=True, archived=False)
BOTH = Keeping(content=True, offline=True, archived=True)
HINTED = Keeping(content=False, offline=True, archived=True)


@pytest.mark.parametrize(
    ("type_", "names", "expected"),
    [
        ("chat", (BODY,), BOTH),
        ("normal", (BODY,), BOTH),
        ("normal", (SUBJECT, BODY, THREAD), BOTH),
        ("chat", (ACTIVE, BODY, ORIGIN_ID, REQUEST), BOTH),
        ("chat", (BODY, NO_COPY), BOTH),
        # no body
        ("normal", (SUBJECT,), OFFLINE),
        ("normal", ("a:b c",), OFFLINE),
        # no body, and of use later
        ("normal", (INVITATION,), BOTH),
        ("normal", (RECEIVED,), BOTH),
        ("chat", (OMEMO,), BOTH),
        ("chat", ("urn:xmpp:chat-markers:0 displayed",), BOTH),
        ("chat", ("urn:xmpp:chat-markers:0 markable",), NOTHING),
        ("normal", ("urn:xmpp:reactions:0 reactions",), BOTH),
        ("chat", ("urn:xmpp:message-retract:1 retract",), BOTH),
        ("chat", ("urn:xmpp:jingle-message:0 propose", NO_PERMANENT_STORE), OFFLINE),
        ("chat", (OMEMO, NO_STORE), LOST),
        # says nothing
        ("normal", (), NOTHING),
        ("chat", (COMPOSING,), NOTHING),
        ("normal", (COMPOSING,), NOTHING),
        ("chat", (COMPOSING, THREAD, ORIGIN_ID, NO_STORE), NOTHING),
        ("chat", (THREAD, REQUEST), NOTHING),
        # hints
        ("chat", (OMEMO, STORE), BOTH),
        ("chat", (COMPOSING, STORE), HINTED),
        ("chat", (BODY, NO_STORE), LOST),
        ("chat", (BODY, STORE, NO_STORE), LOST),
        ("chat", (BODY, NO_PERMANENT_STORE), OFFLINE),
        ("chat", (OMEMO, STORE, NO_PERMANENT_STORE), OFFLINE),
        # types
        ("nothing-known", (BODY,), BOTH),
        ("headline", (BODY,), LOST),
        ("groupchat", (BODY,), LOST),
        ("groupchat", (BODY, STORE), LOST),
        ("error", (BODY,), LOST),
        ("error", (BODY, STORE), LOST),
    ],
)
def test_type_content_and_hints_decide(
    type_: str, names: tuple[str, ...], expected: Keeping
) -> None:
    assert judge(type_, names) == expected


@pytest.mark.parametrize("children", [1, 100])
def test_a_stanza_is_judged_by_its_type_and_children(children: int) -> None:
    bodies = [Element("body", "jabber:client", None, "o")] * children
    message = Stanza.make("message", parse("a@b/c"), parse("d@e"), None, *bodies)
    assert keeping(message) == BOTH
