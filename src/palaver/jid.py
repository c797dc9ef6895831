"""XMPP addresses (JIDs): parsing, preparation and comparison (RFC 7622).

A JID is one normalised string, two offsets into it, and its domain. As the string is the normal
form, two addresses are the same (RFC 7622 §3.2.3, §3.3, §3.4) exactly when the strings are equal,
and a JID serves as a dictionary key, a database value or an attribute value as it is.

Ordinary ASCII parts are recognised at a glance; only what is not goes through PRECIS (RFC 8264,
RFC 8265) or IDNA2008 (RFC 5891). There a code point unknown to this Python's Unicode tables is
refused.
"""

import ipaddress
import re
from functools import lru_cache
from typing import Final, Literal, NoReturn, Self

import idna
from precis_i18n import get_profile

from palaver.specifications import Rfc

IMPLEMENTS: Final = (
    Rfc(7622, "Extensible Messaging and Presence Protocol (XMPP): Address Format"),
)

Part = Literal["localpart", "domainpart", "resourcepart"]

MAX_PART: Final = 1023
"""The longest a part may be, in bytes of UTF-8 after preparation (RFC 7622 §3.1)."""

# Composition to NFC is the only step that shortens a local- or resourcepart. A composed character
# takes at least two bytes and comes of at most four, so more code points than this cannot fit.
_MAX_UNPREPARED = 2 * MAX_PART
_MAX_DOMAIN_OCTETS = 253  # RFC 1034 §3.1, less the length bytes at both ends

_DOTS = ".\u3002\uff0e\uff61"  # what UTS #46 takes for a label separator

_fits_local = re.compile(r"[!#-%(-.0-9;=?A-Z\[-~]{1,1023}").fullmatch
# Under 64 characters no label is too long; without "--" none is, or looks like, an A-label.
_fits_domain = re.compile(r"(?!.{64})[A-Za-z0-9]++(?:[.-][A-Za-z0-9]++)*+").fullmatch
_find_excluded = re.compile(r"[\"&'/:<>@]").search
_find_markup = re.compile(r"[&<>'\"]").search
# In this order: an ampersand comes out of all the others.
_ENTITIES = (("&", "&amp;"), ("<", "&lt;"), (">", "&gt;"), ("'", "&apos;"), ('"', "&quot;"))

_username = get_profile("UsernameCaseMapped")
_opaque_string = get_profile("OpaqueString")


class JIDError(ValueError):
    """A text that is no JID: which part is wrong, and why.

    `part` is "localpart", "domainpart" or "resourcepart"; `reason` is a phrase for people that
    names code points by number and never repeats the text. A stanza that carries such an address
    is answered with `jid-malformed` (RFC 7622 §4).
    """

    def __init__(self, part: Part, reason: str) -> None:
        super().__init__(part, reason)
        self.part: Part = part
        self.reason = reason

    def __str__(self) -> str:
        return f"{self.part} {self.reason}"


class JID(str):
    """An XMPP address in normal form; compares, hashes and sorts as that string.

    Immutable. Made by `parse`, `parse_bare` or `make`, never by calling the class. Every JID is a
    `BareJID` or a `FullJID`. `xml` is the address escaped for use inside a quoted XML attribute
    value, `bare` the address without its resourcepart, `domain` the domainpart, with U-labels where
    it is internationalised: one string for all addresses of a domain, as far as possible.
    """

    __slots__ = ("_domain_end", "_domain_start", "domain", "xml")

    xml: str
    domain: str
    _domain_start: int
    _domain_end: int

    def __new__(cls, *_: object) -> Self:
        """Refuse: a text becomes a JID by preparation only."""
        raise TypeError(f"a {cls.__name__} is made by palaver.jid.parse(), parse_bare() or make()")

    @property
    def bare(self) -> "BareJID":
        """The address without its resourcepart; a bare JID is its own."""
        raise NotImplementedError

    @property
    def local(self) -> str:
        """The localpart, "" when absent."""
        return self[: self._domain_start - 1] if self._domain_start else ""

    @property
    def resource(self) -> str:
        """The resourcepart, "" when absent."""
        return self[self._domain_end + 1 :]

    @property
    def is_domain(self) -> bool:
        """Whether this is a mere domain: no localpart, no resourcepart."""
        return not self._domain_start and self._domain_end == len(self)

    def with_resource(self, resource: str) -> "FullJID":
        """Return this address with `resource`, prepared, in place of its resourcepart if any.

        Raises JIDError when that cannot be a resourcepart, as when it is empty.
        """
        return _full(self.bare, self._domain_start, prepare_resource(resource))

    def __setattr__(self, name: str, _: object) -> NoReturn:
        raise AttributeError(f"a JID is immutable: cannot set {name!r}")

    def __delattr__(self, name: str) -> NoReturn:
        raise AttributeError(f"a JID is immutable: cannot delete {name!r}")

    def __reduce__(self) -> tuple[object, tuple[str]]:
        return parse, (str(self),)


