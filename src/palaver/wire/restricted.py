"""What XMPP forbids in XML (RFC 6120 §11.1), and which stream error each fault gets."""

from collections.abc import Callable
from typing import Final, NoReturn
from xml.parsers import expat

from palaver.wire.errors import StreamError

_ENTITY_CODES: Final = frozenset({11, 12, 13, 15, 16, 24})  # undefined, recursive, … entity
_ENCODING_CODES: Final = frozenset({18, 19})
_WIDE_ENCODING: Final = (b"\xff\xfe", b"\xfe\xff", b"<\x00", b"\x00<")


def translate(error: expat.ExpatError, data: bytes) -> StreamError:
    """Return the stream error for what expat said about ``data``."""
    text = expat.ErrorString(error.code)
    if error.code in _ENTITY_CODES:
        return StreamError("restricted-xml", "entities other than the five of XML are not allowed")
    if error.code in _ENCODING_CODES or not _is_utf8(data):
        return StreamError("unsupported-encoding", "the stream must be encoded in UTF-8")
    return StreamError("not-well-formed", text)


def check_opening(data: bytes) -> None:
    """Refuse what cannot become a stream header, before it has to be complete.

    Raises:
        StreamError: not-well-formed or unsupported-encoding.
    """
    if data.startswith(_WIDE_ENCODING):
        raise StreamError("unsupported-encoding", "the stream must be encoded in UTF-8")
    start = data.lstrip()
    if start and not start.startswith((b"<", b"\xef\xbb\xbf")):
        raise StreamError("not-well-formed", "this is not XML")


def restrict(parser: expat.XMLParserType) -> None:
    """Make the parser raise `StreamError` on everything XMPP forbids."""
    parser.CommentHandler = _refuse("comments are not allowed")
    parser.ProcessingInstructionHandler = _refuse("processing instructions are not allowed")
    parser.StartDoctypeDeclHandler = _refuse("a document type declaration is not allowed")
    parser.XmlDeclHandler = _check_declaration


def _refuse(text: str) -> Callable[..., NoReturn]:
    def refuse(*_: object) -> NoReturn:
        raise StreamError("restricted-xml", text)

    return refuse


def _check_declaration(_version: str, encoding: str | None, _standalone: int) -> None:
    if encoding is not None and encoding.upper() != "UTF-8":
        raise StreamError("unsupported-encoding", "the stream must be encoded in UTF-8")


def _is_utf8(data: bytes) -> bool:
    try:
        data.decode()
    except UnicodeDecodeError:
        return False
    return True
