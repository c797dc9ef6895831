"""Reads the XML of feeds: lenient about how it is written, strict about what is a trap.

Encodings, comments, stylesheets, document types and the entities of HTML are taken as the web has
them; declarations of entities are refused, whatever they are for, and nothing else is ever loaded.
"""

import codecs
import re
from html.entities import html5
from typing import Final
from xml.parsers import expat

from palaver.wire.element import Element

_DEEPEST: Final = 100
_MOST: Final = 100_000  # elements
_PART: Final = 1 << 16
_MARKS: Final = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
    (b"<\0?\0", "utf-16-le"),
    (b"\0<\0?", "utf-16-be"),
)
_DECLARED: Final = re.compile(rb"""^\s*<\?xml[^>]{0,200}?encoding\s*=\s*["']([\w.:-]{1,40})["']""")
_KNOWN: Final = re.compile(
    r"ascii|utf-8|utf-16(-le|-be)?|iso8859-\d+|latin-1|cp125\d|cp874|koi8-[rtu]|mac-roman|gb2312|"
    r"gbk|gb18030|big5|euc_(jp|kr)|shift_jis|cp932|cp949|iso2022_jp"
)
_CONTROLS: Final = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")
_XML: Final = "http://www.w3.org/XML/1998/namespace "


class FeedError(Exception):
    """Says why a document is no feed, in words for an administrator."""


def read(data: bytes, charset: str = "") -> Element:
    """Return a document as a tree; ``charset`` is what the server says it is written in.

    Raises:
        FeedError: it is not XML, or XML that is not safe to read.
    """
    return _Tree().read(_decoded(data, charset).encode())


def _decoded(data: bytes, charset: str) -> str:
    """Decode as RFC 7303 §3 has it, and where that is wrong, as the document itself says."""
    declared = _DECLARED.match(data)
    marks = [name for mark, name in _MARKS if data.startswith(mark)]
    own = declared[1].decode() if declared else ""
    for name in (*marks, charset, own, "utf-8"):
        try:
            text = data.decode(_codec(name))
        except (LookupError, UnicodeDecodeError):
            continue
        return _CONTROLS.sub("", text.removeprefix("\ufeff"))
    raise FeedError("it is not written in the encoding that it says, nor in UTF-8")


def _codec(name: str) -> str:
    """Return the name of an encoding that documents are written in; raises LookupError."""
    try:
        found = codecs.lookup(name).name
    except ValueError as error:
        raise LookupError(name) from error
    if _KNOWN.fullmatch(found) is None:
        raise LookupError(name)
    return found


class _Tree:
    """Builds a tree from what expat finds."""

    def __init__(self) -> None:
        self._root = Element("", "")
        self._stack = [self._root]
        self._count = 0
        parser = self._parser = expat.ParserCreate("UTF-8", " ")
        parser.buffer_text = True
        parser.StartElementHandler = self._start
        parser.EndElementHandler = self._end
        parser.CharacterDataHandler = self._text
        parser.EntityDeclHandler = self._entity
        # With a document type that is said to be elsewhere, and never looked for, expat leaves
        # entities that it does not know to us.
        parser.UseForeignDTD(True)
        parser.SetParamEntityParsing(expat.XML_PARAM_ENTITY_PARSING_ALWAYS)
        parser.ExternalEntityRefHandler = self._not_loaded
        parser.SkippedEntityHandler = self._skipped

    def read(self, data: bytes) -> Element:
        """Return the root."""
        try:
            for start in range(0, len(data), _PART):
                self._parser.Parse(data[start : start + _PART], False)
            self._parser.Parse(b"", True)
        except expat.ExpatError as error:
            where = f"line {error.lineno}"
            raise FeedError(f"not XML: {expat.ErrorString(error.code)}, {where}") from None
        return next(iter(self._root))

    def _start(self, key: str, attrs: dict[str, str]) -> None:
        self._count += 1
        if self._count > _MOST or len(self._stack) > _DEEPEST:
            raise FeedError("it has too many elements, or too many within each other")
        space, _, name = key.rpartition(" ")
        own = {k.replace(_XML, "xml:"): value for k, value in attrs.items()}
        element = Element(name, space, own)
        self._stack[-1].children.append(element)
        self._stack.append(element)

    def _end(self, _key: str) -> None:
        self._stack.pop()

    def _text(self, data: str) -> None:
        self._stack[-1].children.append(data)

    def _skipped(self, name: str, is_parameter: bool) -> None:
        if not is_parameter:
            self._text(html5.get(f"{name};", ""))

    @staticmethod
    def _entity(*_: object) -> None:
        raise FeedError("it declares entities, which may be a trap")

    def _not_loaded(self, context: str, *_: object) -> int:
        self._parser.ExternalEntityParserCreate(context, "UTF-8").Parse(b"", True)
        return 1
