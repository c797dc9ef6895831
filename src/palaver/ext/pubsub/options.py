"""The options of a subscription, and their form (XEP-0060 §6.3, §16.4.2)."""

from typing import Final

from palaver.ext.pubsub.errors import refusal
from palaver.ext.pubsub.names import SUBSCRIBE_OPTIONS
from palaver.ext.pubsub.node import SubscriptionOptions
from palaver.kernel.forms import Boolean, Form, FormError, ListMulti, Option
from palaver.wire.element import Element

_DELIVER: Final = Boolean("pubsub#deliver", "Receive notifications", default=True)
_SHOW_VALUES: Final = ListMulti(
    "pubsub#show-values",
    "Receive them only in these states of presence; in all if none is chosen",
    options=tuple(map(Option, ("away", "chat", "dnd", "online", "xa"))),
)
_FORM: Final = Form((_DELIVER, _SHOW_VALUES), form_type=SUBSCRIBE_OPTIONS)


def blank(options: SubscriptionOptions) -> Element:
    """Return the form to change options with."""
    return _FORM.blank(
        _DELIVER.filled(options.deliver),
        _SHOW_VALUES.filled(options.show_values),
    )


def read(form: Element, options: SubscriptionOptions) -> SubscriptionOptions:
    """Return options as a form changes them.

    Raises:
        StanzaError: bad-request with invalid-options (§6.3.7.2).
    """
    try:
        given = _FORM.read(form)
    except FormError as error:
        raise refusal("bad-request", "invalid-options", error.text) from error
    shows = given.get(_SHOW_VALUES, ()) if _SHOW_VALUES in given else options.show_values
    deliver = given.get(_DELIVER, True) if _DELIVER in given else options.deliver
    return SubscriptionOptions(deliver, shows)
