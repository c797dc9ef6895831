"""Searching for the rooms of the service that are public (XEP-0433).

Every word that is searched for has to be in the name, the description or the address of a room, in
any of those that were chosen. Upper and lower case and accents do not matter. The domain of an
address is the same for all rooms here: it counts only for a word that has an "@".
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, NamedTuple

from palaver.ext.muc.configuration import RoomConfig
from palaver.ext.muc.discovering import locked
from palaver.ext.muc.engine import Engine
from palaver.ext.muc.names import SEARCH as NS
from palaver.ext.muc.throttle import Throttle
from palaver.jid import JID, BareJID, make
from palaver.kernel import forms, result_sets
from palaver.kernel.extension import Request
from palaver.kernel.form_fields import (
    Boolean,
    ListMulti,
    ListSingle,
    Number,
    Option,
    TextMulti,
    TextSingle,
)
from palaver.kernel.forms import Form, Submission
from palaver.kernel.host import Host
from palaver.kernel.result_sets import Page
from palaver.kernel.services import Service
from palaver.kernel.unaccented import unaccented
from palaver.wire.element import Element
from palaver.wire.errors import StanzaError

PARAMETERS: Final = "urn:xmpp:channel-search:0:search-params"
ERRORS: Final = "urn:xmpp:channel-search:0:error"
BY_USERS: Final = "{urn:xmpp:channel-search:0:order}nusers"
BY_ADDRESS: Final = "{urn:xmpp:channel-search:0:order}address"

_ROOMS: Final = "xep-0045"
_NOT_ANONYMOUS: Final = "{urn:xmpp:channel-search:0:anonymity}none"
_SEMI_ANONYMOUS: Final = "muc_semianonymous"
_MINUTE: Final = 60.0
_MOST: Final = 100  # rooms in one answer: descriptions are long
_PART: Final = 200  # rooms looked at in one query
_LONGEST: Final = 200  # characters of what is searched for
_SHORTEST: Final = 2  # letters of a word, unless one tells something, as in Chinese
_WORDS: Final = 10
_DIGITS: Final = 9  # of a number of occupants

_QUERY: Final = TextSingle("q", "Search for")
_ALL: Final = Boolean("all", "Return all rooms", default=False)
_IN_NAME: Final = Boolean("sinname", "Search in the name", default=True)
_IN_DESCRIPTION: Final = Boolean("sindescription", "Search in the description", default=True)
_IN_ADDRESS: Final = Boolean("sinaddress", "Search in the address", default=True)
# COMPAT: the form in XEP-0433 §4.2.1 and clients made for it, 2026-11-21
_IN_ADDRESS_SHORT: Final = Boolean("sinaddr")
_LEAST: Final = Number("min_users", "Least number of occupants", default=0, minimum=0)
_TYPES: Final = ListMulti(
    "types", "Kinds of service", default=(_ROOMS,), options=(Option(_ROOMS, "Rooms"),)
)
_KEY: Final = ListSingle(
    "key",
    "Order by",
    default=BY_USERS,
    options=(Option(BY_USERS, "Number of occupants"), Option(BY_ADDRESS, "Address")),
)
_BLANK: Final = Form(
    (_QUERY, _ALL, _IN_NAME, _IN_DESCRIPTION, _IN_ADDRESS, _LEAST, _TYPES, _KEY),
    form_type=PARAMETERS,
    title="Search for rooms",
)
_ANY_TYPES: Final = TextMulti("types")
_ANY_KEY: Final = TextSingle("key")
_SUBMITTED: Final = Form(
    (
        _QUERY, _ALL, _IN_NAME, _IN_DESCRIPTION, _IN_ADDRESS, _IN_ADDRESS_SHORT, _LEAST,
        _ANY_TYPES, _ANY_KEY,
    ),
    form_type=PARAMETERS,
)  # fmt: skip
"""As `_BLANK`, but for other kinds and orders, which are no mistakes in a form."""


class Found(NamedTuple):
    """A room that was found."""

    address: BareJID
    config: RoomConfig
    occupants: int


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is searched for.

    ``words``       all of these; none finds all rooms
    ``least``       occupants
    ``rooms``       rooms are wanted at all, not other kinds of channels alone
    ``by_address``  the order is that of addresses, not of the number of occupants
    """

    words: tuple[str, ...]
    in_name: bool
    in_description: bool
    in_address: bool
    least: int
    rooms: bool
    by_address: bool

    def fits(self, found: Found) -> bool:
        """Tell whether a room is wanted."""
        if found.occupants < self.least:
            return False
        texts = []
        if self.in_name:
            texts.append(_folded(found.config.name))
        if self.in_description:
            texts.append(_folded(found.config.description))
        local = _folded(found.address.local) if self.in_address else ""
        address = f"{local}@{found.address.domain}" if self.in_address else ""
        return all(
            word in (address if "@" in word else local) or any(word in text for text in texts)
            for word in self.words
        )

    def place(self, found: Found) -> tuple[int, str]:
        """Return what rooms are sorted by."""
        return (0 if self.by_address else -found.occupants, found.address.local)

    def mark(self, found: Found) -> str:
        """Return the id by which pages name the place of a room."""
        return str(found.address) if self.by_address else f"{found.occupants} {found.address}"

    def place_of(self, mark: str) -> tuple[int, str]:
        """Return the place that an id names.

        Raises:
            StanzaError: item-not-found, it names none.
        """
        number, space, address = ("0", " ", mark) if self.by_address else mark.partition(" ")
        if not (space and number.isascii() and number.isdecimal() and len(number) <= _DIGITS):
            raise StanzaError("item-not-found", "there is no such page")
        return (-int(number), address.partition("@")[0])


