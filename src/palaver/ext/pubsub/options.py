"""The options of a subscription, and their form (XEP-0060 §6.3, §16.4.2)."""

from datetime import datetime
from typing import Final

from palaver.ext.delay import timestamp
from palaver.ext.pubsub.errors import refusal
from palaver.ext.pubsub.names import SUBSCRIBE_OPTIONS
from palaver.ext.pubsub.node import WITH_PRESENCE, SubscriptionOptions
from palaver.kernel.form_fields import Boolean, Field, ListMulti, Option
from palaver.kernel.forms import Form, FormError
from palaver.wire.element import Element

_PRESENCE: Final = "presence"
_DELIVER: Final = Boolean("pubsub#deliver", "Receive notifications", default=True)
_SHOW_VALUES: Final = ListMulti(
    "pubsub#show-values",
    "Receive them only in these states of presence; in all if none is chosen",
    options=tuple(map(Option, ("away", "chat", "dnd", "online", "xa"))),
)


class Lease(Field[int]):
    """When a subscription ends: a moment, or "presence" (§12.5, §12.18)."""

    def encode(self, value: int) -> tuple[str, ...]:
        """Write the moment."""
        return (_PRESENCE if value == WITH_PRESENCE else timestamp(value),)

    def decode(self, values: list[str]) -> int:
        """Read a moment, with its zone."""
        text = values[0].strip()
        if text == _PRESENCE:
            return WITH_PRESENCE
        moment = datetime.fromisoformat(text)
        if moment.tzinfo is None:
            raise ValueError("needs the zone, which is Z")
        return max(1, int(moment.timestamp() * 1_000_000))


_EXPIRE: Final = Lease("pubsub#expire", "When the subscription ends, or presence for going offline")
_FORM: Final = Form((_DELIVER, _SHOW_VALUES, _EXPIRE), form_type=SUBSCRIBE_OPTIONS)


def blank(options: SubscriptionOptions) -> Element:
    """Return the form to change options with."""
    return _FORM.blank(
        _DELIVER.filled(options.deliver),
        _SHOW_VALUES.filled(options.show_values),
        _EXPIRE.filled(options.expire),
    )


def told(options: SubscriptionOptions) -> Element:
    """Return the options that a subscription has got (§6.3.7)."""
    return _FORM.result(
        _DELIVER.filled(options.deliver),
        _SHOW_VALUES.filled(options.show_values),
        _EXPIRE.filled(options.expire),
    )


def read(form: Element, options: SubscriptionOptions, now: int) -> SubscriptionOptions:
    """Return options as a form changes them; ``now`` in microseconds since 1970.

    Raises:
        StanzaError: bad-request with invalid-options (§6.3.6.2).
    """
    try:
        given = _FORM.read(form)
    except FormError as error:
        raise refusal("bad-request", "invalid-options", error.text) from error
    shows = given.get(_SHOW_VALUES, ()) if _SHOW_VALUES in given else options.show_values
    deliver = given.get(_DELIVER, True) if _DELIVER in given else options.deliver
    expire = given.get(_EXPIRE) if _EXPIRE in given else options.expire
    if expire is not None and expire != WITH_PRESENCE and expire <= now:
        raise refusal("bad-request", "invalid-options", "pubsub#expire: that is over")
    return SubscriptionOptions(deliver, shows, expire)
