"""The configuration of a node, and its form (XEP-0060 §8.2, §16.4.4)."""

import json
from dataclasses import asdict, dataclass, fields, replace
from typing import Any, ClassVar, Final

from palaver import jid
from palaver.ext.pubsub.errors import refusal, unsupported
from palaver.ext.pubsub.names import META_DATA, NODE_CONFIG, PUBLISH_OPTIONS
from palaver.jid import JID
from palaver.kernel import forms
from palaver.kernel.form_fields import (
    Boolean,
    Field,
    Filled,
    JidMulti,
    ListSingle,
    Option,
    TextSingle,
)
from palaver.kernel.forms import Form, FormError, Submission
from palaver.wire.element import Element
from palaver.wire.errors import StanzaError

MAX: Final = -1
"""Stands for "max": as many as the server allows."""

_LONGEST_TEXT: Final = 2_000
_MOST_GROUPS: Final = 100
_PREFIX: Final = "pubsub#"


@dataclass(frozen=True, slots=True)
class NodeConfig:
    """How a node behaves; every attribute is the field ``pubsub#…`` of that name."""

    title: str = ""
    description: str = ""
    language: str = ""
    type: str = ""
    node_type: str = "leaf"
    contact: tuple[JID, ...] = ()
    access_model: str = "open"
    roster_groups_allowed: tuple[str, ...] = ()
    publish_model: str = "publishers"
    persist_items: bool = True
    max_items: int = 20
    item_expire: int = MAX
    max_payload_size: int = MAX
    publish_node_full: str = "retract-oldest"
    send_last_published_item: str = "on_sub"
    subscribe: bool = True
    deliver_notifications: bool = True
    deliver_payloads: bool = True
    notification_type: str = "headline"
    presence_based_delivery: bool = False
    tempsub: bool = False
    purge_offline: bool = False
    itemreply: str = "none"
    notify_config: bool = False
    notify_delete: bool = True
    notify_retract: bool = True
    notify_sub: bool = False

    def most_items(self, limit: int) -> int:
        """Return how many items the node may hold where the server allows ``limit``."""
        return limit if self.max_items == MAX else min(self.max_items, limit)

    def largest_payload(self, limit: int) -> int:
        """Return how many bytes a payload may have where the server allows ``limit``."""
        return limit if self.max_payload_size == MAX else min(self.max_payload_size, limit)

    @property
    def expire(self) -> int:
        """After how many seconds items expire; 0 for never."""
        return max(0, self.item_expire)


SERVICE_DEFAULT: Final = NodeConfig()
ACCOUNT_DEFAULT: Final = NodeConfig(
    access_model="presence", max_items=1, send_last_published_item="on_sub_and_presence"
)
"""The defaults of XEP-0163 §5; one item, as most of what is built on it has one only."""


# -- fields ----------------------------------------------------------------------------------------


class Amount(Field[int]):
    """A whole number, or "max"."""

    def encode(self, value: int) -> tuple[str, ...]:
        """Write "max" or the number."""
        return ("max" if value == MAX else str(value),)

    def decode(self, values: list[str]) -> int:
        """Read "max" or a number that is not negative."""
        text = values[0].strip()
        if len(values) == 1 and text == "max":
            return MAX
        if len(values) > 1 or not (text.isascii() and text.isdecimal() and len(text) <= 9):
            raise ValueError("is neither a number nor max")
        return int(text)


class Groups(Field[tuple[str, ...]]):
    """Groups of the owner's roster; any may be named, as the rosters change."""

    type: ClassVar = "list-multi"

    def encode(self, value: tuple[str, ...]) -> tuple[str, ...]:
        """Return the names."""
        return value

    def decode(self, values: list[str]) -> tuple[str, ...]:
        """Return the names, each once."""
        found = tuple(dict.fromkeys(value for value in values if value))
        if len(found) > _MOST_GROUPS or any(len(each) > _LONGEST_TEXT for each in found):
            raise ValueError("is too much")
        return found


def _short(text: str) -> str:
    if len(text) > _LONGEST_TEXT:
        raise ValueError(f"is longer than {_LONGEST_TEXT} characters")
    return text


