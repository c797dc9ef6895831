"""Finds the entries of RSS 0.9x, 1.0 and 2.0, and of Atom 0.3 and 1.0 (RFC 4287)."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Final

from palaver.ext.feeds import markup
from palaver.ext.feeds.document import FeedError
from palaver.wire.element import Element

_ATOM: Final = frozenset({"http://www.w3.org/2005/Atom", "http://purl.org/atom/ns#"})
_RDF: Final = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
_ENCODED: Final = "http://purl.org/rss/1.0/modules/content/"
_DC: Final = "http://purl.org/dc/elements/1.1/"
_RSS: Final = frozenset(
    {
        "",
        "http://purl.org/rss/1.0/",
        "http://my.netscape.com/rdf/simple/0.9/",
        "http://channel.netscape.com/rdf/simple/0.9/",
        "http://backend.userland.com/rss2",
    }
)
_LONGEST: Final = 2_000  # characters of a title, a name or an address
_MOST: Final = 20  # of categories, authors and enclosures


@dataclass(frozen=True, slots=True)
class Enclosure:
    """A file that belongs to an entry."""

    url: str
    type: str


@dataclass(frozen=True, slots=True)
class Entry:
    """An entry, whatever format it came in.

    ``id``       what its feed calls it; "" where it has no name
    ``title``    plain text
    ``url``      where it is on the web; "" if it does not say
    ``content``  what it says, as harmless XHTML; None for nothing
    ``published``, ``updated``  when; None where that is not said or makes no sense
    """

    id: str
    title: str
    url: str
    content: Element | None
    published: datetime | None
    updated: datetime | None
    authors: tuple[str, ...] = ()
    categories: tuple[str, ...] = ()
    enclosures: tuple[Enclosure, ...] = ()


@dataclass(frozen=True, slots=True)
class Feed:
    """A feed, its entries in the order of the document."""

    title: str
    url: str
    entries: list[Entry] = field(default_factory=list)


def read(root: Element, url: str) -> Feed:
    """Return what a document has; ``url`` is where it came from.

    Raises:
        FeedError: it is no feed.
    """
    if root.name == "feed" and root.ns in _ATOM:
        return _Atom(root, url).feed()
    if root.name == "RDF" and root.ns == _RDF:
        return _rss(root, root, url)
    channel = next((child for child in root if child.name == "channel"), None)
    if root.name == "rss" and channel is not None:
        return _rss(channel, channel, url)
    raise FeedError(f"it is neither RSS nor Atom, but begins with <{root.name[:40]}/>")


# -- RSS -------------------------------------------------------------------------------------------


def _rss(channel: Element, items: Element, url: str) -> Feed:
    about = next((each for each in channel if each.name == "channel"), channel)
    base = markup.address(_text(about, "link"), url) or url
    found = [_item(each, base) for each in items if each.name == "item" and each.ns in _RSS]
    return Feed(_short(markup.plain(_text(about, "title"))), base, found)


def _item(item: Element, base: str) -> Entry:
    guid = next(_named(item, "guid"), None)
    name = _short("" if guid is None else guid.text)
    link = markup.address(_text(item, "link"), base) or ""
    if not link and guid is not None and guid.get("isPermaLink", "true") != "false":
        link = markup.address(name, "") or ""
    html = item.text_of("encoded", _ENCODED) or _text(item, "description")
    published = date(_text(item, "pubDate") or item.text_of("date", _DC) or "")
    authors = [each.text for each in item.find_all("creator", _DC)] or [_text(item, "author")]
    return Entry(
        name or _short(item.get(f"{_RDF} about", "")),
        _short(markup.plain(_text(item, "title"))),
        _short(link),
        markup.from_html(html, link or base) if html.strip() else None,
        published,
        None,
        _names(authors),
        _names([each.text for each in _named(item, "category")]),
        _enclosures(
            ((e.get("url", ""), e.get("type", "")) for e in _named(item, "enclosure")), base
        ),
    )


def _named(element: Element, name: str) -> Iterator[Element]:
    return (each for each in element if each.name == name and each.ns in _RSS)


def _text(element: Element, name: str) -> str:
    return next((each.text.strip() for each in _named(element, name)), "")


# -- Atom ------------------------------------------------------------------------------------------


class _Atom:
    """A feed of Atom."""

    def __init__(self, root: Element, url: str) -> None:
        self._root = root
        self._url = markup.address(root.get("xml:base", ""), url) or url

    def feed(self) -> Feed:
        """Return it."""
        root = self._root
        entries = [self._entry(each) for each in root.find_all("entry")]
        return Feed(
            self._plain(root.find("title")), self._link(root, self._url) or self._url, entries
        )

    def _entry(self, entry: Element) -> Entry:
        base = markup.address(entry.get("xml:base", ""), self._url) or self._url
        link = self._link(entry, base)
        content = entry.find("content") or entry.find("summary")
        authors = list(entry.find_all("author")) or list(self._root.find_all("author"))
        links = [each for each in entry.find_all("link") if each.get("rel") == "enclosure"]
        return Entry(
            _short(entry.text_of("id") or ""),
            self._plain(entry.find("title")),
            _short(link),
            None if content is None else self._content(content, link or base),
            date(entry.text_of("published") or entry.text_of("issued") or ""),
            date(entry.text_of("updated") or entry.text_of("modified") or ""),
            _names([each.text_of("name") or "" for each in authors]),
            _names([each.get("term", "") for each in entry.find_all("category")]),
            _enclosures(((e.get("href", ""), e.get("type", "")) for e in links), base),
        )

    @staticmethod
    def _link(element: Element, base: str) -> str:
        links = [e for e in element.find_all("link") if e.get("rel", "alternate") == "alternate"]
        web = (each for each in links if each.get("type", "text/html") == "text/html")
        best = next(web, links[0] if links else None)
        return "" if best is None else markup.address(best.get("href", ""), base) or ""

    def _content(self, content: Element, base: str) -> Element | None:
        """Return what an element with text of some type says (RFC 4287 §4.1.3)."""
        base = markup.address(content.get("xml:base", ""), base) or base
        match content.get("type", "text"):
            case "xhtml" | "application/xhtml+xml":
                return markup.from_tree(content, base)
            case "html" | "text/html":
                return markup.from_html(content.text, base)
            case "text" | "text/plain":
                text = markup.clean(content.text)
                return Element("div", markup.XHTML, None, text) if text.strip() else None
        return None

    def _plain(self, title: Element | None) -> str:
        content = None if title is None else self._content(title, self._url)
        return "" if content is None else _short(" ".join(markup.text_of(content).split()))


# -- values ----------------------------------------------------------------------------------------


def date(text: str) -> datetime | None:
    """Return a moment as feeds write it (RFC 5322 §3.3, RFC 3339); None for what is none."""
    text = text.strip()[:100]
    for read_ in (parsedate_to_datetime, datetime.fromisoformat):
        try:
            found = read_(text)
            found = found.replace(tzinfo=found.tzinfo or UTC).astimezone(UTC)
        except (ValueError, TypeError, OverflowError, IndexError):
            continue
        return found.replace(microsecond=0) if found.year >= 1970 else None
    return None


def _short(text: str) -> str:
    return markup.clean(text).strip()[:_LONGEST]


def _names(texts: list[str]) -> tuple[str, ...]:
    names = dict.fromkeys(_short(" ".join(text.split())) for text in texts[:_MOST])
    return tuple(name for name in names if name)


def _enclosures(found: Iterator[tuple[str, str]], base: str) -> tuple[Enclosure, ...]:
    made = [(markup.address(url, base), type_) for url, type_ in found][:_MOST]
    return tuple(Enclosure(url, _short(type_)) for url, type_ in made if url)
