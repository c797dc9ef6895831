"""A stanza: its addresses and attributes, the bytes inside it as they came, and an index of them.

A stanza that is only routed is never parsed into a tree nor serialised again: a new opening tag is
put before the inner bytes. Stanzas are immutable; every edit returns a new one that shares bytes.
"""

from collections.abc import Callable
from functools import partial
from typing import Final

from palaver.jid import JID
from palaver.wire import element, escape, ns
from palaver.wire.element import Element
from palaver.wire.errors import StanzaError

KINDS: Final = frozenset({"message", "presence", "iq"})
_OPENING: Final = {kind: f"<{kind}".encode() for kind in KINDS}
_CLOSING: Final = {kind: f"</{kind}>".encode() for kind in KINDS}
_GAP: Final = "\x00"  # in no address, and in no XML
_DEFAULT_TYPE: Final = {"message": "normal", "presence": "available", "iq": ""}


class Stanza:
    """One message, presence or IQ (RFC 6120 §8).

    ``kind``    "message", "presence" or "iq"
    ``sender``  the address it is from; set by the session that received it, never by the client
    ``to``      the address it is for, or None
    ``type``    the ``type`` attribute; without one "normal" for messages, "available" for presence
    ``id``      the ``id`` attribute or None
    ``attrs``   the attributes other than ``from`` and ``to``, keyed as in `Element`
    ``names``   the keys (``"namespace local"``) of the top-level children, in order
    ``inner``   the bytes between the tags, valid where jabber:client is the default namespace
    ``tag``     the opening tag as the peer wrote it, where it means the same on any stream
    """

    __slots__ = (
        "_at",
        "_elements",
        "_origin",
        "_wire",
        "attrs",
        "id",
        "inner",
        "kind",
        "names",
        "sender",
        "tag",
        "to",
        "type",
    )

    sender: JID
    to: JID | None

    def __init__(
        self,
        kind: str,
        attrs: dict[str, str],
        inner: bytes,
        names: tuple[str, ...],
        at: tuple[int, ...],
    ) -> None:
        """Take what the scanner found; ``at`` are the offsets of the children on any one scale."""
        self.kind = kind
        self.attrs = attrs
        self.type = attrs.get("type") or _DEFAULT_TYPE[kind]
        self.id = attrs.get("id")
        self.inner = inner
        self.names = names
        self._at = at
        self.tag = b""
        self._origin: bytes | None = None
        self._wire: bytes | None = None
        self._elements: list[Element] | None = None

    @classmethod
    def make(
        cls,
        kind: str,
        sender: JID,
        to: JID | None,
        attrs: dict[str, str] | None = None,
        *children: Element,
    ) -> "Stanza":
        """Build a stanza of our own from elements."""
        return cls._of(
            kind, sender, to, dict(attrs or {}), [(c.key, c.to_bytes()) for c in children]
        )

    @classmethod
    def _of(
        cls,
        kind: str,
        sender: JID,
        to: JID | None,
        attrs: dict[str, str],
        parts: list[tuple[str, bytes]],
    ) -> "Stanza":
        at: list[int] = []
        length = 0
        for _, data in parts:
            at.append(length)
            length += len(data)
        stanza = cls(
            kind,
            attrs,
            b"".join(data for _, data in parts),
            tuple(key for key, _ in parts),
            tuple(at),
        )
        stanza.sender = sender
        stanza.to = to
        return stanza

    # -- reading ---------------------------------------------------------------------------------

    @property
    def lang(self) -> str | None:
        """The ``xml:lang`` of the stanza."""
        return self.attrs.get("xml:lang")

    @property
    def elements(self) -> list[Element]:
        """The top-level children as elements; parsed on first use, not to be modified."""
        if self._elements is None:
            self._elements = element.parse_all(self.inner)
        return self._elements

    @property
    def payload(self) -> Element | None:
        """The first child, which for an IQ is the request or the result."""
        return next(iter(self.elements), None)

    def child(self, name: str, namespace: str = ns.CLIENT) -> Element | None:
        """Return the first child of that name as an element."""
        if ns.qname(namespace, name) not in self.names:
            return None
        return next(e for e in self.elements if e.name == name and e.ns == namespace)

    def has(self, name: str, namespace: str = ns.CLIENT) -> bool:
        """Tell whether there is a child of that name, without parsing anything."""
        return ns.qname(namespace, name) in self.names

    def parts(self) -> list[tuple[str, bytes]]:
        """Return each child's key and bytes, in order."""
        if not self.names:
            return []
        first = self._at[0]
        edges = [*(at - first for at in self._at), len(self.inner)]
        return [(key, self.inner[edges[i] : edges[i + 1]]) for i, key in enumerate(self.names)]

    def part(self, key: str) -> bytes:
        """Return the bytes of the first child of that key; raises ValueError without one."""
        at, number = self._at, self.names.index(key)
        end = at[number + 1] - at[0] if number + 1 < len(at) else len(self.inner)
        return self.inner[at[number] - at[0] : end]

    # -- edits: each returns a new stanza --------------------------------------------------------

    def addressed(self, sender: JID, to: JID | None) -> "Stanza":
        """Return this stanza with other addresses."""
        copy = Stanza(self.kind, self.attrs, self.inner, self.names, self._at)
        copy.sender = sender
        copy.to = to
        copy._elements = self._elements
        return copy

    def copies(self) -> Callable[[JID], "Stanza"]:
        """Return what makes copies for many recipients, which share all bytes but the address."""
        return partial(self._copy, *self.halves())

    def _copy(self, before: bytes, after: bytes, to: JID) -> "Stanza":
        copy = Stanza(self.kind, self.attrs, self.inner, self.names, self._at)
        copy.sender = self.sender
        copy.to = to
        copy._elements = self._elements
        copy._wire = b"".join((before, to.xml.encode(), after))
        return copy

    def with_attributes(self, **changes: str | None) -> "Stanza":
        """Return this stanza with attributes set, or removed where the value is None."""
        attrs = {
            key: value for key, value in {**self.attrs, **changes}.items() if value is not None
        }
        copy = Stanza(self.kind, attrs, self.inner, self.names, self._at)
        copy.sender = self.sender
        copy.to = self.to
        return copy

    def with_child(self, *children: Element) -> "Stanza":
        """Return this stanza with children appended."""
        parts = self.parts() + [(c.key, c.to_bytes()) for c in children]
        return self._of(self.kind, self.sender, self.to, self.attrs, parts)

    def appended(self, key: str, data: bytes) -> "Stanza":
        """Return this stanza with one child more, given as its key and its bytes."""
        at, inner = self._at, self.inner if self.names else b""
        end = at[0] + len(inner) if at else 0
        copy = Stanza(self.kind, self.attrs, inner + data, (*self.names, key), (*at, end))
        copy.sender = self.sender
        copy.to = self.to
        if self._wire is not None and inner:
            closing = _CLOSING[self.kind]
            copy._wire = b"".join((self._wire[: -len(closing)], data, closing))
        return copy

    def with_parts(self, parts: list[tuple[str, bytes]]) -> "Stanza":
        """Return this stanza with other children, each given as its key and its bytes."""
        return self._of(self.kind, self.sender, self.to, self.attrs, parts)

    def without(self, unwanted: Callable[[str, Element], bool]) -> "Stanza":
        """Return this stanza without the children for which ``unwanted(key, element)`` holds."""
        parts = [
            part
            for part, child in zip(self.parts(), self.elements, strict=True)
            if not unwanted(part[0], child)
        ]
        return self._of(self.kind, self.sender, self.to, self.attrs, parts)

    # -- replies ---------------------------------------------------------------------------------

    def result(self, *children: Element) -> "Stanza":
        """Return the IQ result that answers this request (RFC 6120 §8.2.3)."""
        attrs = {"type": "result"}
        if self.id is not None:
            attrs["id"] = self.id
        return Stanza.make("iq", self._answerer(), self.sender, attrs, *children)

    def error(self, error: StanzaError, by: JID | None = None) -> "Stanza":
        """Return the error stanza that answers this one (RFC 6120 §8.3).

        The payload of an IQ is sent along, as the RFC recommends, or what the error gives in its
        place; other content is not.
        """
        attrs = {"type": "error"}
        if self.id is not None:
            attrs["id"] = self.id
        child = error_element(error, by)
        if error.payload is not None:
            parts = [(error.payload.key, error.payload.to_bytes())]
        else:
            parts = self.parts() if self.kind == "iq" else []
        parts.append((child.key, child.to_bytes()))
        return self._of(self.kind, self._answerer(), self.sender, attrs, parts)

    def _answerer(self) -> JID:
        return self.sender.bare if self.to is None else self.to

    # -- writing ---------------------------------------------------------------------------------

    def keep_tag(self, origin: bytes) -> None:
        """Let `head` be the tag as the peer wrote it, with the attributes ``origin`` in front.

        For a tag whose addresses are in normal form already, and that has none of those attributes.
        """
        if self.tag.startswith(_OPENING[self.kind]):
            self._origin = origin

    def head(self, to: str | None = None) -> bytes:
        """Return the opening tag without its end (``<message from='…'``).

        ``to`` is another recipient's address, already escaped (`JID.xml`), for fan-out.
        """
        if to is None and self._origin is not None:
            tag, name = self.tag, _OPENING[self.kind]
            end = -2 if tag.endswith(b"/>") else -1
            return b"".join((name, self._origin, tag[len(name) : end]))
        if to is None and self.to is not None:
            to = self.to.xml
        recipient = "" if to is None else f" to='{to}'"
        return f"<{self.kind} from='{self.sender.xml}'{recipient}{self._attributes()}".encode()

    def _attributes(self) -> str:
        attrs = self.attrs
        if not escape.needed("".join((*attrs, *attrs.values()))):
            return "".join([f" {key}='{value}'" for key, value in attrs.items()])
        return "".join(
            [_attribute(key, value, number) for number, (key, value) in enumerate(attrs.items())]
        )

    def tail(self) -> bytes:
        """Return what follows `head`: the same for every recipient."""
        if not self.inner:
            return b"/>"
        return b"".join((b">", self.inner, _CLOSING[self.kind]))

    def halves(self) -> tuple[bytes, bytes]:
        """Return what is before and after the address in its bytes, for many recipients."""
        before, _, after = self.head(_GAP).partition(_GAP.encode())
        return before, after + self.tail()

    def to_bytes(self) -> bytes:
        """Return the stanza as written on a TCP stream; computed once."""
        wire = self._wire
        if wire is None:
            if self._origin is not None and self.inner:
                name, closing = _OPENING[self.kind], _CLOSING[self.kind]
                rest = self.tag[len(name) :]
                wire = b"".join((name, self._origin, rest, self.inner, closing))
            else:
                wire = self.head() + self.tail()
            self._wire = wire
        return wire

    def __repr__(self) -> str:
        """Names what it is without its content, which belongs to the users."""
        return f"<{self.kind} type={self.type!r} id={self.id!r} children={self.names!r}>"


def _attribute(key: str, value: str, number: int) -> str:
    if " " not in key:
        return f" {key}='{escape.attribute(value)}'"
    namespace, _, local = key.rpartition(" ")
    if namespace == ns.XML:
        return f" xml:{local}='{escape.attribute(value)}'"
    declaration = f" xmlns:q{number}='{escape.attribute(namespace)}'"
    return f"{declaration} q{number}:{local}='{escape.attribute(value)}'"


def error_element(error: StanzaError, by: JID | None = None) -> Element:
    """Return the ``<error/>`` child for a stanza error (RFC 6120 §8.3.2)."""
    text = Element("text", ns.STANZA_ERRORS, {"xml:lang": "en"}, error.text) if error.text else None
    return Element(
        "error",
        ns.CLIENT,
        {"type": error.type, "by": None if by is None else str(by)},
        Element(error.condition, ns.STANZA_ERRORS),
        text,
        error.detail,
    )
