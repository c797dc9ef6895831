"""Bookmarks: whichever way a client writes them, others read them their own way.

The items of the node of XEP-0402 are the truth. What XEP-0048 keeps in one list, in private storage
(XEP-0049) or in a node (XEP-0223), is made of them, and taken apart into them when a client writes
it. What is in a list and is no bookmark of a room stays in it.
"""

from collections.abc import Callable, Iterable
from dataclasses import replace
from typing import TYPE_CHECKING, ClassVar, Final

import structlog

from palaver import jid as addresses
from palaver.ext.private_storage import Key, PrivateStorage
from palaver.ext.pubsub.errors import refusal
from palaver.ext.pubsub.extension import PubSub
from palaver.ext.pubsub.items import Window
from palaver.ext.pubsub.names import NS as PUBSUB
from palaver.ext.pubsub.settings import MAX
from palaver.ext.roster.turns import Turns
from palaver.jid import JIDError
from palaver.kernel import hooks
from palaver.kernel.account import Account
from palaver.kernel.extension import Extension, ExtensionConfig, Xep, on
from palaver.wire import element
from palaver.wire.element import Element
from palaver.wire.errors import StanzaError

if TYPE_CHECKING:
    from palaver.kernel.server import Server

log = structlog.get_logger()

NS: Final = "urn:xmpp:bookmarks:1"
LIST: Final = "storage:bookmarks"
_ITEM: Final = "current"
_MOST: Final = 1_000  # bookmarks in a list
_PAGE: Final = 500
_BOOLEANS: Final = ("true", "false", "1", "0")
_PLAIN: Final = ("nick", "password")
_PRIVATE: Final = {"access_model": "whitelist", "persist_items": "true"}
_OPTIONS: Final = {**_PRIVATE, "max_items": "max", "send_last_published_item": "never"}

Bookmarks = dict[str, Element]
"""Elements of XEP-0402 by the addresses of their rooms."""


class BookmarkConversion(Extension):
    """Keeps bookmarks of every kind in step."""

    name: ClassVar = "bookmarks"
    implements: ClassVar = (
        Xep(48, "1.2", "bookmarks of rooms; other entries of a list stay in it"),
        Xep(402, "1.2.0"),
        Xep(411, "1.1.0"),
    )
    account_features: ClassVar = (
        "urn:xmpp:bookmarks-conversion:0",
        f"{NS}#compat",
        f"{NS}#compat-pep",
    )
    requires: ClassVar = ("pubsub", "private_storage")

    def __init__(self, server: "Server", settings: Callable[[str | None], ExtensionConfig]) -> None:
        super().__init__(server, settings)
        self._turns = Turns()

    @property
    def _pubsub(self) -> PubSub:
        return self.server.extension(PubSub)

    @on(hooks.item_publishing)
    async def check(self, account: Account, node: str, id_: str, payload: Element) -> None:
        """Refuse bookmarks that others could not read, and lists that are too long."""
        if node == NS:
            _check_bookmark(id_, payload)
        elif node == LIST:
            _check_list(payload)

    @on(hooks.node_changed)
    async def changed(self, account: Account, node: str) -> None:
        """Let the other kinds follow what a client did to one."""
        if node not in (NS, LIST):
            return
        async with self._turns.of(account.jid):
            if node == LIST:
                payload = await self._pubsub.payload_of(account, LIST, _ITEM)
                if payload is not None:
                    await self._take_apart(account, element.parse(payload.encode()))
            await self._write_lists(account)

    @on(hooks.node_imported)
    async def came(self, account: Account, node: str) -> None:
        """Add bookmarks that came in a node of either kind with an account."""
        if node not in (NS, LIST):
            return
        payload = await self._pubsub.payload_of(account, LIST, _ITEM)
        await self._add(account, None if payload is None else element.parse(payload.encode()))

    @on(hooks.private_imported)
    async def came_in_storage(self, account: Account, content: Element) -> None:
        """Add bookmarks that came in private storage with an account."""
        if content.key == f"{LIST} storage":
            await self._add(account, content)

    async def _add(self, account: Account, content: Element | None) -> None:
        async with self._turns.of(account.jid):
            if content is not None and len(list(content)) <= _MOST:
                await self._take_apart(account, content, whole=False)
            await self._write_lists(account)

    @on(hooks.private_storing)
    async def store(self, account: Account, content: Element) -> None:
        """Let nodes follow a list that a client puts into private storage (XEP-0411 §4).

        Raises:
            StanzaError: policy-violation, the list is too long.
        """
        if content.key != f"{LIST} storage":
            return
        _check_list(content)
        async with self._turns.of(account.jid):
            await self._take_apart(account, content)
            await self._publish_list(account, content)

    # -- the truth ---------------------------------------------------------------------------------

    async def _bookmarks(self, account: Account) -> Bookmarks:
        engine = self._pubsub.engine
        node, found, after = await engine.nodes.find(account.jid, NS), Bookmarks(), 0
        if node is None:
            return found
        while page := await engine.items.page(node, Window(after), _PAGE):
            for item in page:
                if item.payload:
                    found[item.item] = element.parse(item.payload.encode())
            after = page[-1].key
        return found

    async def _take_apart(self, account: Account, content: Element, *, whole: bool = True) -> None:
        """Publish what a list has that differs, and retract what it has not (XEP-0402 §5.2.2).

        A list that is not the ``whole`` truth only adds to it.
        """
        known = await self._bookmarks(account)
        wanted = _rooms(content)
        for room, listed in wanted.items():
            old = known.get(room)
            if old is None or (whole and _plain(room, old) != _plain(room, listed)):
                item = Element("item", PUBSUB, {"id": room}, _unlisted(listed, old))
                await self._publish(account, NS, item, _OPTIONS)
        gone = [room for room in known if room not in wanted]
        if gone and whole:
            await self._pubsub.retract(account, NS, gone)

    async def _publish(
        self, account: Account, node: str, item: Element, options: dict[str, str]
    ) -> None:
        """Publish where only the account reads (XEP-0411 §6), and where there is room."""
        nodes = self._pubsub.engine.nodes
        there = await nodes.find(account.jid, node)
        if there is not None:
            most = MAX if node == NS else there.config.max_items
            config = replace(there.config, access_model="whitelist", max_items=most)
            if config != there.config:
                await nodes.configure(there, config)
        await self._pubsub.publish(account, node, item, {} if there else options)

    # -- the lists ---------------------------------------------------------------------------------

    async def _write_lists(self, account: Account) -> None:
        """Make the lists of the bookmarks (XEP-0402 §5.2.1); what they have else stays."""
        storage = self.server.extension(PrivateStorage)
        key = Key(LIST, "storage")
        kept = (await storage.kept(account, (key,))).get(key)
        old = Element("storage", LIST) if kept is None else element.parse(kept.encode())
        bookmarks = await self._bookmarks(account)
        listed = (_plain(room, each) for room, each in bookmarks.items())
        new = Element("storage", LIST, None, *listed, *_others(old))
        if new == old:
            return
        try:
            await storage.keep(account, new)
            await self._publish_list(account, new)
        except StanzaError as error:
            log.warning("bookmarks not listed", account=str(account.jid), reason=str(error))

    async def _publish_list(self, account: Account, content: Element) -> None:
        published = await self._pubsub.payload_of(account, LIST, _ITEM)
        if published is not None and element.parse(published.encode()) == content:
            return
        if published is None and not list(content):
            return
        item = Element("item", PUBSUB, {"id": _ITEM}, content)
        await self._publish(account, LIST, item, _PRIVATE)


