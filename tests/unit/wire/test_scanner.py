"""The scanner: the same events however the bytes are cut, and bytes forwarded as they came."""

import pytest

from palaver import jid
from palaver.wire import element, ns
from palaver.wire.element import Element
from palaver.wire.errors import StreamError
from palaver.wire.events import Event, Limits, Nonza, StreamEnd, StreamStart
from palaver.wire.scanner import Scanner
from palaver.wire.stanza import Stanza

HEADER = (
    b"<?xml version='1.0'?><stream:stream to='capulet.example' version='1.0' xml:lang='en' "
    b"xmlns='jabber:client' xmlns:stream='http://etherx.jabber.org/streams'>"
)
SENDER = jid.parse("romeo@montague.example/orchard")
LIMITS = Limits(stanza_bytes=2_000, depth=8, attributes=8, name_length=100)

Comparable = tuple[object, ...]


def comparable(event: Event) -> Comparable:
    if isinstance(event, Stanza):
        return (event.kind, event.attrs, event.inner, event.names, event.parts())
    if isinstance(event, StreamError):
        return ("error", event.condition, event.text)
    if isinstance(event, Nonza):
        return ("nonza", event.element.to_bytes(""))
    return (event,)


def scan(*chunks: bytes, limits: Limits = LIMITS) -> list[Event]:
    scanner = Scanner(limits)
    return [event for chunk in chunks for event in scanner.feed(chunk)]


def stanzas(data: bytes, header: bytes = HEADER) -> list[Stanza]:
    found = scan(header + data)[1:]
    assert all(isinstance(event, Stanza) for event in found), found
    return [event for event in found if isinstance(event, Stanza)]


def written(stanza: Stanza) -> bytes:
    stanza.sender = SENDER
    stanza.to = None
    return stanza.to_bytes()


def condition(data: bytes, limits: Limits = LIMITS) -> str:
    """Return the condition of the stream error that ends the input."""
    *_, last = scan(data, limits=limits)
    assert isinstance(last, StreamError), last
    return last.condition


# -- what comes in ---------------------------------------------------------------------------------

