"""Turns the HTML of strangers into a little XHTML that does nothing, and into plain text."""

import re
from collections.abc import Mapping
from html import unescape
from typing import Final
from urllib.parse import urljoin, urlsplit

from palaver.wire.element import Element

XHTML: Final = "http://www.w3.org/1999/xhtml"
_LONGEST: Final = 100_000  # characters that are read; what is behind them is cut off
_MOST: Final = 5_000  # elements
_DEEPEST: Final = 40
_ATTRIBUTES: Final[dict[str, tuple[str, ...]]] = {
    "a": ("href", "title"),
    "img": ("src", "alt", "title", "width", "height"),
    "abbr": ("title",),
}
_KEPT: Final = frozenset(
    {
        "a", "abbr", "b", "blockquote", "br", "cite", "code", "dd", "del", "div", "dl",
        "dt", "em", "figcaption", "figure", "h1", "h2", "h3", "h4", "h5", "h6", "hr", "i",
        "img", "ins", "kbd", "li", "ol", "p", "pre", "q", "s", "samp", "small", "span",
        "strong", "sub", "sup", "table", "tbody", "td", "th", "thead", "tr", "u", "ul",
        "var",
    }
)  # fmt: skip
_EMPTY: Final = frozenset({"br", "hr", "img"})
_VOID: Final = _EMPTY | frozenset(
    {"area", "base", "col", "embed", "input", "link", "meta", "param", "source", "track", "wbr"}
)
_DROPPED: Final = frozenset(
    {
        "applet", "audio", "button", "canvas", "embed", "form", "frame", "frameset", "head",
        "iframe", "input", "math", "noscript", "object", "script", "select", "style", "svg",
        "template", "textarea", "title", "video",
    }
)  # fmt: skip
_BLOCKS: Final = frozenset(
    {
        "blockquote", "br", "dd", "div", "dl", "dt", "figure", "h1", "h2", "h3", "h4", "h5",
        "h6", "hr", "li", "ol", "p", "pre", "table", "tr", "ul",
    }
)  # fmt: skip
_ADDRESSES: Final = {"href": ("http", "https", "mailto", "xmpp"), "src": ("http", "https")}
_SKIPPED: Final = (("<!--", "-->"), ("<![CDATA[", "]]>"), ("<!", ">"), ("<?", ">"))
_TAG: Final = re.compile(r"""<(/?)([A-Za-z][\w:.-]{0,40}+)((?:[^"'>]++|"[^"]*+"|'[^']*+')*+)>""")
_ATTRIBUTE: Final = re.compile(
    r"""([^\s"'>/=]++)(?:\s*+=\s*+(?:"([^"]*+)"|'([^']*+)'|([^\s"'>]++)))?"""
)
_LONGEST_TAG: Final = 4_000
_MOST_WRONG: Final = 500  # signs "<" that begin nothing; after them all is text
_FORBIDDEN: Final = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_BLANKS: Final = re.compile(r"[ \t\r\f\v]+")
_LINES: Final = re.compile(r" ?\n[ \n]*")


def clean(text: str) -> str:
    """Return a text without the characters that XML cannot carry."""
    return _FORBIDDEN.sub("", text)


def from_html(html: str, base: str) -> Element:
    """Return what may be shown of a piece of HTML, in a ``<div/>``; ``base`` completes links."""
    builder = _Builder(base)
    _read(builder, html[:_LONGEST])
    return builder.root


def from_tree(tree: Element, base: str) -> Element:
    """Return what may be shown of XHTML that was read."""
    builder = _Builder(base)
    _walk(builder, tree)
    return builder.root


def text_of(element: Element) -> str:
    """Return the words of what `from_html` made, a line for each block."""
    out: list[str] = []
    _write(out, element)
    text = _BLANKS.sub(" ", "".join(out))
    return _LINES.sub("\n", text).strip()


def plain(html: str) -> str:
    """Return the words of a piece of HTML, in one line."""
    return " ".join(text_of(from_html(html, "")).split())