class BareJID(JID):
    """A JID without a resourcepart: `local@domain`, or a mere `domain`."""

    __slots__ = ()

    @property
    def bare(self) -> "BareJID":
        """This address itself."""
        return self


class FullJID(JID):
    """A JID with a resourcepart: `local@domain/resource` or `domain/resource`."""

    __slots__ = ("bare",)

    bare: BareJID


class _Cache(dict[str, BareJID | FullJID]):
    """The JIDs of the texts parsed last, in two generations.

    When the new generation is full it becomes the old one, whose entries return when asked for
    and are otherwise gone at the next turn. Nothing else is ever counted or ordered.
    """

    __slots__ = ("older",)

    ENTRIES: Final = 8192
    LENGTH: Final = 256
    """The longest text kept, in code points: hostile addresses shall not fill the memory."""

    def __init__(self) -> None:
        super().__init__()
        self.older: dict[str, BareJID | FullJID] = {}

    def __missing__(self, text: str) -> BareJID | FullJID:
        if type(text) is not str:  # a JID, or a text that might keep more alive than itself
            return self[str.__str__(text)]
        jid = self.older.get(text) or _parse(text)
        self.keep(text, jid)
        return jid

    def keep(self, text: str, jid: BareJID | FullJID) -> None:
        if len(text) > self.LENGTH:
            return
        if len(self) >= self.ENTRIES:
            self.older = dict(self)
            self.clear()
        self[text] = jid


_cache = _Cache()


def parse(text: str) -> BareJID | FullJID:
    """Return the JID that `text` denotes, in normal form (RFC 7622 §3).

    Results are cached, so that an address seen before costs one dictionary look-up.
    Raises JIDError, and nothing else, when `text` is no JID.
    """
    return _cache[text]


def parse_bare(text: str) -> BareJID:
    """Return the JID that `text` denotes; raise JIDError also when it has a resourcepart."""
    jid = parse(text)
    if isinstance(jid, BareJID):
        return jid
    raise JIDError("resourcepart", "is not expected here")


def make(local: str, domain: str, resource: str = "") -> BareJID | FullJID:
    """Return the JID of these parts, each prepared; "" stands for an absent part.

    Raises JIDError when one of them cannot be such a part.
    """
    return _join(
        prepare_local(local) if local else "",
        prepare_domain(domain),
        prepare_resource(resource) if resource else "",
    )


def domain_of(text: str) -> str:
    """Return the domainpart of an address, prepared, whatever its other parts are.

    Raises JIDError when that is none.
    """
    head = text.partition("/")[0]
    _, at, domain = head.partition("@")
    return _prepare_domain(domain if at else head)


def prepare_local(text: str) -> str:
    """Return `text` as a localpart: UsernameCaseMapped, less eight characters (RFC 7622 §3.3).

    Case is mapped with toLowerCase, as RFC 8265 §3.3 has it and the examples 6 and 7 of RFC 7622
    §3.5 want it ("fussball" is not "fußball"). Raises JIDError.
    """
    return text.lower() if _fits_local(text) else _enforce_local(text)


def prepare_domain(text: str) -> str:
    """Return `text` as a domainpart (RFC 7622 §3.2).

    That is an IPv4 address, an IPv6 address in brackets (in the form of RFC 5952, without a zone
    identifier, which has no meaning elsewhere: RFC 9844), or a domain name of NR-LDH labels and
    U-labels, mapped by UTS #46 (non-transitional), A-labels decoded. A final dot is dropped; the
    limits of DNS hold: 63 octets a label and 253 in all, as A-labels. Raises JIDError.
    """
    return _prepare_domain(text)


@lru_cache(maxsize=1024)  # a server meets few domains, and IDNA costs a hundred look-ups
def _prepare_domain(text: str) -> str:
    return text.lower() if _fits_domain(text) else _enforce_domain(text)


def prepare_resource(text: str) -> str:
    """Return `text` as a resourcepart: the OpaqueString profile (RFC 7622 §3.4).

    A leading space, which that profile alone would allow, is refused: example 18 of RFC 7622
    §3.5 lists it as a violation. Raises JIDError.
    """
    # In ASCII, printable are U+0020 to U+007E: just what the profile leaves as it is.
    if text.isascii() and text.isprintable() and 0 < len(text) <= MAX_PART and text[0] != " ":
        return text
    return _enforce_resource(text)


def _parse(text: str) -> BareJID | FullJID:
    # The separators count before anything is mapped, the slash first (RFC 7622 §3.1, §3.2).
    head, slash, resource = text.partition("/")
    local, at, domain = head.partition("@")
    return _join(
        prepare_local(local) if at else "",
        _prepare_domain(domain if at else head),
        prepare_resource(resource) if slash else "",
    )


# What made a JID immutable holds for its makers too, but for these.
_new = str.__new__
_set_start = JID.__dict__["_domain_start"].__set__
_set_end = JID.__dict__["_domain_end"].__set__
_set_domain = JID.__dict__["domain"].__set__
_set_xml = JID.__dict__["xml"].__set__
_set_bare = FullJID.__dict__["bare"].__set__


