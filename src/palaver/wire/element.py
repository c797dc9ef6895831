"""An XML element as a small tree, for payloads that a feature asks to read or write."""

from collections.abc import Iterator, Mapping
from typing import Final, Self, overload
from xml.parsers import expat

from palaver.wire import escape, ns
from palaver.wire.errors import WireError

_XML_ATTRIBUTES: Final = f"{ns.XML} "


class Markup(str):
    """XML as it stands, which goes out as it is wherever it is a child; it declares its namespace.

    For what was read and checked before, such as from storage.
    """

    __slots__ = ()


class Element:
    """One element: local name, namespace, attributes, and children (elements and text, in order).

    Attribute keys are plain names, ``xml:…`` names, or ``"namespace local"``.
    """

    __slots__ = ("attrs", "children", "name", "ns")

    def __init__(
        self,
        name: str,
        namespace: str,
        attrs: Mapping[str, str | None] | None = None,
        *children: "Element | str | None",
    ) -> None:
        """Build an element; attributes and children that are ``None`` are left out."""
        self.name = name
        self.ns = namespace
        self.attrs: dict[str, str] = (
            {key: value for key, value in attrs.items() if value is not None} if attrs else {}
        )
        self.children: list[Element | str] = [child for child in children if child is not None]

    @property
    def key(self) -> str:
        """The name as the scanner reports it: ``"namespace local"``."""
        return ns.qname(self.ns, self.name)

    @property
    def text(self) -> str:
        """The element's own character data."""
        return "".join(child for child in self.children if isinstance(child, str))

    @overload
    def get(self, attribute: str) -> str | None: ...
    @overload
    def get(self, attribute: str, default: str) -> str: ...
    def get(self, attribute: str, default: str | None = None) -> str | None:
        """Return an attribute's value."""
        return self.attrs.get(attribute, default)

    def __iter__(self) -> Iterator["Element"]:
        return (child for child in self.children if isinstance(child, Element))

    def find(self, name: str, namespace: str | None = None) -> "Element | None":
        """Return the first child of that name; the namespace is this element's by default."""
        return next(self.find_all(name, namespace), None)

    def find_all(self, name: str, namespace: str | None = None) -> Iterator["Element"]:
        """Iterate over the children of that name, in this element's namespace by default."""
        wanted = self.ns if namespace is None else namespace
        return (child for child in self if child.name == name and child.ns == wanted)

    def text_of(self, name: str, namespace: str | None = None) -> str | None:
        """Return the text of the first child of that name, or None when there is none."""
        child = self.find(name, namespace)
        return None if child is None else child.text

    def add(self, *children: "Element | str | None") -> Self:
        """Append children (``None`` is left out) and return this element."""
        self.children.extend(child for child in children if child is not None)
        return self

    def to_bytes(self, default_ns: str = ns.CLIENT) -> bytes:
        """Serialise for a place where ``default_ns`` is the default namespace.

        Raises:
            WireError: some text holds a character that XML cannot carry.
        """
        out: list[str] = []
        self._write(out, default_ns)
        return escape.check("".join(out)).encode()

    def _write(self, out: list[str], default_ns: str) -> None:
        out.append(f"<{self.name}")
        if self.ns != default_ns:
            out.append(f" xmlns='{escape.attribute(self.ns)}'")
        for number, (key, value) in enumerate(self.attrs.items()):
            space, _, local = key.rpartition(" ")
            if space:
                out.append(f" xmlns:a{number}='{escape.attribute(space)}' a{number}:{local}")
            else:
                out.append(f" {key}")
            out.append(f"='{escape.attribute(value)}'")
        if not self.children:
            out.append("/>")
            return
        out.append(">")
        for child in self.children:
            if isinstance(child, str):
                out.append(child if isinstance(child, Markup) else escape.text(child))
            else:
                child._write(out, self.ns)  # noqa: SLF001 - its own class
        out.append(f"</{self.name}>")

    def __repr__(self) -> str:
        return f"Element({self.name!r}, {self.ns!r}, {self.attrs!r}, {len(self.children)} children)"

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Element):
            return NotImplemented
        return (
            self.name == other.name
            and self.ns == other.ns
            and self.attrs == other.attrs
            and self.children == other.children
        )

    __hash__ = None  # type: ignore[assignment]  # mutable, so not a key


def parse_all(data: bytes, default_ns: str = ns.CLIENT, prefixes: str = "") -> list[Element]:
    """Parse a run of sibling elements, text between them dropped.

    ``prefixes`` are namespace declarations in scope, as written in a start tag. The data is
    expected to have passed the scanner, so nothing but well-formedness is checked again.

    Raises:
        WireError: the data is not well-formed.
    """
    root = Element("", "")
    stack = [root]
    parser = expat.ParserCreate("UTF-8", " ")
    parser.buffer_text = True

    def start(key: str, attrs: dict[str, str]) -> None:
        space, _, name = key.rpartition(" ")
        element = Element(name, space)
        if attrs:
            element.attrs = {
                ("xml:" + k[len(_XML_ATTRIBUTES) :] if k.startswith(_XML_ATTRIBUTES) else k): v
                for k, v in attrs.items()
            }
        stack[-1].children.append(element)
        stack.append(element)

    def end(_key: str) -> None:
        stack.pop()

    def characters(data: str) -> None:
        stack[-1].children.append(data)

    parser.StartElementHandler = start
    parser.EndElementHandler = end
    parser.CharacterDataHandler = characters
    opening = f"<x xmlns='{escape.attribute(default_ns)}'{prefixes}>".encode()
    try:
        parser.Parse(b"".join((opening, data, b"</x>")), True)
    except expat.ExpatError as error:
        raise WireError(expat.ErrorString(error.code)) from error
    return list(next(iter(root)))


def parse(data: bytes, default_ns: str = ns.CLIENT, prefixes: str = "") -> Element:
    """Parse exactly one element.

    Raises:
        WireError: the data is not well-formed, or not one element.
    """
    found = parse_all(data, default_ns, prefixes)
    if len(found) != 1:
        raise WireError(f"expected one element, found {len(found)}")
    return found[0]


def rename_namespace(tree: Element, old: str, new: str) -> None:
    """Move an element and all below it from one namespace to another, in place."""
    if tree.ns == old:
        tree.ns = new
    for child in tree:
        rename_namespace(child, old, new)
