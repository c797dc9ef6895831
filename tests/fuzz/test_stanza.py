"""Any edits of any stanza: what is written is what the edits say."""

from xml.etree import ElementTree

from hypothesis import given
from hypothesis import strategies as st
from tests.fuzz.test_scanner import read, scan
from tests.fuzz.xml import HEADER, HEADERS, STANZAS, TEXT, tree

from palaver import jid
from palaver.wire.element import Element
from palaver.wire.errors import StanzaError
from palaver.wire.events import Limits
from palaver.wire.stanza import Stanza

WIDE = Limits(stanza_bytes=1 << 20, depth=100, attributes=100, name_length=1_000)
SENDER = jid.parse("romeo@montague.example/orchard")
ELEMENTS = st.builds(
    Element,
    st.sampled_from(["a", "body", "é"]),
    st.sampled_from(["jabber:client", "urn:p", "urn:'\"<&"]),
    st.dictionaries(st.sampled_from(["b", "xml:lang", "urn:p c", "urn:q c"]), TEXT, max_size=3),
    TEXT.filter(bool),
)
EDITS = st.lists(
    st.one_of(
        st.tuples(st.just("with_child"), ELEMENTS),
        st.tuples(st.just("appended"), ELEMENTS),
        st.tuples(st.just("without"), st.integers(0, 4)),
        st.tuples(st.just("with_attributes"), TEXT),
        st.tuples(st.just("addressed"), st.none()),
    ),
    max_size=6,
)
CLIENTS = HEADERS.filter(lambda header: "jabber:server" not in header)


@st.composite
def scanned(draw: st.DrawFn) -> Stanza:
    _, stanza = scan([(draw(CLIENTS) + draw(STANZAS)).encode()], WIDE)
    assert isinstance(stanza, Stanza)
    stanza.sender = SENDER
    stanza.to = None
    return stanza


def children(stanza: Stanza) -> list[object]:
    return [tree(child) for child in read(stanza)]


def of(element: Element) -> object:
    (found,) = ElementTree.fromstring(HEADER.encode() + element.to_bytes() + b"</stream:stream>")
    return tree(found)


@given(scanned(), EDITS)
def test_edits_do_what_they_say(stanza: Stanza, edits: list[tuple[str, object]]):
    original = stanza.to_bytes()
    first = stanza
    expected = children(stanza)
    for edit, argument in edits:
        match edit, argument:
            case "with_child", Element() as element:
                stanza = stanza.with_child(element)
                expected = [*expected, of(element)]
            case "appended", Element() as element:
                stanza = stanza.appended(element.key, element.to_bytes())
                expected = [*expected, of(element)]
            case "without", int(number):
                unwanted = {id(child) for child in stanza.elements[number : number + 1]}
                stanza = stanza.without(lambda _, child, gone=unwanted: id(child) in gone)
                expected = expected[:number] + expected[number + 1 :]
            case "with_attributes", str(text):
                stanza = stanza.with_attributes(id=text, type=None)
                assert read(stanza).get("id") == text
            case _:
                stanza = stanza.addressed(SENDER.bare, SENDER)
                assert read(stanza).get("from") is not None
        assert children(stanza) == expected
        assert len(stanza.names) == len(expected) == len(stanza.parts()) == len(stanza.elements)
        assert [element.key for element in stanza.elements] == list(stanza.names)
    assert first.to_bytes() == original


@given(scanned(), TEXT)
def test_answers_can_be_written(stanza: Stanza, text: str):
    if stanza.kind == "iq":
        assert read(stanza.result()).get("type") == "result"
    error = read(stanza.error(StanzaError("bad-request", text)))
    assert error.get("type") == "error"
    assert error.get("id") == stanza.id
    assert error.findtext(".//{urn:ietf:params:xml:ns:xmpp-stanzas}text") == (text or None)
