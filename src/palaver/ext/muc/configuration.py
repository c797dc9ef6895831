"""The configuration of a room, and its form (XEP-0045 §10.2, §16.5.3)."""

import json
from collections.abc import Iterable
from dataclasses import asdict, dataclass, fields, replace
from typing import Any, ClassVar, Final

from palaver.ext.muc.names import ROOM_CONFIG
from palaver.ext.muc.privileges import Role
from palaver.jid import JID, BareJID
from palaver.kernel.form_fields import (
    Boolean,
    Field,
    FieldType,
    JidMulti,
    ListMulti,
    ListSingle,
    Number,
    Option,
    TextPrivate,
    TextSingle,
)
from palaver.kernel.forms import NS, Form, Submission
from palaver.wire.element import Element
from palaver.wire.errors import StanzaError

NO_LIMIT: Final = 0

_LONGEST_TEXT: Final = 2_000
_LONGEST_PASSWORD: Final = 1_000
_MOST_ADDRESSES: Final = 1_000
_MOST_CONTACTS: Final = 10
_PREFIX: Final = "muc#roomconfig_"
_OUR_PREFIX: Final = "x-muc#roomconfig_"  # what the registry does not have (XEP-0068 §3.4)
_SIZES: Final = (10, 20, 30, 50, 100, 200, 500, 1_000, 5_000, 10_000)


@dataclass(frozen=True, slots=True)
class RoomConfig:
    """How a room behaves.

    ``password``   that is needed to enter; "" for none
    ``whois``      who sees the addresses of occupants: "anyone" (non-anonymous) or "moderators"
    ``allow_pm``   who may send private messages: "anyone", "participants", "moderators" or "none"
    ``max_users``  occupants at most, or `NO_LIMIT`
    ``presence_broadcast``  roles whose presence is shown to others
    ``member_list``  roles that may see the list of members
    ``forward_mentions``  members who are away get messages that mention them (XEP-0452)
    ``logging``    messages are archived, and who may enter may read them
    ``history``    messages sent to who enters, at most
    ``registering``  who may register: "open", whoever may enter, unless that `favours_members`;
                   "approval", whom an admin lets (§9.9); "closed", nobody
    ``lock_nicks`` who reserved a nickname has no other here (§7.10)
    ``contacts``   addresses to ask about the room
    ``logs``       where the messages can be read by others, as a URL
    ``slow_seconds``  between two messages of one participant, at least; 0 for no limit
    ``media``      who may post links and files: "participants" (whoever has voice), "members",
                   "moderators"
    ``entries``    how many without an affiliation may enter in a minute; 0 for no limit
    """

    name: str = ""
    description: str = ""
    language: str = ""
    pubsub: str = ""
    persistent: bool = False
    public: bool = True
    members_only: bool = False
    moderated: bool = False
    password: str = ""
    whois: str = "moderators"
    change_subject: bool = False
    allow_invites: bool = False
    allow_pm: str = "anyone"
    max_users: int = NO_LIMIT
    presence_broadcast: tuple[str, ...] = ("moderator", "participant", "visitor")
    member_list: tuple[str, ...] = ("moderator", "participant", "visitor")
    logging: bool = True
    forward_mentions: bool = True
    history: int = 20
    registering: str = "open"
    lock_nicks: bool = False
    contacts: tuple[str, ...] = ()
    logs: str = ""
    slow_seconds: int = 0
    media: str = "participants"
    entries: int = 0

    @property
    def anonymous(self) -> bool:
        """Tell whether only moderators see the addresses of occupants."""
        return self.whois != "anyone"

    @property
    def favours_members(self) -> bool:
        """Tell whether members may do what others may not: enter, speak, or post files."""
        return self.members_only or self.moderated or self.media == "members"

    def shows(self, role: Role) -> bool:
        """Tell whether the presence of occupants of a role is shown to others."""
        return role.word in self.presence_broadcast


class Size(Field[int]):
    """A number of occupants, or "none"."""

    type: ClassVar[FieldType] = "list-single"

    def encode(self, value: int) -> tuple[str, ...]:
        """Write "none" or the number."""
        return (str(value) if value else "none",)

    def decode(self, values: list[str]) -> int:
        """Read "none" or a number."""
        text = values[0].strip()
        if len(values) == 1 and text == "none":
            return NO_LIMIT
        if len(values) > 1 or not (text.isascii() and text.isdecimal() and len(text) <= 9):
            raise ValueError("is neither a number nor none")
        return max(1, int(text))

    def options_offered(self) -> tuple[Option, ...]:
        """Return some usual sizes."""
        return (*(Option(str(size)) for size in _SIZES), Option("none", "No limit"))


def _at_most(length: int) -> Any:
    def check(text: str) -> str:
        if len(text) > length:
            raise ValueError(f"is longer than {length} characters")
        return text

    return check