def _few(addresses: tuple[JID, ...]) -> tuple[JID, ...]:
    if len(addresses) > _MOST_GROUPS:
        raise ValueError(f"has more than {_MOST_GROUPS} addresses")
    return addresses


def _text(name: str, label: str) -> Field[Any]:
    return TextSingle(_PREFIX + name, label, check=_short)


def _flag(name: str, label: str) -> Field[Any]:
    return Boolean(_PREFIX + name, label)


def _choice(name: str, label: str, **choices: str) -> Field[Any]:
    options = tuple(Option(value.replace("__", "-"), text) for value, text in choices.items())
    return ListSingle(_PREFIX + name, label, options=options)


FIELDS: Final[tuple[Field[Any], ...]] = (
    _text("title", "Name of the node"),
    _text("description", "What the node is about"),
    _text("language", "Language of the node"),
    _text("type", "Kind of the payloads, usually their namespace"),
    _choice("node_type", "What the node is", leaf="A node with items"),
    JidMulti(_PREFIX + "contact", "Whom to turn to with questions", check=_few),
    _choice(
        "access_model",
        "Who may subscribe and retrieve items",
        open="Everybody",
        presence="Those subscribed to the owner's presence",
        roster="Those in certain groups of the owner's roster",
        authorize="Those whom an owner approves",
        whitelist="Those on a list",
    ),
    Groups(_PREFIX + "roster_groups_allowed", "Groups of the roster that have access"),
    _choice(
        "publish_model",
        "Who may publish",
        publishers="Publishers",
        subscribers="Subscribers as well",
        open="Everybody",
    ),
    _flag("persist_items", "Keep items"),
    Amount(_PREFIX + "max_items", "Most items to keep, or max"),
    Amount(_PREFIX + "item_expire", "Seconds after which items are removed, or max"),
    Amount(_PREFIX + "max_payload_size", "Largest payload in bytes, or max"),
    _choice(
        "publish_node_full",
        "What happens when the node is full",
        retract__oldest="The oldest item is retracted",
        discard__oldest="The oldest item is discarded",
        reject="New items are rejected",
    ),
    _choice(
        "send_last_published_item",
        "When the last item is sent",
        never="Never",
        on_sub="To who subscribes",
        on_sub_and_presence="To who subscribes, and to subscribers who come online",
    ),
    _flag("subscribe", "Allow subscriptions"),
    _flag("deliver_notifications", "Notify subscribers"),
    _flag("deliver_payloads", "Notifications have the payload"),
    _choice(
        "notification_type",
        "Type of the messages that notify",
        headline="headline",
        normal="normal",
    ),
    _flag("presence_based_delivery", "Notify subscribers only while they are online"),
    _flag("tempsub", "Subscriptions end when the subscriber goes offline"),
    _flag("purge_offline", "Items are removed when their publisher goes offline"),
    _choice(
        "itemreply",
        "To whom answers go",
        publisher="Who published the item, whose address is told",
        none="Nobody",
    ),
    _flag("notify_config", "Notify subscribers when the configuration changes"),
    _flag("notify_delete", "Notify subscribers when the node is deleted"),
    _flag("notify_retract", "Notify subscribers when items are removed"),
    _flag("notify_sub", "Notify owners of new subscribers"),
)
_BY_VAR: Final = {field.var: field for field in FIELDS}

FORM: Final = Form(FIELDS, form_type=NODE_CONFIG, title="Configuration of the node")
_OPTIONS: Final = Form(FIELDS, form_type=PUBLISH_OPTIONS)

_PUBLIC: Final = (
    "title", "description", "language", "type", "contact", "access_model", "publish_model",
    "max_items",
)  # fmt: skip


def _filled(config: NodeConfig, names: set[str] | None = None) -> list[Filled]:
    return [
        field.filled(_value(config, field))
        for field in FIELDS
        if names is None or _name(field) in names
    ]


def _name(field: Field[Any]) -> str:
    return field.var.removeprefix(_PREFIX)