def _join(local: str, domain: str, resource: str) -> BareJID | FullJID:
    """Return the JID of prepared parts, on a bare JID shared with others as far as possible."""
    text, start = (f"{local}@{domain}", len(local) + 1) if local else (domain, 0)
    known = _cache.get(text) or _cache.older.get(text)
    if known is not None:
        bare = known.bare
    else:
        bare = _new(BareJID, text)
        _set_start(bare, start)
        _set_end(bare, len(text))
        _set_domain(bare, domain)
        _set_xml(bare, text)  # neither part can contain what has to be escaped
        if resource:
            _cache.keep(text, bare)
    return _full(bare, start, resource) if resource else bare


def _full(bare: BareJID, start: int, resource: str) -> FullJID:
    text = f"{bare}/{resource}"
    jid = _new(FullJID, text)
    _set_start(jid, start)
    _set_end(jid, len(bare))
    _set_domain(jid, bare.domain)
    _set_bare(jid, bare)
    _set_xml(jid, _escape(text) if _find_markup(resource) else text)
    return jid


def _escape(text: str) -> str:
    for character, entity in _ENTITIES:
        text = text.replace(character, entity)
    return text


def _enforce_local(text: str) -> str:
    _refuse_extremes("localpart", text, _MAX_UNPREPARED)
    try:
        prepared = _username.enforce(text)
    except UnicodeError as error:
        raise JIDError("localpart", _explain(error)) from None
    if found := _find_excluded(prepared):
        raise JIDError("localpart", f"contains U+{ord(found[0]):04X}, excluded in XMPP")
    _refuse_excess("localpart", prepared)
    return prepared


def _enforce_resource(text: str) -> str:
    _refuse_extremes("resourcepart", text, _MAX_UNPREPARED)
    try:
        prepared = _opaque_string.enforce(text)
    except UnicodeError as error:
        raise JIDError("resourcepart", _explain(error)) from None
    if prepared.startswith(" "):
        raise JIDError("resourcepart", "begins with a space")
    _refuse_excess("resourcepart", prepared)
    return prepared


def _enforce_domain(text: str) -> str:
    _refuse_extremes("domainpart", text, MAX_PART)
    if text[-1] in _DOTS:
        text = text[:-1]
    if text.startswith("["):
        return _ipv6_literal(text)
    try:
        pairs = [_label(label) for label in idna.uts46_remap(text).split(".")]
    except ValueError as error:
        # Not only UnicodeError: a code point unknown to Python can be a plain ValueError.
        raise JIDError("domainpart", _explain(error)) from None
    if sum(len(a_label) + 1 for _, a_label in pairs) - 1 > _MAX_DOMAIN_OCTETS:
        raise JIDError("domainpart", f"is longer than {_MAX_DOMAIN_OCTETS} octets in DNS")
    return ".".join([u_label for u_label, _ in pairs])


def _label(label: str) -> tuple[str, bytes]:
    """Return a mapped label as U-label (or NR-LDH label) and A-label."""
    a_label = idna.alabel(label)
    return (idna.ulabel(label) if label.startswith("xn--") else label), a_label


def _ipv6_literal(text: str) -> str:
    try:
        address = ipaddress.IPv6Address(text[1:-1] if text.endswith("]") else "")
    except ValueError:
        raise JIDError("domainpart", "is not an IPv6 address in brackets") from None
    if address.scope_id is not None:
        raise JIDError("domainpart", "has a zone identifier")
    # Spelt out because Python 3.13 changed how it writes such an address.
    mapped = address.ipv4_mapped
    return f"[::ffff:{mapped}]" if mapped is not None else f"[{address}]"


def _refuse_extremes(part: Part, text: str, limit: int) -> None:
    if not text:
        raise JIDError(part, "is empty")
    if len(text) > limit:
        raise JIDError(part, f"is longer than {MAX_PART} bytes")


def _refuse_excess(part: Part, prepared: str) -> None:
    if len(prepared.encode()) > MAX_PART:
        raise JIDError(part, f"is longer than {MAX_PART} bytes")


_RULES = {
    "bidi_rule": "breaks the Bidi rule of RFC 5893 by mixing writing directions",
    "empty": "is empty",
    "not_idempotent": "has no stable normal form",
}


def _explain(error: ValueError) -> str:
    """Return why PRECIS or IDNA refused a part, without repeating the part."""
    if isinstance(error, idna.IDNAError):
        if error.codepoint is not None:
            return f"contains U+{error.codepoint:04X}, not allowed there ({error.code})"
        return f"is no domain name ({error.code})"
    if not isinstance(error, UnicodeEncodeError):
        return "contains a code point that is not assigned"
    rule = error.reason.rpartition("/")[2]
    if rule in _RULES:
        return _RULES[rule]
    return f"contains U+{ord(error.object[error.start]):04X}, not allowed there ({rule})"
