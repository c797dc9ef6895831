"""Stream management on a stream: its elements, when they may come, and the answers (XEP-0198)."""

import re
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Final

from palaver.stream.events import Acknowledged, AcknowledgementAsked, Enable, Resume
from palaver.stream.state import State
from palaver.wire import ns
from palaver.wire.element import Element
from palaver.wire.errors import StreamError

if TYPE_CHECKING:
    from palaver.stream.client import ClientStream

NS: Final = "urn:xmpp:sm:3"
REQUEST: Final = b"<r xmlns='urn:xmpp:sm:3'/>"
_NUMBER: Final = re.compile(r"\s*([0-9]{1,10})\s*").fullmatch
_WRAP: Final = 1 << 32  # the counters are unsignedInt
_LONGEST: Final = 4000  # characters in a token (§5)


def handle(stream: "ClientStream", element: Element) -> None:
    """Take an element of the namespace.

    Raises:
        StreamError: it is none that a client sends, or says nonsense.
    """
    part = _PARTS.get(element.name)
    if part is None:
        raise StreamError("unsupported-stanza-type", f"<{element.name}/> is not known here")
    part(stream, element)


def acknowledgement(h: int) -> bytes:
    """Write ``<a/>``."""
    return f"<a xmlns='{NS}' h='{h % _WRAP}'/>".encode()


def enabled(token: str | None, seconds: int) -> bytes:
    """Write ``<enabled/>``, with the token to resume the stream with, if it may be."""
    attrs = {} if token is None else {"id": token, "resume": "true", "max": str(seconds)}
    return Element("enabled", NS, attrs).to_bytes()


def resumed(token: str, h: int) -> bytes:
    """Write ``<resumed/>``."""
    return Element("resumed", NS, {"h": str(h % _WRAP), "previd": token}).to_bytes()


def failed(condition: str, h: int | None = None) -> bytes:
    """Write ``<failed/>``; ``h`` says how much was handled of a stream that is no more (§5)."""
    attrs = {} if h is None else {"h": str(h % _WRAP)}
    return Element("failed", NS, attrs, Element(condition, ns.STANZA_ERRORS)).to_bytes()


def read_h(element: Element) -> int | None:
    """Read how many stanzas were handled; None where that is not said, or nonsense."""
    return _number(element.get("h", ""))


def read_enable(element: Element) -> Enable | None:
    """Read ``<enable/>``; None for nonsense."""
    wish = element.get("max")
    seconds = None if wish is None else _number(wish)
    if wish is not None and not seconds:
        return None
    return Enable(element.get("resume", "").strip() in ("true", "1"), seconds)


def read_resume(element: Element) -> Resume | None:
    """Read ``<resume/>``; None for nonsense."""
    token, h = element.get("previd", ""), _number(element.get("h", ""))
    if not token or len(token) > _LONGEST or h is None:
        return None
    return Resume(token, h)


def _enable(stream: "ClientStream", element: Element) -> None:
    if stream.state is not State.BOUND:
        stream.say(failed("unexpected-request"))
        return
    if stream.managed:
        stream.say(failed("unexpected-request"))
        raise StreamError("policy-violation", "stream management is enabled already")
    wish = read_enable(element)
    if wish is None:
        stream.say(failed("bad-request"))
        return
    stream.managed = True
    stream.tell(wish)


def _resume(stream: "ClientStream", element: Element) -> None:
    if stream.state is not State.BINDING:
        stream.say(failed("unexpected-request"))
        return
    wish = read_resume(element)
    if wish is None:
        stream.say(failed("bad-request"))
        return
    stream.tell(wish)
    stream.wait(State.BINDING)


def _acknowledge(stream: "ClientStream", element: Element) -> None:
    if not stream.managed:
        _too_early(stream)
        return
    h = _number(element.get("h", ""))
    if h is None:
        raise StreamError("bad-format", "h is how many stanzas you have handled")
    stream.tell(Acknowledged(h))


def _ask(stream: "ClientStream", _element: Element) -> None:
    if stream.managed:
        stream.tell(AcknowledgementAsked())
    else:
        _too_early(stream)


def _too_early(stream: "ClientStream") -> None:
    if stream.state is State.NEGOTIATING:
        raise StreamError("not-authorized", "log in first")
    stream.say(failed("unexpected-request"))


def _number(text: str) -> int | None:
    found = _NUMBER(text)
    return None if found is None else int(found[1])


_PARTS: Final[Mapping[str, Callable[["ClientStream", Element], None]]] = {
    "enable": _enable,
    "resume": _resume,
    "a": _acknowledge,
    "r": _ask,
}