def person(address: JID) -> JID:
    """Return the bare address of somebody; a whole domain has no rights in a room.

    Raises:
        ValueError: it is a domain.
    """
    if not address.local:
        raise ValueError("is not the address of a person")
    return address.bare


def _few(addresses: tuple[JID, ...]) -> tuple[JID, ...]:
    for each in addresses:
        person(each)
    if len(addresses) > _MOST_ADDRESSES:
        raise ValueError(f"has more than {_MOST_ADDRESSES} addresses")
    return addresses


def _few_contacts(addresses: tuple[JID, ...]) -> tuple[JID, ...]:
    if len(addresses) > _MOST_CONTACTS:
        raise ValueError(f"has more than {_MOST_CONTACTS} addresses")
    return addresses


def _text(name: str, label: str) -> Field[Any]:
    return TextSingle(_PREFIX + name, label, check=_at_most(_LONGEST_TEXT))


def _flag(name: str, label: str) -> Field[Any]:
    return Boolean(_PREFIX + name, label)


_ROLES: Final = (
    Option("moderator", "Moderators"),
    Option("participant", "Participants"),
    Option("visitor", "Visitors"),
)

PROTECTED: Final = Boolean(_PREFIX + "passwordprotectedroom", "A password is needed to enter")
SECRET: Final = TextPrivate(
    _PREFIX + "roomsecret", "The password", check=_at_most(_LONGEST_PASSWORD)
)
ADMINS: Final = JidMulti(_PREFIX + "roomadmins", "Admins of the room", check=_few)
OWNERS: Final = JidMulti(_PREFIX + "roomowners", "Owners of the room", check=_few)

_FIELDS: Final[dict[str, Field[Any]]] = {
    "name": _text("roomname", "Name of the room"),
    "description": _text("roomdesc", "What the room is about"),
    "language": _text("lang", "Language of the room"),
    "pubsub": _text("pubsub", "XMPP URI of an associated node"),
    "persistent": _flag("persistentroom", "The room stays when nobody is in it"),
    "public": _flag("publicroom", "Everybody may find the room"),
    "members_only": _flag("membersonly", "Only members may enter"),
    "moderated": _flag("moderatedroom", "Who is no member needs to be given voice"),
    "whois": ListSingle(
        _PREFIX + "whois",
        "Who may see the addresses of occupants",
        options=(Option("moderators", "Moderators only"), Option("anyone", "Anyone")),
    ),
    "change_subject": _flag("changesubject", "Participants may change the subject"),
    "allow_invites": _flag("allowinvites", "Members may invite others"),
    "allow_pm": ListSingle(
        _PREFIX + "allowpm",
        "Who may send private messages",
        options=(
            Option("anyone", "Anyone"),
            Option("participants", "Anyone with voice"),
            Option("moderators", "Moderators only"),
            Option("none", "Nobody"),
        ),
    ),
    "max_users": Size(_PREFIX + "maxusers", "Most occupants"),
    "presence_broadcast": ListMulti(
        _PREFIX + "presencebroadcast", "Roles whose presence is shown to others", options=_ROLES
    ),
    "member_list": ListMulti(
        _PREFIX + "getmemberlist", "Roles that may see the list of members", options=_ROLES
    ),
    "logging": _flag("enablelogging", "Archive messages, for all who may enter"),
    "forward_mentions": _flag(
        "forwardmentions", "Forward messages with mentions to members who are not in the room"
    ),
    "history": Number("muc#maxhistoryfetch", "Most messages of history for who enters", minimum=0),
    "slow_seconds": Number(
        _OUR_PREFIX + "slowmode",
        "Seconds between two messages of one participant; 0 for no limit",
        minimum=0,
        maximum=86_400,
    ),
    "media": ListSingle(
        _OUR_PREFIX + "media",
        "Who may post links and files",
        options=(
            Option("participants", "Anyone with voice"),
            Option("members", "Members"),
            Option("moderators", "Moderators only"),
        ),
    ),
    "entries": Number(
        _OUR_PREFIX + "entries",
        "How many who are no members may enter in a minute; 0 for no limit",
        minimum=0,
        maximum=1_000_000,
    ),
    "registering": ListSingle(
        _OUR_PREFIX + "registering",
        "Who may register, and become a member by that",
        options=(
            Option("open", "Whoever may enter, where members may do no more than others"),
            Option("approval", "Whom an admin lets"),
            Option("closed", "Nobody"),
        ),
    ),
    "lock_nicks": Boolean(
        _OUR_PREFIX + "reservednick", "Who reserved a nickname can have no other"
    ),
    "contacts": JidMulti(
        _OUR_PREFIX + "contactjid", "Addresses to ask about the room", check=_few_contacts
    ),
    "logs": TextSingle(
        _OUR_PREFIX + "logs",
        "URL where others can read what is said",
        check=_at_most(_LONGEST_TEXT),
    ),
}

