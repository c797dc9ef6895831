"""What a scanner reports: small frozen values, besides `Stanza` and `StreamError`."""

from dataclasses import dataclass

from palaver.wire.element import Element
from palaver.wire.errors import StreamError
from palaver.wire.stanza import Stanza


@dataclass(frozen=True, slots=True)
class Limits:
    """What one peer may send: sizes in bytes, counts, lengths in characters."""

    stanza_bytes: int = 262_144
    depth: int = 64
    attributes: int = 64
    name_length: int = 1_024


@dataclass(frozen=True, slots=True)
class StreamStart:
    """The peer opened its stream: the attributes of the header and its default namespace."""

    attrs: dict[str, str]
    namespace: str | None


@dataclass(frozen=True, slots=True)
class StreamEnd:
    """The peer closed its stream."""


@dataclass(frozen=True, slots=True)
class Nonza:
    """A top-level element that is not a stanza: negotiation, stream management and the like."""

    element: Element


Event = Stanza | StreamStart | StreamEnd | Nonza | StreamError
