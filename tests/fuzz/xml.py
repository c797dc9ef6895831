"""Strategies for streams: well-formed ones, nearly well-formed ones, and bytes."""

from itertools import pairwise
from xml.etree import ElementTree
from xml.sax.saxutils import escape, quoteattr

from hypothesis import strategies as st

STREAMS = "http://etherx.jabber.org/streams"
HEADER = (
    "<?xml version='1.0'?><stream:stream to='capulet.example' version='1.0' "
    f"xmlns='jabber:client' xmlns:stream='{STREAMS}'>"
)
HEADERS = st.sampled_from(
    [
        HEADER,
        HEADER.replace("<?xml version='1.0'?>", ""),
        HEADER[:-1] + " xmlns:p='urn:p'>",
        HEADER[:-1] + " xmlns:p='urn:p' xmlns:q='jabber:client' xml:lang='de'>",
        HEADER.replace("stream:", "s:").replace("xmlns:stream", "xmlns:s"),
        HEADER.replace("jabber:client", "jabber:server"),
    ]
)

#: What XML can carry, with a liking for what is special in it.
TEXT = st.text(
    st.one_of(
        st.sampled_from("<>&'\"]:/= \t\n;#!?-xmlnsstream\u00e9\u20ac\U0001f600\ufeff\u2028"),
        st.characters(exclude_categories=("Cs", "Cc"), exclude_characters="\ufffe\uffff"),
    ),
    max_size=12,
)
NAMES = st.sampled_from(["a", "body", "message", "x-1", "stream", "é", "xmlns-", "_"])
NAMESPACES = st.sampled_from(["", "jabber:client", "urn:p", "urn:'\"<&", STREAMS])


def _data(text: str, style: int) -> str:
    """Write character data in one of the ways there are."""
    if style == 0 and "]]>" not in text:
        return f"<![CDATA[{text}]]>"
    if style == 1:
        return "".join(f"&#{ord(c)};" for c in text)
    if style == 2 and "]]>" not in text:
        return text.replace("&", "&amp;").replace("<", "&lt;")  # a bare ">" is allowed
    return escape(text)


@st.composite
def _attributes(draw: st.DrawFn) -> str:
    found = draw(st.dictionaries(st.sampled_from(["id", "b", "xml:lang", "p:c"]), TEXT, max_size=3))
    space = draw(st.sampled_from(["", " ", "\n"]))
    written = "".join(
        f" {key}{space}={space}{quoteattr(value)}" for key, value in found.items() if key != "p:c"
    )
    if "p:c" in found:
        written += f" xmlns:p='urn:p' p:c={quoteattr(found['p:c'])}"
    return written


@st.composite
def _element(draw: st.DrawFn, inside: st.SearchStrategy[str]) -> str:
    name, attributes, children = draw(NAMES), draw(_attributes()), draw(inside)
    match draw(st.integers(0, 3)):
        case 0:
            name, declared = f"z:{name}", " xmlns:z='urn:z'"
        case 1:
            declared = f" xmlns={quoteattr(draw(NAMESPACES))}"
        case _:
            declared = ""
    if not children and draw(st.booleans()):
        return f"<{name}{declared}{attributes}/>"
    return f"<{name}{declared}{attributes}>{children}</{name} >"


def _content(children: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    data = st.builds(_data, TEXT, st.integers(0, 3))
    return st.lists(st.one_of(data, _element(children)), max_size=3).map("".join)


CONTENT = st.recursive(st.builds(_data, TEXT, st.integers(0, 3)), _content, max_leaves=8)
CHILDREN = st.lists(_element(CONTENT), max_size=3).map("".join)


@st.composite
def stanzas(draw: st.DrawFn) -> str:
    kind = draw(st.sampled_from(["message", "presence", "iq"]))
    attributes = draw(_attributes())
    declared = draw(
        st.sampled_from(
            ["", " xmlns='jabber:client'", " xmlns:y='urn:y'", ' xmlns="jabber:client"']
        )
    )
    children = draw(CHILDREN)
    if "urn:y" in declared and draw(st.booleans()):
        children += "<y:w y:v='1'/>"
    return f"<{kind}{declared}{attributes}>{children}</{kind}>"


STANZAS = stanzas()
WELL_FORMED = st.builds(
    "{}{}".format,
    HEADERS,
    st.lists(st.one_of(STANZAS, _element(CONTENT), st.sampled_from([" ", "\n"])), max_size=4).map(
        "".join
    ),
).map(str.encode)

SCRAPS = st.sampled_from(
    [
        b"<", b">", b"/>", b"</", b"'", b'"', b"=", b"&", b";", b"&lt;", b"&x;", b"&#0;", b"<!--",
        b"-->", b"<?", b"?>", b"<![CDATA[", b"]]>", b"<!DOCTYPE x [", b"<?xml version='1.0'?>",
        b"\x00", b"\xff", b"\xc0\x80", b"\xed\xa0\x80", b"\xe2\x82", b"\xef\xbb\xbf", b"xmlns:p=''",
        b"xmlns='jabber:client'", b"<stream:stream", b"</stream:stream>", b"<message",
        b"</message>", b"<p:a>", b" ", b"\n", HEADER.encode(),
    ]
)  # fmt: skip


@st.composite
def spoiled(draw: st.DrawFn, source: st.SearchStrategy[bytes] = WELL_FORMED) -> bytes:
    """Change something in what was well-formed."""
    data = draw(source)
    for _ in range(draw(st.integers(1, 3))):
        at = draw(st.integers(0, len(data)))
        gone = draw(st.integers(0, 3))
        scrap = draw(st.one_of(SCRAPS, st.binary(max_size=3)))
        data = data[:at] + scrap + data[at + gone :]
    return data


SCRAMBLED = st.lists(SCRAPS, max_size=12).map(b"".join)
STREAMS_OF_BYTES = st.one_of(
    WELL_FORMED,
    spoiled(),
    SCRAMBLED,
    SCRAMBLED.map(lambda data: HEADER.encode() + data),
    st.binary(max_size=100),
)


@st.composite
def cuts(draw: st.DrawFn, data: bytes) -> list[bytes]:
    """Cut bytes into pieces."""
    size = max(len(data), 1)
    if draw(st.booleans()):
        places = sorted(draw(st.lists(st.integers(0, size), max_size=6)))
    else:
        places = list(range(1, size, draw(st.integers(1, 3))))
    edges = [0, *places, len(data)]
    return [data[a:b] for a, b in pairwise(edges)]


Tree = tuple[object, ...]


def tree(element: ElementTree.Element, *, top: bool = False) -> Tree:
    """Return an element as something to compare; of a stanza, text between children is left out."""
    attributes = dict(element.attrib)
    if top:
        attributes.pop("from", None)
        attributes.pop("to", None)
    children = [(tree(child), "" if top else child.tail or "") for child in element]
    text = "" if top else element.text or ""
    return (element.tag, tuple(sorted(attributes.items())), text, tuple(children))


def parsed(data: bytes) -> list[ElementTree.Element] | None:
    """Read a whole stream with another parser; None where it is not well-formed."""
    root = data.rpartition(b"<?xml version='1.0'?>")[2]
    name = root[1:].partition(b" ")[0]
    try:
        return list(ElementTree.fromstring(data + b"</" + name + b">"))
    except ElementTree.ParseError:
        return None