FORM: Final = Form(
    (*_FIELDS.values(), PROTECTED, SECRET, ADMINS, OWNERS),
    form_type=ROOM_CONFIG,
    title="Configuration of the room",
)


def blank(config: RoomConfig, admins: Iterable[BareJID], owners: Iterable[BareJID]) -> Element:
    """Return the form to change a configuration with."""
    return FORM.blank(
        *(field.filled(_given(getattr(config, name))) for name, field in _FIELDS.items()),
        PROTECTED.filled(bool(config.password)),
        SECRET.filled(config.password or None),
        ADMINS.filled(tuple(admins)),
        OWNERS.filled(tuple(owners)),
    )


def _short(field: Field[Any]) -> str:
    """Return the name by which commands call a field."""
    return field.var.rpartition("#")[2].removeprefix("roomconfig_")


def written(config: RoomConfig) -> list[tuple[str, str, tuple[str, ...]]]:
    """Return all options with a short name, a label, and the values as a form has them.

    The password is not shown, only that there is one.
    """
    fields: list[tuple[Field[Any], Any]] = [
        (field, getattr(config, name)) for name, field in _FIELDS.items()
    ]
    fields.append((PROTECTED, bool(config.password)))
    return [(_short(field), field.label, field.encode(value)) for field, value in fields]


def submitted(settings: Iterable[tuple[str, str]]) -> Element:
    """Return the form that sets options by their short names; commas part several values.

    Raises:
        StanzaError: item-not-found, there is no such option.
    """
    known = {_short(field): field for field in (*_FIELDS.values(), PROTECTED, SECRET)}
    form = Element("x", NS, {"type": "submit"})
    for name, value in settings:
        field = known.get(name)
        if field is None:
            offered = ", ".join(known)
            raise StanzaError("item-not-found", f"there is no option {name!r}, but {offered}")
        several = field.type.endswith("-multi")
        values = value.split(",") if several else [value]
        written_values = (Element("value", NS, None, each.strip()) for each in values)
        form.add(Element("field", NS, {"var": field.var}, *written_values))
    return form


def _given(value: Any) -> Any:
    return None if value == "" else value


@dataclass(frozen=True, slots=True)
class Wish:
    """What a form asks for; ``admins`` and ``owners`` are None where it does not say."""

    config: RoomConfig
    admins: tuple[BareJID, ...] | None
    owners: tuple[BareJID, ...] | None


def read(form: Element, config: RoomConfig, *, most_users: int, most_history: int) -> Wish:
    """Read a form; what is left out stays as it is.

    Raises:
        StanzaError: not-acceptable, a value is wrong, or asks for more than is allowed here.
    """
    submission = FORM.read(form)
    changes = {
        name: submission.get(field, _EMPTY[name])
        for name, field in _FIELDS.items()
        if field in submission
    }
    changes["password"] = _password(submission, config)
    if "contacts" in changes:
        changes["contacts"] = tuple(str(each) for each in changes["contacts"])
    wanted = replace(config, **changes)
    if wanted.max_users > most_users:
        raise StanzaError("not-acceptable", f"a room has at most {most_users} occupants")
    wanted = replace(wanted, history=min(wanted.history, most_history))
    return Wish(wanted, _addresses(submission, ADMINS), _addresses(submission, OWNERS))


def _password(submission: Submission, config: RoomConfig) -> str:
    if not submission.get(PROTECTED, bool(config.password)):
        return ""
    password = submission.get(SECRET, "" if SECRET in submission else config.password)
    if not password:
        raise StanzaError("not-acceptable", "a password is needed, or none is")
    return password


def _addresses(submission: Submission, field: Field[tuple[JID, ...]]) -> tuple[BareJID, ...] | None:
    if field not in submission:
        return None
    return tuple(dict.fromkeys(address.bare for address in submission.get(field, ())))


def to_json(config: RoomConfig) -> str:
    """Write a configuration as it is stored."""
    return json.dumps(asdict(config), ensure_ascii=False)


def from_json(text: str) -> RoomConfig:
    """Read what `to_json` wrote; a setting of another version is left out."""
    known = {field.name for field in fields(RoomConfig)}
    values = {key: value for key, value in json.loads(text).items() if key in known}
    for key in ("presence_broadcast", "member_list", "contacts"):
        values[key] = tuple(values.get(key, ()))
    return RoomConfig(**values)


_PLAIN: Final = RoomConfig()
_EMPTY: Final[dict[str, Any]] = {
    **{field.name: getattr(_PLAIN, field.name) for field in fields(RoomConfig)},
    "presence_broadcast": (),
    "member_list": (),
}
"""The value of what is sent empty."""
