"""What people tell their contacts of themselves: nickname, mood, activity, tune and place.

Each is one item of a node of the account, and reaches contacts as that of any node does
(XEP-0163): those whose clients want to hear of it, when it changes and when they come online. What
is here sees to it that such a node holds what clients expect there.
"""

from typing import ClassVar, Final

from palaver.ext.pubsub.errors import refusal
from palaver.kernel import hooks
from palaver.kernel.account import Account
from palaver.kernel.extension import Extension, Xep, on
from palaver.wire.element import Element

_ROOTS: Final = {
    "http://jabber.org/protocol/nick": "nick",
    "http://jabber.org/protocol/mood": "mood",
    "http://jabber.org/protocol/activity": "activity",
    "http://jabber.org/protocol/tune": "tune",
    "http://jabber.org/protocol/geoloc": "geoloc",
}
"""Which element belongs into a node; the node is called as its namespace."""


class PersonalEvents(Extension):
    """Keeps other things out of the nodes for nickname, mood, activity, tune and place."""

    name: ClassVar = "personal_events"
    implements: ClassVar = (
        Xep(80, "1.10.0"),
        Xep(107, "1.2.2"),
        Xep(108, "1.3"),
        Xep(118, "1.3.0"),
        Xep(172, "1.1"),
    )
    requires: ClassVar = ("pubsub",)

    @on(hooks.item_publishing)
    async def check(self, account: Account, node: str, id_: str, payload: Element) -> None:
        """Refuse what is something else than the node is for (XEP-0060 §7.1.3.6)."""
        root = _ROOTS.get(node)
        if root is not None and payload.key != f"{node} {root}":
            raise refusal("bad-request", "invalid-payload", f"the node is for <{root}/>")
