"""The priority of a presence (RFC 6121 §4.7.2.3)."""

import pytest

from palaver import jid
from palaver.ext.presence.priority import priority_of
from palaver.wire import element
from palaver.wire.errors import StanzaError
from palaver.wire.stanza import Stanza

JULIET = jid.parse("juliet@capulet.example/balcony")


def presence(content: str) -> Stanza:
    return Stanza.make("presence", JULIET, None, None, *element.parse_all(content.encode()))


@pytest.mark.parametrize(
    ("content", "priority"),
    [
        ("", 0),
        ("<show>away</show>", 0),
        ("<priority>0</priority>", 0),
        ("<show>away</show><priority>127</priority><status>x</status>", 127),
        ("<priority>-128</priority>", -128),
        ("<priority>+5</priority>", 5),
        ("<priority>007</priority>", 7),
        ("<priority>\n 1 </priority>", 1),
        ("<priority xmlns='urn:other'>high</priority>", 0),
    ],
)
def test_a_priority_is_read(content: str, priority: int) -> None:
    assert priority_of(presence(content)) == priority


@pytest.mark.parametrize(
    "content",
    [
        "<priority/>",
        "<priority>high</priority>",
        "<priority>128</priority>",
        "<priority>-129</priority>",
        "<priority>1.5</priority>",
        "<priority>1 2</priority>",
        "<priority>\u0661</priority>",
        "<priority>000000000000000000001</priority>",
        "<priority>1</priority><priority>1</priority>",
    ],
)
def test_a_bad_priority_is_refused(content: str) -> None:
    with pytest.raises(StanzaError) as refused:
        priority_of(presence(content))
    assert refused.value.condition == "bad-request"