def _walk(builder: "_Builder", tree: Element) -> None:
    for child in tree.children:
        if isinstance(child, str):
            builder.data(child)
            continue
        name = child.name.lower()
        builder.start(name, child.attrs)
        _walk(builder, child)
        builder.end(name)


def _write(out: list[str], element: Element) -> None:
    for child in element.children:
        if isinstance(child, str):
            out.append(child)
            continue
        block = child.name in _BLOCKS
        out.append("\n" if block else "")
        _write(out, child)
        out.append("\n" if block and child.name != "br" else "")


class _Builder:
    """Takes what is harmless of elements as they come, closed in their order or not."""

    def __init__(self, base: str) -> None:
        self.root = Element("div", XHTML)
        self._base = base
        self._open = [self.root]
        self._dropping = ""
        self._depth = 0
        self._count = 0

    def start(self, name: str, attrs: Mapping[str, str]) -> None:
        """Open an element."""
        if self._dropping:
            self._depth += name == self._dropping
            return
        if name in _DROPPED:
            self._dropping, self._depth = ("", 0) if name in _VOID else (name, 1)
            return
        full = self._count >= _MOST or len(self._open) >= _DEEPEST
        if name not in _KEPT or full:
            return
        self._count += 1
        made = Element(name, XHTML, self._attributes(name, attrs))
        self._open[-1].add(made)
        if name not in _EMPTY:
            self._open.append(made)

    def end(self, name: str) -> None:
        """Close an element with all that is still open in it."""
        if self._dropping:
            self._depth -= name == self._dropping
            self._dropping = self._dropping if self._depth else ""
            return
        names = [each.name for each in self._open[1:]]
        if name in names:
            del self._open[len(names) - names[::-1].index(name) :]

    def data(self, text: str) -> None:
        """Add text."""
        if not self._dropping:
            self._open[-1].add(clean(text))

    def _attributes(self, name: str, given: Mapping[str, str]) -> dict[str, str | None]:
        found = {key: given.get(key) for key in _ATTRIBUTES.get(name, ())}
        for key, schemes in _ADDRESSES.items():
            if found.get(key) is not None:
                found[key] = address(found[key] or "", self._base, schemes)
        return {key: None if value is None else clean(value) for key, value in found.items()}


def address(text: str, base: str, schemes: tuple[str, ...] = ("http", "https")) -> str | None:
    """Return an address as a whole, or None where it is none, or none that is harmless."""
    if not text.strip():
        return None
    try:
        whole = urljoin(base, text.strip())
        return clean(whole) if urlsplit(whole).scheme in schemes else None
    except ValueError:
        return None


def _read(builder: _Builder, html: str) -> None:
    """Read HTML as it is found: anything is HTML.

    Every piece is looked at once, or so many characters of it, whatever is never closed. The
    parser of the standard library takes minutes for some texts of 100 kB.
    """
    position = wrong = 0
    while position < len(html) and wrong < _MOST_WRONG:
        begin = html.find("<", position)
        if begin < 0:
            begin = len(html)
        builder.data(_unescaped(html[position:begin]))
        position = _tag(builder, html, begin)
        wrong += position == begin + 1
    builder.data(_unescaped(html[position:]))


def _tag(builder: _Builder, html: str, begin: int) -> int:
    """Take what begins with "<"; return where it ends."""
    for opening, closing in _SKIPPED:
        if html.startswith(opening, begin):
            end = html.find(closing, begin + len(opening))
            return len(html) if end < 0 else end + len(closing)
    match = _TAG.match(html, begin, begin + _LONGEST_TAG)
    if match is None:
        builder.data(html[begin : begin + 1])
        return begin + 1
    name = match[2].lower()
    if match[1]:
        builder.end(name)
    else:
        found = _ATTRIBUTE.findall(match[3])
        builder.start(name, {n.lower(): _unescaped(a or b or c) for n, a, b, c in found[::-1]})
    return match.end()


def _unescaped(text: str) -> str:
    try:
        return unescape(text)
    except ValueError:  # a number of thousands of digits
        return text
