"""For which chats an account wants no notifications (XEP-0492).

The settings are part of bookmarks; what is looked up here are those in private storage (XEP-0048,
XEP-0049). A push service wakes a phone, so the settings for phones count.
"""

from collections.abc import Iterator
from typing import TYPE_CHECKING, Final

from palaver import jid
from palaver.ext.private_storage import Key, PrivateStorage
from palaver.jid import JID
from palaver.kernel.account import Account
from palaver.wire import element
from palaver.wire.element import Element

if TYPE_CHECKING:
    from palaver.kernel.server import Server

NS: Final = "urn:xmpp:notification-settings:1"
_BOOKMARKS: Final = Key("storage:bookmarks", "storage")
_IDENTITY: Final = ("client", "phone")


async def is_silent(server: "Server", account: Account, chat: JID) -> bool:
    """Tell whether the account wants to hear nothing of a chat; raises StorageUnavailable."""
    kept = await server.extension(PrivateStorage).kept(account, (_BOOKMARKS,))
    if NS not in kept.get(_BOOKMARKS, ""):
        return False
    storage = element.parse(kept[_BOOKMARKS].encode())
    return any(setting(notify) == "never" for notify in _about(storage, chat))


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
            for place in (bookmark, *bookmark):
                found = place.find("notify", NS)
                if found is not None:
                    yield found
