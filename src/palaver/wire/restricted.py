"""What XMPP forbids in XML (RFC 6120 §11.1), and which stream error each fault gets."""

from collections.abc import Callable
from typing import Final, NoReturn
from xml.parsers import expat

from palaver.wire.errors import StreamError

_ENTITY_CODES: Final = frozenset({11, 12, 13, 15, 16, 24})  # undefined, recursive, … entity
_ENCODING_CODES: Final = frozenset({18, 19})
_CHARACTER_CODES: Final = frozenset({4, 6})  # invalid token, partial character
_LONGEST: Final = 4  # bytes of a character in UTF-8
_WIDE_ENCODING: Final = (b"\xff\xfe", b"\xfe\xff", b"<\x00", b"\x00<", b"\x00\x00")


def translate(error: expat.ExpatError, offending: bytes) -> StreamError:
    """Return the stream error for what expat said; ``offending`` are the bytes it stopped at."""
    text = expat.ErrorString(error.code)
    if error.code in _ENTITY_CODES:
        return StreamError("restricted-xml", "entities other than the five of XML are not allowed")
    misencoded = error.code in _CHARACTER_CODES and not _begins_in_utf8(offending)
    if misencoded or error.code in _ENCODING_CODES:
        return StreamError("unsupported-encoding", "the stream must be encoded in UTF-8")
    return StreamError("not-well-formed", text)


def check_opening(data: bytes) -> None:
    """Refuse what cannot become a stream header, before it has to be complete.

    U+FEFF is not a byte order mark here but text, and as such in the wrong place (RFC 6120 §11.6).

    Raises:
        StreamError: not-well-formed or unsupported-encoding.
    """
    if data.startswith(_WIDE_ENCODING):
        raise StreamError("unsupported-encoding", "the stream must be encoded in UTF-8")
    if any(mark.startswith(data) for mark in _WIDE_ENCODING):
        return  # too short to tell
    if data.lstrip()[:1] not in (b"", b"<"):
        raise StreamError("not-well-formed", "this is not XML")


def parser() -> expat.XMLParserType:
    """Return a new parser that raises `StreamError` on everything XMPP forbids.

    Names come as ``"namespace local"``.
    """
    made = expat.ParserCreate("UTF-8", " ")
    # Where expat puts off the second look at half a tag, a stanza would wait for the next one.
    set_deferral = getattr(made, "SetReparseDeferralEnabled", None)
    if set_deferral is not None:
        set_deferral(False)
    _restrict(made)
    return made


def _restrict(parser: expat.XMLParserType) -> None:
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


def _begins_in_utf8(data: bytes) -> bool:
    try:
        data[:_LONGEST].decode()
    except UnicodeDecodeError as error:
        return error.start > 0
    return True
