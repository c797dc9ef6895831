"""What a client asks of its archive: the form of XEP-0313 §4, read into a filter of the log."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final

from palaver import jid
from palaver.ext.archive import words
from palaver.ext.archive.names import NS
from palaver.kernel import forms, result_sets
from palaver.kernel.result_sets import Page
from palaver.kernel.storage import LogFilter, parse_stanza_id
from palaver.wire.element import Element
from palaver.wire.errors import StanzaError

_VALIDATE: Final = "http://jabber.org/protocol/xdata-validate"
_SHIFT: Final = 20  # bits of an id below its milliseconds
_LATEST: Final = (1 << 63) - 1
_MOST_IDS: Final = 500
_LONGEST_SEARCH: Final = 1_000  # characters


@dataclass(frozen=True, slots=True)
class Query:
    """One question.

    ``which``    the entries that match
    ``page``     the page of them that is wanted
    ``known``    ids named in the question, each of which must be in the archive
    ``flipped``  send the page newest first (§4.3.3)
    ``id``       the client's own id for the question, or None
    """

    which: LogFilter
    page: Page
    known: tuple[int, ...]
    flipped: bool
    id: str | None


def read(query: Element, *, searchable: bool) -> Query:
    """Read a ``<query/>``; ``searchable`` tells whether it may look for words.

    Raises:
        StanzaError: bad-request, jid-malformed, feature-not-implemented for a field that is not
            known, item-not-found for an id that this server did not make.
    """
    if query.get("node") is not None:
        raise StanzaError("item-not-found", "there is one archive only, without a node")
    page = result_sets.read(query)
    form = forms.find(query, "submit")
    fields = {} if form is None else forms.values(form)
    if form is not None and fields.pop("FORM_TYPE", [NS]) != [NS]:
        raise StanzaError("bad-request", "that is the form of something else")
    reader = _Reader()
    for name, values in fields.items():
        read_field = _FIELDS.get(name)
        if read_field is None or (name == words.FIELD and not searchable):
            raise StanzaError("feature-not-implemented", f"there is no field {name}")
        if any(values):
            read_field(reader, values)
    reader.after_id(page.after)
    reader.before_id(page.before)
    flipped = query.find("flip-page") is not None
    return Query(reader.which, page, tuple(reader.known), flipped, query.get("queryid"))


class _Reader:
    """Gathers what the fields say."""

    def __init__(self) -> None:
        self.which = LogFilter()
        self.known: list[int] = []

    def after(self, id_: int) -> None:
        self.which = self.which._replace(after=max(self.which.after, id_))

    def before(self, id_: int) -> None:
        now = self.which.before
        self.which = self.which._replace(before=id_ if now is None else min(now, id_))

    def after_id(self, text: str | None) -> None:
        if text is not None:
            self.after(self.id(text))

    def before_id(self, text: str | None) -> None:
        if text is not None:
            self.before(self.id(text))

    def id(self, text: str) -> int:
        """Read an id, and note that it must be in the archive (§4.1.3, §4.3.1)."""
        try:
            found = parse_stanza_id(text)
        except ValueError as error:
            raise StanzaError("item-not-found", "there is no message of that id") from error
        self.known.append(found)
        return found

    def read_with(self, values: list[str]) -> None:
        try:
            peer = jid.parse(values[0])
        except jid.JIDError as error:
            raise StanzaError("jid-malformed", str(error)) from error
        self.which = self.which._replace(peer=peer.bare, peer_resource=peer.resource)

    def read_start(self, values: list[str]) -> None:
        milliseconds = -(_microseconds(values[0]) // -1000)  # rounded up
        self.after(min(_LATEST, max(0, (milliseconds << _SHIFT) - 1)))

    def read_end(self, values: list[str]) -> None:
        self.before(min(_LATEST, max(0, (_microseconds(values[0]) // 1000 + 1) << _SHIFT)))

    def read_ids(self, values: list[str]) -> None:
        if len(values) > _MOST_IDS:
            raise StanzaError("policy-violation", f"at most {_MOST_IDS} ids at once")
        self.which = self.which._replace(ids=tuple(map(self.id, values)))

    def read_words(self, values: list[str]) -> None:
        if len(values[0]) > _LONGEST_SEARCH:
            raise StanzaError("bad-request", f"a search has at most {_LONGEST_SEARCH} characters")
        self.which = self.which._replace(words=words.asked(values[0]))


_FIELDS: Final[Mapping[str, Callable[[_Reader, list[str]], None]]] = {
    "with": _Reader.read_with,
    "start": _Reader.read_start,
    "end": _Reader.read_end,
    "after-id": lambda reader, values: reader.after_id(values[0]),
    "before-id": lambda reader, values: reader.before_id(values[0]),
    "ids": _Reader.read_ids,
    words.FIELD: _Reader.read_words,
}


def _microseconds(text: str) -> int:
    """Read a moment as XEP-0082 §3.2 writes it."""
    try:
        moment = datetime.fromisoformat(text.strip())
    except ValueError as error:
        raise StanzaError("bad-request", "that is no date and time of XEP-0082") from error
    if moment.tzinfo is None:
        raise StanzaError("bad-request", "a date and time needs its zone, which is Z")
    since = moment.astimezone(UTC) - datetime(1970, 1, 1, tzinfo=UTC)
    return (since.days * 86_400 + since.seconds) * 1_000_000 + since.microseconds


def form(*, searchable: bool) -> Element:
    """Write the form with the fields that can be asked for (§4.1.5)."""
    texts = ["start", "end", "before-id", "after-id", *[words.FIELD] * searchable]
    fields = [
        Element(
            "field",
            forms.NS,
            {"type": "hidden", "var": "FORM_TYPE"},
            Element("value", forms.NS, None, NS),
        ),
        Element("field", forms.NS, {"type": "jid-single", "var": "with"}),
    ]
    fields += [Element("field", forms.NS, {"type": "text-single", "var": name}) for name in texts]
    free = Element("validate", _VALIDATE, {"datatype": "xs:string"}, Element("open", _VALIDATE))
    fields.append(Element("field", forms.NS, {"type": "list-multi", "var": "ids"}, free))
    return Element("query", NS, None, Element("x", forms.NS, {"type": "form"}, *fields))
