"""Fetches a feed and publishes what is new in it."""

import asyncio
import json
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.message import Message
from http import HTTPStatus
from typing import TYPE_CHECKING, Final, NamedTuple

from palaver.ext.feeds import document, syndication, writing
from palaver.ext.feeds.document import FeedError
from palaver.ext.feeds.store import Source
from palaver.ext.feeds.syndication import Entry, Feed
from palaver.ext.pubsub.extension import PubSub
from palaver.ext.pubsub.names import NS
from palaver.ext.pubsub.node import Node
from palaver.ext.pubsub.place import Place
from palaver.kernel.storage import StorageUnavailable
from palaver.kernel.web import Ask, Fetched, FetchError
from palaver.wire.element import Element
from palaver.wire.errors import StanzaError

if TYPE_CHECKING:
    from palaver.ext.feeds.extension import FeedsConfig
    from palaver.kernel.server import Server

_ACCEPT: Final = (
    "application/atom+xml, application/rss+xml, application/xml;q=0.9, text/xml;q=0.9, */*;q=0.1"
)
_LONGEST_HEADER: Final = 1_000
_MOST_SEEN: Final = 2_000


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of a fetch.

    ``published``  how many entries were new or had changed
    ``error``      why it did not work; "" if it did
    ``wait``       seconds that the other side wants to be left alone
    ``changes``    columns of the feed's row
    """

    published: int = 0
    error: str = ""
    wait: int = 0
    changes: dict[str, object] = field(default_factory=dict)


class Importer:
    """Imports feeds."""

    def __init__(self, server: "Server") -> None:
        self._server = server

    async def run(self, source: Source, place: Place | None, config: "FeedsConfig") -> Outcome:
        """Fetch a feed and publish what is new in it."""
        node = None if place is None else await self._pubsub.engine.find(place, source.node)
        if place is None or node is None:
            return Outcome(error="its node is gone: make it again, or remove the feed")
        try:
            found = await self._server.fetch(self._ask(source, config))
            if found.status == HTTPStatus.NOT_MODIFIED:
                return Outcome()
            if found.status != HTTPStatus.OK:
                return _refused(found)
            feed = await asyncio.to_thread(_read, found)
            limit = self._pubsub.engine.limits(place).items
            entries = _newest(feed, min(config.entries, node.config.most_items(limit)))
            return await self._publish(_New(source, place, node, found, feed, entries))
        except (FetchError, FeedError) as error:
            return Outcome(error=str(error))
        except StorageUnavailable as error:
            return Outcome(error=f"the database cannot be used: {error}")

    @property
    def _pubsub(self) -> PubSub:
        return self._server.extension(PubSub)

    @staticmethod
    def _ask(source: Source, config: "FeedsConfig") -> Ask:
        headers = {"Accept": _ACCEPT}
        if source.etag:
            headers["If-None-Match"] = source.etag
        if source.modified:
            headers["If-Modified-Since"] = source.modified
        return Ask(source.url, headers, config.bytes, config.seconds, config.networks)

    async def _publish(self, new: "_New") -> Outcome:
        """Publish what is new, the oldest first; what was seen before is left as it is."""
        known, published, refused = await self._known(new), 0, ""
        for id_, entry in reversed(new.entries.items()):
            mark = writing.digest(entry)
            before = known.pop(id_, None)
            if before not in ("", mark):
                error = await self._put(new, id_, entry)
                if error:
                    refused = f"an entry was not published: {error}"
                    continue
                published += 1
            known[id_] = mark
        seen = json.dumps(dict(list(known.items())[-_MOST_SEEN:]))
        if refused:  # all of it is to be seen again
            return Outcome(published, refused, changes={"seen": seen})
        etag, modified = _header(new.found, "etag"), _header(new.found, "last-modified")
        return Outcome(published, changes={"seen": seen, "etag": etag, "modified": modified})

    async def _known(self, new: "_New") -> dict[str, str]:
        """Return what was seen; "" for what another feed, or this one once, put into the node."""
        there = await self._pubsub.engine.items.get(new.node, list(new.entries))
        return {item.item: "" for item in there} | new.source.known

    async def _put(self, new: "_New", id_: str, entry: Entry) -> str:
        """Publish an entry; return why that is refused, if it is."""
        limit = self._pubsub.engine.limits(new.place).payload_bytes
        most = new.node.config.largest_payload(limit)
        now = datetime.fromtimestamp(self._server.clock.now(), UTC)
        try:
            payload = writing.entry_element(entry, new.feed, new.source.url, now, most)
            item = Element("item", NS, {"id": id_}, payload)
            await self._pubsub.publish_at(new.place, new.node.name, item)
        except StanzaError as error:
            return error.text or error.condition
        return ""


class _New(NamedTuple):
    """What was fetched, and where it belongs; the entries by the ids of their items."""

    source: Source
    place: Place
    node: Node
    found: Fetched
    feed: Feed
    entries: dict[str, Entry]


def _newest(feed: Feed, most: int) -> dict[str, Entry]:
    """Return the newest entries by the ids of their items, the newest first."""
    entries = feed.entries
    dated = [(when, each) for each in entries if (when := each.updated or each.published)]
    if len(dated) == len(entries):
        entries = [each for _, each in sorted(dated, key=lambda pair: pair[0], reverse=True)]
    found: dict[str, Entry] = {}
    for entry in entries:
        if len(found) < most:
            found.setdefault(writing.item_id(entry), entry)
    return found


def _read(found: Fetched) -> Feed:
    kind = Message()
    kind["content-type"] = _header(found, "content-type")
    try:
        root = document.read(found.body, str(kind.get_param("charset", "") or "")[:40])
        return syndication.read(root, found.url)
    except FeedError as error:
        raise FeedError(f"{error} (it is said to be {kind.get_content_type()})") from None


def _header(found: Fetched, name: str) -> str:
    value = found.headers.get(name, "")
    return value if len(value) <= _LONGEST_HEADER and value.isprintable() else ""


def _refused(found: Fetched) -> Outcome:
    wait = found.headers.get("retry-after", "")
    seconds = int(wait) if wait.isascii() and wait.isdecimal() and len(wait) <= 6 else 0
    return Outcome(error=f"the other side answered {found.status}", wait=seconds)
