"""Reading items: by id, the latest ones, or page by page (XEP-0060 §6.5, XEP-0059)."""

from collections.abc import Sequence
from typing import Final

from palaver.ext.pubsub import events
from palaver.ext.pubsub.access import door_of
from palaver.ext.pubsub.engine import Engine
from palaver.ext.pubsub.errors import refusal, unsupported
from palaver.ext.pubsub.items import Item, Window
from palaver.ext.pubsub.names import NS
from palaver.ext.pubsub.node import Node
from palaver.ext.pubsub.place import Place
from palaver.jid import JID
from palaver.kernel import result_sets
from palaver.kernel.result_sets import Page
from palaver.wire.element import Element
from palaver.wire.errors import StanzaError

_CHUNK: Final = 50  # rows read at once, which may be large
_LARGEST_CHUNK: Final = 500  # of those that turn out to be small
_MOST_BYTES: Final = 1 << 20  # of an answer; the rest comes with the next
_MOST_IDS: Final = 1_000


class Retrieving:
    """The use case of those who read."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    async def retrieve(self, place: Place, who: JID, payload: Element, asked: Element) -> Element:
        """Return items, oldest first.

        Raises:
            StanzaError: as §6.5.9 has it; item-not-found, a page is to begin at no item.
        """
        node = await self._engine.node(place, asked.get("node"))
        await self.check(node, who, asked.get("subid"))
        page = result_sets.read(payload)
        if not node.config.persist_items:
            raise unsupported("persistent-items", "the node keeps no items")
        ids = [each.get("id", "") for each in asked.find_all("item")]
        limits = self._engine.limits(place)
        if ids:
            if len(ids) > _MOST_IDS:
                raise StanzaError("policy-violation", f"at most {_MOST_IDS} items at once")
            return _answer(node, await self._engine.items.get(node, ids))
        latest = _number(asked.get("max_items"))
        if latest is not None:
            page = Page(latest, None, None, last=True)
        return await self._page(node, page, limits.page, told=payload.find("set", result_sets.NS))

    async def check(self, node: Node, who: JID, subid: str | None) -> None:
        """Check that somebody may read a node.

        Raises:
            StanzaError: as §6.5.9 has it.
        """
        door = await door_of(self._engine.server, node)
        refused = door.refusal(who)
        if refused is not None:
            raise refused
        own = node.subscriptions_of(who)
        if subid is not None and own and all(each.subid != subid for each in own):
            raise refusal("not-acceptable", "invalid-subid", "there is no such subscription")

    async def _page(self, node: Node, page: Page, most: int, *, told: Element | None) -> Element:
        if page.most == 0:
            return _answer(node, (), result_sets.write(None, None, node.items))
        window = Window(await self._key(node, page.after) or 0, await self._key(node, page.before))
        wanted = most if page.most is None else min(page.most, most)
        found, complete = await self._read(node, window, wanted, newest=page.last)
        if told is None and (complete or page.last):
            return _answer(node, found)
        first, last = (found[0].item, found[-1].item) if found else (None, None)
        return _answer(node, found, result_sets.write(first, last, node.items))

    async def _key(self, node: Node, item: str | None) -> int | None:
        if item is None:
            return None
        found = await self._engine.items.get(node, [item])
        if not found:
            raise StanzaError("item-not-found", "there is no item of that id")
        return found[0].key

    async def _read(
        self, node: Node, window: Window, limit: int, *, newest: bool
    ) -> tuple[list[Item], bool]:
        """Read so many items, or fewer large ones; tell whether there are no more."""
        items: list[Item] = []
        size = 0
        while len(items) < limit and size <= _MOST_BYTES:
            fitting = (_MOST_BYTES - size) * len(items) // size if size else 0
            wanted = min(max(_CHUNK, min(fitting, _LARGEST_CHUNK)), limit - len(items))
            found = await self._engine.items.page(node, window, wanted + 1, newest=newest)
            more = len(found) > wanted
            if newest:
                items[:0] = found[more:]
                window = window._replace(before=items[0].key) if items else window
            else:
                items += found[:wanted]
                window = window._replace(after=items[-1].key) if items else window
            if not more:
                return items, True
            size += sum(item.size for item in found)
        return items, False


def _answer(node: Node, items: Sequence[Item], page: Element | None = None) -> Element:
    children = (events.item_element(item, NS, node) for item in items)
    return Element("pubsub", NS, None, Element("items", NS, {"node": node.name}, *children), page)


def _number(text: str | None) -> int | None:
    if text is None:
        return None
    if not (text.isascii() and text.isdecimal() and len(text) <= 9):
        raise StanzaError("bad-request", "max_items is a number")
    return int(text)
