"""Cuts a byte stream into stanzas with expat; notes where things are instead of building trees.

Restricted XML (RFC 6120 §11.1), well-formedness, and limits are checked here. A parser is replaced
every now and then, so that names a peer makes up do not pile up in expat's tables, and given up
while a stream is idle (it takes 9 KB and 4 µs to make).
"""

import re
from collections.abc import Callable
from typing import Final
from xml.parsers import expat

from palaver.wire import escape, ns, restricted
from palaver.wire.context import LANG, Context
from palaver.wire.element import Element
from palaver.wire.errors import StreamError
from palaver.wire.events import Event, Limits, StreamEnd, StreamStart
from palaver.wire.stanza import KINDS, Stanza

_RECYCLE_AFTER: Final = 1 << 20  # bytes through one parser
_RECYCLE_FACTOR: Final = 4  # times the unfinished stanza, which a new parser reads again
_OPENING_TAG: Final = re.compile(rb"<(?:[^>\"']|\"[^\"]*\"|'[^']*')*>").match
_ROOT_NAME: Final = re.compile(rb"<([^\s/>?!]+)[^<]*\Z").search
_WHITE_SPACE: Final = b" \t\r\n"
_STREAM: Final = ns.qname(ns.STREAMS, "stream")
_FEATURE_LIMITS: Final = "urn:xmpp:errors"


