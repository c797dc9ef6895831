"""Any bytes are events or a stream error, however they are cut; stanzas mean what was written."""

import xml.etree.ElementTree as ElementTree

from hypothesis import event, given
from hypothesis import strategies as st
from tests.fuzz.xml import HEADER, STREAMS_OF_BYTES, WELL_FORMED, cuts, parsed, spoiled, tree
from tests.unit.wire.test_scanner import comparable

from palaver import jid
from palaver.wire.errors import STREAM_CONDITIONS, StreamError
from palaver.wire.events import Event, Limits, Nonza, StreamEnd, StreamStart
from palaver.wire.scanner import Scanner
from palaver.wire.stanza import KINDS, Stanza

WIDE = Limits(stanza_bytes=1 << 20, depth=100, attributes=100, name_length=1_000)
NARROW = Limits(stanza_bytes=200, depth=4, attributes=2, name_length=40)
SENDER = jid.parse("romeo@montague.example/orchard")


def scan(pieces: list[bytes], limits: Limits) -> list[Event]:
    scanner = Scanner(limits)
    found = [event for piece in pieces for event in scanner.feed(piece)]
    check(found)
    return found


def check(events: list[Event]) -> None:
    """Check what holds for any input."""
    for number, found in enumerate(events):
        assert isinstance(found, StreamStart) == (number == 0) or isinstance(found, StreamError)
        if isinstance(found, StreamError):
            assert found.condition in STREAM_CONDITIONS
            assert found is events[-1]
        if isinstance(found, StreamEnd):
            assert number >= len(events) - 2, "only an error follows the end"


@given(STREAMS_OF_BYTES, st.data())
def test_any_bytes_are_events_or_an_error_however_they_are_cut(data: bytes, more: st.DataObject):
    whole = scan([data], WIDE)
    pieces = scan(more.draw(cuts(data)), WIDE)
    event(type(whole[-1]).__name__ if whole else "nothing")
    assert list(map(comparable, pieces)) == list(map(comparable, whole))


@given(STREAMS_OF_BYTES, st.data())
def test_limits_hold_for_any_bytes(data: bytes, more: st.DataObject):
    for found in scan(more.draw(cuts(data)), NARROW):
        if isinstance(found, Stanza):
            assert len(found.inner) <= NARROW.stanza_bytes
            assert len(found.attrs) <= NARROW.attributes
            assert all(len(name) <= NARROW.name_length for name in found.names)


@given(WELL_FORMED, st.data())
def test_stanzas_mean_what_another_parser_reads(data: bytes, more: st.DataObject):
    compare(data, scan(more.draw(cuts(data)), WIDE))


@given(spoiled())
def test_stanzas_mean_what_another_parser_reads_where_it_reads_anything(data: bytes):
    compare(data, scan([data], WIDE))


@given(WELL_FORMED, st.data())
def test_a_parser_given_up_between_stanzas_changes_nothing(data: bytes, more: st.DataObject):
    scanner = Scanner(WIDE)
    found = []
    for piece in more.draw(cuts(data)):
        found += scanner.feed(piece)
        scanner.rest()
    assert list(map(comparable, found)) == list(map(comparable, scan([data], WIDE)))


@given(WELL_FORMED, st.data())
def test_a_parser_replaced_anywhere_changes_nothing(data: bytes, more: st.DataObject):
    scanner = Scanner(WIDE)
    found = []
    for piece in more.draw(cuts(data)):
        found += scanner.feed(piece)
        if scanner._namespace is not None and scanner._parser is not None:
            scanner._fed = 1 << 22  # as if so much had gone through it
    assert list(map(comparable, found)) == list(map(comparable, scan([data], WIDE)))


def compare(data: bytes, events: list[Event]) -> None:
    """Compare the events with what `xml.etree` reads."""
    expected = parsed(data)
    if expected is None or any(isinstance(found, StreamError | StreamEnd) for found in events):
        return
    first, *rest = events
    assert isinstance(first, StreamStart)
    namespace = first.namespace
    assert len(rest) == len(expected)
    for found, original in zip(rest, expected, strict=True):
        stanza = original.tag in {f"{{{namespace}}}{kind}" for kind in KINDS}
        assert isinstance(found, Stanza) == stanza
        if isinstance(found, Stanza):
            written = read(found)
            if namespace == "jabber:client":
                assert tree(written, top=True) == tree(original, top=True)
        else:
            assert isinstance(found, Nonza)
            written = ElementTree.fromstring(found.element.to_bytes(""))
            assert tree(written) == tree(original)


def read(stanza: Stanza) -> ElementTree.Element:
    """Write a stanza as its recipient gets it, and read it there."""
    stanza.sender = SENDER
    stanza.to = None
    (element,) = ElementTree.fromstring(HEADER.encode() + stanza.to_bytes() + b"</stream:stream>")
    return element