def _value(config: NodeConfig, field: Field[Any]) -> Any:
    value = getattr(config, _name(field))
    return None if value in ("", ()) else value


# -- forms -----------------------------------------------------------------------------------------


def blank(config: NodeConfig) -> Element:
    """Return the form to change a configuration with."""
    return FORM.blank(*_filled(config))


def told(config: NodeConfig) -> Element:
    """Return a configuration as a result."""
    return FORM.result(*_filled(config))


def metadata(config: NodeConfig, more: list[tuple[Field[Any], Any]]) -> Element:
    """Return what everybody may know of a node (§5.4); ``more`` are other fields with values."""
    form = Form((*(f for f in FIELDS if _name(f) in _PUBLIC), *(f for f, _ in more)), META_DATA)
    public = _filled(config, set(_PUBLIC))
    return form.result(*public, *(field.filled(value) for field, value in more))


def type_in(form: Element) -> str:
    """Return the ``pubsub#type`` that a form gives, "" for none."""
    return next(iter(forms.values(form).get(_PREFIX + "type", ())), "")


def read(form: Element, config: NodeConfig, default: NodeConfig) -> NodeConfig:
    """Return a configuration as a form changes it; what is left empty gets its default.

    Raises:
        StanzaError: not-acceptable, the form is wrong.
    """
    return _changed(_read(FORM, form), config, default)


def _read(kind: Form, form: Element) -> Submission:
    """Read a form; some wrong values have conditions of their own (§8.1.2, XEP-0248 §6.1)."""
    try:
        return kind.read(form)
    except FormError as error:
        wrong = {problem.var for problem in error.problems}
        if _PREFIX + "node_type" in wrong:
            raise unsupported("collections", error.text) from error
        if _PREFIX + "access_model" in wrong:
            raise refusal("not-acceptable", "unsupported-access-model", error.text) from error
        raise


def _changed(submission: Submission, config: NodeConfig, default: NodeConfig) -> NodeConfig:
    changes = {
        _name(field): submission.get(field, getattr(default, _name(field)))
        for field in FIELDS
        if field in submission
    }
    return replace(config, **changes)


class Preconditions:
    """What publish-options ask of a node's configuration (§7.1.5)."""

    def __init__(self, form: Element) -> None:
        """Read the form.

        Raises:
            StanzaError: bad-request, it is the form of something else; not-acceptable, a value
                is none of its field.
        """
        if forms.form_type(form) != PUBLISH_OPTIONS:
            raise StanzaError(
                "bad-request", f"publish options have the FORM_TYPE {PUBLISH_OPTIONS}"
            )
        named = forms.values(form).keys() - {forms.FORM_TYPE}
        self.unknown = sorted(named - _BY_VAR.keys())
        self.type = type_in(form)
        self._submission = _read(_OPTIONS, form)

    def applied_to(self, default: NodeConfig) -> NodeConfig:
        """Return the configuration of a node that is made for them."""
        return _changed(self._submission, default, default)

    def unmet(self, config: NodeConfig, default: NodeConfig) -> str:
        """Return the name of a field that is not as it should be; "" where all are."""
        wanted = _changed(self._submission, config, default)
        return next(
            (f.name for f in fields(config) if getattr(config, f.name) != getattr(wanted, f.name)),
            "",
        )


# -- rows ------------------------------------------------------------------------------------------


def to_json(config: NodeConfig) -> str:
    """Write what differs from the plain defaults."""
    plain = asdict(SERVICE_DEFAULT)
    mine = {key: value for key, value in asdict(config).items() if value != plain[key]}
    return json.dumps(mine, ensure_ascii=False)


def from_json(text: str) -> NodeConfig:
    """Read what `to_json` wrote; a setting of another version is left out."""
    known = {field.name for field in fields(NodeConfig)}
    values = {key: value for key, value in json.loads(text).items() if key in known}
    for key in ("contact", "roster_groups_allowed"):
        if key in values:
            values[key] = tuple(values[key])
    if "contact" in values:
        values["contact"] = tuple(map(jid.parse, values["contact"]))
    return NodeConfig(**values)
