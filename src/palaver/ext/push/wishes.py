"""For which chats an account wants which notifications (XEP-0492).

The settings are part of bookmarks: those that are items of a node (XEP-0402), and those in private
storage (XEP-0048, XEP-0049). A push service wakes a phone, so the settings for phones count.
"""

from collections.abc import AsyncIterator, Iterator
from typing import TYPE_CHECKING, Final

from palaver import jid
from palaver.ext.private_storage import Key, PrivateStorage
from palaver.ext.pubsub.extension import PubSub
from palaver.jid import JID
from palaver.kernel.account import Account
from palaver.wire import element
from palaver.wire.element import Element

if TYPE_CHECKING:
    from palaver.kernel.server import Server

NS: Final = "urn:xmpp:notification-settings:1"
_BOOKMARKS: Final = Key("storage:bookmarks", "storage")
_NODE: Final = "urn:xmpp:bookmarks:1"
_IDENTITY: Final = ("client", "phone")


async def wish(server: "Server", account: Account, chat: JID) -> str:
    """Return what an account wants to hear of a chat: "always", "on-mention", "never" or "".

    Raises StorageUnavailable.
    """
    if account.temporary:
        return ""
    found = [setting(notify) async for notify in _notifies(server, account, chat)]
    return next(filter(None, found), "")


async def _notifies(server: "Server", account: Account, chat: JID) -> AsyncIterator[Element]:
    if PubSub.name in server.extensions:
        bookmark = await server.extension(PubSub).payload_of(account, _NODE, chat.bare)
        if bookmark is not None and NS in bookmark:
            for each in _in(element.parse(bookmark.encode())):
                yield each
    kept = await server.extension(PrivateStorage).kept(account, (_BOOKMARKS,))
    if NS in kept.get(_BOOKMARKS, ""):
        for each in _about(element.parse(kept[_BOOKMARKS].encode()), chat):
            yield each


def setting(notify: Element) -> str:
    """Return the setting that is most specific to a phone: "always", "on-mention" or "never"."""
    best, found = -1, ""
    for child in notify:
        if child.ns != NS or child.name not in ("always", "on-mention", "never"):
            continue
        named = child.get("identity-category"), child.get("identity-type")
        given = tuple(part for part in named if part is not None)
        if given == _IDENTITY[: len(given)] and named[: len(given)] == given and len(given) > best:
            best, found = len(given), child.name
    return found


def _about(storage: Element, chat: JID) -> Iterator[Element]:
    for bookmark in storage.find_all("conference"):
        try:
            address = jid.parse(bookmark.get("jid", ""))
        except jid.JIDError:
            continue
        if address == chat.bare:
            yield from _in(bookmark)


def _in(bookmark: Element) -> Iterator[Element]:
    """Find the settings in a bookmark, or in whatever it has for extensions."""
    for place in (bookmark, *bookmark):
        yield from place.find_all("notify", NS)