class Searching:
    """Takes searches."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._throttles: dict[str, Throttle] = {}

    async def search(self, request: Request) -> Element:
        """Return the form, or what was found (§4.2).

        Raises:
            StanzaError: service-unavailable, the host wants no searching; resource-constraint, the
                asker or its domain searches too often; not-acceptable, the form is wrong; with a
                condition of XEP-0433 beside it, what the form asks for cannot be found.
        """
        service = request.service
        limits = self._engine.limits(request.host)
        if service is None or not limits.searches:
            raise StanzaError("service-unavailable", "rooms cannot be searched for here")
        form = forms.find(request.payload)
        if form is None:
            return Element("search", NS, None, _BLANK.blank())
        wanted, page = _wanted(form), result_sets.read(request.payload)
        self._count(request.sender, request.host, limits.searches)
        found = await self._find(service, wanted)
        return _answer(found, wanted, page, min(limits.rooms_page, _MOST))

    def _count(self, who: JID, host: Host, most: int) -> None:
        key = str(who.bare) if self._engine.is_here(who) else who.domain
        throttle = self._throttles.setdefault(host.name, Throttle())
        wait = throttle.take(most, _MINUTE, key, self._engine.server.clock.monotonic())
        if wait:
            again = {"retry-after": str(int(wait) + 1)}
            detail = Element("rate-limit", ERRORS, again)
            raise StanzaError("resource-constraint", "you search too often", detail=detail)

    async def _find(self, service: Service, wanted: Wanted) -> list[Found]:
        """Return all rooms that are wanted, in order."""
        engine, found, after = self._engine, list[Found](), ""
        domain = str(service.address)
        while part := await engine.store.listed(domain, _PART, after=after) if wanted.rooms else ():
            after = part[-1].name
            hidden = locked(engine, service)
            for name, config in part:
                address = make(name, service.address).bare
                room = engine.rooms.at_hand(address)
                each = Found(address, config, 0 if room is None else len(room.occupants))
                if address not in hidden and wanted.fits(each):
                    found.append(each)
        return sorted(found, key=wanted.place)


def _folded(text: str) -> str:
    return text.lower() if text.isascii() else unaccented(text).casefold()


# -- what is asked ---------------------------------------------------------------------------------


def _wanted(form: Element) -> Wanted:
    asked = _SUBMITTED.read(form)
    key = asked.get(_ANY_KEY, BY_USERS)
    if key not in (BY_USERS, BY_ADDRESS):
        condition = "feature-not-implemented"
        raise _refusal("invalid-sort-key", "that is no order", condition=condition)
    types = asked.get(_ANY_TYPES, _ROOMS)
    address = asked.get(_IN_ADDRESS, asked.get(_IN_ADDRESS_SHORT, True))
    where = (asked.get(_IN_NAME, True), asked.get(_IN_DESCRIPTION, True), address)
    words = _words(asked)
    if words and not any(where):
        names = (_IN_NAME.var, _IN_DESCRIPTION.var, _IN_ADDRESS.var)
        raise _conflict("nothing is chosen to search in", *names)
    least = asked.get(_LEAST, 0)
    return Wanted(words, *where, least, _ROOMS in types.split("\n"), key == BY_ADDRESS)


def _words(asked: Submission) -> tuple[str, ...]:
    """Return the words to search for; none where all rooms are wanted."""
    text, everything = asked.get(_QUERY, ""), asked.get(_ALL, False)
    if everything and text:
        told = f"cannot both {_ALL.label.lower()} and {_QUERY.label.lower()} words"
        raise _conflict(told, _ALL.var, _QUERY.var)
    if everything:
        return ()
    if not text:
        raise _refusal("no-search-conditions", "say what to search for", kind="cancel")
    found = _folded(text[:_LONGEST]).split()
    words = tuple(word for word in found if len(word) >= _SHORTEST or not word.isascii())
    if not words or len(words) > _WORDS or len(text) > _LONGEST:
        limits = f"words of {_SHORTEST} letters or more, at most {_WORDS}, and {_LONGEST} letters"
        raise _refusal("invalid-search-terms", f"search for {limits} together")
    return words


def _conflict(text: str, *names: str) -> StanzaError:
    return _refusal("conflicting-fields", text, *(Element("var", ERRORS, None, n) for n in names))


def _refusal(
    name: str,
    text: str,
    *children: Element,
    condition: str = "bad-request",
    kind: str = "modify",
) -> StanzaError:
    detail = Element(name, ERRORS, None, *children)
    return StanzaError(condition, text, type=kind, detail=detail)


# -- what is answered ------------------------------------------------------------------------------


def _answer(found: Sequence[Found], wanted: Wanted, page: Page, most: int) -> Element:
    """Return a page of what was found, with the ids of its ends and how many rooms there are."""
    shown, place = list(found), wanted.place
    if page.after is not None:
        after = wanted.place_of(page.after)
        shown = [each for each in shown if place(each) > after]
    if page.before is not None:
        before = wanted.place_of(page.before)
        shown = [each for each in shown if place(each) < before]
    most = most if page.most is None else min(page.most, most)
    shown = shown[max(0, len(shown) - most) :] if page.last else shown[:most]
    answer = Element("result", NS, None, *map(_item, shown))
    first, last = (wanted.mark(shown[0]), wanted.mark(shown[-1])) if shown else (None, None)
    return answer.add(result_sets.write(first, last, len(found)))


def _item(found: Found) -> Element:
    config = found.config
    is_open = not config.members_only and not config.password
    texts = {
        "name": config.name,
        "description": config.description,
        "language": config.language,
        "nusers": str(found.occupants),
        "service-type": _ROOMS,
        "is-open": "true" if is_open else "",
        "anonymity-mode": _SEMI_ANONYMOUS if config.anonymous else _NOT_ANONYMOUS,
    }
    children = (Element(name, NS, None, text) for name, text in texts.items() if text)
    return Element("item", NS, {"address": found.address}, *children)
