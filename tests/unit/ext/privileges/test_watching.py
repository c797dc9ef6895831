"""How much is remembered of contacts elsewhere."""

from palaver import jid
from palaver.ext.privileges import watching
from palaver.ext.privileges.watching import Known
from palaver.wire import ns
from palaver.wire.element import Element
from palaver.wire.stanza import Stanza


def presence(number: int, text: str = "") -> Stanza:
    status = Element("status", ns.CLIENT, None, text)
    return Stanza.make("presence", jid.parse(f"a@b.example/{number}"), None, None, status)


def test_the_oldest_is_forgotten_when_there_is_too_much() -> None:
    known = Known()
    size = watching._KNOWN_BYTES // 4
    for number in range(4):
        known.put(presence(number, "x" * size))
    assert [stanza.sender.resource for stanza in known.available()] == ["1", "2", "3"]
    known.put(presence(1))
    known.put(presence(4, "x" * size))
    assert [stanza.sender.resource for stanza in known.available()] == ["2", "3", "1", "4"]
