"""Writes what was found in a feed as Atom entries, and nodes as Atom documents (RFC 4287)."""

import json
from collections.abc import Sequence
from datetime import UTC, datetime
from hashlib import sha256
from typing import Final
from uuid import NAMESPACE_URL, uuid5

from palaver.ext.feeds import markup
from palaver.ext.feeds.syndication import Entry, Feed
from palaver.ext.microblog.atom import ATOM, is_iri
from palaver.ext.microblog.profiles import uri_of
from palaver.ext.pubsub.items import Item
from palaver.ext.pubsub.node import Node
from palaver.wire import element
from palaver.wire.element import Element

_SUMMARY: Final = 500  # characters of what is too long to be carried as a whole
_ID: Final = 32  # hexadecimal digits of the id of an item
HEAD: Final = b"<?xml version='1.0' encoding='UTF-8'?>\n"


def item_id(entry: Entry) -> str:
    """Return the id of an entry's item, the same whenever the entry is met."""
    return sha256(_name(entry).encode()).hexdigest()[:_ID]


def digest(entry: Entry) -> str:
    """Return what changes whenever the entry does."""
    content = b"" if entry.content is None else entry.content.to_bytes()
    dates = [str(entry.updated), str(entry.published)]
    files = [[each.url, each.type] for each in entry.enclosures]
    rest = [entry.title, entry.url, dates, entry.authors, entry.categories, files]
    return sha256(content + json.dumps(rest).encode()).hexdigest()[:_ID]


def _name(entry: Entry) -> str:
    """Return what an entry is known by: its id, where it is, or what it says."""
    if entry.id or entry.url:
        return entry.id or entry.url
    words = "" if entry.content is None else markup.text_of(entry.content)
    return f"{entry.title}\n{entry.published}\n{words}"


def atom_id(entry: Entry, url: str) -> str:
    """Return an id for Atom, which is an address; one is made of other names and the feed's."""
    if is_iri(entry.id):
        return entry.id
    return uuid5(NAMESPACE_URL, f"{url}\n{_name(entry)}").urn


def entry_element(entry: Entry, feed: Feed, url: str, now: datetime, most: int) -> Element:
    """Return an entry of Atom with a payload of so many bytes at most, shortened where need be.

    What it says is there twice, as text and as XHTML, as XEP-0277 §2.2 and XEP-0472 §4.2 have it.
    """
    words = "" if entry.content is None else markup.text_of(entry.content)
    for text, xhtml in ((words, entry.content), (words, None), (words[:_SUMMARY] + "…", None)):
        made = _entry(entry, feed, url, now, text, xhtml)
        if len(made.to_bytes("")) <= most:
            break
    return made


def _entry(
    entry: Entry, feed: Feed, url: str, now: datetime, words: str, xhtml: Element | None
) -> Element:
    made = Element("entry", ATOM)
    made.add(_text("title", entry.title or words.partition("\n")[0][:100]))
    made.add(_text("id", atom_id(entry, url)))
    made.add(_text("updated", stamp(entry.updated or entry.published or now)))
    if entry.published is not None:
        made.add(_text("published", stamp(entry.published)))
    for name in entry.authors:
        made.add(Element("author", ATOM, None, _text("name", name)))
    if entry.url:
        made.add(Element("link", ATOM, {"rel": "alternate", "href": entry.url}))
    for file in entry.enclosures:
        attrs = {"rel": "enclosure", "href": file.url, "type": file.type or None}
        made.add(Element("link", ATOM, attrs))
    made.add(*(Element("category", ATOM, {"term": term}) for term in entry.categories))
    if words:
        made.add(Element("content", ATOM, {"type": "text"}, words))
    if xhtml is not None and any(True for _ in xhtml):
        made.add(Element("content", ATOM, {"type": "xhtml"}, xhtml))
    link = Element("link", ATOM, {"rel": "self", "href": url})
    return made.add(
        Element("source", ATOM, None, _text("title", feed.title), _text("id", url), link)
    )


def _text(name: str, text: str) -> Element:
    return Element(name, ATOM, None, text)


def stamp(moment: datetime) -> str:
    """Write a moment as Atom has it (RFC 4287 §3.3)."""
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


# -- a node as a document --------------------------------------------------------------------------


def document(node: Node, items: Sequence[Item], now: datetime) -> bytes:
    """Return a document with those of a node's items, the oldest first, that are entries."""
    uri = uri_of(node)
    feed = Element("feed", ATOM)
    feed.add(_text("title", node.config.title or node.name), _text("id", uri))
    found = [(item, element.parse(item.payload.encode(), "")) for item in items if item.payload]
    entries = [_whole(node, item, tree) for item, tree in found[::-1] if _is_entry(tree)]
    moment = max((item.published for item in items), default=None)
    feed.add(_text("updated", stamp(now) if moment is None else _stamp_of(moment)))
    feed.add(Element("link", ATOM, {"rel": "alternate", "href": uri}))
    if node.config.description:
        feed.add(_text("subtitle", node.config.description))
    return HEAD + feed.add(*entries).to_bytes("") + b"\n"


def _is_entry(tree: Element) -> bool:
    return tree.ns == ATOM and tree.name == "entry"


def _whole(node: Node, item: Item, entry: Element) -> Element:
    """Add what an entry needs outside of XMPP, and leave one of several contents (§4.1.2)."""
    contents = list(entry.find_all("content"))
    best = next((each for each in contents if each.get("type") == "xhtml"), None)
    for each in contents:
        if len(contents) > 1 and each is not (best or contents[0]):
            entry.children.remove(each)
    if entry.find("title") is None:
        entry.add(_text("title", ""))
    if entry.find("id") is None:
        entry.add(_text("id", uri_of(node, item.item)))
    if entry.find("updated") is None:
        entry.add(_text("updated", _stamp_of(item.published)))
    if entry.find("author") is None:
        name = item.publisher.partition("@")[0]
        uri = _text("uri", f"xmpp:{item.publisher}")
        entry.add(Element("author", ATOM, None, _text("name", name), uri))
    return entry


def _stamp_of(moment: int) -> str:
    return stamp(datetime.fromtimestamp(moment // 1_000_000, UTC))