class Scanner:
    """Turns the bytes of one XML stream into events; holds no socket and no clock."""

    __slots__ = (
        "_declarations", "_events", "_failed", "_fed", "_namespace", "_parser", "_partial",
        "_reserved", "_root", "_run", "_unfed", "limits",
    )  # fmt: skip

    def __init__(self, limits: Limits) -> None:
        self.limits = limits
        self._events: list[Event] = []
        self._failed = False
        self._parser: expat.XMLParserType | None = None
        self.reset()

    def reset(self) -> None:
        """Forget the stream: the peer opens a new one (after TLS or SASL, RFC 6120 §4.3.3)."""
        self._drop_parser()
        self._namespace: str | None = None
        self._root = ""  # the name of the root element as the peer writes it
        self._declarations = ""  # prefixes of the header, as written in a start tag
        self._reserved: tuple[bytes, ...] = ()  # the same, as they show up in a name
        self._partial = b""  # the unfinished header or stanza, as far as expat has seen it
        self._unfed = b""  # bytes it has not seen, ending in half a token

    @property
    def between(self) -> bool:
        """Tell whether what comes next is not inside of anything, but the stream."""
        return not self._partial and not self._unfed

    def rest(self) -> None:
        """Give up the parser's memory while the stream is idle; the next bytes make a new one."""
        if self._namespace is not None and self.between:
            self._drop_parser()

    def close(self) -> None:
        """Read nothing more, and free the parser without waiting for the garbage collector."""
        self._failed = True
        self._partial = b""
        self._unfed = b""
        self._drop_parser()

    def feed(self, data: bytes) -> list[Event]:
        """Return the events that these bytes complete; a `StreamError` among them is the last.

        Only whole tokens reach expat (up to the last ``>``), so a half tag is never parsed twice.
        """
        if self._failed:
            return []
        if self._unfed:
            data = self._unfed + data
        cut = data.rfind(b">") + 1
        if cut == len(data):
            self._unfed = b""
        else:
            self._unfed = data[cut:]
            data = data[:cut]
        try:
            if data:
                self._parse(data)
            if self._unfed:
                self._check_unfed()
        except StreamError as error:
            self._fail(error)
        except expat.ExpatError as error:
            self._fail(restricted.translate(error, self._offending(data)))
        events = self._events[:]
        self._events.clear()
        return events

    # -- inside ------------------------------------------------------------------------------------

    def _parse(self, data: bytes) -> None:
        if self._namespace is None:
            data = self._parse_header(data)
        if data:
            if self._parser is None:
                self._start_parser()
            elif self._fed > _RECYCLE_AFTER and self._fed > _RECYCLE_FACTOR * len(self._partial):
                data = self._partial + data
                self._start_parser()
            self._fed += len(data)
            self._partial = self._run(data)
        if len(self._partial) > self.limits.stanza_bytes:
            raise self._too_big()

    def _check_unfed(self) -> None:
        if self._namespace is None and not self._partial:
            restricted.check_opening(self._unfed)
        if not self._partial and self._unfed.isspace():
            self._unfed = b""
        elif len(self._partial) + len(self._unfed) > self.limits.stanza_bytes:
            raise self._too_big()

    def _offending(self, data: bytes) -> bytes:
        """Return what expat stopped at; ``data`` is what it was given last."""
        assert self._parser is not None
        index = self._parser.ErrorByteIndex
        if self._namespace is None:
            return self._partial[index:]
        at = index - self._fed
        return data[at:] if at < 0 else b""

    def _too_big(self) -> StreamError:
        text = f"a stanza may have {self.limits.stanza_bytes} bytes here"
        return StreamError("policy-violation", text, Element("stanza-too-big", _FEATURE_LIMITS))

    def _fail(self, error: StreamError) -> None:
        self._events.append(error)
        self.close()

    def _drop_parser(self) -> None:
        parser = self._parser
        if parser is not None:
            parser.StartElementHandler = parser.EndElementHandler = None
            parser.StartNamespaceDeclHandler = None
            parser.CommentHandler = parser.ProcessingInstructionHandler = None
        self._parser = None
        self._run: Callable[[bytes], bytes] = bytes

    def _start_parser(self) -> None:
        """Begin anew in the middle of the stream, with a header of our own that says the same."""
        self._drop_parser()
        parser = self._parser = restricted.parser()
        default = escape.attribute(self._namespace or "")
        opening = f"<{self._root} xmlns='{default}'{self._declarations}>".encode()
        parser.Parse(opening, False)
        self._fed = len(opening)
        self._run = self._read_stanzas(parser, len(opening))

    def _parse_header(self, data: bytes) -> bytes:
        """Feed one token after the other until the header is there; return what follows it."""
        if self._parser is None:
            # A keep-alive on its way when the stream began anew is no reason to end it.
            data = data.lstrip(_WHITE_SPACE)
            restricted.check_opening(data)
            self._parser = self._header_parser()
            self._fed = 0
        at = 0
        while at < len(data) and self._namespace is None:
            end = data.index(b">", at) + 1
            self._partial += data[at:end]
            self._fed = len(self._partial)
            if self._fed > self.limits.stanza_bytes:
                raise self._too_big()
            self._parser.Parse(data[at:end], False)
            at = end
        if self._namespace is not None:
            self._partial = b""
            self._drop_parser()
        return data[at:]

    def _header_parser(self) -> expat.XMLParserType:
        declared: dict[str | None, str] = {}

        def declare(prefix: str | None, uri: str | None) -> None:
            declared[prefix] = uri or ""

        parser = restricted.parser()
        parser.StartNamespaceDeclHandler = declare
        parser.StartElementHandler = lambda name, attrs: self._open(name, attrs, declared)
        parser.EndElementHandler = self._end_of_header
        return parser

    def _end_of_header(self, _name: str) -> None:
        raise StreamError("bad-format", "the stream ends where it begins")

    def _open(self, name: str, attrs: dict[str, str], declared: dict[str | None, str]) -> None:
        if name != _STREAM:
            right_namespace = name.startswith(f"{ns.STREAMS} ")
            condition = "bad-format" if right_namespace else "invalid-namespace"
            raise StreamError(condition, "a stream begins with <stream:stream>")
        if len(attrs) > self.limits.attributes:
            raise StreamError("policy-violation", "too many attributes")
        name_as_written = _ROOT_NAME(self._partial)
        self._root = name_as_written[1].decode() if name_as_written else "stream:stream"
        if ":" in self._root:
            self._namespace = declared.pop(None, "")
        else:  # the root itself takes the default namespace: its content has none of its own
            self._namespace = declared.pop(None)
        prefixes = {prefix: uri for prefix, uri in declared.items() if prefix}
        self._declarations = "".join(
            f" xmlns:{prefix}='{escape.attribute(uri)}'" for prefix, uri in prefixes.items()
        )
        self._reserved = tuple(f"{prefix}:".encode() for prefix in prefixes)
        if LANG in attrs:
            attrs["xml:lang"] = attrs.pop(LANG)
        self._events.append(StreamStart(attrs, self._namespace or None))

    def _read_stanzas(self, parser: expat.XMLParserType, opening: int) -> Callable[[bytes], bytes]:
        """Set the handlers that find stanzas; return what to call with each chunk.

        The handlers are closures because they run for every element of every stanza: a local
        variable costs a fifth of an attribute. All positions are expat's absolute byte offsets.
        """
        depth = 0
        begin = 0  # of the current top-level element
        done = opening  # end of the last top-level element
        base = opening  # position of data[0]
        data = b""
        kind: str | None = None
        top: dict[str, str] = {}
        names: list[str] = []
        places: list[int] = []
        limits = self.limits
        max_depth, max_attributes = limits.depth, limits.attributes
        max_name, max_bytes = limits.name_length, limits.stanza_bytes
        events = self._events
        kinds = {f"{self._namespace} {kind}": kind for kind in KINDS}
        # Nearly every stream declares one prefix and jabber:client; "" is in every stanza.
        common = len(self._reserved) == 1 and self._namespace == ns.CLIENT
        reserved = self._reserved[0] if common else b""
        context = Context(self._namespace or "", self._declarations, self._reserved)
        foreign, depends, in_client = context.foreign, context.depends, context.in_client

        def start(name: str, attrs: dict[str, str]) -> None:
            nonlocal depth, begin, kind, top
            depth += 1
            if len(attrs) > max_attributes:
                raise StreamError("policy-violation", "too many attributes")
            if len(name) > max_name:
                raise StreamError("policy-violation", "a name is too long")
            if depth == 2:
                names.append(name)
                places.append(parser.CurrentByteIndex)
            elif depth == 1:
                begin = parser.CurrentByteIndex
                if begin != done and not data[done - base : begin - base].isspace():
                    raise StreamError("bad-format", "text between stanzas")
                kind = kinds.get(name)
                top = attrs
                if kind is None and name == _STREAM:
                    raise StreamError("bad-format", "a stream does not begin twice")
            elif depth > max_depth:
                raise StreamError("policy-violation", "nested too deeply")

        def end(_name: str) -> None:
            nonlocal depth, done
            depth -= 1
            if depth > 0:
                return
            here = parser.CurrentByteIndex
            if depth < 0:
                if here != done and not data[done - base : here - base].isspace():
                    raise StreamError("bad-format", "text between stanzas")
                events.append(StreamEnd())
                return
            if places:
                first = places[0]
                done = data.index(b">", here - base) + 1 + base
            else:
                tag = _OPENING_TAG(data, begin - base)
                first = base + tag.end() if tag else here
                empty = data[first - base - 2 : first - base] == b"/>"
                done = first if empty else data.index(b">", here - base) + 1 + base
                here = first if empty else here
            if done - begin > max_bytes:
                raise self._too_big()
            inner = data[first - base : here - base]
            opened = data[begin - base : first - base]
            # Nothing is declared without "xmlns", nor where there is one "=" for each attribute; to
            # look for a byte costs a fifth of looking for a word.
            if (
                kind is None
                or LANG in top
                or (opened.count(b"=") != len(top) and b"xmlns" in opened)
            ):
                alone = False
            elif common:
                alone = b":" not in inner or reserved not in inner
            else:
                alone = foreign and (
                    (b":" not in inner and b"&" not in inner) or not depends(inner)
                )
            if alone and kind is not None:
                keys = in_client(tuple(names)) if foreign else tuple(names)
                stanza = Stanza(kind, top, inner, keys, tuple(places))
                whole = opened.find(b">") == len(opened) - 1
                if whole and (b":" not in opened or not depends(opened)):
                    stanza.tag = opened
                events.append(stanza)
            else:
                raw = data[begin - base : done - base]
                events.append(context.read(kind, top, raw, first - begin, inner, names, places))
            names.clear()
            places.clear()

        def run(chunk: bytes) -> bytes:
            nonlocal data, base
            data = data + chunk if data else chunk
            try:
                parser.Parse(chunk, False)
            except (expat.ExpatError, StreamError):
                gap = data[done - base : parser.CurrentByteIndex - base].lstrip()
                if depth == 0 and gap and not gap.startswith(b"<"):
                    raise StreamError("bad-format", "text between stanzas") from None
                raise
            keep = begin if depth > 0 else done
            data = data[keep - base :]
            base = keep
            if depth == 0 and data:
                half_a_tag = data.lstrip()
                if half_a_tag and not half_a_tag.startswith(b"<"):
                    raise StreamError("bad-format", "text between stanzas")
                if not half_a_tag:
                    base += len(data)
                    data = b""
            return data

        parser.StartElementHandler = start
        parser.EndElementHandler = end
        return run
