"""The options of a subscription, and their form (XEP-0060 §6.3, §16.4.2)."""

from datetime import UTC, datetime
from typing import Final

from palaver.ext.delay import timestamp
from palaver.ext.pubsub.errors import refusal
from palaver.ext.pubsub.names import SUBSCRIBE_OPTIONS
from palaver.ext.pubsub.node import SubscriptionOptions
from palaver.kernel.forms import Boolean, Form, FormError, ListMulti, Option, TextSingle
from palaver.wire.element import Element

_DELIVER: Final = Boolean("pubsub#deliver", "Receive notifications", default=True)
_SHOW_VALUES: Final = ListMulti(
    "pubsub#show-values",
    "Receive them only in these states of presence; in all if none is chosen",
    options=tuple(map(Option, ("away", "chat", "dnd", "online", "xa"))),
)
_EXPIRE: Final = TextSingle("pubsub#expire", "When the subscription ends")
_FORM: Final = Form((_DELIVER, _SHOW_VALUES, _EXPIRE), form_type=SUBSCRIBE_OPTIONS)


def blank(options: SubscriptionOptions) -> Element:
    """Return the form to change options with."""
    return _FORM.blank(
        _DELIVER.filled(options.deliver),
        _SHOW_VALUES.filled(options.show_values),
        _EXPIRE.filled(timestamp(options.expire) if options.expire else None),
    )


def read(form: Element, options: SubscriptionOptions, now: int) -> SubscriptionOptions:
    """Return options as a form changes them; ``now`` is in microseconds since 1970.

    Raises:
        StanzaError: bad-request with invalid-options (§6.3.7.2).
    """
    try:
        given = _FORM.read(form)
        expire = options.expire
        if _EXPIRE in given:
            text = given.get(_EXPIRE)
            expire = 0 if text is None else _moment(text)
    except (FormError, ValueError) as error:
        raise refusal("bad-request", "invalid-options", str(error)) from error
    if expire and expire <= now:
        raise refusal("bad-request", "invalid-options", "the subscription would have ended")
    shows = given.get(_SHOW_VALUES, ()) if _SHOW_VALUES in given else options.show_values
    deliver = given.get(_DELIVER, True) if _DELIVER in given else options.deliver
    return SubscriptionOptions(deliver, shows, expire)


def _moment(text: str) -> int:
    """Read a date and time of XEP-0082; raises ValueError."""
    moment = datetime.fromisoformat(text.strip())
    if moment.tzinfo is None:
        raise ValueError("a date and time needs its zone, which is Z")
    since = moment.astimezone(UTC) - datetime(1970, 1, 1, tzinfo=UTC)
    return (since.days * 86_400 + since.seconds) * 1_000_000
