"""What is published to a push service (XEP-0357 §7)."""

from dataclasses import dataclass, replace
from typing import Final

from palaver.ext.push.registrations import Registration
from palaver.kernel import forms
from palaver.wire import element
from palaver.wire.element import Element

NS: Final = "urn:xmpp:push:0"
PUBSUB: Final = "http://jabber.org/protocol/pubsub"
PUBLISH_OPTIONS: Final = "http://jabber.org/protocol/pubsub#publish-options"
_SUMMARY: Final = "urn:xmpp:push:summary"


@dataclass(frozen=True, slots=True)
class Notice:
    """What a notification tells.

    ``sender``   the address of who wrote last, "" where that is not told
    ``body``     what was written, "" where that is not told
    ``request``  whether it is about a request for a subscription
    ``if_waiting``  whether to tell nothing when nothing waits any more
    ``from_room``   whether the message was for a room
    ``mention``     whether it refers to its recipient
    ``at``          when, as an id of the log: what was counted later includes it
    """

    sender: str = ""
    body: str = ""
    request: bool = False
    if_waiting: bool = False
    from_room: bool = False
    mention: bool = False
    at: int = 0

    def is_wanted(self, wish: str) -> bool:
        """Tell whether an account wants to hear of the message that wishes so of its chat.

        Without a wish, of rooms mentions count alone (XEP-0492 §3).
        """
        wish = wish or ("on-mention" if self.from_room else "always")
        return wish == "always" or (wish == "on-mention" and self.mention)

    def after(self, older: "Notice | None") -> "Notice":
        """Return what tells of this and of an older one that is not told yet."""
        if older is None:
            return self
        return replace(
            older if self.request else self,
            request=self.request and older.request,
            if_waiting=self.if_waiting and older.if_waiting,
        )


def payload(registration: Registration, notice: Notice, messages: int, requests: int) -> Element:
    """Return the request that publishes a notification."""
    fields = {
        "message-count": str(messages) if messages else "",
        "pending-subscription-count": str(requests) if requests else "",
        "last-message-sender": notice.sender,
        "last-message-body": notice.body,
    }
    form = Element("x", forms.NS, {"type": "form"}, _field("FORM_TYPE", _SUMMARY, "hidden"))
    form.add(*(_field(name, value) for name, value in fields.items() if value))
    item = Element("item", PUBSUB, {}, Element("notification", NS, {}, form))
    publish = Element("publish", PUBSUB, {"node": registration.node or None}, item)
    options = None
    if registration.options:
        options = Element(
            "publish-options", PUBSUB, {}, element.parse(registration.options.encode())
        )
    return Element("pubsub", PUBSUB, {}, publish, options)


def _field(name: str, value: str, type_: str | None = None) -> Element:
    return Element(
        "field", forms.NS, {"var": name, "type": type_}, Element("value", forms.NS, {}, value)
    )