def _check_bookmark(id_: str, payload: Element) -> None:
    try:
        addresses.parse(id_)
    except JIDError as error:
        raise refusal("bad-request", "invalid-payload", f"the id is no room: {error}") from error
    if payload.key != f"{NS} conference":
        raise refusal("bad-request", "invalid-payload", "the node is for bookmarks")
    if payload.get("autojoin", "false") not in _BOOLEANS:
        raise refusal("bad-request", "invalid-payload", "autojoin is neither true nor false")
    for name in (*_PLAIN, "extensions"):
        if len(list(payload.find_all(name))) > 1:
            raise refusal("bad-request", "invalid-payload", f"there is more than one {name}")


def _check_list(content: Element) -> None:
    if content.key != f"{LIST} storage":
        raise refusal("bad-request", "invalid-payload", "the node is for a list of bookmarks")
    if len(list(content)) > _MOST:
        raise StanzaError("policy-violation", f"a list has at most {_MOST} bookmarks")


def _room(conference: Element) -> str | None:
    try:
        return addresses.parse(conference.get("jid", "")).bare
    except JIDError:
        return None


def _rooms(content: Element) -> Bookmarks:
    """Return the bookmarks of rooms in a list; of two of one room, the first."""
    found: Bookmarks = {}
    for each in content.find_all("conference"):
        room = _room(each)
        if room is not None:
            found.setdefault(str(room), each)
    return found


def _others(content: Element) -> Iterable[Element]:
    """Iterate over what is in a list besides bookmarks of rooms."""
    return (each for each in content if each.name != "conference" or _room(each) is None)


def _autojoin(conference: Element) -> str | None:
    return "true" if conference.get("autojoin") in ("true", "1") else None


def _plain(room: str, conference: Element) -> Element:
    """Return what every kind of bookmark says, as a list has it."""
    attrs = {"jid": room, "name": conference.get("name"), "autojoin": _autojoin(conference)}
    texts = ((name, conference.text_of(name)) for name in _PLAIN)
    leaves = (Element(name, LIST, None, text) for name, text in texts if text)
    return Element("conference", LIST, attrs, *leaves)


def _unlisted(listed: Element, old: Element | None) -> Element:
    """Return a bookmark of a list as XEP-0402 has it; what lists cannot say stays as it was."""
    attrs = {"name": listed.get("name"), "autojoin": _autojoin(listed)}
    texts = ((name, listed.text_of(name)) for name in _PLAIN)
    leaves = [Element(name, NS, None, text) for name, text in texts if text]
    extensions = None if old is None else old.find("extensions")
    more = [each for each in listed if each.ns != LIST]
    if more:
        inner = [part for each in more for part in (each if each.name == "extensions" else (each,))]
        extensions = Element("extensions", NS, None, *inner)
    return Element("conference", NS, attrs, *leaves, extensions)