WELL_FORMED = {
    "plain": b"<message to='a'><body>hi</body></message>",
    "empty": b"<presence/><iq/><message></message>",
    "whitespace keep-alives": b" \n<presence/>\n\n <presence/>  ",
    "greater-than in an attribute": b"<message id='a>b' to=\">\"><body x='>'>y</body></message>",
    "greater-than in text": b"<message><body>a > b >> c</body></message>",
    "quotes of the other kind": b"<message id='\"' to=\"it's\"><body>'</body></message>",
    "CDATA": b"<message><body><![CDATA[<a> & it's > ]]></body></message>",
    "characters of two, three, four bytes": "<message><body>é€😀</body></message>".encode(),
    "character references": b"<message id='&#233;'><body>&#x1F600;&amp;&lt;</body></message>",
    "several children": b"<message> <a xmlns='x'/> t <b xmlns='y'>z</b>\n<body/></message>",
    "children with prefixes": b"<message><p:a xmlns:p='x' p:c='d'><p:b/></p:a></message>",
    "a prefix of the header": b"<message><stream:a/><body>stream:</body></message>",
    "a prefix on the stanza": b"<message xmlns:p='x'><p:a/></message>",
    "the default namespace again": b"<message xmlns='jabber:client'><body>a</body></message>",
    "a language": b"<message xml:lang='de'><body xml:lang='fr'>a</body></message>",
    "attributes of other namespaces": b"<message xmlns:p='x' p:a='1' p:b='2'/>",
    "nonzas": b"<r xmlns='urn:xmpp:sm:3'/><presence/><a xmlns='urn:xmpp:sm:3' h='1'/>",
    "the end": b"<presence/></stream:stream>",
    "a name like a stanza's": b"<message xmlns='urn:other'/><messages/>",
}
FAULTY = {
    "mismatched tags": (b"<message><body></message>", "not-well-formed"),
    "unbound prefix": (b"<message><p:a/></message>", "not-well-formed"),
    "unbound prefix of an attribute": (b"<message p:a='b'/>", "not-well-formed"),
    "an attribute twice": (b"<message a='1' a='2'/>", "not-well-formed"),
    "an attribute twice by namespace": (
        b"<message xmlns:p='x' xmlns:q='x' p:a='1' q:a='2'/>",
        "not-well-formed",
    ),
    "less-than in an attribute": (b"<message a='<'/>", "not-well-formed"),
    "no quotes": (b"<message a=b/>", "not-well-formed"),
    "no value": (b"<message a/>", "not-well-formed"),
    "bare ampersand": (b"<message>&</message>", "not-well-formed"),
    "control character": (b"<message>\x01</message>", "not-well-formed"),
    "NUL": (b"<message>\x00</message>", "not-well-formed"),
    "reference to NUL": (b"<message>&#0;</message>", "not-well-formed"),
    "CDATA end in text": (b"<message>]]></message>", "not-well-formed"),
    "U+FFFF": ("<message>\uffff</message>".encode(), "not-well-formed"),
    "an XML declaration in the middle": (b"<?xml version='1.0'?><a/>", "not-well-formed"),
    "broken UTF-8": (b"<message>\xff</message>", "unsupported-encoding"),
    "overlong UTF-8": (b"<message>\xc0\xaf</message>", "unsupported-encoding"),
    "a surrogate": (b"<message>\xed\xa0\x80</message>", "unsupported-encoding"),
    "a character cut short": (b"<message>\xe2\x82</message>", "unsupported-encoding"),
    "Latin-1 in a name": (b"<m\xe9/>", "unsupported-encoding"),
    "Latin-1 in an attribute": (b"<message a='\xe9'/>", "unsupported-encoding"),
    "a comment": (b"<message><!-- c --></message>", "restricted-xml"),
    "a comment between stanzas": (b"<!-- it's > --><presence/>", "restricted-xml"),
    "a processing instruction": (b"<message><?php 1 ?></message>", "restricted-xml"),
    "an unknown entity": (b"<message>&nbsp;</message>", "restricted-xml"),
    "an unknown entity in an attribute": (b"<message a='&x;'/>", "restricted-xml"),
    "text between stanzas": (b"<presence/>text<presence/>", "bad-format"),
    "text between stanzas, with greater-than": (b"a > b<presence/>", "bad-format"),
    "text before the end": (b"a</stream:stream>", "bad-format"),
    "CDATA between stanzas": (b"<![CDATA[ ]]><presence/>", "bad-format"),
    "a second header": (b"<presence/>" + HEADER[21:] + b"<presence/>", "bad-format"),
    "too deep": (b"<a>" * 9 + b"</a>" * 9, "policy-violation"),
    "too many attributes": (
        b"<a " + b" ".join(b"a%d=''" % n for n in range(9)) + b"/>",
        "policy-violation",
    ),
    "a name too long": (b"<" + b"a" * 101 + b"/>", "policy-violation"),
    "a namespace too long": (b"<a xmlns='" + b"a" * 101 + b"'/>", "policy-violation"),
    "a stanza too big": (b"<message>" + b"a" * 2_000 + b"</message>", "policy-violation"),
    "a tag too big": (b"<message a='" + b"a" * 2_000 + b"'/>", "policy-violation"),
}
BAD_BEGINNINGS = {
    "text": (b"GET / HTTP/1.1\r\n", "not-well-formed"),
    "TLS": (b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03", "not-well-formed"),
    "a byte order mark": (b"\xef\xbb\xbf" + HEADER, "not-well-formed"),
    "UTF-16 with mark": ("\ufeff".encode("utf-16-le"), "unsupported-encoding"),
    "UTF-16, big end first, with mark": ("\ufeff".encode("utf-16-be"), "unsupported-encoding"),
    "UTF-16": (HEADER.decode().encode("utf-16-le"), "unsupported-encoding"),
    "UTF-16, big end first": (HEADER.decode().encode("utf-16-be"), "unsupported-encoding"),
    "UTF-32, big end first": (HEADER.decode().encode("utf-32-be"), "unsupported-encoding"),
    "another encoding": (b"<?xml version='1.0' encoding='ISO-8859-1'?>", "unsupported-encoding"),
    "a document type": (b"<!DOCTYPE stream>" + HEADER[21:], "restricted-xml"),
    "entities": (
        b"<!DOCTYPE a [<!ENTITY b 'c'>]>" + HEADER[21:] + b"<message>&b;</message>",
        "restricted-xml",
    ),
    "an external entity": (
        b"<!DOCTYPE a [<!ENTITY b SYSTEM 'file:///etc/passwd'>]>" + HEADER[21:],
        "restricted-xml",
    ),
    "a comment": (b"<!-- hello -->" + HEADER[21:], "restricted-xml"),
    "a style sheet": (b"<?xml-stylesheet href='a'?>" + HEADER[21:], "restricted-xml"),
    "another root": (
        b"<stream:streams xmlns:stream='http://etherx.jabber.org/streams'>",
        "bad-format",
    ),
    "another namespace": (b"<stream:stream xmlns:stream='urn:other'>", "invalid-namespace"),
    "no namespace": (b"<stream>", "invalid-namespace"),
    "an unbound prefix": (b"<stream:stream xmlns='jabber:client'>", "not-well-formed"),
    "an empty stream": (HEADER[:-1] + b"/>", "bad-format"),
    "a header too big": (HEADER[:-1] + b" a='" + b"a" * 2_000 + b"'>", "policy-violation"),
    "a header too big, of tag ends": (
        HEADER[:-1] + b" a='" + b">" * 2_000 + b"'>",
        "policy-violation",
    ),
    "too many attributes": (
        HEADER[:-1] + b"".join(b" a%d=''" % n for n in range(9)) + b">",
        "policy-violation",
    ),
}


@pytest.mark.parametrize("data", WELL_FORMED.values(), ids=WELL_FORMED)
def test_cutting_the_bytes_anywhere_changes_nothing(data: bytes) -> None:
    whole = HEADER + data
    expected = [comparable(event) for event in scan(whole)]
    assert expected[1:]
    assert "error" not in [event[0] for event in expected]
    for cut in range(len(whole)):
        assert [comparable(event) for event in scan(whole[:cut], whole[cut:])] == expected
    assert [comparable(event) for event in scan(*(bytes([b]) for b in whole))] == expected


@pytest.mark.parametrize(("data", "expected"), FAULTY.values(), ids=FAULTY)
def test_what_is_forbidden_ends_the_stream_wherever_it_is_cut(data: bytes, expected: str) -> None:
    whole = HEADER + data
    assert condition(whole) == expected
    reference = [comparable(event) for event in scan(whole)]
    step = max(1, len(whole) // 400)
    for cut in range(0, len(whole), step):
        assert [comparable(event) for event in scan(whole[:cut], whole[cut:])] == reference
    assert [comparable(event) for event in scan(*(bytes([b]) for b in whole))] == reference


@pytest.mark.parametrize(("data", "expected"), BAD_BEGINNINGS.values(), ids=BAD_BEGINNINGS)
def test_what_cannot_become_a_stream_is_refused_wherever_it_is_cut(
    data: bytes, expected: str
) -> None:
    assert condition(data) == expected
    for cut in range(1, len(data)):
        *_, last = scan(data[:cut], data[cut:])
        assert comparable(last)[:2] == ("error", expected)


def test_nothing_follows_an_error() -> None:
    scanner = Scanner(LIMITS)
    *_, last = scanner.feed(HEADER + b"<presence/>&<presence/>")
    assert isinstance(last, StreamError)
    assert scanner.feed(b"<presence/>") == []
    assert scanner.feed(HEADER) == []


def test_stanzas_before_an_error_are_reported() -> None:
    _, first, last = scan(HEADER + b"<presence/><presence></message>")
    assert isinstance(first, Stanza)
    assert isinstance(last, StreamError)


@pytest.mark.parametrize(
    ("header", "namespace"),
    [
        (HEADER, "jabber:client"),
        (HEADER.replace(b"jabber:client", b"jabber:server"), "jabber:server"),
        (HEADER.replace(b" xmlns='jabber:client'", b""), None),
        (HEADER.replace(b"stream:", b"s:").replace(b"xmlns:stream", b"xmlns:s"), "jabber:client"),
    ],
)
def test_the_header_tells_the_attributes_and_the_namespace(
    header: bytes, namespace: str | None
) -> None:
    (start,) = scan(b"\n " * (not header.startswith(b"<?")) + header)
    attrs = {"to": "capulet.example", "version": "1.0", "xml:lang": "en"}
    assert start == StreamStart(attrs, namespace)


@pytest.mark.parametrize("space", [b" ", b"\r\n\t "])
def test_white_space_before_the_header_is_left_over_from_what_was_before(space: bytes) -> None:
    whole = space + HEADER
    for pieces in ([whole], [bytes([byte]) for byte in whole]):
        (start,) = scan(*pieces)
        assert isinstance(start, StreamStart)


def test_the_end_of_the_stream_is_told_under_any_prefix() -> None:
    header = HEADER.replace(b"stream:", b"s:").replace(b"xmlns:stream", b"xmlns:s")
    assert scan(header, b"<presence/>", b"</s:stream>")[-1] == StreamEnd()
    assert condition(header + b"<presence/></stream:stream>") == "not-well-formed"


def test_a_nonza_is_given_as_an_element() -> None:
    _, found = scan(HEADER + b"<auth xmlns='urn:s' mechanism='PLAIN'>AGE=<b/></auth>")
    expected = Element("auth", "urn:s", {"mechanism": "PLAIN"}, "AGE=", Element("b", "urn:s"))
    assert isinstance(found, Nonza)
    assert found.element == expected


# -- raw forwarding --------------------------------------------------------------------------------


def test_the_inside_of_a_stanza_is_forwarded_as_it_came() -> None:
    inner = "<body  a = \"b>c\" >é&#65;<![CDATA[<]]></body >\n<x xmlns='y'/>".encode()
    (stanza,) = stanzas(b"<message id='1'>" + inner + b"</message>")
    assert stanza.inner == inner
    assert written(stanza) == b"".join((b"<message from='", SENDER.xml.encode(), b"' id='1'>",
                                        inner, b"</message>"))  # fmt: skip


@pytest.mark.parametrize(
    ("header", "data", "children"),
    [
        pytest.param(
            HEADER[:-1] + b" xmlns:p='urn:p'>",
            b"<message><p:a p:b='c'><p:d/></p:a></message>",
            [Element("a", "urn:p", {"urn:p b": "c"}, Element("d", "urn:p"))],
            id="a prefix declared in the stream header",
        ),
        pytest.param(
            HEADER,
            b"<message><stream:a/></message>",
            [Element("a", ns.STREAMS)],
            id="the stream's own prefix in a payload",
        ),
        pytest.param(
            HEADER,
            b"<message xmlns:p='urn:p'><p:a/><body>p:a</body></message>",
            [Element("a", "urn:p"), Element("body", ns.CLIENT, None, "p:a")],
            id="a prefix declared on the stanza",
        ),
        pytest.param(
            HEADER,
            b"<c:message xmlns:c='jabber:client'><c:body>a</c:body></c:message>",
            [Element("body", ns.CLIENT, None, "a")],
            id="a stanza with a prefix",
        ),
        pytest.param(
            HEADER,
            b"<c:message xmlns:c='jabber:client' xmlns='urn:x'><a/><c:body>a</c:body></c:message>",
            [Element("a", "urn:x"), Element("body", ns.CLIENT, None, "a")],
            id="another default namespace on the stanza",
        ),
    ],
)
def test_bytes_that_lean_on_what_is_outside_are_written_again(
    header: bytes, data: bytes, children: list[Element]
) -> None:
    (stanza,) = stanzas(data, header)
    assert element.parse_all(stanza.inner) == children
    assert stanza.elements == children
    assert [key for key, _ in stanza.parts()] == [child.key for child in children]
    assert [element.parse(part) for _, part in stanza.parts()] == children
    assert list(element.parse(written(stanza))) == children


@pytest.mark.parametrize("quote", [b"'", b'"'])
def test_a_stanza_that_repeats_the_default_namespace_is_forwarded_as_it_came(quote: bytes) -> None:
    inner = b"<x xmlns='urn:x'/>"
    declaration = b" xmlns=" + quote + b"jabber:client" + quote
    (stanza,) = stanzas(b"<message" + declaration + b">" + inner + b"</message>")
    assert stanza.inner == inner
    assert b"jabber:client" not in written(stanza)


SERVERS = HEADER[:-1].replace(b"jabber:client", b"jabber:server") + b" xmlns:db='urn:db'>"


def test_a_stanza_of_another_server_is_forwarded_as_it_came() -> None:
    tag = b"<message from='juliet@capulet.example' id='a=b' type='chat'>"
    inner = b"<body >12:30 &amp; later</body ><x xmlns='urn:x:y'/>"
    (stanza,) = stanzas(tag + inner + b"</message>", SERVERS)
    assert stanza.inner == inner
    assert stanza.tag == tag
    assert stanza.names == ("jabber:client body", "urn:x:y x")
    assert [child.key for child in stanza.elements] == [*stanza.names]


@pytest.mark.parametrize(
    ("tag", "inner", "names"),
    [
        (b"<message>", b"<db:a/><body>b</body>", ("urn:db a", "jabber:client body")),
        (b"<message>", b"<a xmlns='jabber:server'/>", ("jabber:client a",)),
        (b"<message>", b"<a xmlns='jabber&#58;server'/>", ("jabber:client a",)),
        (b"<message>", b"<a xmlns='jabber&#x3a;server'><b/></a>", ("jabber:client a",)),
        (b"<message xmlns='jabber:server'>", b"<body>b</body>", ("jabber:client body",)),
        (b"<message xmlns:p='urn:p'>", b"<p:a/>", ("urn:p a",)),
        (b"<message db:x='y'>", b"<body>b</body>", ("jabber:client body",)),
    ],
)
def test_bytes_of_another_server_that_lean_on_its_stream_are_written_again(
    tag: bytes, inner: bytes, names: tuple[str, ...]
) -> None:
    (stanza,) = stanzas(tag + inner + b"</message>", SERVERS)
    assert stanza.names == names
    assert [child.key for child in stanza.elements] == [*names]
    assert stanza.tag == b""
    assert [child.key for child in element.parse(written(stanza))] == [*names]


def test_a_server_that_names_its_children_in_many_ways_is_understood() -> None:
    data = b"".join(b"<message><a%d/></message>" % number for number in range(200))
    found = stanzas(data * 2, SERVERS)
    assert [stanza.names for stanza in found] == [
        (f"jabber:client a{number}",) for number in range(200)
    ] * 2


def test_foreign_attributes_of_a_stanza_are_written_well_formed() -> None:
    data = (
        b"<message xmlns:p='urn:p' xmlns:q='urn:q' p:a='1' p:b='2' q:a='3' xml:space='preserve'/>"
    )
    (stanza,) = stanzas(data)
    attrs = element.parse(written(stanza)).attrs
    assert attrs == {
        "from": str(SENDER),
        "urn:p a": "1",
        "urn:p b": "2",
        "urn:q a": "3",
        "xml:space": "preserve",
    }


def test_text_beside_the_children_of_a_stanza_does_not_disturb_their_places() -> None:
    (stanza,) = stanzas(b"<message>one<a xmlns='x'/>two<b xmlns='y'>c</b>three</message>")
    assert stanza.names == ("x a", "y b")
    assert [element.parse_all(part) for _, part in stanza.parts()] == [
        [Element("a", "x")],
        [Element("b", "y", None, "c")],
    ]


@pytest.mark.parametrize(
    "data", [b"<message/>", b"<message />", b"<message></message>", b"<message a='/>'></message >"]
)
def test_stanzas_without_children_are_empty(data: bytes) -> None:
    (stanza,) = stanzas(data + b"<presence/>")[:1]
    assert stanza.names == ()
    assert stanza.inner == b""
    assert written(stanza).endswith(b"/>")


def test_the_language_of_a_stanza_is_told() -> None:
    (stanza,) = stanzas(b"<message xml:lang='de'><body>Guten Tag</body></message>")
    assert stanza.lang == "de"
    assert b" xml:lang='de'" in written(stanza)


# -- parsers come and go ---------------------------------------------------------------------------


def test_an_idle_stream_gives_up_its_parser_and_goes_on() -> None:
    header = HEADER[:-1] + b" xmlns:p='urn:p'>"
    scanner = Scanner(LIMITS)
    scanner.feed(header + b"<presence/>")
    scanner.rest()
    assert scanner._parser is None
    (stanza,) = scanner.feed(b"<message><p:a/></message>")
    assert isinstance(stanza, Stanza)
    assert stanza.names == ("urn:p a",)
    scanner.rest()
    assert scanner.feed(b"</stream:stream>") == [StreamEnd()]


@pytest.mark.parametrize("half", [b"<mess", b"<message>", b"<message><body>a"])
def test_a_stream_in_the_middle_of_a_stanza_keeps_its_parser(half: bytes) -> None:
    scanner = Scanner(LIMITS)
    scanner.feed(HEADER + b"<presence/>" + half)
    scanner.rest()
    assert scanner._parser is not None


def test_a_stream_without_header_is_not_disturbed_by_rest() -> None:
    scanner = Scanner(LIMITS)
    scanner.feed(HEADER[:30])
    scanner.rest()
    (start,) = scanner.feed(HEADER[30:])
    assert isinstance(start, StreamStart)


def test_a_reset_stream_expects_a_new_header_under_the_limits_it_has_now() -> None:
    scanner = Scanner(Limits(stanza_bytes=200))
    scanner.feed(HEADER)
    scanner.limits = LIMITS
    scanner.reset()
    long = b"<message>" + b"<body>" + b"a" * 500 + b"</body></message>"
    start, stanza = scanner.feed(HEADER + long)
    assert isinstance(start, StreamStart)
    assert isinstance(stanza, Stanza)


@pytest.mark.parametrize("cut", [0, 5, 40, 60], ids="ends {} bytes before a stanza's end".format)
def test_parsers_are_replaced_even_when_every_read_ends_inside_a_stanza(cut: int) -> None:
    scanner = Scanner(Limits(stanza_bytes=100_000))
    scanner.feed(HEADER)
    parsers = set()
    rest = b""
    count = 0
    for number in range(200):
        names = b"".join(b"<a%d-%d xmlns='x'/>" % (number, n) for n in range(1_000))
        whole = rest + b"<message id='%d'>" % number + names + b"<body>bye</body></message>"
        rest = whole[len(whole) - cut :]
        count += len(scanner.feed(whole[: len(whole) - cut]))
        parsers.add(id(scanner._parser))
        assert scanner._fed < 3 << 20
    assert count + len(scanner.feed(rest)) == 200


def test_a_stanza_read_by_two_parsers_is_one_stanza() -> None:
    scanner = Scanner(Limits(stanza_bytes=1 << 20))
    scanner.feed(HEADER)
    for _ in range(20):
        scanner.feed(b"<message><body>" + b"a" * 65_000 + b"</body></message>")
    before = scanner._parser
    assert scanner.feed(b"<message id='1' xml:lang='de'><a xmlns='x'>") == []
    scanner._fed = 2 << 20
    assert scanner.feed(b"<b/>") == []
    assert scanner._parser is not before
    (stanza,) = scanner.feed(b"</a><body>b</body></message>")
    assert isinstance(stanza, Stanza)
    assert stanza.attrs == {"id": "1", "xml:lang": "de"}
    assert stanza.inner == b"<a xmlns='x'><b/></a><body>b</body>"
    assert stanza.names == ("x a", "jabber:client body")


# -- limits ----------------------------------------------------------------------------------------


def test_what_just_fits_is_let_through() -> None:
    frame = b"<message><body></body></message>"
    body = b"a" * (LIMITS.stanza_bytes - len(frame))
    (big,) = stanzas(frame.replace(b"></b", b">" + body + b"</b"))
    (deep,) = stanzas(b"<message>" + b"<a>" * 7 + b"</a>" * 7 + b"</message>")
    (many,) = stanzas(b"<message " + b" ".join(b"a%d=''" % n for n in range(8)) + b"/>")
    assert big.inner
    assert deep.inner
    assert len(many.attrs) == 8


def test_a_stanza_too_big_is_told_with_its_condition() -> None:
    *_, error = scan(HEADER + b"<message><body>" + b"a" * 2_000)
    assert isinstance(error, StreamError)
    assert error.detail is not None
    assert error.detail.key == "urn:xmpp:errors stanza-too-big"


def test_whitespace_does_not_count() -> None:
    scanner = Scanner(LIMITS)
    scanner.feed(HEADER)
    for _ in range(10):
        assert scanner.feed(b" " * 1_000) == []
    assert scanner._unfed == b""
